import { WorkRecord } from './work-record.js';

/** Logger of failed runs. */
export interface SweeperLogger {
  error(fields: object, message: string): void;
  /** Follows each run, for traces; a run answers how many rows it worked on. */
  readonly tracing?: { sweep(name: string, run: () => Promise<number>): Promise<void> };
}

export interface SweeperOptions {
  /** Name in the log. */
  name: string;
  /** Pause between the end of one run and the start of the next. */
  intervalMs: number;
  /** One run: a limited amount of work that checks the signal between its items. It may throw. */
  sweep: (signal: AbortSignal) => Promise<void>;
  logger: SweeperLogger;
}

/** Maximum time that `stop` waits for the current run. */
const STOP_WAITS_MS = 2_000;

/**
 * Runs work repeatedly, never twice at a time, to finish or undo open states. Its timer does not keep the process
 * alive.
 */
export class Sweeper {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  readonly record: WorkRecord;

  constructor(private readonly options: SweeperOptions) {
    this.record = new WorkRecord(options.name, options.intervalMs);
  }

  start(): void {
    this.record.lastEndAt = new Date();
    this.scheduleRun();
  }

  /** Runs now, or joins the current run. Errors are logged, not thrown. */
  run(): Promise<void> {
    this.running ??= this.runOnce().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** Ends: no further run starts, and the current one has ended or is abandoned when this resolves. */
  async stop(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.timer);
    if (!this.running) return;
    let waited: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      waited = setTimeout(resolve, STOP_WAITS_MS);
      waited.unref();
    });
    await Promise.race([this.running, patience]);
    clearTimeout(waited);
  }

  private scheduleRun(): void {
    if (this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => void this.run().then(() => this.scheduleRun()), this.options.intervalMs);
    this.timer.unref();
  }

  private async runOnce(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    try {
      const { name, logger } = this.options;
      await (logger.tracing ? logger.tracing.sweep(name, () => this.sweep()) : this.sweep());
    } catch (err) {
      // Errors caused by the stop itself are not logged.
      if (!this.stopping.signal.aborted) this.options.logger.error({ err, sweeper: this.options.name }, 'sweep failed');
    }
  }

  /** @returns how many rows it worked on, as far as it counts them */
  private async sweep(): Promise<number> {
    const { record, options, stopping } = this;
    const before = record.rowsDone + record.rowsFailed;
    await record.during(() => options.sweep(stopping.signal));
    return record.rowsDone + record.rowsFailed - before;
  }
}
