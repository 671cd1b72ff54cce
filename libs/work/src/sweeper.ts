/** Where a sweeper tells what went wrong. */
export interface SweeperLogger {
  error(fields: object, message: string): void;
}

export interface SweeperOptions {
  /** What it is called in the log. */
  name: string;
  /** From the end of one run to the beginning of the next. */
  intervalMs: number;
  /** One run. It looks at the signal between its items, does a bounded amount of work, and may throw. */
  sweep: (signal: AbortSignal) => Promise<void>;
  logger: SweeperLogger;
}

/** How long `stop` waits for a run that has begun. */
const STOP_WAITS_MS = 2_000;

/**
 * Owner of open states: runs again and again, never twice at a time, and finishes or rolls back what nobody else
 * will. Its timer keeps no process alive.
 */
export class Sweeper {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(private readonly options: SweeperOptions) {}

  start(): void {
    this.schedule();
  }

  /** Runs now, or joins the run that is under way. Errors are logged, never thrown. */
  run(): Promise<void> {
    this.running ??= this.sweep().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  /** No run begins after this, and the one under way has ended or is given up. */
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

  private schedule(): void {
    if (this.stopping.signal.aborted) return;
    this.timer = setTimeout(() => void this.run().then(() => this.schedule()), this.options.intervalMs);
    this.timer.unref();
  }

  private async sweep(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    try {
      await this.options.sweep(this.stopping.signal);
    } catch (err) {
      // What fails because the role is being stopped is nobody's concern.
      if (!this.stopping.signal.aborted) this.options.logger.error({ err, sweeper: this.options.name }, 'sweep failed');
    }
  }
}
