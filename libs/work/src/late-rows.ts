/** Where new rows go, and what becomes of one that cannot be written. */
export interface LateRowsOptions<Row> {
  keyOf(row: Row): string;
  /** Such as that of {@link SharedWrites}. */
  write(row: Row): Promise<unknown>;
  onLost(row: Row, error: unknown): void;
  /** Time until a row is written, in ms. */
  afterMs?: number;
}

interface LateRow<Row> {
  row: Row;
  timer: NodeJS.Timeout | undefined;
  /** Set when it is on its way. */
  written?: Promise<void>;
}

/**
 * New rows that are known here at once, and written a little later, unless another write has what is in them by then. For
 * rows that can be lost with the process, because what is in them can be found out again.
 */
export class LateRows<Row> {
  private readonly rows = new Map<string, LateRow<Row>>();

  constructor(private readonly options: LateRowsOptions<Row>) {}

  /** Number of rows that are not written yet. */
  get size(): number {
    return this.rows.size;
  }

  /** The row with this key, until it is written. */
  get(key: string): Row | undefined {
    return this.rows.get(key)?.row;
  }

  /** Adds a row, whose key is not among the others. */
  add(row: Row): void {
    const { afterMs = 0 } = this.options;
    const late: LateRow<Row> = { row, timer: undefined };
    this.rows.set(this.options.keyOf(row), late);
    if (afterMs === 0) late.written = this.write(late);
    else late.timer = setTimeout(() => (late.written = this.write(late)), afterMs);
  }

  /**
   * The row with this key, if it is not on its way yet, is written by another write: it is known until that is done. If the
   * other write fails, it is written itself.
   */
  supersede(key: string, otherWrite: Promise<unknown>): void {
    const late = this.rows.get(key);
    if (!late || late.written) return;
    clearTimeout(late.timer);
    late.written = otherWrite.then(
      () => void this.rows.delete(key),
      () => this.write(late),
    );
  }

  /** Writes what is left now. Resolves when it is written, or lost. */
  async settle(): Promise<void> {
    while (this.rows.size > 0) {
      await Promise.all(
        Array.from(this.rows.values(), (late) => {
          clearTimeout(late.timer);
          return (late.written ??= this.write(late));
        }),
      );
    }
  }

  private async write({ row }: LateRow<Row>): Promise<void> {
    try {
      await this.options.write(row);
    } catch (error) {
      this.options.onLost(row, error);
    } finally {
      this.rows.delete(this.options.keyOf(row));
    }
  }
}
