import { type EmbeddedDatabase, startEmbeddedDatabase } from '@level-one/platform';
import { eventually, freePort } from '@level-one/testing';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { Client } from 'pg';

/** Statements are counted; nothing but the network writes. */
const FLAGS = ['shared_preload_libraries=pg_stat_statements', 'autovacuum=off'];
/** Without a write for this long, what the last payment left to do is done. */
const QUIET_MS = 2_000;
/** PostgreSQL counts a statement on tables of one name in several schemas as one, under the text that came first. */
const CALLS =
  'SELECT queryid AS id, min(query) AS text, sum(calls)::int AS calls FROM pg_stat_statements GROUP BY queryid';
const RESET = 'SELECT pg_stat_statements_reset()';
const TRANSACTION_IDS_USED = 'SELECT pg_snapshot_xmax(pg_current_snapshot())::text AS used';

/** Cursors and used signatures are written by the clock: how many writes a payment has depends on its speed. */
const TIMED_WRITE = /\b(INTO|UPDATE)\b[^(]*\b(subscription_cursors|used_signatures)\b/;

/** The write of a ledger: one statement, whose parts depend on which requests came together. */
const LEDGER_WRITE = /^\s*WITH head AS \(\s*UPDATE ledger_head /;

/** A statement, with its calls per payment. */
export interface StatementCount {
  id: string;
  text: string;
  calls: number;
}

/** What one payment costs the database. */
export interface PaymentCost {
  /** `START TRANSACTION` and `COMMIT` are statements, too. Most calls first. */
  statements: StatementCount[];
  statementCount: number;
  /** Transactions that wrote. */
  writeTransactions: number;
}

function sumOfCalls(statements: readonly StatementCount[]): number {
  return statements.reduce((sum, { calls }) => sum + calls, 0);
}

function withLedgerWritesAsOne(calls: readonly StatementCount[]): StatementCount[] {
  const writes = calls.filter(({ text }) => LEDGER_WRITE.test(text));
  const others = calls.filter(({ text }) => !LEDGER_WRITE.test(text));
  return writes.length === 0 ? others : [...others, { ...writes[0]!, calls: sumOfCalls(writes) }];
}

/** A PostgreSQL that counts statements and transactions, for one network alone. */
export class CountingPostgres {
  /** Statements that an idle network sends, too. */
  private idleIds: ReadonlySet<string> = new Set();

  private constructor(
    private readonly folder: string,
    private readonly database: EmbeddedDatabase,
    private readonly admin: Client,
  ) {}

  static async start(): Promise<CountingPostgres> {
    const folder = await mkdtemp(join(tmpdir(), 'level-one-counting-postgres-'));
    // The database's user has to enter it.
    await chmod(folder, 0o755);
    const port = await freePort();
    const database = await startEmbeddedDatabase({
      dataDir: join(folder, 'data'),
      port,
      flags: FLAGS,
      isThrowAway: true,
    });
    const admin = new Client({ connectionString: database.url });
    await admin.connect();
    await admin.query('CREATE EXTENSION pg_stat_statements');
    return new CountingPostgres(folder, database, admin);
  }

  get url(): string {
    return this.database.url;
  }

  /** Notes the statements that the network sends without a payment, for this many milliseconds. */
  async noteIdleStatements(milliseconds: number): Promise<void> {
    await this.waitUntilQuiet();
    await this.resetCounts();
    await sleep(milliseconds);
    this.idleIds = new Set((await this.statementCalls()).map(({ id }) => id));
  }

  /**
   * Runs `pay` this many times, one after the other or some at once, and counts, but for what depends on speed:
   * statements of an idle network, and writes by the clock. Calls of a statement per payment are rounded down, so that
   * what happens now and then does not count.
   */
  async costOf(payments: number, pay: () => Promise<void>, { atOnce = 1 } = {}): Promise<PaymentCost> {
    await this.waitUntilQuiet();
    await this.resetCounts();
    const usedBefore = await this.transactionIdsUsed();
    const limit = pLimit(atOnce);
    await Promise.all(Array.from({ length: payments }, () => limit(pay)));
    await this.waitUntilQuiet();
    const used = (await this.transactionIdsUsed()) - usedBefore;
    const calls = await this.statementCalls();
    const timedWrites = calls.filter(({ text }) => TIMED_WRITE.test(text));
    const statements = withLedgerWritesAsOne(calls)
      .filter((statement) => !this.idleIds.has(statement.id) && !timedWrites.includes(statement))
      .map((statement) => ({ ...statement, calls: Math.floor(statement.calls / payments) }))
      .filter((statement) => statement.calls > 0);
    return {
      statements: statements.toSorted((a, b) => b.calls - a.calls),
      statementCount: sumOfCalls(statements),
      writeTransactions: Math.floor((used - sumOfCalls(timedWrites)) / payments),
    };
  }

  async stop(): Promise<void> {
    await this.admin.end();
    await this.database.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  private async waitUntilQuiet(): Promise<void> {
    await eventually(
      async () => {
        const before = await this.transactionIdsUsed();
        await sleep(QUIET_MS);
        if ((await this.transactionIdsUsed()) !== before) throw new Error('the network goes on writing');
      },
      { timeoutMs: 120_000 },
    );
  }

  private async resetCounts(): Promise<void> {
    await this.admin.query(RESET);
  }

  private async statementCalls(): Promise<StatementCount[]> {
    const { rows } = await this.admin.query<StatementCount>(CALLS);
    return rows.filter(({ text }) => ![CALLS, RESET, TRANSACTION_IDS_USED].includes(text));
  }

  private async transactionIdsUsed(): Promise<number> {
    const { rows } = await this.admin.query<{ used: string }>(TRANSACTION_IDS_USED);
    return Number(rows[0]!.used);
  }
}
