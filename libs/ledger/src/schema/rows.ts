import type { Transfer } from '@level-one/transfer';
import type { Charge } from './charge.entity.js';
import type { SchemeCharge } from './scheme-charge.entity.js';

/** Columns of a transfer under the names of {@link Transfer}. */
export const TRANSFER_COLUMNS = `
  transfers.id, debit_account AS "debitAccount", credit_account AS "creditAccount", amount::text,
  debit_memo AS "debitMemo", credit_memo AS "creditMemo", additional_info AS "additionalInfo",
  execution_condition AS "executionCondition", cancellation_condition AS "cancellationCondition",
  expires_at AS "expiresAt", open_until AS "openUntil", transfers.state, authorized, proposed_at AS "proposedAt", prepared_at AS "preparedAt",
  executed_at AS "executedAt", rejected_at AS "rejectedAt", rejection_reason AS "rejectionReason",
  rejection_message AS "rejectionMessage", fulfillment`;

/** Columns of a charge under the names of {@link Charge}. */
export const CHARGE_COLUMNS = `
  transfer_id AS "transferId", debit_account AS "debitAccount", credit_account AS "creditAccount",
  amount::text, kind`;

/** Columns of a charge of the scheme under the names of {@link SchemeCharge}. */
export const SCHEME_CHARGE_COLUMNS = `
  name, code, rate_type AS "rateType", rate::text, minimum::text, maximum::text, is_active AS "isActive", payer, payee,
  created_at AS "createdAt"`;

/** A row as the driver returns it: `bigint` as text. */
export type Row<T> = {
  [K in keyof T]: T[K] extends bigint ? string : T[K] extends bigint | null ? string | null : T[K];
};

export function transferOf(row: Row<Transfer>): Transfer {
  return { ...row, amount: BigInt(row.amount) };
}

export function chargeOf({ debitAccount, creditAccount, amount, kind }: Row<Charge>): Charge {
  return { debitAccount, creditAccount, amount: BigInt(amount), kind };
}

export function schemeChargeOf(row: Row<SchemeCharge>): SchemeCharge {
  return {
    ...row,
    rate: BigInt(row.rate),
    minimum: BigInt(row.minimum),
    maximum: bigintOrNull(row.maximum),
  };
}

function bigintOrNull(text: string | null): bigint | null {
  return text === null ? null : BigInt(text);
}
