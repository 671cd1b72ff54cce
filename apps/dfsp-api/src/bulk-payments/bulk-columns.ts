import { CommonErrorId, commonError } from '@level-one/platform';

/** What a row says. */
export const KNOWN_COLUMNS = ['identifier', 'amount', 'currency'] as const;
type Column = (typeof KNOWN_COLUMNS)[number];

/** Other names of what is known, as {@link plain} writes them. */
const ALIASES: ReadonlyMap<string, Column> = new Map([
  ['currencycode', 'currency'],
  ['amountcurrency', 'currency'],
  ['ccy', 'currency'],
]);

/** Words by which a name says something of what is paid, to whom, how or when. */
const PAYMENT_WORDS = new Set(
  (
    'amount amounts sum total value price currency currencies cur ccy curr unit units iso scale decimals ' +
    'minor cents precision fee fees charge charges commission rate exchange account accounts iban wallet identifier ' +
    'identifiers destination source msisdn type send receive due execute ' +
    'usd eur ugx kes tzs rwf xof xaf gbp jpy'
  ).split(' '),
);
/** Names that may be misspelt ones of what is known differ from it in no more letters than this. */
const MISSPELT_MAX = 2;

/** The column that a title names, whatever its case; undefined for any other. */
export function columnOf(title: string): Column | undefined {
  const name = plain(title);
  return KNOWN_COLUMNS.find((known) => known === title.toLowerCase()) ?? ALIASES.get(name);
}

/**
 * The first name that says something of a payment and is not known: leaving it aside could pay something else than was
 * meant. Names as `note`, `department` or `name` are none of these.
 */
export function notUnderstood(names: readonly string[]): string | undefined {
  return names.find((name) => columnOf(name) === undefined && isOfPayment(name));
}

/** @throws ContractError 400 InvalidBodyError */
export function assertUnderstood(names: readonly string[], what: string): void {
  const strange = notUnderstood(names);
  if (strange === undefined) return;
  throw commonError(CommonErrorId.InvalidBody, {
    message: `The ${what} ${strange.slice(0, 64)} is not understood; known are ${KNOWN_COLUMNS.join(', ')}`,
  });
}

function isOfPayment(name: string): boolean {
  const isMisspelt = KNOWN_COLUMNS.some((known) => distance(plain(name).slice(0, 32), known) <= MISSPELT_MAX);
  return isMisspelt || wordsOf(name).some((word) => PAYMENT_WORDS.has(word));
}

/** `amountCurrency`, `amount_currency`, `Amount (Currency)`: two words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[^a-z]/g, '');
}

/** Letters that have to be put in, taken out or changed to make one word of another (Levenshtein). */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [place, wanted] of Array.from(other).entries()) {
      next.push(Math.min(next[place]! + 1, row[place + 1]! + 1, row[place]! + (letter === wanted ? 0 : 1)));
    }
    row = next;
  }
  return row[other.length]!;
}
