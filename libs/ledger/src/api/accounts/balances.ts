import { AmountError, formatAmount, parseAmount, PRECISION_MAX } from '@level-one/money';
import { TransferErrorCode, transferError } from '@level-one/transfer';

/** Balances may outgrow an amount of the ledger, but not the 64 bits of the database. */
const BALANCE_PRECISION = PRECISION_MAX;

/** Reads an amount of money that comes or leaves, into minor units. @throws ContractError 400, 422 */
export function parseFundsAmount(value: unknown, options: { scale: number; precision: number }): bigint {
  try {
    return parseAmount(value, options);
  } catch (error) {
    throw refusalOf(error, 'amount', 'Funds');
  }
}

/** What a floor is called that is none; Five Bells ledgers say it so. */
const NO_FLOOR = '-infinity';

/** Reads a balance, which unlike an amount may be zero or negative, into minor units. @throws ContractError 400, 422 */
export function parseBalance(value: unknown, scale: number, field: string): bigint {
  const text = typeof value === 'number' ? String(value) : value;
  const isNegative = typeof text === 'string' && text.startsWith('-');
  try {
    const magnitude = parseAmount(isNegative ? text.slice(1) : text, {
      scale,
      precision: BALANCE_PRECISION,
      allowZero: true,
    });
    return isNegative ? -magnitude : magnitude;
  } catch (error) {
    throw refusalOf(error, field, 'Account');
  }
}

function refusalOf(error: unknown, field: string, schema: string): unknown {
  if (!(error instanceof AmountError)) return error;
  if (error.reason !== 'form') {
    return transferError(TransferErrorCode.UnprocessableEntity, { message: `${field}: ${error.message}` });
  }
  return transferError(TransferErrorCode.InvalidBody, {
    message: `Body did not match schema ${schema}`,
    extras: { validationErrors: [{ message: `${field} must be a decimal number`, params: { field } }] },
  });
}

/** Reads a floor: a balance, or `-infinity`, which is null. @throws ContractError 400, 422 */
export function parseFloor(value: unknown, scale: number): bigint | null {
  return value === NO_FLOOR ? null : parseBalance(value, scale, 'minimum_allowed_balance');
}

/** What a cap is called that is none. */
const NO_CAP = 'infinity';

/** Reads a net debit cap: a balance of at least zero, or `infinity`, which is null. @throws ContractError 400, 422 */
export function parseCap(value: unknown, scale: number): bigint | null {
  if (value === NO_CAP) return null;
  const cap = parseBalance(value, scale, 'net_debit_cap');
  if (cap >= 0n) return cap;
  throw transferError(TransferErrorCode.UnprocessableEntity, { message: 'net_debit_cap: must not be negative' });
}

export function formatFloor(floor: bigint | null, scale: number): string {
  return floor === null ? NO_FLOOR : formatAmount(floor, scale);
}
