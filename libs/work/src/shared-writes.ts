import { databaseTroubleIn } from './database/index.js';

/** Longest wait of a write, in ms. */
const WITHIN_MS = 250;
/** So many are written at once, however short they have waited. */
const TOGETHER_MAX = 16;

/** How to write; each answers whether the database changed something. */
export interface WaysToWrite<Write> {
  /** Without it, as several. */
  alone?(write: Write): Promise<boolean>;
  /** One statement; answers for each, in the order of the writes. */
  together(writes: readonly Write[]): Promise<readonly boolean[]>;
}

interface WaitingWrite<Write> {
  write: Write;
  resolve: (hasChanged: boolean) => void;
  reject: (reason: unknown) => void;
}

/**
 * Writes that nobody waits for: those that come within a quarter of a second share a statement, and so a commit. One that
 * the database refuses does not fail the others.
 */
export class SharedWrites<Write> {
  private waiting: WaitingWrite<Write>[] = [];
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly ways: WaysToWrite<Write>) {}

  /** Resolves when it is committed, with whether it changed something. @throws Error of the driver */
  write(write: Write): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ write, resolve, reject });
      if (this.waiting.length >= TOGETHER_MAX) this.writeWaiting();
      else this.timer ??= setTimeout(() => this.writeWaiting(), WITHIN_MS);
    });
  }

  private writeWaiting(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const { waiting } = this;
    this.waiting = [];
    void this.writeAll(waiting);
  }

  private async writeAll(waiting: readonly WaitingWrite<Write>[]): Promise<void> {
    if (waiting.length === 1) return this.writeEach(waiting);
    try {
      const changed = await this.ways.together(waiting.map(({ write }) => write));
      for (const [index, { resolve }] of waiting.entries()) resolve(changed[index]!);
    } catch (error) {
      // Nothing was written. A database that is away is away for each of them.
      if (databaseTroubleIn(error) === undefined) return this.writeEach(waiting);
      for (const { reject } of waiting) reject(error);
    }
  }

  private async writeEach(waiting: readonly WaitingWrite<Write>[]): Promise<void> {
    for (const { write, resolve, reject } of waiting) await this.writeAlone(write).then(resolve, reject);
  }

  private async writeAlone(write: Write): Promise<boolean> {
    if (this.ways.alone) return this.ways.alone(write);
    const [hasChanged = false] = await this.ways.together([write]);
    return hasChanged;
  }
}
