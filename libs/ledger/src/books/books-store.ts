import type { DatabaseConnection, DatabaseSession, Statement } from '@level-one/work';
import type { Transfer } from '@level-one/transfer';
import { changesOf } from './books-changes.js';
import { accountOf, type AccountRow, accountValues, WRITE_ACCOUNT } from '../schema/account-columns.js';
import { beginSql, OPEN } from './books-sql.js';
import { Books, type BooksTimes, type OpenBooks, voidKey } from './books.js';
import type { Downtime } from '../schema/downtime.entity.js';
import { DatabaseClock } from './database-clock.js';
import { recordDowntime } from './downtimes-sql.js';
import { KnownBooks } from './known-books.js';
import type { Charge } from '../schema/charge.entity.js';
import { chargeOf, type Row, schemeChargeOf, transferOf } from '../schema/rows.js';
import type { SchemeCharge } from '../schema/scheme-charge.entity.js';

/** Row of {@link OPEN}. */
interface OpenedRow {
  now: Date;
  transfers: (Row<Transfer> & Record<TransferTime, string | null>)[] | null;
  voided: [id: string, debitAccount: string][] | null;
  charges: (Row<Charge> & { transferId: string })[] | null;
  tariff: (Row<SchemeCharge> & { createdAt: string })[] | null;
  accounts: AccountRow[] | null;
}

const TRANSFER_TIMES = ['expiresAt', 'openUntil', 'proposedAt', 'preparedAt', 'executedAt', 'rejectedAt'] as const;
type TransferTime = (typeof TRANSFER_TIMES)[number];

/** A committed batch. */
export interface Written<T> {
  result: T;
  books: Books;
  /** Number of the newest event before this batch. */
  lastSequence: bigint;
  /** What was found and recorded before the batch: until then the ledger was down. */
  downtime?: Downtime | undefined;
}

interface Batch<T> {
  transferIds: readonly string[];
  accounts: readonly string[];
  work: (books: Books) => T;
}

/** The instances of the ledger. */
interface Instances {
  /** Of this one. */
  id: string;
  /** Whether others have to be told of new events. */
  othersListen: boolean;
}

interface HeadRow {
  last_sequence: string;
  writes: string;
  was_down: boolean;
}

/** Row of a write. */
interface WrittenRow {
  /** Number of the newest event before this batch. */
  sequence: string;
  now: Date;
}

/** Times by which batches are judged, in ms. */
export interface StoreTimes extends BooksTimes {
  /** A longer time without a write of any instance is a downtime, which extends graces (ruling 39). */
  downtimeMs: number;
}

/** Maximum of {@link StoreTimes.downtimeMs}: nothing is a downtime. About a century. */
export const NO_DOWNTIMES_MS = 3_000_000_000_000;

/** How far the process's estimate of the database's time may be behind. */
const CLOCK_TOLERANCE_MS = 250;

/**
 * Reads the rows that a batch touches and writes back its changes, in one transaction; one writer at a time.
 *
 * While this instance is the only writer, it keeps the rows in memory. A batch is then one statement, which has no
 * effect if another instance has written since, or if the ledger was down. Otherwise a batch takes two round trips, of
 * which the first locks and reads. A downtime is recorded before the batch reads, and so before it judges any transfer
 * by its end.
 */
export class BooksStore {
  private readonly clock = new DatabaseClock();
  private session: DatabaseSession | undefined;
  private known: KnownBooks | undefined;
  /** Number of writes of the ledger after this instance's last batch. */
  private writes: bigint | undefined;
  /** Whether no other instance wrote between the last two batches. */
  private isAlone = true;
  private readonly begin: string;

  constructor(
    private readonly connection: DatabaseConnection,
    private readonly times: StoreTimes,
    private readonly instances: Instances,
  ) {
    this.begin = beginSql(times.downtimeMs);
  }

  /**
   * Runs `work` on the books in one transaction; `work` may run twice, the second time on books that were read anew.
   * The commit is durable when the promise resolves. If it rejects, nothing was changed, unless the connection was lost
   * during the commit.
   */
  async writeBatch<T>(
    transferIds: readonly string[],
    accounts: readonly string[],
    work: (books: Books) => T,
  ): Promise<Written<T>> {
    const session = await this.connection.openSession();
    // Another connection may lead to another database, for example a restored copy.
    if (session !== this.session) this.known = undefined;
    this.session = session;
    const known = this.known?.isFull ? undefined : this.known;
    // A batch changes the kept rows before it is written, so they are dropped until it is committed.
    this.known = undefined;
    const batch = { transferIds, accounts, work };
    return known && this.isAlone ? this.writeKnown(session, known, batch) : this.writeInTurn(session, known, batch);
  }

