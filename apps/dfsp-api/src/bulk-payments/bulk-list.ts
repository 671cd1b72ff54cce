import { CsvError, parse } from 'csv-parse/sync';
import { AmountError, ANY_UNIT, canonicalDecimal, parseAmount } from '@level-one/money';
import { CommonErrorId, commonError } from '@level-one/platform';

/** Rows of one bulk payment. */
export const BULK_ROWS_MAX = 10_000;

/** What a row of a list says: whom to pay how much, or why it cannot be read. */
export interface ListedRow {
  /** Of the file, from 1; a list in JSON begins with 1. */
  line: number;
  /** As given, as far as it can be shown. */
  identifier: string;
  /** Shortest decimal text, or as given where it is none. */
  amount: string;
  problem: { id: string; message: string } | null;
}

const COLUMNS = ['identifier', 'amount'] as const;
const NUMBER = /^\+?[0-9]{1,15}$/;
const SHOWN_LENGTH_MAX = 64;

/**
 * Reads a list of payees as CSV with a header line; columns it does not know are left alone, empty lines too. A row that
 * cannot be read is one with a problem: the others are none the worse for it.
 * @throws ContractError 400 InvalidBodyError for what is no such list; 422 UnprocessableEntityError for too many rows
 */
export function readCsvList(text: string): ListedRow[] {
  const [header, ...records] = recordsOf(text);
  const columns = (header?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  const missing = COLUMNS.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw noList(`The first line has to name the columns ${COLUMNS.join(' and ')}; ${missing.join(', ')} is missing`);
  }
  const repeated = COLUMNS.filter((name) => columns.indexOf(name) !== columns.lastIndexOf(name));
  if (repeated.length > 0) throw noList(`The first line names ${repeated.join(' and ')} more than once`);
  return checkedLength(records).map(({ line, cells }) => {
    const cell = (name: (typeof COLUMNS)[number]): string => (cells[columns.indexOf(name)] ?? '').trim();
    const row = rowOf(line, cell('identifier'), cell('amount'));
    if (cells.length === columns.length) return row;
    const message = `The line has ${cells.length} fields, the header ${columns.length}`;
    return { ...row, problem: { id: CommonErrorId.InvalidBody, message } };
  });
}

/** Reads a list that came as JSON. @throws ContractError 400, 422 as {@link readCsvList} */
export function readJsonList(rows: unknown): ListedRow[] {
  if (!Array.isArray(rows)) throw noList('rows must be a list');
  return checkedLength(rows as unknown[]).map((row, index) => {
    const { identifier, amount } = (typeof row === 'object' && row !== null ? row : {}) as Record<string, unknown>;
    return rowOf(index + 1, textOf(identifier), textOf(amount));
  });
}

interface CsvRecord {
  line: number;
  cells: string[];
}

function recordsOf(text: string): CsvRecord[] {
  try {
    const records = parse(text, {
      bom: true,
      info: true,
      raw: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 10_000,
    }) as unknown as { info: { lines: number }; raw: string; record: string[] }[];
    return records.map(({ info, raw, record }) => ({ line: info.lines - breaksIn(raw), cells: record }));
  } catch (error) {
    if (error instanceof CsvError) throw noList(`This is no CSV: ${error.message}`);
    throw error;
  }
}

/** Line breaks inside a record, which is counted where it ends. */
function breaksIn(raw: string): number {
  return raw.trim().match(/\r\n|\n|\r/g)?.length ?? 0;
}

function checkedLength<Row>(rows: Row[]): Row[] {
  if (rows.length === 0) throw noList('The list has no rows');
  if (rows.length <= BULK_ROWS_MAX) return rows;
  throw commonError(CommonErrorId.UnprocessableEntity, {
    message: `The list has ${rows.length} rows; at most ${BULK_ROWS_MAX} are taken at once`,
  });
}

function rowOf(line: number, identifier: string, amount: string): ListedRow {
  const problem = identifierProblem(identifier) ?? amountProblem(amount);
  return {
    line,
    identifier: identifier.slice(0, SHOWN_LENGTH_MAX),
    amount: problem === null ? canonicalDecimal(amount) : amount.slice(0, SHOWN_LENGTH_MAX),
    problem,
  };
}

function identifierProblem(identifier: string) {
  if (NUMBER.test(identifier)) return null;
  const message = identifier === '' ? 'identifier is missing' : 'identifier is no number of anybody';
  return { id: CommonErrorId.InvalidBody, message };
}

function amountProblem(amount: string): ListedRow['problem'] {
  try {
    // The quote says whether it is too fine for the ledgers at hand.
    parseAmount(amount, ANY_UNIT);
    return null;
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    const id = error.reason === 'form' ? CommonErrorId.InvalidBody : CommonErrorId.UnprocessableEntity;
    return { id, message: amount === '' ? 'amount is missing' : error.message };
  }
}

/** Numbers are taken as text, so that what they are can be said. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

function noList(message: string): Error {
  return commonError(CommonErrorId.InvalidBody, { message });
}
