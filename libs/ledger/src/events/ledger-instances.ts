import { createHash } from 'node:crypto';
import type { HotQuery, HotStatements } from '@level-one/work';

/** Channel of PostgreSQL on which the instances of a ledger tell each other of new events: `<schema> <id>`. */
export const EVENTS_CHANNEL = 'ledger_events';

/** The instances are counted again after this time, when there are events to tell. */
const COUNT_EVERY_MS = 5_000;
/** An older count says nothing. */
const COUNT_VALID_MS = 15_000;
const SCHEMA_CHARS = 16;

/**
 * Knows whether other instances of this ledger listen for its commits, so that an instance that is alone notifies
 * nobody: PostgreSQL commits one notifying transaction at a time, and wakes the listeners of the whole database.
 *
 * An instance says when it begins to listen, and is then told of all commits. It has nothing to lose if it is not
 * known: it reads the events from the database once a second in any case.
 */
export class LedgerInstances {
  /** Name of the listening connection of this instance, by which others find it. At most 63 characters. */
  readonly connectionName: string;
  private readonly count: HotQuery<{ others: number }>;
  private readonly tell: HotQuery<object>;
  private readonly prefix: string;
  private listen = true;
  private countedAt = -Infinity;
  private heardAt = -Infinity;
  private counting: Promise<void> | undefined;

  constructor(
    statements: HotStatements,
    readonly schema: string,
    /** Of this instance. */
    readonly id: string,
  ) {
    // The name of a schema may be as long as that of a connection.
    this.prefix = `ledger ${createHash('sha256').update(schema).digest('hex').slice(0, SCHEMA_CHARS)} `;
    this.connectionName = this.prefix + id;
    this.count = statements.prepare(`
      SELECT count(*)::int AS others FROM pg_stat_activity
      WHERE datname = current_database() AND starts_with(application_name, $1) AND application_name <> $2`);
    this.tell = statements.prepare(`SELECT pg_notify('${EVENTS_CHANNEL}', $1)`);
  }

  /** Whether other instances listen, as far as it is known. */
  get othersListen(): boolean {
    const ageMs = performance.now() - this.countedAt;
    if (ageMs > COUNT_EVERY_MS) void this.countOthers();
    return this.listen || ageMs > COUNT_VALID_MS;
  }

  /** Whether other instances listen, counted now unless they were counted lately. */
  async findOthers(): Promise<boolean> {
    if (performance.now() - this.countedAt > COUNT_EVERY_MS) await this.countOthers();
    return this.othersListen;
  }

  /** Another instance has notified. */
  hear(): void {
    this.listen = true;
    this.heardAt = performance.now();
  }

  /** Tells the others that this instance listens from now on. It is not told again if that fails. */
  async announce(): Promise<void> {
    await this.tell(`${this.schema} ${this.id}`).catch(() => undefined);
  }

  private async countOthers(): Promise<void> {
    this.counting ??= this.countNow();
    await this.counting;
  }

  private async countNow(): Promise<void> {
    const begunAt = performance.now();
    try {
      const [row] = await this.count(this.prefix, this.connectionName);
      // One that was heard meanwhile may have connected after the count.
      this.listen = row?.others !== 0 || this.heardAt >= begunAt;
    } catch {
      this.listen = true;
    }
    this.countedAt = performance.now();
    this.counting = undefined;
  }
}
