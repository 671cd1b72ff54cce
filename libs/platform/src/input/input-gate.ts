import { atOnce, type Steps } from '@level-one/work';

/** Limits of a JSON structure. */
export interface InputLimits {
  /** Levels of objects and lists. */
  depth: number;
  /** Members of objects and elements of lists, all levels together. */
  members: number;
}

/** Room for a memo of 200 levels and its envelope. Deeper structures would exhaust the stack of recursive code. */
const DEPTH_MAX = 256;
/** Routes with larger bodies accept more members. No body of the contract has less than this many bytes per member. */
const BYTES_PER_MEMBER = 16;
/**
 * Minimum number of bytes that the limits assume: a memo accepted by a ledger must pass in its answers and frames too.
 */
const LEAST_BYTES = 128 * 1024;
/** Maximum of different member names in one body: a text with many names is the slowest to parse. */
const NAMES_MAX = LEAST_BYTES / BYTES_PER_MEMBER;

/** Limits for a body of at most `bytes` bytes. */
export function inputLimits(bytes: number): InputLimits {
  return { depth: DEPTH_MAX, members: Math.floor(bytes / BYTES_PER_MEMBER) };
}

/** Input that cannot be stored or would harm the code that uses it. Its message may be sent to the caller. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Steps of about one millisecond. */
const CHARACTERS_AT_ONCE = 16 * 1024;
const VALUES_AT_ONCE = 1_024;

/** Without NUL and lone surrogates: PostgreSQL cannot store them, and no field needs them. */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/**
 * Names that every JavaScript object has. Libraries read `constructor` of an object, and any conversion to text calls
 * its `toString`; a member of that name would replace them.
 */
const RESERVED_NAMES: ReadonlySet<string> = new Set([...Object.getOwnPropertyNames(Object.prototype), 'prototype']);

function checkText(text: string): void {
  if (!isStorable(text)) throw new InputError('must not contain the character NUL or half of a surrogate pair');
}

function checkName(name: string): void {
  checkText(name);
  if (RESERVED_NAMES.has(name)) throw new InputError(`must not have a member named ${name}`);
}

function tooDeep({ depth }: InputLimits): InputError {
  return new InputError(`must not be nested deeper than ${depth} levels`);
}

function tooMany({ members }: InputLimits): InputError {
  return new InputError(`must not have more than ${members} members and elements`);
}

function tooManyNames(): InputError {
  return new InputError(`must not have members of more than ${NAMES_MAX} different names`);
}

/**
 * Checks a parsed value: depth, number of members, names, characters and numbers.
 * @returns the number of members of all objects.
 * @throws InputError
 */
export function checkInput(value: unknown, limits: InputLimits = inputLimits(Infinity)): number {
  return atOnce(checkSteps(value, limits));
}

/** Same in steps. @throws InputError */
export function* checkSteps(value: unknown, limits: InputLimits = inputLimits(Infinity)): Steps<number> {
  let members = 0;
  let elements = 0;
  let looked = 0;
  const levels: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = levels.pop(); next !== undefined; next = levels.pop()) {
    looked += 1;
    if (looked % VALUES_AT_ONCE === 0) yield;
    const { depth } = next;
    if (typeof next.value === 'string') checkText(next.value);
    if (typeof next.value === 'number' && !Number.isFinite(next.value)) {
      throw new InputError('must not contain a number that is out of range');
    }
    if (typeof next.value !== 'object' || next.value === null || Buffer.isBuffer(next.value)) continue;
    if (depth >= limits.depth) throw tooDeep(limits);
    if (Array.isArray(next.value)) elements += next.value.length;
    else {
      for (const name of Object.keys(next.value)) {
        members += 1;
        checkName(name);
      }
    }
    if (members + elements > limits.members) throw tooMany(limits);
    for (const member of Object.values(next.value)) levels.push({ value: member, depth: depth + 1 });
  }
  return members;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const NUMBER = /-?\d[\d.eE+-]*/y;

/** The significant digits, and the power of ten of the last one. */
function digitsOf(number: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const shortest = digits.replace(/0+$/, '');
  return shortest === '' ? '0' : `${shortest}e${Number(exponent) - fraction.length + digits.length - shortest.length}`;
}

