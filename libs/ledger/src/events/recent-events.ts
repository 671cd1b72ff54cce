import type { Written } from '../books/books-store.js';
import type { NewEvent } from '../books/books.js';

/** An event with its place in the ledger's log. */
export type NumberedEvent = NewEvent & { sequence: bigint };

const KEPT_MAX = 1_000;

/**
 * The newest events that this instance wrote itself, so that they need not be read back from the database to be told.
 * Only a shortcut: it has nothing from before the last time that another instance wrote.
 */
export class RecentEvents {
  private events: NumberedEvent[] = [];

  /** Keeps the events of a batch that was committed. */
  add({ books, lastSequence }: Written<unknown>): void {
    const { events } = books;
    if (events.length === 0) return;
    // Another instance wrote in between: what is kept would no longer be without a gap.
    if (this.events.at(-1)?.sequence !== lastSequence) this.events = [];
    for (const [index, event] of events.entries()) {
      this.events.push({ ...event, sequence: lastSequence + BigInt(index + 1) });
    }
    if (this.events.length > KEPT_MAX) this.events = this.events.slice(-KEPT_MAX);
  }

  /** The events after a sequence, at most `limit`; undefined when that is not known here. */
  after(sequence: bigint, limit: number): NumberedEvent[] | undefined {
    const [first] = this.events;
    if (!first || first.sequence > sequence + 1n) return undefined;
    const start = Number(sequence + 1n - first.sequence);
    return start < this.events.length ? this.events.slice(start, start + limit) : undefined;
  }
}
