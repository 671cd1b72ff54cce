/** Maximum drift between two clocks, in ms per second. */
const DRIFT_MS = 0.1;

/**
 * Estimate of the database's time in the process. It is never ahead of the database, because an answer takes time to
 * arrive, and it is behind by at most the time of the fastest answer.
 */
export class DatabaseClock {
  /** Database time less process time at the last correction, in ms; undefined before the first one. */
  private offset: { ms: number; at: number } | undefined;

  constructor(private readonly processTime: () => number = () => performance.now()) {}

  /** Corrects the estimate by a time that the database has just returned. */
  correct(time: Date): void {
    const at = this.processTime();
    const ms = time.getTime() - at;
    this.offset = { ms: Math.max(ms, this.driftedOffset(at)), at };
  }

  /** Starts again, after the database's clock was set back. */
  reset(): void {
    this.offset = undefined;
  }

  /** @throws Error before the first correction. */
  now(): Date {
    if (!this.offset) throw new Error('The time of the database is not known yet');
    const at = this.processTime();
    return new Date(Math.floor(at + this.driftedOffset(at)));
  }

  private driftedOffset(at: number): number {
    return this.offset ? this.offset.ms - ((at - this.offset.at) / 1_000) * DRIFT_MS : -Infinity;
  }
}
