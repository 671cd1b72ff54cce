/** Where new rows go, and what becomes of one that cannot be written. */
export interface LateRowsOptions<Row> {
  keyOf(row: Row): string;
  /** Such as that of {@link SharedWrites}. */
  write(row: Row): Promise<unknown>;
  onLost(row: Row, error: unknown): void;
}

/**
 * New rows that are known here at once, and written a little later. For rows that can be lost with the process, because
 * what is in them can be found out again.
 */
export class LateRows<Row> {
  private readonly unwritten = new Map<string, { row: Row; written: Promise<void> }>();

  constructor(private readonly options: LateRowsOptions<Row>) {}

  /** The row with this key, until it is written. */
  get(key: string): Row | undefined {
    return this.unwritten.get(key)?.row;
  }

  /** Begins to write a row, whose key is not on its way yet. */
  add(row: Row): void {
    this.unwritten.set(this.options.keyOf(row), { row, written: this.write(row) });
  }

  /** Resolves when all that was added is written, or lost. */
  async settle(): Promise<void> {
    await Promise.all(Array.from(this.unwritten.values(), ({ written }) => written));
  }

  private async write(row: Row): Promise<void> {
    try {
      await this.options.write(row);
    } catch (error) {
      this.options.onLost(row, error);
    } finally {
      this.unwritten.delete(this.options.keyOf(row));
    }
  }
}
