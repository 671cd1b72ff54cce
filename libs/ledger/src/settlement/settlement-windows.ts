import { TransferErrorCode, transferError } from '@level-one/transfer';
import type { OpenState } from '@level-one/work';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../books/ledger-turn.js';
import { EntryKind } from '../schema/entry.entity.js';
import type { Row } from '../schema/rows.js';
import { MAKES_POSITIONS, type Position, POSITION_SUMS, netOf, positionOf } from './positions.js';

export enum WindowState {
  /** Takes what is executed now. */
  Open = 'open',
  /** Its positions are final; a bank has to move them. */
  Closed = 'closed',
  /** The bank has moved everything. */
  Settled = 'settled',
}

/** A settlement window. */
export interface SettlementWindow {
  id: string;
  /** 1, 2, 3, … */
  number: number;
  state: WindowState;
  openedAt: Date;
  closedAt: Date | null;
  settledAt: Date | null;
  /** Null while it is open. */
  transferCount: number | null;
}

/** What one account paid and received in a window, and what a bank has moved for it, in minor units. */
export interface WindowPosition extends Position {
  /** Sum of the confirmed movements: above zero if the account paid. */
  confirmed: bigint;
}

/** A window with the positions of every account that took part, sorted by name. */
export interface WindowPositions extends SettlementWindow {
  positions: WindowPosition[];
}

/** What an account still has to pay (below zero) or to receive for a window. */
export function outstandingOf(position: WindowPosition): bigint {
  return netOf(position) + position.confirmed;
}

/** Closes follow one another. */
const LOCK = 'LOCK TABLE settlements IN SHARE ROW EXCLUSIVE MODE';

const READ_OPEN = 'SELECT id FROM settlement_windows ORDER BY number DESC LIMIT 1';

/**
 * Entries are numbered in order of commit, so all entries below the newest visible one are visible. A trigger opens the
 * next window in this statement.
 */
const CLOSE = `
  INSERT INTO settlements (id, after_entry, to_entry, transfer_count, settled_at, resets_positions)
  SELECT $1, after_entry, to_entry, (
    SELECT count(DISTINCT transfer_id) FROM entries
    WHERE id > after_entry AND id <= to_entry AND ${MAKES_POSITIONS}
  ), ledger_now(), false
  FROM (SELECT coalesce(max(to_entry), 0) AS after_entry FROM settlements) AS before,
    (SELECT coalesce(max(id), 0) AS to_entry FROM entries) AS now`;

const RECORD_POSITIONS = `
  INSERT INTO settlement_positions (settlement_id, account, payments, receipts, fee_payments, fee_receipts)
  SELECT settlements.id, account, ${POSITION_SUMS}
  FROM settlements
  JOIN entries ON entries.id > after_entry AND entries.id <= to_entry AND ${MAKES_POSITIONS}
  WHERE settlements.id = $1
  GROUP BY settlements.id, account`;

const CONFIRMED = `
  coalesce((
    SELECT sum(amount) FROM settlement_confirmations AS confirmed
    WHERE confirmed.settlement_id = recorded.settlement_id AND confirmed.account = recorded.account
  ), 0)`;

/** SQL: whether the positions of closed window `id` have not moved yet by all that they were. */
function owedSql(id: string): string {
  return `NOT resets_positions AND EXISTS (
    SELECT FROM settlement_positions AS recorded WHERE settlement_id = ${id}
      AND receipts - payments + fee_receipts - fee_payments + ${CONFIRMED} <> 0
  )`;
}

/** Windows that are closed, and that banks have not settled. */
export const CLOSED_WINDOWS: OpenState = {
  kind: 'settlement-window',
  state: 'closed',
  table: 'settlements',
  where: owedSql('settlements.id'),
  id: 'id::text',
  since: 'settled_at',
  owner: 'people: whoever confirms what banks moved, `POST /settlements/{id}/confirmations`',
  ends: 'settled',
  atMost: 'stays until all is confirmed',
};

