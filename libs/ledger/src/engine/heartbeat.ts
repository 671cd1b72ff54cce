import { type HotQuery, type HotStatements, Sweeper, type WorkRecord } from '@level-one/work';

/** So many missed heartbeats are a downtime. */
export const MISSED_BEATS = 3;

export interface HeartbeatOptions {
  /** Pause between two heartbeats. */
  intervalMs: number;
  /** A batch without a command: before it the downtime is recorded. */
  recordDowntime: () => Promise<void>;
  onError: (error: unknown) => void;
}

/**
 * Writes the time into the database now and then, so that a ledger that nobody uses counts as up. Each instance does:
 * a ledger is up while any of them writes. After a downtime no instance writes the time before the downtime is recorded.
 */
export class Heartbeat {
  private readonly beat: HotQuery<object>;
  private readonly sweeper: Sweeper;

  constructor(
    statements: HotStatements,
    private readonly options: HeartbeatOptions,
  ) {
    this.beat = statements.prepare(`
      UPDATE ledger_head SET beat_at = ledger_now() WHERE beat_at >= ledger_now() - $1 * interval '1 ms' RETURNING id`);
    this.sweeper = new Sweeper({
      name: 'heartbeat',
      intervalMs: options.intervalMs,
      sweep: () => this.beatOnce(),
      logger: { error: ({ err }: { err?: unknown }) => options.onError(err) },
    });
  }

  get record(): WorkRecord {
    return this.sweeper.record;
  }

  start(): void {
    this.sweeper.start();
  }

  stop(): Promise<void> {
    return this.sweeper.stop();
  }

  private async beatOnce(): Promise<void> {
    const beats = await this.beat(this.options.intervalMs * MISSED_BEATS);
    if (beats.length === 0) await this.options.recordDowntime();
  }
}
