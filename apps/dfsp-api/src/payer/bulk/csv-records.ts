import { pipeline, Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { CsvError, type Info, type Options, parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { CommonErrorId, commonError } from '@level-one/platform';
import { inSlices, type Steps } from '@level-one/work';

/** One record of a CSV text. */
export interface CsvRecord {
  /** Line in the text, from 1. */
  line: number;
  cells: string[];
  /** Why the line could not be read. */
  problem?: string;
}

/** Line before the header by which spreadsheets name the separator. */
const SEPARATOR_LINE = /^"?sep=([,;\t|])"?[,;\t|]*(?:\r\n|\n|\r)/i;
/** All of them in one text, too: tools on different systems have written parts of it. */
const LINE_BREAK = /\r\n|\n|\r/;
const LINE_BREAKS = ['\r\n', '\n', '\r'];
const RECORD_LENGTH_MAX = 10_000;
/** Bytes that are parsed in about 1 ms. */
const CHUNK_BYTES = 4 * 1024;

/**
 * Reads a CSV text, a slice at a time, up to `max` records. The separator is that of a line `sep=…`, else the one in
 * the header: comma, semicolon or tab. A text with a stray quotation mark or an endless record is read line by line, so
 * that one bad line does not spoil the others; a quotation mark in the middle of a field is then an ordinary character.
 * Lines with separators and nothing else are left out, as spreadsheets write them for empty rows.
 */
export async function csvRecords(text: string, max: number): Promise<{ records: CsvRecord[]; delimiter: string }> {
  const separator = SEPARATOR_LINE.exec(text)?.[1];
  const before = separator === undefined ? 0 : 1;
  const body = text.replace(SEPARATOR_LINE, '');
  const delimiter = separator ?? delimiterOf(body);
  const read = (await readAll(body, delimiter, max)) ?? (await inSlices(readLines(body, delimiter, max)));
  return { records: read.map((record) => ({ ...record, line: record.line + before })), delimiter };
}

function delimiterOf(text: string): string {
  const header = text.slice(0, RECORD_LENGTH_MAX).split(/\r|\n/, 1)[0]!;
  return [',', ';', '\t'].find((one) => header.includes(one)) ?? ',';
}

/** Undefined if the text has a stray quotation mark or an endless record, or one that looks as if it had swallowed others. */
async function readAll(text: string, delimiter: string, max: number): Promise<CsvRecord[] | undefined> {
  const parser = pipeline(
    Readable.from(chunksOf(text)),
    parse(optionsOf(delimiter, { isStrict: true })),
    () => undefined,
  );
  const records: CsvRecord[] = [];
  try {
    for await (const parsed of parser) {
      const record = parsed as ParsedRecord;
      if (hasSwallowed(record, delimiter, records[0]?.cells.length)) return undefined;
      if (!isEmpty(record.record)) records.push(recordOf(record));
      if (records.length === max) break;
    }
    return records;
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

const isEmpty = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

/**
 * Whether a line inside the quotation marks of a record has as many fields as the header: then one mark is probably at
 * the wrong place, and the next one, lines later, seems to end a field of many lines.
 */
function hasSwallowed({ raw }: ParsedRecord, delimiter: string, fields: number | undefined): boolean {
  const [, ...further] = raw.trim().split(LINE_BREAK);
  return fields !== undefined && further.some((line) => line.split(delimiter).length >= fields);
}

/** Slices of the text; between two of them the event loop serves other requests. */
async function* chunksOf(text: string): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
    yield bytes.subarray(from, from + CHUNK_BYTES);
    await nextTurn();
  }
}

function* readLines(text: string, delimiter: string, max: number): Steps<CsvRecord[]> {
  const records: CsvRecord[] = [];
  let line = 0;
  for (const [content] of text.matchAll(/[^\r\n]*(?:\r\n|\n|\r|$)/g)) {
    line += 1;
    yield;
    if (content.trim() === '') continue;
    records.push(...readLine(content, line, delimiter));
    if (records.length >= max) break;
  }
  return records;
}

function readLine(content: string, line: number, delimiter: string): CsvRecord[] {
  try {
    const parsed = parseAtOnce(content, optionsOf(delimiter, { isStrict: false })) as unknown as ParsedRecord[];
    return parsed.filter(({ record }) => !isEmpty(record)).map(({ record }) => ({ line, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    if (line === 1) {
      throw commonError(CommonErrorId.InvalidBody, { message: `This is no CSV: ${error.message}` });
    }
    return [{ line, cells: [], problem: 'The line has a quotation mark that is never closed, or is too long' }];
  }
}

/** A record as csv-parse gives it. */
interface ParsedRecord {
  info: Info;
  raw: string;
  record: string[];
}

function optionsOf(delimiter: string, { isStrict }: { isStrict: boolean }): Options {
  return {
    bom: true,
    delimiter,
    info: true,
    raw: true,
    record_delimiter: LINE_BREAKS,
    relax_column_count: true,
    relax_quotes: !isStrict,
    skip_empty_lines: true,
    max_record_size: RECORD_LENGTH_MAX,
  };
}

function recordOf({ info, raw, record }: ParsedRecord): CsvRecord {
  return { line: info.lines - breaksIn(raw), cells: record };
}

/** Line breaks inside a record. csv-parse counts a record by its last line. */
function breaksIn(raw: string): number {
  return raw.trim().split(LINE_BREAK).length - 1;
}
