import type { DataSource } from 'typeorm';
import { ISSUANCE_ACCOUNT } from './books.js';

/** What an account paid and received by transfers with other accounts, in minor units. */
export interface Position {
  account: string;
  payments: bigint;
  receipts: bigint;
}

/** Without what an administrator booked against the issuance account. */
const POSITIONS = `
  SELECT name AS account,
    coalesce(-sum(entries.amount) FILTER (WHERE entries.amount < 0), 0) AS payments,
    coalesce(sum(entries.amount) FILTER (WHERE entries.amount > 0), 0) AS receipts
  FROM accounts
  LEFT JOIN (
    entries JOIN transfers ON transfers.id = transfer_id AND '${ISSUANCE_ACCOUNT}' NOT IN (debit_account, credit_account)
  ) ON account = name
  WHERE name <> '${ISSUANCE_ACCOUNT}' AND (name = $1 OR $1 IS NULL)
  GROUP BY name ORDER BY name`;

/** Positions of all accounts by name, or of one; empty when there is no such account. */
export async function positionsOf(dataSource: DataSource, account: string | null = null): Promise<Position[]> {
  const rows: { account: string; payments: string; receipts: string }[] = await dataSource.query(POSITIONS, [account]);
  return rows.map((row) => ({
    account: row.account,
    payments: BigInt(row.payments),
    receipts: BigInt(row.receipts),
  }));
}
