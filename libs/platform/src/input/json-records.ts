import { atOnce, type Steps } from '@level-one/work';
import { InputError, type InputLimits, isKeptNumber, isStorable, parseSteps, scanSteps } from './input-gate.js';
import { replaceUnstorable } from './text-decoding.js';

/** An element of a list that was refused by itself. */
export class BadRecord {
  /** @param problem why, as the end of a sentence: `must not name a member twice` */
  constructor(readonly problem: string) {}
}

/** Texts, and what opens, parts and closes objects and lists. */
const SIGN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]/gs;
/** Texts and numbers. */
const VALUE = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs;
const SIGNS_AT_ONCE = 1_024;

/**
 * Parses a JSON object from outside with a list of records in its member `list`. What spoils one record does not spoil
 * the others: in such a list, characters that cannot be stored are U+FFFD, a number that JavaScript would round is its
 * text, and a record that is refused all the same is a {@link BadRecord}. Lists without such a record are read at once.
 * @throws InputError if the body is refused without its records, or is no JSON
 */
export function* parseRecordSteps(json: string, list: string, limits: InputLimits): Steps<unknown> {
  try {
    return yield* parseSteps(json, limits);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return yield* parseEach(json, list, limits);
  }
}

function* parseEach(json: string, list: string, limits: InputLimits): Steps<unknown> {
  yield* scanSteps(json, limits);
  const bad = new Map<number, BadRecord>();
  let mended = '';
  let end = 0;
  for (const [index, record] of (yield* recordsIn(json, list)).entries()) {
    const text = mendedText(json.slice(record.start, record.end));
    const problem = problemOf(text, limits);
    if (problem !== undefined) bad.set(index, new BadRecord(problem));
    mended += json.slice(end, record.start) + (problem === undefined ? text : 'null');
    end = record.end;
    yield;
  }
  const body = (yield* parseSteps(mended + json.slice(end), limits)) as Record<string, unknown[]>;
  for (const [index, record] of bad) body[list]![index] = record;
  return body;
}

/** Where the elements of a list are that is a member of the outermost object. The text has to be JSON. */
function* recordsIn(json: string, list: string): Steps<{ start: number; end: number }[]> {
  const records: { start: number; end: number }[] = [];
  let depth = 0;
  let text = '';
  let name = '';
  /** Where the current element begins; undefined outside the list. */
  let start: number | undefined;
  let looked = 0;
  for (const { 0: sign, index } of json.matchAll(SIGN)) {
    looked += 1;
    if (looked % SIGNS_AT_ONCE === 0) yield;
    if (depth === 2 && start !== undefined && (sign === ',' || sign === ']')) {
      if (json.slice(start, index).trim() !== '') records.push({ start, end: index });
      start = sign === ',' ? index + 1 : undefined;
    }
    if (sign === '{' || sign === '[') {
      depth += 1;
      if (depth === 2 && sign === '[' && name === list) start = index + 1;
    } else if (sign === '}' || sign === ']') depth -= 1;
    else if (depth === 1 && sign === ':') name = JSON.parse(text) as string;
    else if (depth === 1 && sign === ',') name = '';
    else if (depth === 1) text = sign;
  }
  return records;
}

function mendedText(record: string): string {
  return record.replaceAll(VALUE, (value) => {
    if (!value.startsWith('"')) return isKeptNumber(value) ? value : JSON.stringify(value);
    const text = JSON.parse(value) as string;
    return isStorable(text) ? value : JSON.stringify(replaceUnstorable(text));
  });
}

function problemOf(record: string, limits: InputLimits): string | undefined {
  try {
    atOnce(parseSteps(record, limits));
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}
