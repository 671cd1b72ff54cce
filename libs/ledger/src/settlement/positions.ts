import { AccountType } from '@level-one/transfer';
import { EntryKind } from '../schema/entry.entity.js';
import type { Row } from '../schema/rows.js';
import { SETTLEMENT_ACCOUNT } from '../schema/settlement.entity.js';

/** Payments and receipts of an account, in minor units. */
export interface Position {
  account: string;
  /** Sum of transfers that debited the account; `receipts`: credited it. */
  payments: bigint;
  receipts: bigint;
  /** Sum of charges that debited the account; `feeReceipts`: credited it. */
  feePayments: bigint;
  feeReceipts: bigint;
}

/** Position of an account in the open window, and what it owes or is owed over all windows, in minor units. */
export interface AccountPosition extends Position {
  /** Executed and not settled: below zero if the account owes. A net debit cap is judged by it, with what is held. */
  unsettled: bigint;
  held: bigint;
  netDebitCap: bigint | null;
}

export type AccountPositionRow = Row<AccountPosition>;

const CHARGED = `kind IN ('${EntryKind.Fee}', '${EntryKind.Commission}')`;

/** SQL condition: entries that make positions, that is, no issued money and no settlement. */
export const MAKES_POSITIONS = `kind NOT IN ('${EntryKind.Issuance}', '${EntryKind.Settlement}')`;

/** Sums of entries that make positions. They may exceed 64 bits. */
export const POSITION_SUMS = `
  coalesce(-sum(amount) FILTER (WHERE amount < 0 AND kind = '${EntryKind.Transfer}'), 0)AS payments,
  coalesce(sum(amount) FILTER (WHERE amount > 0 AND kind = '${EntryKind.Transfer}'), 0)AS receipts,
  coalesce(-sum(amount) FILTER (WHERE amount < 0 AND ${CHARGED}), 0)AS "feePayments",
  coalesce(sum(amount) FILTER (WHERE amount > 0 AND ${CHARGED}), 0)AS "feeReceipts"`;

/** Positions of all accounts, sorted by name, or of account $1. */
export const READ_POSITIONS = `
  SELECT name AS account, ${POSITION_SUMS},
    (posted - position_base)::text AS unsettled, held::text, net_debit_cap::text AS "netDebitCap"
  FROM accounts
  LEFT JOIN entries ON account = name AND entries.id > (SELECT coalesce(max(to_entry), 0) FROM settlements)
  WHERE name NOT IN ('issuance', '${SETTLEMENT_ACCOUNT}') AND ($1::text IS NULL OR name = $1)
  GROUP BY name ORDER BY name`;

/** Positions that use at least $1 percent of their net debit cap, what is held included, sorted by name. */
export const READ_POSITIONS_NEAR_CAP = `
  SELECT name AS account, (posted - position_base)::text AS unsettled, held::text, net_debit_cap::text AS "netDebitCap"
  FROM accounts
  WHERE net_debit_cap IS NOT NULL AND held + position_base - posted > 0
    AND (held + position_base - posted)::numeric * 100 >= net_debit_cap::numeric * $1
  ORDER BY name LIMIT $2`;

/** What counts towards the net debit caps of participants that have not left, sorted by name, at most $1. */
export const READ_EXPOSURES = `
  SELECT name AS account, (posted - position_base)::text AS unsettled, held::text, net_debit_cap::text AS "netDebitCap"
  FROM accounts WHERE account_type = '${AccountType.Dfsp}' AND closed_at IS NULL ORDER BY name LIMIT $1`;

export function positionOf({ account, payments, receipts, feePayments, feeReceipts }: Row<Position>): Position {
  return {
    account,
    payments: BigInt(payments),
    receipts: BigInt(receipts),
    feePayments: BigInt(feePayments),
    feeReceipts: BigInt(feeReceipts),
  };
}

export function accountPositionOf(row: AccountPositionRow): AccountPosition {
  return { ...positionOf(row), ...exposureOf(row) };
}

/** What of an account counts towards its net debit cap. */
export type Exposure = Pick<AccountPosition, 'unsettled' | 'held' | 'netDebitCap'>;

export function exposureOf({ unsettled, held, netDebitCap }: Row<Exposure>): Exposure {
  return {
    unsettled: BigInt(unsettled),
    held: BigInt(held),
    netDebitCap: netDebitCap === null ? null : BigInt(netDebitCap),
  };
}

/** Receipts less payments, in minor units: below zero if the account has to pay. */
export function netOf({ payments, receipts, feePayments, feeReceipts }: Position): bigint {
  return receipts - payments + feeReceipts - feePayments;
}

/** Percent of the net debit cap that is used, rounded down; null without a cap. A cap of 0 is used as a whole. */
export function usedPercentOf({ unsettled, held, netDebitCap }: Exposure): number | null {
  if (netDebitCap === null) return null;
  const used = held - unsettled;
  if (used <= 0n) return 0;
  return netDebitCap === 0n ? 100 : Number((used * 100n) / netDebitCap);
}