/** A JavaScript number keeps any decimal of up to this many digits. */
const KEPT_DIGITS = 15;
/** Longer numbers are refused, whatever zeros pad them. */
const NUMBER_LENGTH_MAX = 64;

/** Whether JavaScript keeps a number of a JSON text as it is. */
export function isKeptNumber(number: string): boolean {
  if (number.length <= KEPT_DIGITS && !/e/i.test(number)) return true;
  return number.length <= NUMBER_LENGTH_MAX && digitsOf(number) === digitsOf(String(Number(number)));
}

/** Refuses a number that JavaScript would round. */
function checkNumber(number: string): void {
  if (isKeptNumber(number)) return;
  throw new InputError('must not contain a number with more digits than can be kept; send it as text');
}

/** Checks a JSON text before it is parsed. */
class JsonScan {
  /** Number of members of objects, with repeated ones. */
  members = 0;
  private at = 0;
  private depth = 0;
  private commas = 0;
  private isInText = false;
  private textStart = 0;
  private textEnd = 0;
  private readonly names = new Set<string>();

  constructor(
    private readonly json: string,
    private readonly limits: InputLimits,
    private readonly exactNumbers: boolean,
  ) {}

  *steps(): Steps<void> {
    while (this.at < this.json.length) {
      this.readTo(Math.min(this.at + CHARACTERS_AT_ONCE, this.json.length));
      yield;
    }
  }

  /** Reads to a position of the text, or a little further. */
  private readTo(end: number): void {
    while (this.at < end) {
      if (this.isInText) this.readText(end);
      else this.readSign();
    }
  }

  /** Reads inside a string. */
  private readText(end: number): void {
    const { json } = this;
    let { at } = this;
    while (at < end && json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1;
    if (at < end) {
      this.isInText = false;
      this.textEnd = at;
      at += 1;
    }
    this.at = at;
  }

  private readSign(): void {
    const code = this.json.charCodeAt(this.at);
    this.at += 1;
    switch (code) {
      case QUOTE:
        this.isInText = true;
        this.textStart = this.at;
        return;
      case OPEN_OBJECT:
      case OPEN_LIST:
        this.depth += 1;
        if (this.depth > this.limits.depth) throw tooDeep(this.limits);
        return;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        this.depth -= 1;
        return;
      case COLON:
        this.members += 1;
        this.noteName();
        return;
      case COMMA:
        this.commas += 1;
        if (this.commas >= this.limits.members) throw tooMany(this.limits);
        return;
      default:
        if (this.exactNumbers && (code === MINUS || (code >= ZERO && code <= NINE))) this.readNumber();
    }
  }

  /** A string before a colon is a name. */
  private noteName(): void {
    if (this.limits.members <= NAMES_MAX) return;
    this.names.add(this.json.slice(this.textStart, this.textEnd));
    if (this.names.size > NAMES_MAX) throw tooManyNames();
  }

  private readNumber(): void {
    NUMBER.lastIndex = this.at - 1;
    const number = NUMBER.exec(this.json)?.[0];
    if (number === undefined) return;
    checkNumber(number);
    this.at += number.length - 1;
  }
}

/**
 * Parses JSON from outside.
 * @throws InputError if it is not JSON, too deep or too large, repeats a member, has a member with a reserved name, or
 * cannot be stored; with `exactNumbers` also if JavaScript would round a number.
 */
export function parseJsonInput(json: string, limits?: InputLimits, options?: { exactNumbers?: boolean }): unknown {
  return atOnce(parseSteps(json, limits, options));
}

/** Same in steps. @throws InputError */
export function* parseSteps(
  json: string,
  limits: InputLimits = inputLimits(Math.max(json.length, LEAST_BYTES)),
  { exactNumbers = true }: { exactNumbers?: boolean } = {},
): Steps<unknown> {
  const scan = new JsonScan(json, limits, exactNumbers);
  yield* scan.steps();
  const value = parseJson(json);
  yield;
  if ((yield* checkSteps(value, limits)) !== scan.members) throw new InputError('must not name a member twice');
  return value;
}

/** Reads a JSON text without looking at what its values are. @throws InputError if it is not JSON, too deep or too large */
export function* scanSteps(json: string, limits: InputLimits): Steps<unknown> {
  yield* new JsonScan(json, limits, false).steps();
  return parseJson(json);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new InputError('is not valid JSON');
  }
}
