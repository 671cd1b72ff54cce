import { cutText } from '@level-one/errors';
import { currencySymbol } from './currency.js';

/** Unit of a role's amounts. */
export interface OwnUnit {
  /** ISO 4217 alpha-3. */
  currency: string;
  /** Decimals. */
  scale: number;
  /** Maximum of digits of an amount in minor units. */
  precision: number;
}

/** Words in names of members that state a unit. */
const UNIT_WORDS = new Set('currency currencies ccy asset scale precision decimals unit units'.split(' '));

/** Splits `currencyCode` or `currency_code` into its words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
}

/** Whether a member of this name states the unit of amounts. */
export function namesUnit(name: string): boolean {
  return wordsOf(name).some((word) => UNIT_WORDS.has(word));
}

/** Allowed values of a member, by its name; undefined if the name may refer to another unit than the own one. */
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
 * Checks members that state a unit, where only the own unit is possible.
 * @param unit the own unit; if undefined, every stated unit is refused.
 * @param isKnown names that are checked elsewhere.
 * @returns name and message of the first wrong member; undefined if there is none.
 */
export function statedUnitProblem(
  stated: Readonly<Record<string, unknown>>,
  unit: OwnUnit | undefined,
  isKnown: (name: string) => boolean = () => false,
): { field: string; message: string } | undefined {
  for (const [field, value] of Object.entries(stated)) {
    if (value === undefined || value === null || isKnown(field) || !namesUnit(field)) continue;
    const expected = expectedFor(field, unit);
    if (expected === undefined) return { field, message: `${cutText(field, 64)} is not understood` };
    if (!expected.includes(value)) return { field, message: `${cutText(field, 64)} must be ${String(expected[0])}` };
  }
  return undefined;
}
