/** Where a subscriber keeps how far it has handled a ledger's log. */
export interface CursorStore {
  /** Sequence of the last event handled; undefined when none ever was. */
  load(): Promise<bigint | undefined>;
  save(sequence: bigint): Promise<void>;
  /** Where a subscriber without a cursor begins: with the whole log, or with what happens from now on. */
  readonly startsAt: 'beginning' | 'now';
}

/** For a role without a database: what happens while it is down is not its concern. */
export class MemoryCursorStore implements CursorStore {
  readonly startsAt = 'now';
  private sequence: bigint | undefined;

  async load(): Promise<bigint | undefined> {
    return this.sequence;
  }

  async save(sequence: bigint): Promise<void> {
    this.sequence = sequence;
  }
}
