import { type AmountError, formatAmount, PRECISION_MAX, readAmount } from '@level-one/money';
import { invalidBody } from '@level-one/errors';
import { TransferErrorCode, transferError } from '@level-one/transfer';

/** Balances may have more digits than an amount of the ledger, but fit into 64 bits. */
const BALANCE_PRECISION = PRECISION_MAX;

/** Parses an amount of funds into minor units. @throws ContractError 400, 422 */
export function parseFundsAmount(value: unknown, options: { scale: number; precision: number }): bigint {
  return readAmount(value, options, refusalOf('amount', 'Funds'));
}

/** Five Bells spells "no minimum balance" like this. */
const NO_FLOOR = '-infinity';

/**
 * Parses a balance, which unlike an amount may be zero or negative, into minor units. @throws ContractError 400, 422
 */
export function parseBalance(value: unknown, scale: number, field: string): bigint {
  const text = typeof value === 'number' ? String(value) : value;
  const isNegative = typeof text === 'string' && text.startsWith('-');
  const unit = { scale, precision: BALANCE_PRECISION, allowZero: true };
  const magnitude = readAmount(isNegative ? text.slice(1) : text, unit, refusalOf(field, 'Account'));
  return isNegative ? -magnitude : magnitude;
}

function refusalOf(field: string, schema: string): (problem: AmountError) => Error {
  return ({ reason, message }) =>
    reason === 'form'
      ? invalidBody(schema, field, 'must be a decimal number')
      : transferError(TransferErrorCode.UnprocessableEntity, { message: `${field}: ${message}` });
}

/** Parses a floor: a balance, or `-infinity`, which becomes null. @throws ContractError 400, 422 */
export function parseFloor(value: unknown, scale: number): bigint | null {
  return value === NO_FLOOR ? null : parseBalance(value, scale, 'minimum_allowed_balance');
}

/** Spelling of "no net debit cap". */
const NO_CAP = 'infinity';

/**
 * Parses a net debit cap: a balance of at least zero, or `infinity`, which becomes null. @throws ContractError 400, 422
 */
export function parseCap(value: unknown, scale: number): bigint | null {
  if (value === NO_CAP) return null;
  const cap = parseBalance(value, scale, 'net_debit_cap');
  if (cap >= 0n) return cap;
  throw transferError(TransferErrorCode.UnprocessableEntity, { message: 'net_debit_cap: must not be negative' });
}

const GRACE_S_MAX = 86_400;
/** Spelling of "the grace of the ledger". */
const LEDGERS_GRACE = 'default';

/** Parses a grace in s; `default` becomes null. @throws ContractError 400 */
export function parseGrace(value: unknown): number | null {
  if (value === LEDGERS_GRACE) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= GRACE_S_MAX) return value;
  throw invalidBody('Account', 'grace_s', `must be a whole number from 0 to ${GRACE_S_MAX}, or ${LEDGERS_GRACE}`);
}

export function formatFloor(floor: bigint | null, scale: number): string {
  return floor === null ? NO_FLOOR : formatAmount(floor, scale);
}
