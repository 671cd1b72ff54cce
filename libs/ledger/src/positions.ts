import { ISSUANCE_ACCOUNT } from './books.js';
import type { Row } from './rows.js';

/** What an account paid and received by transfers with other accounts, in minor units. */
export interface Position {
  account: string;
  payments: bigint;
  receipts: bigint;
}

/** Of all accounts by name, or of the one given; without what an administrator booked against the issuance account. */
export const READ_POSITIONS = `
  SELECT name AS account,
    coalesce(-sum(entries.amount) FILTER (WHERE entries.amount < 0), 0) AS payments,
    coalesce(sum(entries.amount) FILTER (WHERE entries.amount > 0), 0) AS receipts
  FROM accounts
  LEFT JOIN (
    entries JOIN transfers ON transfers.id = transfer_id AND '${ISSUANCE_ACCOUNT}' NOT IN (debit_account, credit_account)
  ) ON account = name
  WHERE name <> '${ISSUANCE_ACCOUNT}' AND ($1::text IS NULL OR name = $1)
  GROUP BY name ORDER BY name`;

export function positionOf(row: Row<Position>): Position {
  return { account: row.account, payments: BigInt(row.payments), receipts: BigInt(row.receipts) };
}
