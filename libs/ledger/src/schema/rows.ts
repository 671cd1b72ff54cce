import type { Transfer } from '@level-one/transfer';
import type { Account } from './account.entity.js';
import type { Charge } from './charge.entity.js';
import type { SchemeCharge } from './scheme-charge.entity.js';

/** Columns of a transfer under the names of {@link Transfer}. */
export const TRANSFER_COLUMNS = `
  transfers.id, debit_account AS "debitAccount", credit_account AS "creditAccount", amount::text,
  debit_memo AS "debitMemo", credit_memo AS "creditMemo", additional_info AS "additionalInfo",
  execution_condition AS "executionCondition", cancellation_condition AS "cancellationCondition",
  expires_at AS "expiresAt", transfers.state, authorized, proposed_at AS "proposedAt", prepared_at AS "preparedAt",
  executed_at AS "executedAt", rejected_at AS "rejectedAt", rejection_reason AS "rejectionReason",
  rejection_message AS "rejectionMessage", fulfillment`;

/** Columns of an account under the names of {@link Account}. */
export const ACCOUNT_COLUMNS = `
  name, posted::text, held::text, minimum_allowed_balance::text AS "minimumAllowedBalance",
  position_base::text AS "positionBase", net_debit_cap::text AS "netDebitCap", closed_at AS "closedAt",
  is_disabled AS "isDisabled", times_disabled AS "timesDisabled", account_type AS "accountType", direct_use AS "directUse", has_entries AS "hasEntries",
  connector, rights, password_hash AS "passwordHash"`;

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

export function accountOf(row: Row<Account>): Account {
  return {
    ...row,
    posted: BigInt(row.posted),
    held: BigInt(row.held),
    minimumAllowedBalance: bigintOrNull(row.minimumAllowedBalance),
    positionBase: BigInt(row.positionBase),
    netDebitCap: bigintOrNull(row.netDebitCap),
  };
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
