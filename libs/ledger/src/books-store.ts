import type { Transfer } from '@level-one/transfer';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Account } from './account.entity.js';
import { Books } from './books.js';
import { ACCOUNT_COLUMNS, accountOf, type Row, TRANSFER_COLUMNS, transferOf } from './rows.js';

/** A writer that waits longer for its turn than this gives up; the caller is told to try again. */
const LOCK_TIMEOUT_MS = 5_000;
/** A writer that went silent inside its transaction loses it before those that wait give up. */
const SILENT_WRITER_TIMEOUT_MS = 3_000;

/** The clock is read once the lock is won. */
const BEGIN = `
  BEGIN;
  SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS};
  SET LOCAL idle_in_transaction_session_timeout = ${SILENT_WRITER_TIMEOUT_MS};
  SELECT last_sequence FROM ledger_head FOR UPDATE;
  SELECT clock_timestamp() AS now`;

const READ_TRANSFERS = `SELECT ${TRANSFER_COLUMNS} FROM transfers WHERE id = ANY($1::uuid[])`;

const READ_ACCOUNTS = `SELECT ${ACCOUNT_COLUMNS} FROM accounts WHERE name = ANY($1::text[])`;

const WRITE_ACCOUNTS = `
  INSERT INTO accounts
    (name, posted, held, minimum_allowed_balance, is_disabled, account_type, connector, rights, password_hash)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
  ON CONFLICT (name) DO UPDATE SET
    posted = excluded.posted, held = excluded.held, minimum_allowed_balance = excluded.minimum_allowed_balance,
    is_disabled = excluded.is_disabled, account_type = excluded.account_type, connector = excluded.connector,
    rights = excluded.rights, password_hash = excluded.password_hash`;

/** Everything a batch changed, in one statement; the database checks every floor. */
const WRITE_CHANGES = `
  WITH changed_transfers AS (
    INSERT INTO transfers (
      id, debit_account, credit_account, amount, debit_memo, credit_memo, additional_info,
      execution_condition, cancellation_condition, expires_at, state, authorized,
      proposed_at, prepared_at, executed_at, rejected_at, rejection_reason, rejection_message, fulfillment)
    SELECT * FROM unnest(
      $1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::json[], $6::json[], $7::json[],
      $8::text[], $9::text[], $10::timestamptz[], $11::text[], $12::boolean[],
      $13::timestamptz[], $14::timestamptz[], $15::timestamptz[], $16::timestamptz[], $17::text[], $18::json[], $19::text[])
    ON CONFLICT (id) DO UPDATE SET
      state = excluded.state, authorized = excluded.authorized, prepared_at = excluded.prepared_at,
      executed_at = excluded.executed_at, rejected_at = excluded.rejected_at,
      rejection_reason = excluded.rejection_reason, rejection_message = excluded.rejection_message,
      fulfillment = excluded.fulfillment
  ), changed_accounts AS (
    UPDATE accounts SET posted = changed.posted, held = changed.held
    FROM unnest($20::text[], $21::bigint[], $22::bigint[]) AS changed (name, posted, held)
    WHERE accounts.name = changed.name
  ), closed_holds AS (
    DELETE FROM holds WHERE transfer_id = ANY($23::uuid[])
  ), opened_holds AS (
    INSERT INTO holds (transfer_id, account, amount)
    SELECT * FROM unnest($24::uuid[], $25::text[], $26::bigint[])
  ), booked_entries AS (
    INSERT INTO entries (transfer_id, account, amount, balance, booked_at)
    SELECT transfer_id, account, amount, balance, $31::timestamptz
    FROM unnest($27::uuid[], $28::text[], $29::bigint[], $30::bigint[])
      WITH ORDINALITY AS entry (transfer_id, account, amount, balance, position)
    ORDER BY position
  ), new_events AS (
    INSERT INTO events (sequence, id, transfer_id, state, message)
    SELECT $36::bigint + position, id, transfer_id, state, message
    FROM unnest($32::uuid[], $33::uuid[], $34::text[], $35::json[])
      WITH ORDINALITY AS event (id, transfer_id, state, message, position)
  )
  UPDATE ledger_head SET last_sequence = $36::bigint + cardinality($32::uuid[])
  RETURNING pg_notify('ledger_events', current_schema())`;

/** What the driver's client can do, and TypeORM does not offer: prepared statements and several commands in one go. */
interface Connection {
  query(statement: string | { name: string; text: string; values: unknown[] }): Promise<{ rows: unknown[] }>;
}

