import { cutText } from '@level-one/errors';
import { BadRecord, CommonErrorId, commonError } from '@level-one/platform';
import { amountProblem, ANY_UNIT, canonicalDecimal, isCurrencyCode } from '@level-one/money';
import { inSlices, mapSteps } from '@level-one/work';
import { assertUnderstood, columnOf, KNOWN_COLUMNS, notUnderstood } from './bulk-columns.js';
import { type CsvRecord, csvRecords } from './csv-records.js';

/** Maximum of rows in one bulk payment. */
export const BULK_ROWS_MAX = 10_000;

/** One row of a list: the payee and the amount, or the problem that makes it unreadable. */
export interface ListedRow {
  /** Line in the file, from 1; in a list in JSON, place of the row, from 1. */
  line: number;
  /** As given, cut where it is too long. */
  identifier: string;
  /** Shortest decimal text; as given if it is no decimal. */
  amount: string;
  /** ISO 4217 alpha-3; absent if neither the row nor the order names one. */
  currency?: string;
  problem: { id: string; message: string } | null;
}

/** The fields of a row, as text. */
interface RowText {
  identifier: string;
  amount: string;
  currency: string;
}

const COLUMNS = ['identifier', 'amount'] as const;
const NUMBER = /^\+?[0-9]{1,15}$/;
const SHOWN_LENGTH_MAX = 64;
/** Maximum of members of a row in JSON. */
const MEMBERS_MAX = 64;
/** An amount with a decimal comma. */
const DECIMAL_COMMA = /^\d+,\d+$/;
/** `1,000` may be a thousand or one. */
const AMBIGUOUS_COMMA = /^\d{1,3}(,\d{3})+$/;

/**
 * Reads a list of payees as CSV with a header line. Columns that are not about the payment and empty lines are ignored;
 * an unknown column about the payment makes the list invalid. A row that cannot be read is answered with its problem,
 * and the other rows are read. `currency` is the currency of rows that name none.
 * @throws ContractError 400 InvalidBodyError if the text is no such list; 422 UnprocessableEntityError for too many
 * rows
 */
export async function readCsvList(text: string, currency = ''): Promise<ListedRow[]> {
  // The header, and one row more than the maximum: it shows that there are too many.
  const { records, delimiter } = await csvRecords(text, BULK_ROWS_MAX + 2);
  const [header, ...lines] = records;
  const titles = (header?.cells ?? []).map((cell) => cell.trim());
  const columns = titles.map(columnOf);
  const missing = COLUMNS.filter((name) => !columns.includes(name));
  if (missing.length > 0) {
    throw noList(`The first line has to name the columns ${COLUMNS.join(' and ')}; ${missing.join(', ')} is missing`);
  }
  const repeated = KNOWN_COLUMNS.filter((name) => columns.indexOf(name) !== columns.lastIndexOf(name));
  if (repeated.length > 0) throw noList(`The first line names ${repeated.join(' and ')} more than once`);
  assertUnderstood(titles, 'column');
  const read = (record: CsvRecord): ListedRow => {
    const cell = (name: keyof RowText): string => (record.cells[columns.indexOf(name)] ?? '').trim();
    const amount = delimiter === ',' ? cell('amount') : withPoint(cell('amount'));
    const row = rowOf(record.line, { identifier: cell('identifier'), amount, currency: cell('currency') || currency });
    if (record.problem !== undefined) return refusedRow(row, record.problem);
    if (record.cells.length === columns.length) return row;
    return refusedRow(row, `The line has ${record.cells.length} fields, the header has ${columns.length}`);
  };
  const rows = await inSlices(mapSteps(checkedLength(lines), read));
  if (lines.every(({ problem }) => problem !== undefined)) throw noList(`This is no CSV: ${lines[0]!.problem}`);
  return rows;
}

