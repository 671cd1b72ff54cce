import { describe, expect, it } from '@jest/globals';
import { TransferErrorCode, transferError } from '@level-one/transfer';
import { Books } from '../books/books.js';
import type { BooksStore, Written } from '../books/books-store.js';
import type { Command } from '../commands/commands.js';
import { WriteQueue } from './write-queue.js';

/** A store in memory that counts batches and fails on demand. */
class MemoryStore {
  batches: number[] = [];
  failures: unknown[] = [];

  async writeBatch<T>(
    ids: readonly string[],
    _accounts: readonly string[],
    work: (books: Books) => T,
  ): Promise<Written<T>> {
    // During a commit other commands arrive.
    await new Promise(setImmediate);
    const failure = this.failures.shift();
    if (failure) throw failure;
    const books = new Books(
      {
        now: new Date(),
        transfers: new Map(),
        accounts: new Map(),
        voided: new Set(),
        charges: new Map(),
        tariff: [],
      },
      { lateGraceMs: 0, proposalLifetimeMs: 60_000 },
    );
    const result = work(books);
    this.batches.push(ids.length);
    return { result, books, lastSequence: 0n };
  }
}

function queueOn(store: MemoryStore): WriteQueue {
  return new WriteQueue(store as unknown as BooksStore, () => undefined);
}

let count = 0;
function command<T>(decide: () => T): Command<T> {
  count += 1;
  return { transferIds: [String(count)], accounts: [], decide };
}

function answer(value: number): Command<number> {
  return command(() => value);
}

describe('the write queue', () => {
  it('writes commands that arrive during a commit as one batch, and answers each by itself', async () => {
    const store = new MemoryStore();
    const queue = queueOn(store);
    const refusal = command(() => {
      throw transferError(TransferErrorCode.InsufficientFunds);
    });
    const outcomes = await Promise.allSettled([
      queue.submit(answer(1)),
      queue.submit(answer(2)),
      queue.submit(refusal),
      queue.submit(answer(3)),
    ]);
    expect(outcomes).toMatchObject([{ value: 1 }, { value: 2 }, { reason: { status: 422 } }, { value: 3 }]);
    expect(store.batches).toEqual([1, 3]);
  });

  it('undoes a batch with a broken command, and tries each command alone', async () => {
    const store = new MemoryStore();
    const queue = queueOn(store);
    const broken = command(() => {
      throw new TypeError('a bug');
    });
    const outcomes = await Promise.allSettled([
      queue.submit(answer(1)),
      queue.submit(answer(2)),
      queue.submit(broken),
      queue.submit(answer(3)),
    ]);
    expect(outcomes).toMatchObject([{ value: 1 }, { value: 2 }, { reason: { status: 503 } }, { value: 3 }]);
    expect(store.batches).toEqual([1, 1, 1]);
  });

  it('repeats a batch that the database rolled back, and answers 503 when the connection is lost', async () => {
    const store = new MemoryStore();
    const queue = queueOn(store);
    store.failures = [{ code: '40P01' }, { code: '40001' }];
    expect(await queue.submit(answer(1))).toBe(1);
    await queue.whenIdle();

    store.failures = [undefined, new Error('Connection terminated unexpectedly')];
    const outcomes = await Promise.allSettled([1, 2, 3].map((value) => queue.submit(answer(value))));
    const lost = { reason: { id: 'ServiceUnavailableError' } };
    expect(outcomes).toMatchObject([{ value: 1 }, lost, lost]);
    await queue.whenIdle();
    expect(await queue.submit(answer(4))).toBe(4);
  });
});
