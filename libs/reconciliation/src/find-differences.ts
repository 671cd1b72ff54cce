import { BooksReader } from './books-reader.js';
import { BooksComparison } from './compare-books.js';
import { compareLedger, compareRecords, findUnsettledWindows, RECORD_PARTS } from './compare-records.js';
import type { Finding } from './findings.js';
import type { DfspPlace, LedgerPlace, Places, UnreadPart } from './places.js';

export interface ReconcileOptions {
  /** Only what was created at this time or later. */
  from: string | undefined;
  /** Receives what was compared, place by place. */
  tell?: (line: string) => void;
  /** Receives how many records or transfers were compared, a page or a place at a time. */
  counted?: (count: number) => void;
  /** Receives what cannot be read, and the rest is compared. Without it the first such error is thrown. */
  unread?: (part: UnreadPart, error: unknown) => void;
}

/**
 * Compares all places, one after the other; it reads only.
 * @throws Error, that of the reader, if something cannot be read and `unread` is not given
 */
export async function* findDifferences({ dfsps, ledgers }: Places, options: ReconcileOptions): AsyncGenerator<Finding> {
  for (const ledger of ledgers) yield* reconcileLedger(ledger, options);
  for (const dfsp of dfsps) yield* reconcileDfsp(dfsp, options);
}

async function* reconcileDfsp({ dfsp, api, books }: DfspPlace, options: ReconcileOptions): AsyncGenerator<Finding> {
  const compared: string[] = [];
  if (api) yield* orUnread({ dfsp, role: 'dfsp-api' }, options, reconcileRecords({ dfsp, api }, options, compared));
  if (books) yield* orUnread({ dfsp, role: 'ilp-connector' }, options, reconcileBooks(dfsp, books, options, compared));
  options.tell?.(`${dfsp}: compared ${compared.join(', ')}`);
}

async function* reconcileRecords(
  place: { dfsp: string; api: NonNullable<DfspPlace['api']> },
  { from, counted }: ReconcileOptions,
  compared: string[],
): AsyncGenerator<Finding> {
  for (const part of RECORD_PARTS) {
    let rows = 0;
    const count = (more: number): void => {
      rows += more;
      counted?.(more);
    };
    yield* compareRecords(place, part, { from, counted: count });
    compared.push(`${rows} ${part}`);
  }
}

async function* reconcileBooks(
  dfsp: string,
  { own, central }: NonNullable<DfspPlace['books']>,
  { from, counted }: ReconcileOptions,
  compared: string[],
): AsyncGenerator<Finding> {
  const books = { dfsp, own: new BooksReader(own), central: new BooksReader(central) };
  const comparison = new BooksComparison(books, { from, to: new Date().toISOString() });
  yield* comparison.compare();
  const { transfers } = comparison.summary;
  counted?.(transfers);
  compared.push(`${transfers} transfers on both ledgers`);
}

async function* reconcileLedger(place: LedgerPlace, options: ReconcileOptions): AsyncGenerator<Finding> {
  const { name, dfsp } = place;
  const isCentre = dfsp === undefined;
  const part = { dfsp, role: isCentre ? 'central-ledger' : 'dfsp-ledger' } as const;
  yield* orUnread(part, options, compareLedger(place));
  if (isCentre) yield* orUnread(part, options, findUnsettledWindows(place));
  options.tell?.(`${name}: compared all accounts, holds, entries, positions and settlements`);
}

async function* orUnread(
  part: UnreadPart,
  { unread }: ReconcileOptions,
  findings: AsyncGenerator<Finding>,
): AsyncGenerator<Finding> {
  try {
    yield* findings;
  } catch (error) {
    if (!unread) throw error;
    unread(part, error);
  }
}
