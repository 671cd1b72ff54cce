import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

const KEYS_MAX = 50_000;

/** Points of failures by key, each key with a window that begins at its first; the least used keys go first. */
export class FailureCounter {
  private readonly limiter: RateLimiterMemory;
  private readonly keys = new Set<string>();

  constructor(
    private readonly pointsMax: number,
    windowS: number,
    private readonly keysMax: number = KEYS_MAX,
  ) {
    this.limiter = new RateLimiterMemory({ points: pointsMax, duration: windowS });
  }

  /** @returns how many ms until so many points may be taken; 0 when they may be now. Takes none. */
  async waitMsOf(key: string, points: number): Promise<number> {
    const { consumedPoints = 0, msBeforeNext = 0 } = (await this.limiter.get(key)) ?? {};
    return consumedPoints + points > this.pointsMax && consumedPoints > 0 ? Math.max(1, msBeforeNext) : 0;
  }

  /** @returns how many ms until the key may fail again; 0 when the points were taken. */
  async take(key: string, points: number): Promise<number> {
    await this.use(key);
    const waitMs = await this.waitMsOf(key, points);
    if (waitMs > 0) return waitMs;
    return this.limiter.consume(key, points).then(
      () => 0,
      (refused: RateLimiterRes) => Math.max(1, refused.msBeforeNext),
    );
  }

  /** Counts without a limit. @returns the points of the key. */
  async add(key: string, points: number): Promise<number> {
    await this.use(key);
    return (await this.limiter.penalty(key, points)).consumedPoints;
  }

  /** For what turned out to be no failure. */
  async giveBack(key: string, points: number): Promise<void> {
    const found = await this.limiter.get(key);
    if (found && found.consumedPoints >= points) await this.limiter.reward(key, points);
  }

  private async use(key: string): Promise<void> {
    this.keys.delete(key);
    this.keys.add(key);
    if (this.keys.size <= this.keysMax) return;
    const [oldest] = this.keys;
    this.keys.delete(oldest!);
    await this.limiter.delete(oldest!);
  }
}