  /**
   * Writes a batch with one statement. Falls back to {@link writeInTurn} if the statement had no effect, or if the
   * batch has no changes, because then no statement has checked the kept rows.
   */
  private async writeKnown<T>(session: DatabaseSession, known: KnownBooks, batch: Batch<T>): Promise<Written<T>> {
    const part = known.open(this.clock.now(), batch.transferIds, batch.accounts);
    if (!part) return this.writeInTurn(session, known, batch);
    const books = new Books(part.opened, this.times);
    const result = batch.work(books);
    const changes = changesOf(books, this.teller(), {
      writes: known.writes,
      until: Math.min(books.decidedUntil, books.now.getTime() + CLOCK_TOLERANCE_MS),
      newIds: part.newIds,
      downtimeMs: this.times.downtimeMs,
    });
    if (!changes) return this.writeInTurn(session, known, batch);
    const [row] = books.administeredAccounts.size > 0 ? [] : ((await session.send(changes))[0] as WrittenRow[]);
    if (!row) {
      this.clock.reset();
      return this.writeInTurn(session, undefined, batch);
    }
    this.clock.correct(row.now);
    this.remember(known, part.opened, known.writes + 1n);
    return { result, books, lastSequence: BigInt(row.sequence) };
  }

  /** Writes a batch in two round trips, with the head of the ledger locked throughout. */
  private async writeInTurn<T>(
    session: DatabaseSession,
    known: KnownBooks | undefined,
    batch: Batch<T>,
  ): Promise<Written<T>> {
    try {
      const open = { name: 'open-books', text: OPEN, values: [batch.transferIds, batch.accounts] };
      const [heads, rows] = await session.send(this.begin, open);
      const head = onlyRow<HeadRow>(heads);
      const [downtimes, rowsAfter] = head.was_down ? await session.send(recordDowntime(this.times), open) : [];
      const downtime = downtimes?.[0] as Downtime | undefined;
      const opened = openedBooks(onlyRow<OpenedRow>(rowsAfter ?? rows));
      this.clock.correct(opened.now);
      const books = new Books(opened, this.times);
      const result = batch.work(books);
      const statements = this.writesOf(books);
      await session.send(...statements, 'COMMIT');
      const found = BigInt(head.writes);
      this.isAlone = this.writes === undefined || this.writes === found;
      const after = found + (downtime ? 1n : 0n) + (statements.length > 0 ? 1n : 0n);
      this.remember(known?.writes === found && !downtime ? known : new KnownBooks(), opened, after);
      return { result, books, lastSequence: BigInt(head.last_sequence), downtime };
    } catch (error) {
      await session.send('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  private remember(known: KnownBooks, opened: OpenBooks, writes: bigint): void {
    known.keep(opened, writes);
    this.writes = writes;
    this.known = known;
  }

  /** Changed accounts come first, because entries and holds may refer to new ones. */
  private writesOf(books: Books): Statement[] {
    const administered = [...books.administeredAccounts].map((account) => ({
      name: 'write-account',
      text: WRITE_ACCOUNT,
      values: accountValues(account),
    }));
    const changes = changesOf(books, this.teller());
    return changes ? [...administered, changes] : administered;
  }

  /** Id of this instance if its commits have to be told. */
  private teller(): string | undefined {
    return this.instances.othersListen ? this.instances.id : undefined;
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

/** @throws Error if there is no row. */
function onlyRow<T>(rows: unknown[] | undefined): T {
  const row = rows?.[0];
  if (!row) throw new Error('The ledger has no head row');
  return row as T;
}

/** Times come as text in JSON. */
function openedBooks({ now, transfers, voided, charges, tariff, accounts }: OpenedRow): OpenBooks {
  const byTransfer = new Map<string, Charge[]>();
  for (const charge of charges ?? []) {
    byTransfer.set(charge.transferId, [...(byTransfer.get(charge.transferId) ?? []), chargeOf(charge)]);
  }
  return {
    now,
    transfers: new Map((transfers ?? []).map((row) => [row.id, transferOf(withTimes(row))])),
    voided: new Set((voided ?? []).map(([id, debitAccount]) => voidKey(id, debitAccount))),
    charges: byTransfer,
    tariff: (tariff ?? []).map((row) => schemeChargeOf({ ...row, createdAt: new Date(row.createdAt) })),
    accounts: new Map((accounts ?? []).map((row) => [row.name, accountOf(row)])),
  };
}

function withTimes(row: NonNullable<OpenedRow['transfers']>[number]): Row<Transfer> {
  const times = TRANSFER_TIMES.map((time) => [time, timeOf(row[time])]);
  return { ...row, ...(Object.fromEntries(times) as Pick<Transfer, TransferTime>) };
}

function timeOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
