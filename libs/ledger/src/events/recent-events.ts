import type { Written } from '../books/books-store.js';
import type { NewEvent } from '../books/books.js';

/** An event with its number in the ledger's log. */
export type NumberedEvent = NewEvent & { sequence: bigint };

/** The oldest are dropped, many at once, down to the least number. */
const KEPT_MAX = 2_000;
const KEPT_LEAST = 1_000;

/**
 * Cache of the newest events of this instance, so that they are not read back from the database. It has no gaps: it
 * starts again when another instance has written.
 */
export class RecentEvents {
  private events: NumberedEvent[] = [];

  /** Adds the events of a committed batch. */
  addBatch({ books, lastSequence }: Written<unknown>): void {
    const { events } = books;
    if (events.length === 0) return;
    // Another instance wrote in between, so the cache would have a gap.
    if (this.events.at(-1)?.sequence !== lastSequence) this.events = [];
    for (const [index, event] of events.entries()) {
      this.events.push({ ...event, sequence: lastSequence + BigInt(index + 1) });
    }
    if (this.events.length > KEPT_MAX) this.events = this.events.slice(-KEPT_LEAST);
  }

  /** The events after number `sequence`, at most `limit`; undefined if the cache does not have all of them. */
  eventsAfter(sequence: bigint, limit: number): NumberedEvent[] | undefined {
    const [first] = this.events;
    if (!first || first.sequence > sequence + 1n) return undefined;
    const start = Number(sequence + 1n - first.sequence);
    return start < this.events.length ? this.events.slice(start, start + limit) : undefined;
  }
}
