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

/**
 * Checks what was parsed already: depth, number of members, names, characters and numbers.
 * @returns how many members its objects have.
 * @throws InputError
 */
export function checkInput(value: unknown, limits: InputLimits = inputLimits(Infinity)): number {
  let members = 0;
  let elements = 0;
  const levels: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = levels.pop(); next !== undefined; next = levels.pop()) {
    const { depth } = next;
    if (typeof next.value === 'string') checkText(next.value);
    if (typeof next.value === 'number' && !Number.isFinite(next.value)) {
      throw new InputError('must not contain a number that is out of range');
    }
    if (typeof next.value !== 'object' || next.value === null || Buffer.isBuffer(next.value)) continue;
    if (depth >= limits.depth) throw tooDeep(limits);
    const isList = Array.isArray(next.value);
    for (const [name, member] of Object.entries(next.value)) {
      if (isList) elements += 1;
      else {
        members += 1;
        checkName(name);
      }
      if (members + elements > limits.members) throw tooMany(limits);
      levels.push({ value: member, depth: depth + 1 });
    }
  }
  return members;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NUMBER = /-?\d[\d.eE+-]*/y;

/** Where the text that begins at `start` ends. */
function endOfText(json: string, start: number): number {
  let at = start + 1;
  while (at < json.length && json.charCodeAt(at) !== QUOTE) at += json.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

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

interface Scan {
  /** Members of objects, repeated ones too. */
  members: number;
}

/** Bounds a JSON text before anything is made of it. */
function scan(json: string, limits: InputLimits, exactNumbers: boolean): Scan {
  let depth = 0;
  let members = 0;
  let commas = 0;
  for (let at = 0; at < json.length; at++) {
    switch (json[at]) {
      case '"':
        at = endOfText(json, at);
        break;
      case '{':
      case '[':
        depth += 1;
        if (depth > limits.depth) throw tooDeep(limits);
        break;
      case '}':
      case ']':
        depth -= 1;
        break;
      case ':':
        members += 1;
        break;
      case ',':
        commas += 1;
        if (commas >= limits.members) throw tooMany(limits);
        break;
      default:
        if (exactNumbers) {
          NUMBER.lastIndex = at;
          const number = NUMBER.exec(json)?.[0];
          if (number !== undefined) {
            checkNumber(number);
            at += number.length - 1;
          }
        }
    }
  }
  return { members };
}

/**
 * Reads a JSON text that came in.
 * @throws InputError for what is not JSON, is too deep or too much, names a member twice, has a member that every object
 * has already, or contains what cannot be stored; `exactNumbers` refuses numbers that JavaScript would round.
 */
export function parseJsonInput(
  json: string,
  limits: InputLimits = inputLimits(Math.max(json.length, LEAST_BYTES)),
  { exactNumbers = true }: { exactNumbers?: boolean } = {},
): unknown {
  const { members } = scan(json, limits, exactNumbers);
  const value = parsed(json);
  if (checkInput(value, limits) !== members) throw new InputError('must not name a member twice');
  return value;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new InputError('is not valid JSON');
  }
}
