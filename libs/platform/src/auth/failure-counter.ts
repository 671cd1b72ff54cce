import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

const KEYS_MAX = 50_000;

/**
 * Failure points per key. The window of a key starts at its first failure. The least recently used keys are dropped
 * first.
 */
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

  /** @returns the wait until so many points can be taken, in ms; 0 if they can be taken now. Takes none. */
  async waitMsOf(key: string, points: number): Promise<number> {
    const { consumedPoints = 0, msBeforeNext = 0 } = (await this.limiter.get(key)) ?? {};
    return consumedPoints + points > this.pointsMax && consumedPoints > 0 ? Math.max(1, msBeforeNext) : 0;
  }

  /** Takes points. @returns 0 if they were taken, else the wait until they can be, in ms. */
  async takePoints(key: string, points: number): Promise<number> {
    await this.markUsed(key);
    const waitMs = await this.waitMsOf(key, points);
    if (waitMs > 0) return waitMs;
    return this.limiter.consume(key, points).then(
      () => 0,
      (refused: RateLimiterRes) => Math.max(1, refused.msBeforeNext),
    );
  }

  /** Adds points without a limit. @returns the points of the key. */
  async addPoints(key: string, points: number): Promise<number> {
    await this.markUsed(key);
    return (await this.limiter.penalty(key, points)).consumedPoints;
  }

  /** Returns points of an attempt that was no failure. */
  async returnPoints(key: string, points: number): Promise<void> {
    const found = await this.limiter.get(key);
    if (found && found.consumedPoints >= points) await this.limiter.reward(key, points);
  }

  private async markUsed(key: string): Promise<void> {
    this.keys.delete(key);
    this.keys.add(key);
    if (this.keys.size <= this.keysMax) return;
    const [oldest] = this.keys;
    this.keys.delete(oldest!);
    await this.limiter.delete(oldest!);
  }
}
