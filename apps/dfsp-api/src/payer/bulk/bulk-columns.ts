import { cutText } from '@level-one/errors';
import { CommonErrorId, commonError } from '@level-one/platform';

/** Columns of a CSV list, and members of a row in JSON. */
export const KNOWN_COLUMNS = ['identifier', 'amount', 'currency'] as const;
type Column = (typeof KNOWN_COLUMNS)[number];

/** Other names of the known columns, in the form of {@link plainName}. */
const ALIASES: ReadonlyMap<string, Column> = new Map([
  ['currencycode', 'currency'],
  ['amountcurrency', 'currency'],
  ['ccy', 'currency'],
]);

/** A name with one of these words is about the payment: what is paid, to whom, how or when. */
const PAYMENT_WORDS = new Set(
  (
    'amount amounts sum total value price currency currencies cur ccy curr unit units iso scale decimals ' +
    'minor cents precision fee fees charge charges commission rate exchange account accounts iban wallet identifier ' +
    'identifiers destination source msisdn type send receive due execute ' +
    'usd eur ugx kes tzs rwf xof xaf gbp jpy'
  ).split(' '),
);
/** A name that differs from a known one in at most this many letters is taken for a misspelling of it. */
const MISSPELT_MAX = 2;
/** Characters of a name that are looked at. */
const NAME_LENGTH_MAX = 256;
/** Maximum of names of columns, or of members beside the rows, in one list. */
const NAMES_MAX = 1_000;

/** The known column with this title, in upper or lower case; undefined for other titles. */
export function columnOf(title: string): Column | undefined {
  const name = plainName(title);
  return KNOWN_COLUMNS.find((known) => known === title.toLowerCase()) ?? ALIASES.get(name);
}

/**
 * The first name that is about the payment and is not known: a list with it is refused, because to ignore it could pay
 * something else than was meant. Names such as `note`, `department` or `name` are ignored.
 */
export function notUnderstood(names: readonly string[]): string | undefined {
  return names.find((name) => columnOf(name) === undefined && isOfPayment(name));
}

/** @throws ContractError 400 InvalidBodyError */
export function assertUnderstood(names: readonly string[], what: string): void {
  if (names.length > NAMES_MAX) {
    throw commonError(CommonErrorId.InvalidBody, { message: `There are more than ${NAMES_MAX} ${what}s` });
  }
  const strange = notUnderstood(names);
  if (strange === undefined) return;
  throw commonError(CommonErrorId.InvalidBody, {
    message: `The ${what} ${cutText(strange, 64)} is not known; known are ${KNOWN_COLUMNS.join(', ')}`,
  });
}

function isOfPayment(whole: string): boolean {
  const name = whole.slice(0, NAME_LENGTH_MAX);
  const isMisspelt = KNOWN_COLUMNS.some((known) => isNear(plainName(name), known));
  return isMisspelt || wordsOf(name).some((word) => PAYMENT_WORDS.has(word));
}

/** `amountCurrency`, `amount_currency`, `Amount (Currency)`: two words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}

/** Whether the edit distance (Levenshtein) of two words is at most {@link MISSPELT_MAX}. */
function isNear(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > MISSPELT_MAX) return false;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let index = 0; index < one.length; index += 1) {
    const next = [index + 1];
    for (let place = 0; place < other.length; place += 1) {
      const changed = row[place]! + (one[index] === other[place] ? 0 : 1);
      next.push(Math.min(next[place]! + 1, row[place + 1]! + 1, changed));
    }
    if (Math.min(...next) > MISSPELT_MAX) return false;
    row = next;
  }
  return row[other.length]! <= MISSPELT_MAX;
}
