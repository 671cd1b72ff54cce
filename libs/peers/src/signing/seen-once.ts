const REMEMBERED_MAX = 200_000;

/** Remembers for some time what was seen, the oldest first to be forgotten. */
export class SeenOnce {
  private readonly until = new Map<string, number>();

  constructor(
    private readonly rememberMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  /** False for what was seen before. */
  add(id: string): boolean {
    this.forget();
    if (this.until.has(id)) return false;
    this.until.set(id, this.now() + this.rememberMs);
    return true;
  }

  private forget(): void {
    for (const [id, until] of this.until) {
      if (until > this.now() && this.until.size < REMEMBERED_MAX) return;
      this.until.delete(id);
    }
  }
}
