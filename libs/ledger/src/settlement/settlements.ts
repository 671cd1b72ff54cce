import { randomUUID } from 'node:crypto';
import { TransferErrorCode, transferError } from '@level-one/transfer';
import type { DataSource } from 'typeorm';
import { EntryKind } from '../schema/entry.entity.js';
import { inTransaction, takeTurn } from '../books/ledger-turn.js';
import { type Position, POSITION_SUMS, positionOf } from './positions.js';
import type { Row } from '../schema/rows.js';

/** One settlement. */
export interface Settlement {
  id: string;
  settledAt: Date;
  transferCount: number;
}

/** A settlement with the position of every account that took part. */
export interface SettlementResult extends Settlement {
  positions: Position[];
}

/** Runs of the settlement follow one another. */
const LOCK = 'LOCK TABLE settlements IN SHARE ROW EXCLUSIVE MODE';

/** Entries are numbered in order of commit, so all entries below the newest visible one are visible. */
const RECORD = `
  INSERT INTO settlements (id, after_entry, to_entry, transfer_count, settled_at)
  SELECT $1, after_entry, to_entry, (
    SELECT count(DISTINCT transfer_id) FROM entries
    WHERE id > after_entry AND id <= to_entry AND kind <> '${EntryKind.Issuance}'
  ), ledger_now()
  FROM (SELECT coalesce(max(to_entry), 0) AS after_entry FROM settlements) AS before,
    (SELECT coalesce(max(id), 0) AS to_entry FROM entries) AS now`;

const RECORD_POSITIONS = `
  INSERT INTO settlement_positions (settlement_id, account, payments, receipts, fee_payments, fee_receipts)
  SELECT settlements.id, account, ${POSITION_SUMS}
  FROM settlements
  JOIN entries ON entries.id > after_entry AND entries.id <= to_entry AND kind <> '${EntryKind.Issuance}'
  WHERE settlements.id = $1
  GROUP BY settlements.id, account`;

const BEGIN_ANEW = `
  UPDATE accounts SET position_base = position_base + receipts - payments + fee_receipts - fee_payments
  FROM settlement_positions WHERE settlement_id = $1 AND account = name`;

const COLUMNS = `id, settled_at AS "settledAt", transfer_count AS "transferCount"`;

/** Pages by the debit entry of each transfer, so that a transfer is on one page only. */
const READ_TRANSFERS = `
  SELECT transfer_id AS id, entries.id::text AS cursor
  FROM settlements JOIN entries ON entries.id > after_entry AND entries.id <= to_entry
  WHERE settlements.id = $1 AND kind = '${EntryKind.Transfer}' AND amount < 0 AND entries.id > $2
  ORDER BY entries.id LIMIT $3`;

/**
 * Settlement between the accounts of a ledger. Each run covers all transfers executed since the run before, and records
 * what each account has to pay or to receive. The money itself moves outside; on the ledger every position returns to
 * zero.
 */
export class Settlements {
  constructor(private readonly dataSource: DataSource) {}

  /** Settles all transfers executed so far; without new ones the record is empty. @throws ContractError 503 */
  async settle(): Promise<SettlementResult> {
    const id = randomUUID();
    await inTransaction(this.dataSource, async (manager) => {
      await manager.query(LOCK);
      await manager.query(RECORD, [id]);
      await manager.query(RECORD_POSITIONS, [id]);
      // The sums take long. Payments wait only from here on.
      await takeTurn(manager);
      await manager.query(BEGIN_ANEW, [id]);
    });
    return this.readSettlement(id);
  }

  /** Newest first. */
  async listSettlements(limit: number): Promise<Settlement[]> {
    const query = `SELECT ${COLUMNS} FROM settlements ORDER BY to_entry DESC, settled_at DESC LIMIT $1`;
    return ((await this.dataSource.query(query, [limit])) as SettlementRow[]).map(settlementOf);
  }

  /** @throws ContractError 404 NotFoundError */
  async readSettlement(id: string): Promise<SettlementResult> {
    const [row]: SettlementRow[] = await this.dataSource.query(`SELECT ${COLUMNS} FROM settlements WHERE id = $1`, [
      id,
    ]);
    if (!row) throw transferError(TransferErrorCode.NotFound, { message: 'Unknown settlement' });
    const positions: Row<Position>[] = await this.dataSource.query(
      `SELECT account, payments, receipts, fee_payments AS "feePayments", fee_receipts AS "feeReceipts"
       FROM settlement_positions WHERE settlement_id = $1 ORDER BY account`,
      [id],
    );
    return { ...settlementOf(row), positions: positions.map(positionOf) };
  }

  /**
   * Ids of the transfers that a settlement covers, in order of execution.
   * @param after cursor of the last page; `'0'` for the first page.
   */
  async listTransfers(id: string, after: string, limit: number): Promise<{ id: string; cursor: string }[]> {
    return this.dataSource.query(READ_TRANSFERS, [id, after, limit]);
  }
}

type SettlementRow = Omit<Settlement, 'transferCount'> & { transferCount: string };

function settlementOf({ id, settledAt, transferCount }: SettlementRow): Settlement {
  return { id, settledAt, transferCount: Number(transferCount) };
}
