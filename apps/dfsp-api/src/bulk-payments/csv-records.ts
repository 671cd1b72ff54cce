import { CsvError, type Info, parse } from 'csv-parse/sync';
import { CommonErrorId, commonError } from '@level-one/platform';

/** One record of a CSV text. */
export interface CsvRecord {
  /** Of the text, from 1. */
  line: number;
  cells: string[];
  /** Why the line could not be read. */
  problem?: string;
}

/** What spreadsheets put before the header to say what separates fields. */
const SEPARATOR_LINE = /^sep=([,;\t|])\r?\n/i;
const RECORD_LENGTH_MAX = 10_000;

/**
 * Reads a CSV text. Fields are separated as a line `sep=…` says, or else by what the header line has: commas, semicolons
 * or tabs. A text with quotation marks where none belong, or with an endless record, is read line by line, so that no
 * line is lost for another one's fault; there, a mark in the middle of a field stands for itself.
 */
export function csvRecords(text: string): { records: CsvRecord[]; delimiter: string } {
  const separator = SEPARATOR_LINE.exec(text)?.[1];
  const before = separator === undefined ? 0 : 1;
  const body = text.replace(SEPARATOR_LINE, '');
  const delimiter = separator ?? delimiterOf(body);
  const read = readAll(body, delimiter) ?? readLines(body, delimiter);
  return { records: read.map((record) => ({ ...record, line: record.line + before })), delimiter };
}

function delimiterOf(text: string): string {
  const header = text.slice(0, RECORD_LENGTH_MAX).split(/\r|\n/, 1)[0]!;
  return [',', ';', '\t'].find((one) => header.includes(one)) ?? ',';
}

/** Undefined where a line spoils the rest. */
function readAll(text: string, delimiter: string): CsvRecord[] | undefined {
  try {
    return parsed(text, delimiter, { isStrict: true });
  } catch (error) {
    if (error instanceof CsvError) return undefined;
    throw error;
  }
}

function readLines(text: string, delimiter: string): CsvRecord[] {
  return text.split(/\r\n|\n|\r/).flatMap((content, index): CsvRecord[] => {
    const line = index + 1;
    try {
      return parsed(content, delimiter, { isStrict: false }).map(({ cells }) => ({ line, cells }));
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      if (line === 1) {
        throw commonError(CommonErrorId.InvalidBody, { message: `This is no CSV: ${error.message}` });
      }
      return [{ line, cells: [], problem: 'The line has a quotation mark that is never closed, or is too long' }];
    }
  });
}

function parsed(text: string, delimiter: string, { isStrict }: { isStrict: boolean }): CsvRecord[] {
  const records = parse(text, {
    bom: true,
    delimiter,
    info: true,
    raw: true,
    relax_column_count: true,
    relax_quotes: !isStrict,
    skip_empty_lines: true,
    max_record_size: RECORD_LENGTH_MAX,
  }) as unknown as { info: Info; raw: string; record: string[] }[];
  return records.map(({ info, raw, record }) => ({ line: info.lines - breaksIn(raw), cells: record }));
}

/** Line breaks inside a record, which is counted where it ends. */
function breaksIn(raw: string): number {
  return raw.trim().match(/\r\n|\n|\r/g)?.length ?? 0;
}
