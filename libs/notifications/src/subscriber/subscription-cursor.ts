/** Stores the position up to which a subscriber has handled a ledger's log. */
export interface CursorStore {
  /** Sequence of the last event handled; undefined before the first. */
  load(): Promise<bigint | undefined>;
  save(sequence: bigint): Promise<void>;
  /** Start of a subscriber without a cursor: the whole log, or only new events. */
  readonly startsAt: 'beginning' | 'now';
}

/** For a role without a database: it ignores events that happen while it is down. */
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
