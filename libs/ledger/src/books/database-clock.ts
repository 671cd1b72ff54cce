/** By so much two clocks may drift apart, at most, in ms a second. */
const DRIFT_MS = 0.1;

/**
 * The time of a database as a process can know it without asking: never ahead of the database, because an answer takes
 * its time to arrive, and behind it by as much as the fastest answer took.
 */
export class DatabaseClock {
  /** Database time less process time, in ms, at its last correction; undefined before the first. */
  private offset: { ms: number; at: number } | undefined;

  constructor(private readonly processTime: () => number = () => performance.now()) {}

  /** Takes note of a time that the database has just answered. */
  correct(time: Date): void {
    const at = this.processTime();
    const ms = time.getTime() - at;
    this.offset = { ms: Math.max(ms, this.driftedOffset(at)), at };
  }

  /** Begins anew, after the database's clock was found to have been set back. */
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
