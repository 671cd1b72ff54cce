/** Stands for every value that came after the first ones. */
const OTHER = 'other';

/** Values of a label that others send, bounded in number: the first ones are kept, the rest is {@link OTHER}. */
export class BoundedValues {
  private readonly known = new Set<string>();

  constructor(private readonly max: number) {}

  bounded(value: string): string {
    if (this.known.has(value)) return value;
    if (this.known.size >= this.max) return OTHER;
    this.known.add(value);
    return value;
  }
}
