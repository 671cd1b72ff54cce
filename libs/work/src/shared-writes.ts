import { DatabaseTrouble, databaseTroubleIn } from './database/index.js';

/** Longest wait of a write that somebody may look for, in ms. */
const WITHIN_MS = 250;
/** Longest wait of a write that nobody looks for, because what it says is known or found out otherwise, in ms. */
export const UNSEEN_WITHIN_MS = 1_000;
/** So many are written at once, however short they have waited. */
const TOGETHER_MAX = 16;

/** How to write; each answers what was written, such as whether the database changed something. */
export interface WaysToWrite<Write, Written = boolean> {
  /** Without it, as several. */
  alone?(write: Write): Promise<Written>;
  /** One statement; answers for each, in the order of the writes. */
  together(writes: readonly Write[]): Promise<readonly Written[]>;
  /** Longest wait of a write, in ms; a quarter of a second without it. */
  withinMs?: number;
}

interface WaitingWrite<Write, Written> {
  write: Write;
  resolve: (written: Written) => void;
  reject: (reason: unknown) => void;
}

/**
 * Writes that no customer waits for: those that come within a quarter of a second, or another time, share a statement, and so a
 * commit. One that the database refuses does not fail the others.
 */
export class SharedWrites<Write, Written = boolean> {
  private waiting: WaitingWrite<Write, Written>[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly underWay = new Set<Promise<void>>();

  constructor(private readonly ways: WaysToWrite<Write, Written>) {}

  /** Resolves when it is committed, with what was written. @throws Error of the driver */
  write(write: Write): Promise<Written> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ write, resolve, reject });
      if (this.waiting.length >= TOGETHER_MAX) this.writeWaiting();
      else this.timer ??= setTimeout(() => this.writeWaiting(), this.ways.withinMs ?? WITHIN_MS);
    });
  }

  /** Writes now what waits. Resolves when all that was given until now is written, or has failed. */
  async settle(): Promise<void> {
    if (this.waiting.length > 0) this.writeWaiting();
    await Promise.all(this.underWay);
  }

  private writeWaiting(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { waiting } = this;
    this.waiting = [];
    const writing = this.writeAll(waiting).finally(() => this.underWay.delete(writing));
    this.underWay.add(writing);
  }

  private async writeAll(waiting: readonly WaitingWrite<Write, Written>[]): Promise<void> {
    if (waiting.length === 1) return this.writeEach(waiting);
    try {
      const written = await this.ways.together(waiting.map(({ write }) => write));
      for (const [index, { resolve }] of waiting.entries()) resolve(written[index]!);
    } catch (error) {
      // Nothing was written. A database that is away is away for each of them; locks are in the way of some.
      const trouble = databaseTroubleIn(error);
      if (trouble === undefined || trouble === DatabaseTrouble.Busy) return this.writeEach(waiting);
      for (const { reject } of waiting) reject(error);
    }
  }

  private async writeEach(waiting: readonly WaitingWrite<Write, Written>[]): Promise<void> {
    for (const { write, resolve, reject } of waiting) await this.writeAlone(write).then(resolve, reject);
  }

  private async writeAlone(write: Write): Promise<Written> {
    if (this.ways.alone) return this.ways.alone(write);
    const [written] = await this.ways.together([write]);
    return written!;
  }
}
