/** Values with a lifetime. The oldest is dropped when there are too many. */
export class ExpiringMap<Value> {
  private readonly kept = new Map<string, { value: Value; until: number }>();

  constructor(
    private readonly keptMs: number,
    private readonly max: number,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get size(): number {
    return this.kept.size;
  }

  /** The value of a key, and whether its lifetime is not over yet. */
  find(key: string): { value: Value; isFresh: boolean } | undefined {
    const found = this.kept.get(key);
    return found && { value: found.value, isFresh: this.now() < found.until };
  }

  has(key: string): boolean {
    return this.find(key)?.isFresh ?? false;
  }

  set(key: string, value: Value): void {
    this.kept.delete(key);
    const oldest = this.kept.keys().next();
    if (this.kept.size >= this.max && !oldest.done) this.kept.delete(oldest.value);
    this.kept.set(key, { value, until: this.now() + this.keptMs });
  }

  delete(key: string): void {
    this.kept.delete(key);
  }

  deleteWhere(isMeant: (value: Value) => boolean): void {
    for (const [key, { value }] of this.kept) if (isMeant(value)) this.kept.delete(key);
  }
}
