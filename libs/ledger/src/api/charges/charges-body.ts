import { formatAmount, readAmount } from '@level-one/money';
import { invalidBody } from '@level-one/errors';
import { assertOwnUnit, ChargeKind, transferError, TransferErrorCode, unknownAccount } from '@level-one/transfer';
import type { LedgerChargeDto } from '@level-one/peers';
import { type Charge, CHARGES_MAX } from '../../schema/charge.entity.js';
import type { LedgerProfile } from '../ledger-profile.js';

const KINDS = new Set<unknown>(Object.values(ChargeKind));

/**
 * Parses the body of `PUT /transfers/{id}/charges`: 1 to 16 charges.
 * @throws ContractError 400 InvalidBodyError, 422 UnprocessableEntityError
 */
export function parseCharges(body: unknown, profile: LedgerProfile): Charge[] {
  if (!Array.isArray(body) || body.length === 0 || body.length > CHARGES_MAX) {
    throw invalidBody('Charges', '', `must be an array of 1 to ${CHARGES_MAX} charges`);
  }
  return body.map((item: unknown, index) => parseCharge(item, `[${index}]`, profile));
}

function parseCharge(item: unknown, field: string, profile: LedgerProfile): Charge {
  if (typeof item !== 'object' || item === null) throw invalidBody('Charges', field, 'must be an object');
  const { from, to, amount, kind } = item as Record<keyof LedgerChargeDto, unknown>;
  if (!KINDS.has(kind)) throw invalidBody('Charges', `${field}.kind`, `must be one of ${[...KINDS].join(', ')}`);
  const debitAccount = accountOf(from, `${field}.from`, profile);
  const creditAccount = accountOf(to, `${field}.to`, profile);
  assertOwnUnit(item as Record<string, unknown>, profile);
  if (debitAccount === creditAccount) throw notAllowed('A charge must be between two different accounts');
  return {
    debitAccount,
    creditAccount,
    amount: amountOf(amount, `${field}.amount`, profile),
    kind: kind as ChargeKind,
  };
}

function accountOf(reference: unknown, field: string, { uris }: LedgerProfile): string {
  if (typeof reference !== 'string' || reference === '') throw invalidBody('Charges', field, 'must name an account');
  const name = uris.accountName(reference);
  if (name === undefined) throw unknownAccount(reference);
  return name;
}

function amountOf(value: unknown, field: string, { scale, precision }: LedgerProfile): bigint {
  return readAmount(value, { scale, precision }, ({ reason, message }) =>
    reason === 'form' ? invalidBody('Charges', field, 'must be a decimal number') : notAllowed(message),
  );
}

function notAllowed(message: string): Error {
  return transferError(TransferErrorCode.UnprocessableEntity, { message });
}

/** A charge as JSON, with absolute URIs. */
export function chargeToJson(charge: Charge, { uris, scale }: LedgerProfile): LedgerChargeDto {
  return {
    from: uris.account(charge.debitAccount),
    to: uris.account(charge.creditAccount),
    amount: formatAmount(charge.amount, scale),
    kind: charge.kind,
  };
}
