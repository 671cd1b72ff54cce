import { EntryKind } from '../schema/entry.entity.js';
import type { Row } from '../schema/rows.js';

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

const CHARGED = `kind IN ('${EntryKind.Fee}', '${EntryKind.Commission}')`;

/** Sums of entries without issued money. They may exceed 64 bits. */
export const POSITION_SUMS = `
  coalesce(-sum(amount) FILTER (WHERE amount < 0 AND kind = '${EntryKind.Transfer}'), 0)AS payments,
  coalesce(sum(amount) FILTER (WHERE amount > 0 AND kind = '${EntryKind.Transfer}'), 0)AS receipts,
  coalesce(-sum(amount) FILTER (WHERE amount < 0 AND ${CHARGED}), 0)AS "feePayments",
  coalesce(sum(amount) FILTER (WHERE amount > 0 AND ${CHARGED}), 0)AS "feeReceipts"`;

/** Unsettled positions of all accounts, sorted by name, or of account $1. */
export const READ_POSITIONS = `
  SELECT name AS account, ${POSITION_SUMS}
  FROM accounts
  LEFT JOIN entries ON account = name AND entries.id > (SELECT coalesce(max(to_entry), 0) FROM settlements)
  WHERE name <> 'issuance' AND ($1::text IS NULL OR name = $1)
  GROUP BY name ORDER BY name`;

export function positionOf({ account, payments, receipts, feePayments, feeReceipts }: Row<Position>): Position {
  return {
    account,
    payments: BigInt(payments),
    receipts: BigInt(receipts),
    feePayments: BigInt(feePayments),
    feeReceipts: BigInt(feeReceipts),
  };
}
