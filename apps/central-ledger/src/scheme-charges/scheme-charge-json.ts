import {
  type LedgerProfile,
  RATE_SCALE,
  RateType,
  type SchemeCharge,
  type SchemeChargeChange,
} from '@level-one/ledger';
import { invalidBody } from '@level-one/errors';
import { formatAmount, formatShortest, type ParseAmountOptions, readAmount } from '@level-one/money';
import { TransferErrorCode, transferError } from '@level-one/transfer';
import type { SchemeChargeChangeDto, SchemeChargeDto, SchemeChargeRequestDto } from './scheme-charge.dto.js';

/** The only type. */
export const CHARGE_TYPE = 'fee';

/** @throws ContractError 400 InvalidBodyError, 422 UnprocessableEntityError */
export function parseAmountFor(field: string, value: unknown, options: ParseAmountOptions): bigint {
  return readAmount(value, options, ({ reason, message }) =>
    reason === 'form' ? invalidBody('Charge', field, 'must be a decimal number') : notAllowed(`${field}: ${message}`),
  );
}

/** @throws ContractError 400, 422 */
export function schemeChargeOf(body: SchemeChargeRequestDto, profile: LedgerProfile): Omit<SchemeCharge, 'createdAt'> {
  if (body.payer === body.payee) throw notAllowed('payer and payee must not be the same');
  const { scale, precision } = profile;
  const rateOptions = body.rate_type === RateType.Percent ? { scale: RATE_SCALE, precision } : { scale, precision };
  const minimum = boundOf('minimum', body.minimum, profile);
  const maximum = body.maximum === undefined ? null : boundOf('maximum', body.maximum, profile);
  assertOrdered(minimum, maximum);
  return {
    name: body.name,
    code: body.code,
    rateType: body.rate_type,
    rate: parseAmountFor('rate', body.rate, rateOptions),
    minimum,
    maximum,
    isActive: body.is_active,
    payer: body.payer,
    payee: body.payee,
  };
}

/** @throws ContractError 400, 422 */
export function changeOf(body: SchemeChargeChangeDto, profile: LedgerProfile): SchemeChargeChange {
  return {
    ...(body.code !== undefined && { code: body.code }),
    ...(body.minimum !== undefined && { minimum: boundOf('minimum', body.minimum, profile) }),
    ...(body.maximum !== undefined && { maximum: boundOf('maximum', body.maximum, profile) }),
    ...(body.is_active !== undefined && { isActive: body.is_active }),
  };
}

/**
 * Members that a change sets to null: only the upper bound may be.
 * @throws ContractError 400 InvalidBodyError, also for the name of another charge.
 */
export function takenAway(path: string, given: Record<string, unknown>): SchemeChargeChange {
  const field = ['name', 'code', 'minimum', 'is_active'].find((member) => given[member] === null);
  if (field !== undefined) throw invalidBody('Charge', field, 'must not be null');
  if (given['name'] !== undefined && given['name'] !== path)
    throw invalidBody('Charge', 'name', 'must be that in the path');
  return given['maximum'] === null ? { maximum: null } : {};
}

export function schemeChargeToJson(charge: SchemeCharge, { scale }: LedgerProfile): SchemeChargeDto {
  const { name, code, rateType, rate, minimum, maximum, isActive, createdAt, payer, payee } = charge;
  return {
    name,
    charge_type: CHARGE_TYPE,
    rate_type: rateType,
    rate: rateType === RateType.Percent ? formatShortest(rate, RATE_SCALE) : formatAmount(rate, scale),
    minimum: formatAmount(minimum, scale),
    maximum: maximum === null ? null : formatAmount(maximum, scale),
    code,
    is_active: isActive,
    created: createdAt.toISOString(),
    payer,
    payee,
  };
}

function boundOf(field: string, value: unknown, { scale, precision }: LedgerProfile): bigint {
  return parseAmountFor(field, value, { scale, precision, allowZero: true });
}

function assertOrdered(minimum: bigint, maximum: bigint | null): void {
  if (maximum !== null && maximum < minimum) throw notAllowed('maximum must not be less than minimum');
}

function notAllowed(message: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, { message });
}
