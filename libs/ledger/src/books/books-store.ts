import { randomUUID } from 'node:crypto';
import type { DatabaseConnection, Statement } from '@level-one/platform';
import type { Transfer } from '@level-one/transfer';
import type { Account } from '../schema/account.entity.js';
import { changesOf } from './books-changes.js';
import { BEGIN, OPEN, WRITE_ACCOUNT } from './books-sql.js';
import { Books, type BooksTimes } from './books.js';
import type { Charge } from '../schema/charge.entity.js';
import { accountOf, chargeOf, type Row, schemeChargeOf, transferOf } from '../schema/rows.js';
import type { SchemeCharge } from '../schema/scheme-charge.entity.js';

/** Row of {@link OPEN}. */
interface OpenedRow {
  now: Date;
  transfers: (Row<Transfer> & Record<TransferTime, string | null>)[] | null;
  charges: (Row<Charge> & { transferId: string })[] | null;
  tariff: (Row<SchemeCharge> & { createdAt: string })[] | null;
  accounts: (Row<Account> & { closedAt: string | null })[] | null;
}

const TRANSFER_TIMES = ['expiresAt', 'proposedAt', 'preparedAt', 'executedAt', 'rejectedAt'] as const;
type TransferTime = (typeof TRANSFER_TIMES)[number];

/** A committed batch. */
export interface Written<T> {
  result: T;
  books: Books;
  /** Number of the newest event before this batch. */
  lastSequence: bigint;
}

/**
 * Reads the rows that a batch touches and writes back its changes: one transaction, two round trips, one writer at a
 * time. Statements that do not depend on each other's results are sent together.
 */
export class BooksStore {
  /** Identifies the commits of this instance. */
  readonly writerId = randomUUID();

  constructor(
    private readonly connection: DatabaseConnection,
    private readonly times: BooksTimes,
  ) {}

  /**
   * Runs `work` on the books in one transaction. The commit is durable when the promise resolves. If it rejects,
   * nothing was changed, unless the connection was lost during the commit.
   */
  async writeBatch<T>(
    transferIds: readonly string[],
    accounts: readonly string[],
    work: (books: Books) => T,
  ): Promise<Written<T>> {
    const session = await this.connection.session();
    try {
      const [head, opened] = await session.send(BEGIN, {
        name: 'open-books',
        text: OPEN,
        values: [transferIds, accounts],
      });
      const { last_sequence: lastSequence } = onlyRow<{ last_sequence: string }>(head);
      const books = booksOf(onlyRow<OpenedRow>(opened), this.times);
      const result = work(books);
      await session.send(...this.writesOf(books), 'COMMIT');
      return { result, books, lastSequence: BigInt(lastSequence) };
    } catch (error) {
      await session.send('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }

  /** Changed accounts come first, because entries and holds may refer to new ones. */
  private writesOf(books: Books): Statement[] {
    const administered = [...books.administeredAccounts].map((account) => ({
      name: 'write-account',
      text: WRITE_ACCOUNT,
      values: accountValues(account),
    }));
    const changes = changesOf(books, this.writerId);
    return changes ? [...administered, changes] : administered;
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
function booksOf({ now, transfers, charges, tariff, accounts }: OpenedRow, times: BooksTimes): Books {
  const byTransfer = new Map<string, Charge[]>();
  for (const charge of charges ?? []) {
    byTransfer.set(charge.transferId, [...(byTransfer.get(charge.transferId) ?? []), chargeOf(charge)]);
  }
  return new Books(
    {
      now,
      transfers: new Map((transfers ?? []).map((row) => [row.id, transferOf(withTimes(row))])),
      charges: byTransfer,
      tariff: (tariff ?? []).map((row) => schemeChargeOf({ ...row, createdAt: new Date(row.createdAt) })),
      accounts: new Map(
        (accounts ?? []).map((row) => [row.name, accountOf({ ...row, closedAt: timeOf(row.closedAt) })]),
      ),
    },
    times,
  );
}

function withTimes(row: NonNullable<OpenedRow['transfers']>[number]): Row<Transfer> {
  const times = TRANSFER_TIMES.map((time) => [time, timeOf(row[time])]);
  return { ...row, ...(Object.fromEntries(times) as Pick<Transfer, TransferTime>) };
}

function timeOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}

function accountValues(account: Account): unknown[] {
  return [
    account.name,
    account.posted,
    account.held,
    account.minimumAllowedBalance,
    account.positionBase,
    account.netDebitCap,
    account.closedAt,
    account.isDisabled,
    account.accountType,
    account.connector,
    account.rights,
    account.passwordHash,
    account.directUse,
    account.hasEntries,
    account.timesDisabled,
  ];
}