/** Windows numbered below $1 (null: all), or the one with id $2; the newest $3. */
const READ_WINDOWS = `
  WITH listed AS (
    SELECT number, settlement_windows.id, opened_at AS "openedAt", settled_at AS "closedAt",
      transfer_count AS "transferCount", resets_positions
    FROM settlement_windows LEFT JOIN settlements USING (id)
    WHERE ($1::bigint IS NULL OR number < $1) AND ($2::uuid IS NULL OR settlement_windows.id = $2)
    ORDER BY number DESC LIMIT $3
  )
  SELECT listed.*, ${owedSql('listed.id')} AS "isOwed", (
    SELECT max(confirmed_at) FROM settlement_confirmations WHERE settlement_id = listed.id
  ) AS "lastConfirmedAt"
  FROM listed ORDER BY number DESC`;

const READ_CLOSED_POSITIONS = `
  SELECT account, payments, receipts, fee_payments AS "feePayments", fee_receipts AS "feeReceipts",
    CASE WHEN resets_positions THEN payments - receipts + fee_payments - fee_receipts ELSE ${CONFIRMED} END AS confirmed
  FROM settlement_positions AS recorded JOIN settlements ON settlements.id = settlement_id
  WHERE settlement_id = $1 ORDER BY account`;

const READ_OPEN_POSITIONS = `
  SELECT account, ${POSITION_SUMS}, 0 AS confirmed FROM entries
  WHERE id > (SELECT coalesce(max(to_entry), 0) FROM settlements) AND ${MAKES_POSITIONS}
  GROUP BY account ORDER BY account`;

/** The entries of window $1; those of the open one are after the last close. */
const RANGE = `
  SELECT after_entry, to_entry FROM settlements WHERE id = $1
  UNION ALL
  SELECT coalesce(max(to_entry), 0), 9223372036854775807 FROM settlements
  HAVING NOT coalesce(bool_or(id = $1), false)`;

/** Pages by the debit entry of each transfer, so that a transfer is on one page only. */
const READ_TRANSFERS = `
  SELECT transfer_id AS id, entries.id::text AS cursor
  FROM (${RANGE}) AS range JOIN entries ON entries.id > after_entry AND entries.id <= to_entry
  WHERE kind = '${EntryKind.Transfer}' AND amount < 0 AND entries.id > $2
  ORDER BY entries.id LIMIT $3`;

/** Both entries of a booking have consecutive ids, the debit first. */
const COUNTERPARTY = `
  JOIN entries AS other ON other.id = entries.id - sign(entries.amount)::int AND other.transfer_id = entries.transfer_id`;

const READ_COUNTERPARTIES = `
  SELECT other.account AS account,
    coalesce(-sum(entries.amount) FILTER (WHERE entries.amount < 0), 0) AS payments,
    coalesce(sum(entries.amount) FILTER (WHERE entries.amount > 0), 0) AS receipts
  FROM (${RANGE}) AS range
  JOIN entries ON entries.account = $2 AND entries.id > after_entry AND entries.id <= to_entry
  ${COUNTERPARTY}
  WHERE entries.${MAKES_POSITIONS}
  GROUP BY other.account ORDER BY other.account`;

const READ_ENTRIES = `
  SELECT entries.id, entries.transfer_id AS "transferId", other.account AS counterparty, entries.kind,
    entries.amount::text, entries.booked_at AS "bookedAt"
  FROM (${RANGE}) AS range
  JOIN entries ON entries.account = $2 AND entries.id > after_entry AND entries.id <= to_entry
  ${COUNTERPARTY}
  WHERE entries.${MAKES_POSITIONS} AND entries.id > $3
  ORDER BY entries.id LIMIT $4`;

/** What an account paid to and received from another one in a window, charges included, in minor units. */
export interface CounterpartySums {
  account: string;
  payments: bigint;
  receipts: bigint;
}

/** One booking of an account in a window. */
export interface WindowEntry {
  id: string;
  transferId: string;
  counterparty: string;
  kind: EntryKind;
  /** Minor units; below zero if the account paid. */
  amount: bigint;
  bookedAt: Date;
}

