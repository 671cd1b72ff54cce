import type { DataSource } from 'typeorm';
import type { EntryKind } from '../schema/entry.entity.js';
import type { Row } from '../schema/rows.js';

/** One line of an account's statement. */
export interface StatementEntry {
  /** Number of the entry in the ledger; the cursor of pages. */
  id: string;
  transferId: string;
  /** Account on the other side of the booking. */
  counterparty: string;
  kind: EntryKind;
  /** Minor units; negative for a debit. */
  amount: bigint;
  /** Balance of the account after this entry, in minor units. */
  balance: bigint;
  bookedAt: Date;
}

export interface StatementQuery {
  /** Maximum number of entries in the page. */
  limit: number;
  /** Id of the last entry of the previous page: only older entries. */
  before?: string | undefined;
  /** Only entries booked later than `after`, and up to and including `until`. */
  after?: Date | undefined;
  until?: Date | undefined;
}

/** The counterparty is found by id: both entries of a booking have consecutive ids, the debit first. */
const READ_ENTRIES = `
  SELECT entries.id, entries.transfer_id AS "transferId", other.account AS counterparty, entries.kind,
    entries.amount::text, entries.balance::text, entries.booked_at AS "bookedAt"
  FROM entries
  JOIN entries AS other ON other.id = entries.id - sign(entries.amount)::int
    AND other.transfer_id = entries.transfer_id
  WHERE entries.account = $1 AND entries.id < coalesce($2::bigint, 9223372036854775807)
    AND entries.id > CASE WHEN $3::timestamptz IS NULL THEN 0 ELSE last_entry_at($3) END
    AND entries.id <= CASE WHEN $4::timestamptz IS NULL THEN 9223372036854775807 ELSE last_entry_at($4) END
  ORDER BY entries.id DESC LIMIT $5`;

const READ_BALANCE = `
  SELECT at, coalesce((
    SELECT balance FROM entries WHERE account = $1 AND id <= last_entry_at(at) ORDER BY id DESC LIMIT 1
  ), 0)::text AS balance
  FROM coalesce($2::timestamptz, ledger_now()) AS at`;

/** Statements of accounts: their entries, and their balance at any time. */
export class Statements {
  constructor(private readonly dataSource: DataSource) {}

  /** Newest entries first. */
  async listEntries(account: string, { limit, before, after, until }: StatementQuery): Promise<StatementEntry[]> {
    const values = [account, before ?? null, after ?? null, until ?? null, limit];
    const rows: Row<StatementEntry>[] = await this.dataSource.query(READ_ENTRIES, values);
    return rows.map((row) => ({ ...row, amount: BigInt(row.amount), balance: BigInt(row.balance) }));
  }

  /** Balance of the account at a time, by default now, in minor units, without holds. */
  async readBalanceAt(account: string, time?: Date): Promise<{ balance: bigint; at: Date }> {
    const [row]: { balance: string; at: Date }[] = await this.dataSource.query(READ_BALANCE, [account, time ?? null]);
    return { balance: BigInt(row!.balance), at: row!.at };
  }
}
