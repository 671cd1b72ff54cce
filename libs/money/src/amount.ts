/** Why a value is no acceptable amount. Only `form` is bad input (400); the others are well-formed but refused (422). */
export type AmountErrorReason = 'form' | 'zero' | 'negative' | 'scale' | 'precision';

/** Thrown by {@link parseAmount}; the message is the one the ledgers answer with (contract 6.1). */
export class AmountError extends Error {
  constructor(
    readonly reason: AmountErrorReason,
    message: string,
  ) {
    super(message);
    this.name = 'AmountError';
  }
}

/** Most decimals of any ledger. */
export const SCALE_MAX = 9;
/** Most digits, in minor units, of one amount of any ledger: sums of a few still fit into 64 bits. */
export const PRECISION_MAX = 18;

/** What a ledger's amounts look like. */
export interface AmountUnit {
  /** Decimals: one minor unit is 10^-scale. From 0 to {@link SCALE_MAX}. */
  scale: number;
  /** Most digits of an amount in minor units. From 1 to {@link PRECISION_MAX}. */
  precision: number;
}

/** Every amount of every ledger; whether it fits into a certain one only that one's unit says. */
export const ANY_UNIT: AmountUnit = { scale: SCALE_MAX, precision: PRECISION_MAX + SCALE_MAX };

/** The unit of another ledger of which no more than its decimals is known. */
export function unitAtScale(scale: number): AmountUnit {
  return { scale, precision: PRECISION_MAX };
}

/** What an amount may look like. */
export interface ParseAmountOptions {
  /** Decimals of the currency; one minor unit is 10^-scale. Default 2. */
  scale?: number;
  /** Largest number of decimal digits of the amount in minor units. Default 10, so 99999999.99 at scale 2. */
  precision?: number;
  /** Fees and commissions may be zero, payments may not. Default false. */
  allowZero?: boolean;
}

/** How {@link mulDivRound} treats a remainder; all modes are symmetric around zero (`down` = towards zero). */
export type RoundingMode = 'half-up' | 'down' | 'up';

const DECIMAL = /^\d+(\.\d+)?$/;
const SIGNED_DECIMAL = /^-\d+(\.\d+)?$/;
/** Longer texts are refused before any arithmetic, whatever zeros they are padded with. */
const MAX_TEXT_LENGTH = 256;

/**
 * Reads an amount from the wire (contract 0.3): a decimal string or a JSON number, into minor units.
 * Zeros beyond the scale are accepted, because amounts compare numerically ("10.400" is "10.40").
 *
 * @throws AmountError with the reason; `form` when the value is no decimal number at all.
 */
export function parseAmount(value: unknown, opts: ParseAmountOptions = {}): bigint {
  const { scale = 2, precision = 10, allowZero = false } = opts;
  const text = typeof value === 'number' ? numberText(value, scale, precision) : value;
  if (typeof text !== 'string') throw notANumber();
  if (SIGNED_DECIMAL.test(text)) throw notPositive('negative');
  if (!DECIMAL.test(text)) throw notANumber();
  if (text.length > MAX_TEXT_LENGTH) throw tooManyDigits('precision', scale, precision);

  const [whole = '', fraction = ''] = text.split('.');
  if (/[1-9]/.test(fraction.slice(scale))) throw tooManyDigits('scale', scale, precision);
  const minor = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'));
  if (minor === 0n && !allowZero) throw notPositive('zero');
  if (minor >= 10n ** BigInt(precision)) throw tooManyDigits('precision', scale, precision);
  return minor;
}

/** {@link parseAmount} that answers the problem instead of throwing it. */
function parsedOrProblem(value: unknown, options: ParseAmountOptions): bigint | AmountError {
  try {
    return parseAmount(value, options);
  } catch (error) {
    if (error instanceof AmountError) return error;
    throw error;
  }
}

/** What is wrong with an amount; undefined for one that {@link parseAmount} takes. */
export function amountProblem(value: unknown, options: ParseAmountOptions = {}): AmountError | undefined {
  const parsed = parsedOrProblem(value, options);
  return parsed instanceof AmountError ? parsed : undefined;
}

/** {@link parseAmount} with an error of the caller's own. @throws what `refuse` makes of the problem */
export function readAmount(
  value: unknown,
  options: ParseAmountOptions,
  refuse: (problem: AmountError) => Error,
): bigint {
  const parsed = parsedOrProblem(value, options);
  if (parsed instanceof AmountError) throw refuse(parsed);
  return parsed;
}

/** {@link parseAmount} of what may be anything; undefined for what is no amount. */
export function findAmount(value: unknown, options: ParseAmountOptions): bigint | undefined {
  const parsed = parsedOrProblem(value, options);
  return parsed instanceof AmountError ? undefined : parsed;
}

/** Minor units as a decimal with exactly `scale` decimals, the form of ledgers, setup and invoices: 1040n → "10.40". */
export function formatAmount(minor: bigint, scale = 2): string {
  const digits = magnitude(minor)
    .toString()
    .padStart(scale + 1, '0');
  const sign = minor < 0n ? '-' : '';
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Minor units in the shortest decimal form, the form of quotes: 925n → "9.25", 100n → "1". */
export function formatShortest(minor: bigint, scale = 2): string {
  const text = formatAmount(minor, scale);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** The one shortest text of a decimal, whatever zeros it is padded with: "010.40" → "10.4", "10.00" → "10". */
export function canonicalDecimal(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  const decimals = fraction.replace(/0+$/, '');
  return `${whole.replace(/^0+(?=\d)/, '')}${decimals === '' ? '' : `.${decimals}`}`;
}

/**
 * `value × numerator / denominator`, exact before the one rounding. `half-up` takes a tie away from zero.
 *
 * @throws RangeError when the denominator is zero.
 */
export function mulDivRound(value: bigint, numerator: bigint, denominator: bigint, mode: RoundingMode): bigint {
  if (denominator === 0n) throw new RangeError('Division by zero');
  const product = value * numerator;
  const dividend = magnitude(product);
  const divisor = magnitude(denominator);
  const quotient = dividend / divisor;
  const remainder = dividend % divisor;
  const roundsAway = mode === 'half-up' ? remainder * 2n >= divisor : mode === 'up' && remainder > 0n;
  const rounded = roundsAway ? quotient + 1n : quotient;
  return product < 0n === denominator < 0n ? rounded : -rounded;
}

/** The shortest decimal text of a JSON number; the exponent forms JavaScript falls back to are out of any range. */
function numberText(value: number, scale: number, precision: number): string {
  if (!Number.isFinite(value)) throw notANumber();
  const text = String(value);
  if (!text.includes('e')) return text;
  if (value < 0) throw notPositive('negative');
  throw tooManyDigits(value < 1 ? 'scale' : 'precision', scale, precision);
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function notANumber(): AmountError {
  return new AmountError('form', 'Amount must be a decimal number');
}

function notPositive(reason: 'zero' | 'negative'): AmountError {
  return new AmountError(reason, 'Amount must be a positive number excluding zero.');
}

function tooManyDigits(reason: 'scale' | 'precision', scale: number, precision: number): AmountError {
  return new AmountError(reason, `Amount exceeds allowed precision scale=${scale} precision=${precision}`);
}
