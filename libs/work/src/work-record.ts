/** What background work has done since it was started. */
export class WorkRecord {
  /** Runs that have ended. */
  done = 0;
  failed = 0;
  /** Rows that were worked on, and those that failed and are tried again. */
  rowsDone = 0;
  rowsFailed = 0;
  /** Results of deliveries that the database did not take yet; undefined for other work. */
  unwritten: number | undefined;
  /** Time taken by all runs, in ms. */
  busyMs = 0;
  /** When the last run ended; before that, when the work was started; undefined: it was not. */
  lastEndAt: Date | undefined;

  constructor(
    readonly name: string,
    /** Pause between two runs. */
    readonly intervalMs: number,
  ) {}

  /** Runs the work once. @throws what it throws */
  async during(run: () => Promise<void>): Promise<void> {
    const startedMs = performance.now();
    try {
      await run();
      this.done += 1;
    } catch (error) {
      this.failed += 1;
      throw error;
    } finally {
      this.busyMs += performance.now() - startedMs;
      this.lastEndAt = new Date();
    }
  }
}

/** Something that has background work. */
export interface Working {
  /** Records of its work; those of work that was not started are left out where they are read. */
  readonly work: readonly WorkRecord[];
}

export function isWorking(thing: unknown): thing is Working {
  const work = typeof thing === 'object' && thing !== null && 'work' in thing ? thing.work : undefined;
  return Array.isArray(work) && work.every((record) => record instanceof WorkRecord);
}
