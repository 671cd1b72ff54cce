import { Keeper, workInLanes } from '@level-one/work';
import { SpanKind } from '@opentelemetry/api';
import type { RoleLogger } from '../logging/logger.js';
import { currentTrace, withTrace } from '../tracing/trace.js';
import { nameOf } from '../tracing/tracing.js';

/** Maximum of failed rows in memory that could not be put back yet; others are due again when their lease is over. */
const FAILED_MAX = 1_000;

export interface RowKeeperOptions<Row> {
  /** What is kept, for logs. */
  name: string;
  intervalMs: number;
  logger: RoleLogger;
  /** The trace that the work on a row belongs to. */
  traceIdOf: (row: Row) => string;
  /** Maximum of takings that are worked on at once. Without it a run works on one. */
  lanes?: number;
}

/**
 * Background work on rows that are due, each in its own trace. A row that fails is logged and put back, so that it does
 * not sleep until its lease is over; the others are worked on all the same. With lanes a run goes on until nothing is
 * due, and a row that takes long holds up one lane only.
 */
export abstract class RowKeeper<Row> extends Keeper {
  private readonly failed: Row[] = [];

  constructor(private readonly rows: RowKeeperOptions<Row>) {
    super(rows);
  }

  /** One run, also for tests. */
  async lookAfterDue(signal?: AbortSignal): Promise<void> {
    await this.putBackFailed();
    const now = new Date();
    const { lanes } = this.rows;
    if (lanes === undefined) return this.workOn(await this.takeDue(now), now, signal);
    const take = async (): Promise<Row[] | undefined> => {
      const rows = await this.takeDue(now);
      return rows.length === 0 ? undefined : rows;
    };
    await workInLanes({ lanes, take, work: (rows) => this.workOn(rows, now, signal), signal });
  }

  protected sweep(signal: AbortSignal): Promise<void> {
    return this.lookAfterDue(signal);
  }

  /**
   * Takes a limited number of rows that were due at `now`, so that nobody else takes them for as long as the work on them
   * may last.
   */
  protected abstract takeDue(now: Date): Promise<Row[]>;

  /** Works on one row. It may throw. */
  protected abstract lookAfter(row: Row, now: Date): Promise<void>;

  /** Makes a row whose work failed due again after a pause. Without it the row is due when its lease is over. */
  protected putBack?(row: Row): Promise<void>;

  private async workOn(rows: readonly Row[], now: Date, signal: AbortSignal | undefined): Promise<void> {
    for (const row of rows) {
      if (signal?.aborted) return;
      const traceId = this.rows.traceIdOf(row);
      const { name, logger } = this.rows;
      await logger.tracing.within({ kind: SpanKind.INTERNAL, name: `sweep ${name}`, traceId }, () =>
        withTrace({ traceId }, () => this.tryToLookAfter(row, now)),
      );
    }
  }

  private async tryToLookAfter(row: Row, now: Date): Promise<void> {
    try {
      await this.lookAfter(row, now);
      this.workRecord.rowsDone += 1;
    } catch (err) {
      this.workRecord.rowsFailed += 1;
      currentTrace()?.span?.fail(nameOf(err));
      this.rows.logger.warn({ err, sweeper: this.rows.name }, 'one could not be looked after; it is tried again');
      if (this.putBack && this.failed.length < FAILED_MAX) this.failed.push(row);
      // While the database takes nothing, the next run does it.
      await this.putBackFailed().catch(() => undefined);
    }
  }

  /** @throws while the database takes nothing */
  private async putBackFailed(): Promise<void> {
    for (let row = this.failed.shift(); row !== undefined; row = this.failed.shift()) {
      try {
        await this.putBack?.(row);
      } catch (error) {
        this.failed.unshift(row);
        throw error;
      }
    }
  }
}
