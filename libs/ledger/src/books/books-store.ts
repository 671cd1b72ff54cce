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

/** What {@link OPEN} answers. */
interface OpenedRow {
  now: Date;
  transfers: (Row<Transfer> & Record<TransferTime, string | null>)[] | null;
  charges: (Row<Charge> & { transferId: string })[] | null;
  tariff: (Row<SchemeCharge> & { createdAt: string })[] | null;
  accounts: (Row<Account> & { closedAt: string | null })[] | null;
}

const TRANSFER_TIMES = ['expiresAt', 'proposedAt', 'preparedAt', 'executedAt', 'rejectedAt'] as const;
type TransferTime = (typeof TRANSFER_TIMES)[number];

/** What a batch did, once it is committed. */
export interface Written<T> {
  result: T;
  books: Books;
  /** Number of the newest event before those of this batch. */
  lastSequence: bigint;
}

/**
 * Opens the books on what a batch touches, and writes back what it changed: one transaction in two round trips, one
 * writer at a time. Statements that need not wait for each other's answers are sent together.
 */
export class BooksStore {
  /** Tells its commits from those of other instances. */
  readonly writerId = randomUUID();

  constructor(
    private readonly connection: DatabaseConnection,
    private readonly times: BooksTimes,
  ) {}

  /**
   * Runs `work` on the books in one transaction. It commits durably before the promise resolves; when the promise
   * rejects, nothing was changed, unless the connection was lost while committing.
   */
  async write<T>(
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

  /** The statements that write what changed: administered accounts first, because others may refer to them. */
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

/** The row of the last statement that was sent as one text. */
function onlyRow<T>(rows: unknown[] | undefined): T {
  const row = rows?.[0];
  if (!row) throw new Error('The ledger has no head row');
  return row as T;
}

/** JSON knows no times: they come as text. */
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
