/** Why an amount is refused. Only `form` is bad input (400); the others are well-formed but not allowed (422). */
export type AmountErrorReason = 'form' | 'zero' | 'negative' | 'scale' | 'precision';

/** Error of {@link parseAmount}, with the ledgers' message (contract 6.1). */
export class AmountError extends Error {
  constructor(
    readonly reason: AmountErrorReason,
    message: string,
  ) {
    super(message);
    this.name = 'AmountError';
  }
}

/** Maximum of decimals of any ledger. */
export const SCALE_MAX = 9;
/** Maximum of digits of one amount in minor units: sums of a few amounts still fit into 64 bits. */
export const PRECISION_MAX = 18;

/** Scale and precision of a ledger's amounts. */
export interface AmountUnit {
  /** Decimals: one minor unit is 10^-scale. From 0 to {@link SCALE_MAX}. */
  scale: number;
  /** Maximum of digits of an amount in minor units. From 1 to {@link PRECISION_MAX}. */
  precision: number;
}

/** Bounds of the amounts of all ledgers. A certain ledger may accept less. */
export const ANY_UNIT: AmountUnit = { scale: SCALE_MAX, precision: PRECISION_MAX + SCALE_MAX };

/** Unit of a ledger of which only the scale is known. */
export function unitAtScale(scale: number): AmountUnit {
  return { scale, precision: PRECISION_MAX };
}

/** Options of {@link parseAmount}. */
export interface ParseAmountOptions {
  /** Decimals of the currency; one minor unit is 10^-scale. Default 2. */
  scale?: number;
  /** Maximum of digits of the amount in minor units. Default 10, so 99999999.99 at scale 2. */
  precision?: number;
  /** Fees and commissions may be zero, payments may not. Default false. */
  allowZero?: boolean;
}

/** Rounding of {@link mulDivRound}; all modes are symmetric around zero (`down`: towards zero). */
export type RoundingMode = 'half-up' | 'down' | 'up';

const DECIMAL = /^\d+(\.\d+)?$/;
const SIGNED_DECIMAL = /^-\d+(\.\d+)?$/;
/** Longer texts are refused before any arithmetic, whatever zeros pad them. */
const MAX_TEXT_LENGTH = 256;

/**
 * Parses an amount of a body (contract 0.3), a decimal string or a JSON number, into minor units. Zeros beyond the
 * scale are accepted, because amounts are compared by value ("10.400" is "10.40").
 *
 * @throws AmountError with the reason; `form` if the value is not a decimal number.
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
  if (minor >= powerOfTen(precision)) throw tooManyDigits('precision', scale, precision);
  return minor;
}

const POWERS_OF_TEN = Array.from({ length: ANY_UNIT.precision + 1 }, (_, exponent) => 10n ** BigInt(exponent));

function powerOfTen(exponent: number): bigint {
  return POWERS_OF_TEN[exponent] ?? 10n ** BigInt(exponent);
}

/** {@link parseAmount}, with the error as a result. */
function parsedOrProblem(value: unknown, options: ParseAmountOptions): bigint | AmountError {
  try {
    return parseAmount(value, options);
  } catch (error) {
    if (error instanceof AmountError) return error;
    throw error;
  }
}

/** The error of {@link parseAmount}; undefined for an accepted amount. */
export function amountProblem(value: unknown, options: ParseAmountOptions = {}): AmountError | undefined {
  const parsed = parsedOrProblem(value, options);
  return parsed instanceof AmountError ? parsed : undefined;
}

/** {@link parseAmount} with another error. @throws the error that `refuse` returns */
export function readAmount(
  value: unknown,
  options: ParseAmountOptions,
  refuse: (problem: AmountError) => Error,
): bigint {
  const parsed = parsedOrProblem(value, options);
  if (parsed instanceof AmountError) throw refuse(parsed);
  return parsed;
}

/** {@link parseAmount} of any value; undefined if it is not an accepted amount. */
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

/** The shortest text of a decimal, without padding zeros: "010.40" → "10.4", "10.00" → "10". */
export function canonicalDecimal(text: string): string {
  const [whole = '', fraction = ''] = text.split('.');
  const decimals = fraction.replace(/0+$/, '');
  return `${whole.replace(/^0+(?=\d)/, '')}${decimals === '' ? '' : `.${decimals}`}`;
}

/**
 * `value × numerator / denominator`, exact before it is rounded once. `half-up` rounds a tie away from zero.
 *
 * @throws RangeError if the denominator is zero.
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

/** The shortest decimal text of a JSON number. Numbers that JavaScript prints with an exponent are out of range. */
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