/** Opens the books on what a batch touches, and writes back what it changed: one transaction, one writer at a time. */
export class BooksStore {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` on the books in one transaction. It commits durably before the promise resolves; when the promise
   * rejects, nothing was changed, unless the connection was lost while committing.
   */
  async write<T>(transferIds: readonly string[], accounts: readonly string[], work: (books: Books) => T): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    const connection = (await runner.connect()) as Connection;
    try {
      const turn = await this.begin(connection);
      const books = await this.open(connection, turn.now, transferIds, accounts);
      const result = work(books);
      await this.save(connection, books, turn.lastSequence);
      await connection.query('COMMIT');
      return result;
    } catch (error) {
      await connection.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      await release(runner);
    }
  }

  /** Waits for this writer's turn. @returns the number of the newest event, and the time. */
  private async begin(connection: Connection): Promise<{ lastSequence: string; now: Date }> {
    const results = (await connection.query(BEGIN)) as unknown as { rows: unknown[] }[];
    const [head, clock] = results.slice(-2).map(({ rows }) => rows[0]);
    if (!head) throw new Error('The ledger has no head row');
    return { lastSequence: (head as { last_sequence: string }).last_sequence, now: (clock as { now: Date }).now };
  }

  private async open(
    connection: Connection,
    now: Date,
    transferIds: readonly string[],
    accountNames: readonly string[],
  ): Promise<Books> {
    const read = await connection.query({ name: 'read-transfers', text: READ_TRANSFERS, values: [transferIds] });
    const transfers = (read.rows as Row<Transfer>[]).map(transferOf);
    const names = new Set([
      ...accountNames,
      ...transfers.flatMap(({ debitAccount, creditAccount }) => [debitAccount, creditAccount]),
    ]);
    const accounts = await connection.query({ name: 'read-accounts', text: READ_ACCOUNTS, values: [[...names]] });
    return new Books(
      now,
      new Map(transfers.map((transfer) => [transfer.id, transfer])),
      new Map((accounts.rows as Row<Account>[]).map((row) => [row.name, accountOf(row)])),
    );
  }

  private async save(connection: Connection, books: Books, lastSequence: string): Promise<void> {
    for (const account of books.administeredAccounts) {
      await connection.query({ name: 'write-account', text: WRITE_ACCOUNTS, values: accountValues(account) });
    }
    if (books.events.length === 0) return;
    await connection.query({ name: 'write-changes', text: WRITE_CHANGES, values: changeValues(books, lastSequence) });
  }
}

function accountValues(account: Account): unknown[] {
  const { name, posted, held, minimumAllowedBalance, isDisabled, accountType, connector, rights, passwordHash } =
    account;
  return [name, posted, held, minimumAllowedBalance, isDisabled, accountType, connector, rights, passwordHash];
}

function changeValues(books: Books, lastSequence: string): unknown[] {
  const transfers = [...books.changedTransfers];
  const accounts = [...books.changedAccounts];
  const holds = [...books.openedHolds];
  const { closedHolds, entries, events, now } = books;
  return [
    transfers.map(({ id }) => id),
    transfers.map(({ debitAccount }) => debitAccount),
    transfers.map(({ creditAccount }) => creditAccount),
    transfers.map(({ amount }) => amount),
    transfers.map(({ debitMemo }) => json(debitMemo)),
    transfers.map(({ creditMemo }) => json(creditMemo)),
    transfers.map(({ additionalInfo }) => json(additionalInfo)),
    transfers.map(({ executionCondition }) => executionCondition),
    transfers.map(({ cancellationCondition }) => cancellationCondition),
    transfers.map(({ expiresAt }) => expiresAt),
    transfers.map(({ state }) => state),
    transfers.map(({ authorized }) => authorized),
    transfers.map(({ proposedAt }) => proposedAt),
    transfers.map(({ preparedAt }) => preparedAt),
    transfers.map(({ executedAt }) => executedAt),
    transfers.map(({ rejectedAt }) => rejectedAt),
    transfers.map(({ rejectionReason }) => rejectionReason),
    transfers.map(({ rejectionMessage }) => json(rejectionMessage)),
    transfers.map(({ fulfillment }) => fulfillment),
    accounts.map(({ name }) => name),
    accounts.map(({ posted }) => posted),
    accounts.map(({ held }) => held),
    [...closedHolds].map(({ id }) => id),
    holds.map(({ id }) => id),
    holds.map(({ debitAccount }) => debitAccount),
    holds.map(({ amount }) => amount),
    entries.map(({ transferId }) => transferId),
    entries.map(({ account }) => account),
    entries.map(({ amount }) => amount),
    entries.map(({ balance }) => balance),
    now,
    events.map(({ id }) => id),
    events.map(({ transferId }) => transferId),
    events.map(({ state }) => state),
    events.map(({ message }) => json(message)),
    lastSequence,
  ];
}

function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** A connection that broke is not given back to the pool; there is nothing to do about its end. */
async function release(runner: QueryRunner): Promise<void> {
  await runner.release().catch(() => undefined);
}