/**
 * Settlement windows of a ledger. One window is open and takes what is executed; closing it opens the next one. The
 * money itself moves at a bank, and is booked by `SettlementConfirmations`.
 */
export class SettlementWindows {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Closes the open window, and opens the next one in the same transaction.
   * @param id of the window to close, by default the open one. A window that is closed already is answered as it is.
   * @throws ContractError 404 NotFoundError, 503
   */
  async closeWindow(id?: string): Promise<WindowPositions> {
    const closed = await inTransaction(this.dataSource, async (manager) => {
      await manager.query(LOCK);
      const [open]: { id: string }[] = await manager.query(READ_OPEN);
      if (id !== undefined && id !== open!.id) return id;
      await manager.query(CLOSE, [open!.id]);
      await manager.query(RECORD_POSITIONS, [open!.id]);
      return open!.id;
    });
    return this.readWindow(closed);
  }

  /** The newest first. @param before only windows with lower numbers */
  async listWindows({ before, limit }: { before?: number; limit: number }): Promise<SettlementWindow[]> {
    const rows: WindowRow[] = await this.dataSource.query(READ_WINDOWS, [before ?? null, null, limit]);
    return rows.map(windowOf);
  }

  /** @throws ContractError 404 NotFoundError */
  readWindow(id: string): Promise<WindowPositions> {
    return inTransaction(this.dataSource, (manager) => readWindowIn(manager, id));
  }

  /**
   * Ids of the transfers of a window, in order of execution.
   * @param after cursor of the last page; `'0'` for the first page.
   */
  async listTransfers(id: string, after: string, limit: number): Promise<{ id: string; cursor: string }[]> {
    return this.dataSource.query(READ_TRANSFERS, [id, after, limit]);
  }

  /** With whom an account traded in a window, sorted by name. */
  async listCounterparties(id: string, account: string): Promise<CounterpartySums[]> {
    const rows: Row<CounterpartySums>[] = await this.dataSource.query(READ_COUNTERPARTIES, [id, account]);
    return rows.map((row) => ({ ...row, payments: BigInt(row.payments), receipts: BigInt(row.receipts) }));
  }

  /** Bookings of an account in a window, in their order. @param page.after id of the last entry of the page before */
  async listEntries(
    id: string,
    account: string,
    { after, limit }: { after: string; limit: number },
  ): Promise<WindowEntry[]> {
    const rows: Row<WindowEntry>[] = await this.dataSource.query(READ_ENTRIES, [id, account, after, limit]);
    return rows.map((row) => ({ ...row, amount: BigInt(row.amount) }));
  }
}

/** A window with its positions. @throws ContractError 404 NotFoundError */
export async function readWindowIn(manager: EntityManager, id: string): Promise<WindowPositions> {
  const [row]: WindowRow[] = await manager.query(READ_WINDOWS, [null, id, 1]);
  if (!row) throw transferError(TransferErrorCode.NotFound, { message: 'Unknown settlement window' });
  const window = windowOf(row);
  const isOpen = window.state === WindowState.Open;
  const rows: Row<WindowPosition>[] = isOpen
    ? await manager.query(READ_OPEN_POSITIONS)
    : await manager.query(READ_CLOSED_POSITIONS, [id]);
  const positions = rows.map((position) => ({ ...positionOf(position), confirmed: BigInt(position.confirmed) }));
  return { ...window, positions };
}

interface WindowRow {
  id: string;
  number: string;
  openedAt: Date;
  closedAt: Date | null;
  transferCount: string | null;
  isOwed: boolean;
  lastConfirmedAt: Date | null;
}

function windowOf({ id, number, openedAt, closedAt, transferCount, isOwed, lastConfirmedAt }: WindowRow) {
  const isSettled = closedAt !== null && !isOwed;
  return {
    id,
    number: Number(number),
    state: closedAt === null ? WindowState.Open : isSettled ? WindowState.Settled : WindowState.Closed,
    openedAt,
    closedAt,
    settledAt: isSettled ? (lastConfirmedAt ?? closedAt) : null,
    transferCount: transferCount === null ? null : Number(transferCount),
  } satisfies SettlementWindow;
}
