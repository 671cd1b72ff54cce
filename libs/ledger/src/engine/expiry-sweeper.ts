import type { Tracing } from '@level-one/platform';
import { WorkRecord } from '@level-one/work';
import type { DataSource } from 'typeorm';

const BATCH_SIZE = 500;
/** Maximum pause between sweeps, because other instances add transfers too. */
const POLL_INTERVAL_MS = 1_000;

/**
 * Ids of open transfers after their expiry, without those in their grace (ruling 39). A transfer that was prepared by
 * the release before has no end of its own: the books decide. $1: maximum lifetime of proposals, in ms.
 */
const DUE = `
  (SELECT id FROM transfers WHERE state = 'proposed' AND proposed_at <= ledger_now() - $1 * interval '1 ms'
   ORDER BY proposed_at LIMIT ${BATCH_SIZE})
  UNION
  (SELECT id FROM transfers
   WHERE state IN ('proposed', 'prepared') AND expires_at <= ledger_now()
     AND coalesce(open_until, expires_at) <= ledger_now()
   ORDER BY expires_at LIMIT ${BATCH_SIZE})`;
/** Time until the next expiry, in ms. */
const NEXT = `
  SELECT extract(epoch FROM min(expires_at) - now) * 1000 AS milliseconds
  FROM ledger_now() AS now, transfers WHERE state IN ('proposed', 'prepared') AND expires_at > now
  GROUP BY now`;

export interface ExpirySweeperOptions {
  /** Rejects one transfer if it is due. @returns whether it did. */
  expire: (id: string) => Promise<boolean>;
  onError: (error: unknown) => void;
  proposalLifetimeMs: number;
  tracing: Pick<Tracing, 'sweep'>;
}

/**
 * Rejects transfers after their expiry, by the clock of the database. Several instances may sweep one ledger: expiring
 * a transfer twice changes nothing.
 */
export class ExpirySweeper {
  readonly record = new WorkRecord('expiry', POLL_INTERVAL_MS);
  private timer: NodeJS.Timeout | undefined;
  private firesAt = Infinity;
  private sweeping: Promise<void> | undefined;
  private isStopped = true;

  constructor(
    private readonly dataSource: DataSource,
    private readonly options: ExpirySweeperOptions,
  ) {}

  start(): void {
    this.isStopped = false;
    this.record.lastEndAt = new Date();
    this.setTimer(0);
  }

  /** Resolves when a sweep under way has ended. */
  async stop(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.sweeping;
  }

  /** Makes the sweeper run at this time at the latest. */
  watchExpiry(expiresAt: Date): void {
    if (this.timer) this.setTimer(expiresAt.getTime() - Date.now());
  }

  /** Expires all transfers that are due. @returns their ids. */
  async sweep(): Promise<string[]> {
    const expired: string[] = [];
    for (;;) {
      const due: { id: string }[] = await this.dataSource.query(DUE, [this.options.proposalLifetimeMs]);
      const areExpired = await Promise.all(due.map(({ id }) => this.options.expire(id)));
      const ended = due.filter((_, index) => areExpired[index]).map(({ id }) => id);
      expired.push(...ended);
      if (due.length < BATCH_SIZE || ended.length === 0 || this.isStopped) return expired;
    }
  }

  /** Sets the timer, unless it fires earlier already. */
  private setTimer(milliseconds: number): void {
    const delay = Math.min(Math.max(milliseconds, 0), POLL_INTERVAL_MS);
    const firesAt = Date.now() + delay;
    if (this.isStopped || firesAt >= this.firesAt) return;
    clearTimeout(this.timer);
    this.firesAt = firesAt;
    this.timer = setTimeout(() => {
      this.sweeping = this.wake();
    }, delay);
  }

  private async wake(): Promise<void> {
    let untilNext = POLL_INTERVAL_MS;
    try {
      await this.options.tracing.sweep('expiry', () => this.sweepOnce());
      const [next]: { milliseconds: string | null }[] = await this.dataSource.query(NEXT);
      untilNext = Number(next?.milliseconds ?? POLL_INTERVAL_MS);
    } catch (error) {
      this.options.onError(error);
    }
    this.firesAt = Infinity;
    this.setTimer(untilNext);
  }

  /** @returns how many transfers have ended */
  private async sweepOnce(): Promise<number> {
    const before = this.record.rowsDone;
    await this.record.during(async () => {
      this.record.rowsDone += (await this.sweep()).length;
    });
    return this.record.rowsDone - before;
  }
}