/** Reads a list that came as JSON. @throws ContractError 400, 422 as {@link readCsvList} */
export async function readJsonList(rows: unknown, currency = ''): Promise<ListedRow[]> {
  if (!Array.isArray(rows)) throw noList('rows must be a list');
  let line = 0;
  const read = (row: unknown): ListedRow => {
    line += 1;
    if (row instanceof BadRecord)
      return refusedRow({ line, identifier: '', amount: '', problem: null }, `The row ${row.problem}`);
    const members = Object.entries((typeof row === 'object' && row !== null ? row : {}) as Record<string, unknown>);
    const named = (name: keyof RowText): unknown[] =>
      members.filter(([member]) => columnOf(member) === name).map(([, value]) => value);
    const [given = ''] = named('currency');
    const listed = rowOf(line, {
      identifier: textOf(named('identifier')[0]),
      amount: textOf(named('amount')[0]),
      // Anything but text is shown as "?", which is no currency.
      currency: typeof given === 'string' ? given.trim() || currency : given === null ? currency : '?',
    });
    if (members.length > MEMBERS_MAX) return refusedRow(listed, `The row has more than ${MEMBERS_MAX} members`);
    const repeated = KNOWN_COLUMNS.find((name) => named(name).length > 1);
    if (repeated !== undefined) return refusedRow(listed, `The row has ${repeated} more than once`);
    const strange = notUnderstood(members.map(([member]) => member));
    return strange === undefined ? listed : refusedRow(listed, `The member ${cutText(strange, 64)} is not known`);
  };
  return inSlices(mapSteps(checkedLength(rows as unknown[]), read));
}

/** Turns a decimal comma into a point. `1,000` is ambiguous and stays, so that it is refused as an amount. */
function withPoint(amount: string): string {
  return DECIMAL_COMMA.test(amount) && !AMBIGUOUS_COMMA.test(amount) ? amount.replace(',', '.') : amount;
}

function checkedLength<Row>(rows: Row[]): Row[] {
  if (rows.length === 0) throw noList('The list has no rows');
  if (rows.length <= BULK_ROWS_MAX) return rows;
  throw commonError(CommonErrorId.UnprocessableEntity, {
    message: `At most ${BULK_ROWS_MAX} rows are taken at once`,
  });
}

function rowOf(line: number, { identifier, amount, currency: given }: RowText): ListedRow {
  const currency = given.toUpperCase();
  const problem = identifierProblem(identifier) ?? problemOfAmount(amount) ?? currencyProblem(currency, given);
  return {
    line,
    identifier: cutText(identifier, SHOWN_LENGTH_MAX),
    amount: problem === null ? canonicalDecimal(amount) : cutText(amount, SHOWN_LENGTH_MAX),
    ...(isCurrencyCode(currency) ? { currency } : {}),
    problem,
  };
}

function refusedRow(row: ListedRow, message: string): ListedRow {
  return { ...row, problem: { id: CommonErrorId.InvalidBody, message } };
}

function identifierProblem(identifier: string) {
  if (NUMBER.test(identifier)) return null;
  const message = identifier === '' ? 'identifier is missing' : 'identifier must be a number of the directory';
  return { id: CommonErrorId.InvalidBody, message };
}

function problemOfAmount(amount: string): ListedRow['problem'] {
  // The decimals of the ledgers are checked by the quote.
  const problem = amountProblem(amount, ANY_UNIT);
  if (!problem) return null;
  const id = problem.reason === 'form' ? CommonErrorId.InvalidBody : CommonErrorId.UnprocessableEntity;
  if (AMBIGUOUS_COMMA.test(amount))
    return { id, message: `amount ${amount} is ambiguous: the comma may separate thousands or decimals` };
  return { id, message: amount === '' ? 'amount is missing' : problem.message };
}

function currencyProblem(currency: string, given: string): ListedRow['problem'] {
  if (given === '' || isCurrencyCode(currency)) return null;
  return { id: CommonErrorId.InvalidBody, message: 'currency must be three letters, such as USD' };
}

/** A number of JSON as text, so that a message can show it. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

function noList(message: string): Error {
  return commonError(CommonErrorId.InvalidBody, { message });
}
