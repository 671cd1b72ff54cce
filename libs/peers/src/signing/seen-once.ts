/** Remembers for some time what was seen. */
export class SeenOnce {
  private readonly until = new Map<string, number>();

  constructor(
    private readonly rememberMs: number,
    private readonly now: () => number = Date.now,
  ) {}

  get size(): number {
    this.forget();
    return this.until.size;
  }

  has(id: string): boolean {
    this.forget();
    return this.until.has(id);
  }

  /** False for what was seen before. */
  add(id: string): boolean {
    if (this.has(id)) return false;
    this.until.set(id, this.now() + this.rememberMs);
    return true;
  }

  /** What was seen first is forgotten first. */
  private forget(): void {
    for (const [id, until] of this.until) {
      if (until > this.now()) return;
      this.until.delete(id);
    }
  }
}
