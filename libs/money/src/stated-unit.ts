import { currencySymbol } from './currency.js';

/** What the amounts of a role are in. */
export interface OwnUnit {
  /** ISO 4217 alpha-3. */
  currency: string;
  /** Decimals. */
  scale: number;
  /** Most digits of an amount in minor units. */
  precision: number;
}

/** Words of names by which a member says what amounts are in. */
const UNIT_WORDS = new Set('currency currencies ccy asset scale precision decimals unit units'.split(' '));

/** `currencyCode`, `currency_code`: two words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
}

/** Whether a member of this name says what amounts are in. */
export function namesUnit(name: string): boolean {
  return wordsOf(name).some((word) => UNIT_WORDS.has(word));
}

/** What a member has to say, by its name; undefined for a name that may be about another unit than the own one. */
function expectedFor(name: string, unit: OwnUnit | undefined): unknown[] | undefined {
  if (!unit) return undefined;
  const { currency, scale, precision } = unit;
  switch (wordsOf(name).join('')) {
    case 'currency':
    case 'currencycode':
    case 'ccy':
    case 'asset':
    case 'assetcode':
      return [currency];
    case 'currencysymbol':
      return [currencySymbol(currency), currency];
    case 'scale':
    case 'currencyscale':
    case 'assetscale':
    case 'decimals':
      return [scale, String(scale)];
    case 'precision':
      return [precision, String(precision)];
    default:
      return undefined;
  }
}

/**
 * What is wrong with members that say what amounts are in, where no other unit than the own one is possible.
 * @param unit undefined where there is no own one, and nothing can be judged.
 * @param isKnown names that are read elsewhere.
 * @returns undefined when there are none, or all say the own unit; else name and message of the first.
 */
export function statedUnitProblem(
  stated: Readonly<Record<string, unknown>>,
  unit: OwnUnit | undefined,
  isKnown: (name: string) => boolean = () => false,
): { field: string; message: string } | undefined {
  for (const [field, value] of Object.entries(stated)) {
    if (value === undefined || value === null || !namesUnit(field) || isKnown(field)) continue;
    const expected = expectedFor(field, unit);
    if (expected === undefined) return { field, message: `${field.slice(0, 64)} is not understood` };
    if (!expected.includes(value)) return { field, message: `${field.slice(0, 64)} must be ${String(expected[0])}` };
  }
  return undefined;
}
