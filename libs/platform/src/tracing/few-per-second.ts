/** Lets a few through in each second. */
export class FewPerSecond {
  private taken = 0;
  private sinceMs = -Infinity;

  constructor(
    private readonly max: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether this one is one of the few. */
  take(): boolean {
    const nowMs = this.now();
    if (nowMs - this.sinceMs >= 1_000) {
      this.sinceMs = nowMs;
      this.taken = 0;
    }
    this.taken += 1;
    return this.taken <= this.max;
  }
}
