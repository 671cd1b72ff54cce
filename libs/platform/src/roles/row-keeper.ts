import { Keeper } from '@level-one/work';
import type { RoleLogger } from '../logging/logger.js';
import { withTrace } from '../logging/trace.js';

export interface RowKeeperOptions<Row> {
  /** What is kept, for logs. */
  name: string;
  intervalMs: number;
  logger: RoleLogger;
  /** The trace that the work on a row belongs to. */
  traceIdOf: (row: Row) => string;
}

/**
 * Background work on rows that are due, one after the other, each in its own trace. A row that fails is logged and due
 * again later; the others are worked on all the same.
 */
export abstract class RowKeeper<Row> extends Keeper {
  constructor(private readonly rows: RowKeeperOptions<Row>) {
    super(rows);
  }

  /** One run, also for tests. */
  async lookAfterDue(signal?: AbortSignal): Promise<void> {
    const now = new Date();
    for (const row of await this.takeDue(now)) {
      if (signal?.aborted) return;
      await withTrace({ traceId: this.rows.traceIdOf(row) }, () => this.tryToLookAfter(row, now));
    }
  }

  protected sweep(signal: AbortSignal): Promise<void> {
    return this.lookAfterDue(signal);
  }

  /** Takes a limited number of rows, so that nobody else takes them for as long as the work on them may last. */
  protected abstract takeDue(now: Date): Promise<Row[]>;

  /** Works on one row. It may throw. */
  protected abstract lookAfter(row: Row, now: Date): Promise<void>;

  private async tryToLookAfter(row: Row, now: Date): Promise<void> {
    try {
      await this.lookAfter(row, now);
    } catch (err) {
      this.rows.logger.warn({ err, sweeper: this.rows.name }, 'one could not be looked after; it is tried again');
    }
  }
}
