import { BooksReader } from './books-reader.js';
import { BooksComparison } from './compare-books.js';
import { compareLedger, compareRecords, findUnsettledWindows, RECORD_PARTS } from './compare-records.js';
import type { Finding } from './findings.js';
import type { DfspPlace, LedgerPlace, Places } from './places.js';
import { RoleReader } from '../role-reader.js';

export interface ReconcileOptions {
  /** Only what was created at this time or later. */
  from: string | undefined;
  /** Receives what was compared, place by place. */
  tell: (line: string) => void;
}

/** Compares all places, one after the other; it reads only. @throws StartupError if something cannot be read */
export async function* findDifferences({ dfsps, ledgers }: Places, options: ReconcileOptions): AsyncGenerator<Finding> {
  for (const ledger of ledgers) yield* reconcileLedger(ledger, options);
  for (const dfsp of dfsps) yield* reconcileDfsp(dfsp, options);
}

async function* reconcileDfsp(place: DfspPlace, { from, tell }: ReconcileOptions): AsyncGenerator<Finding> {
  const compared: string[] = [];
  for (const part of RECORD_PARTS) {
    let rows = 0;
    yield* compareRecords(place, part, { from, counted: (count) => (rows += count) });
    compared.push(`${rows} ${part}`);
  }
  const books = {
    dfsp: place.dfsp,
    own: new BooksReader(new RoleReader(place.own), place.own.name),
    central: new BooksReader(new RoleReader(place.central), place.central.name),
  };
  const comparison = new BooksComparison(books, { from, to: new Date().toISOString() });
  yield* comparison.compare();
  tell(`${place.dfsp}: compared ${compared.join(', ')}, ${comparison.summary.transfers} transfers on both ledgers`);
}

async function* reconcileLedger(place: LedgerPlace, { tell }: ReconcileOptions): AsyncGenerator<Finding> {
  yield* compareLedger(place);
  if (place.dfsp === undefined) yield* findUnsettledWindows(place);
  tell(`${place.name}: compared all accounts, holds, entries, positions and settlements`);
}
