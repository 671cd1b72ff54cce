import { atOnce, type Steps } from '@level-one/work';

/** How much of a structure is taken. */
export interface InputLimits {
  /** Levels of objects and lists. */
  depth: number;
  /** Members of objects and elements of lists, all levels together. */
  members: number;
}

/** A memo of 200 levels and what is around it fits; deeper ones would exhaust the stack of whoever walks them. */
const DEPTH_MAX = 256;
/** A route that takes larger bodies takes more members; less than these bytes a member has no body of the contract. */
const BYTES_PER_MEMBER = 16;
/** What a short text may have in any case: a memo that a ledger took has to pass in its answers and frames too. */
const LEAST_BYTES = 128 * 1024;
/** Different names of members in one body: no other text takes as long to read as one of many names. */
const NAMES_MAX = LEAST_BYTES / BYTES_PER_MEMBER;

/** What may be in a body of at most `bytes` bytes. */
export function inputLimits(bytes: number): InputLimits {
  return { depth: DEPTH_MAX, members: Math.floor(bytes / BYTES_PER_MEMBER) };
}

/** What came in cannot be stored, or would harm who works with it. The message may be told to the sender. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** PostgreSQL stores no text with NUL or half of a surrogate pair, and no name, number or memo has a use for them. */
const UNSTORABLE = /[\0\p{Cs}]/u;

/** Read, or looked at, in about a millisecond. */
const CHARACTERS_AT_ONCE = 16 * 1024;
const VALUES_AT_ONCE = 1_024;

export function isStorable(text: string): boolean {
  return !UNSTORABLE.test(text);
}

/**
 * Names that every object has a meaning for already. Libraries ask an object for its `constructor`, and any text of an
 * object for its `toString`; a member of that name answers in their place.
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
 * Checks what was parsed already: depth, number of members, names, characters and numbers.
 * @returns how many members its objects have.
 * @throws InputError
 */
export function checkInput(value: unknown, limits: InputLimits = inputLimits(Infinity)): number {
  return atOnce(checkSteps(value, limits));
}

/** The same in steps. @throws InputError */
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

/** The digits that matter, and the power of ten of the last one. */
function digitsOf(number: string): string {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const shortest = digits.replace(/0+$/, '');
  return shortest === '' ? '0' : `${shortest}e${Number(exponent) - fraction.length + digits.length - shortest.length}`;
}

/** Up to so many digits a JavaScript number keeps. */
const KEPT_DIGITS = 15;
/** Longer ones cannot be kept, whatever zeros they are padded with. */
const NUMBER_LENGTH_MAX = 64;

/** A number that JavaScript would round is refused, not rounded. */
function checkNumber(number: string): void {
  if (number.length <= KEPT_DIGITS && !/e/i.test(number)) return;
  if (number.length > NUMBER_LENGTH_MAX || digitsOf(number) !== digitsOf(String(Number(number)))) {
    throw new InputError('must not contain a number with more digits than can be kept; send it as text');
  }
}

/** Bounds a JSON text before anything is made of it. */
class Scan {
  /** Members of objects, repeated ones too. */
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

  /** Reads on to a place in the text, or a little further. */
  private readTo(end: number): void {
    while (this.at < end) {
      if (this.isInText) this.readText(end);
      else this.readSign();
    }
  }

  /** Reads on inside a text. */
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

  /** What stands before a colon is a name. */
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
 * Reads a JSON text that came in.
 * @throws InputError for what is not JSON, is too deep or too much, names a member twice, has a member that every object
 * has already, or contains what cannot be stored; `exactNumbers` refuses numbers that JavaScript would round.
 */
export function parseJsonInput(json: string, limits?: InputLimits, options?: { exactNumbers?: boolean }): unknown {
  return atOnce(parseSteps(json, limits, options));
}

/** The same in steps. @throws InputError as {@link parseJsonInput} */
export function* parseSteps(
  json: string,
  limits: InputLimits = inputLimits(Math.max(json.length, LEAST_BYTES)),
  { exactNumbers = true }: { exactNumbers?: boolean } = {},
): Steps<unknown> {
  const scan = new Scan(json, limits, exactNumbers);
  yield* scan.steps();
  const value = parsed(json);
  yield;
  if ((yield* checkSteps(value, limits)) !== scan.members) throw new InputError('must not name a member twice');
  return value;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new InputError('is not valid JSON');
  }
}
