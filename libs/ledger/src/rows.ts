import type { Transfer } from '@level-one/transfer';
import type { Account } from './account.entity.js';

/** Columns of a transfer, as the driver hands them over, under the names of {@link Transfer}. */
export const TRANSFER_COLUMNS = `
  transfers.id, debit_account AS "debitAccount", credit_account AS "creditAccount", amount,
  debit_memo AS "debitMemo", credit_memo AS "creditMemo", additional_info AS "additionalInfo",
  execution_condition AS "executionCondition", cancellation_condition AS "cancellationCondition",
  expires_at AS "expiresAt", transfers.state, authorized, proposed_at AS "proposedAt", prepared_at AS "preparedAt",
  executed_at AS "executedAt", rejected_at AS "rejectedAt", rejection_reason AS "rejectionReason",
  rejection_message AS "rejectionMessage", fulfillment`;

/** Columns of an account under the names of {@link Account}. */
export const ACCOUNT_COLUMNS = `
  name, posted, held, minimum_allowed_balance AS "minimumAllowedBalance", is_disabled AS "isDisabled",
  account_type AS "accountType", connector, rights, password_hash AS "passwordHash"`;

/** The driver hands a `bigint` over as text. */
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
    minimumAllowedBalance: row.minimumAllowedBalance === null ? null : BigInt(row.minimumAllowedBalance),
  };
}
