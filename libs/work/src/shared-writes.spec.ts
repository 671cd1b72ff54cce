import { describe, expect, it, jest } from '@jest/globals';
import { DatabaseTrouble, DatabaseTroubleError } from './database/index.js';
import { SharedWrites } from './shared-writes.js';

/** Ways to write that note what they were given: numbers, of which the even ones change something. */
function noted(refuse: (writes: readonly number[]) => void = () => undefined) {
  const written: number[][] = [];
  const write = (writes: readonly number[]): boolean[] => {
    written.push([...writes]);
    refuse(writes);
    return writes.map((one) => one % 2 === 0);
  };
  const writes = new SharedWrites<number>({
    alone: async (one) => write([one])[0]!,
    together: async (some) => write(some),
  });
  return { writes, written };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('writes that nobody waits for', () => {
  it('share a statement, and each is told whether it changed something', async () => {
    const { writes, written } = noted();
    const changed = await Promise.all([1, 2, 4].map((one) => writes.write(one)));
    expect(changed).toEqual([false, true, true]);
    expect(written).toEqual([[1, 2, 4]]);
  });

  it('wait for others no longer than for a time, and one that is alone is written by itself', async () => {
    const { writes, written } = noted();
    expect(await writes.write(2)).toBe(true);
    expect(await writes.write(3)).toBe(false);
    expect(written).toEqual([[2], [3]]);
  });

  it('are written as several where there is no other way for one alone', async () => {
    const written: (readonly number[])[] = [];
    const writes = new SharedWrites<number>({
      together: async (some) => {
        written.push(some);
        return some.map((one) => one === 2);
      },
    });
    expect([await writes.write(2), await writes.write(3)]).toEqual([true, false]);
    expect(written).toEqual([[2], [3]]);
  });

  it('go out at once when there are many', async () => {
    const { writes, written } = noted();
    const all = Promise.all(range(35).map((one) => writes.write(one)));
    await Promise.resolve();
    expect(written.map(({ length }) => length)).toEqual([16, 16]);
    expect(await all).toHaveLength(35);
    expect(written.flat()).toEqual(range(35));
  });

  it('are written at once where that is asked for, and what is under way is waited for', async () => {
    const { writes, written } = noted();
    const done: number[] = [];
    for (const one of range(18)) void writes.write(one).then(() => done.push(one));
    await writes.settle();
    expect(written).toEqual([range(16), [16, 17]]);
    expect(done).toHaveLength(18);
    await writes.settle();
    expect(written).toHaveLength(2);
  });

  it('can be settled although one of them fails', async () => {
    const { writes } = noted(() => {
      throw new Error('refused');
    });
    const [outcome] = await Promise.all([Promise.allSettled([writes.write(2)]), writes.settle()]);
    expect(outcome).toEqual([{ status: 'rejected', reason: new Error('refused') }]);
  });

  it('wait for another time where that is given, and answer what they are told to', async () => {
    jest.useFakeTimers();
    try {
      const together = jest.fn(async (some: readonly number[]) => some.map((one) => `${one} of ${some.length}`));
      const writes = new SharedWrites<number, string>({ together, withinMs: 1_000 });
      const first = writes.write(1);
      await jest.advanceTimersByTimeAsync(900);
      const second = writes.write(2);
      expect(together).not.toHaveBeenCalled();
      await jest.advanceTimersByTimeAsync(100);
      expect(await Promise.all([first, second])).toEqual(['1 of 2', '2 of 2']);
    } finally {
      jest.useRealTimers();
    }
  });

  it('are written one by one when locks are in the way', async () => {
    const { writes, written } = noted((some) => {
      if (some.length > 1) throw Object.assign(new Error('deadlock detected'), { code: '40P01' });
    });
    expect(await Promise.all([2, 3].map((one) => writes.write(one)))).toEqual([true, false]);
    expect(written).toEqual([[2, 3], [2], [3]]);
  });

  it('are written one by one when the database refuses one of them', async () => {
    const { writes, written } = noted((some) => {
      if (some.includes(3)) throw new Error('3 is refused');
    });
    const outcomes = await Promise.allSettled([2, 3, 4].map((one) => writes.write(one)));
    expect(outcomes).toEqual([
      { status: 'fulfilled', value: true },
      { status: 'rejected', reason: new Error('3 is refused') },
      { status: 'fulfilled', value: true },
    ]);
    expect(written).toEqual([[2, 3, 4], [2], [3], [4]]);
  });

  it('fail together while the database is away, without a try for each', async () => {
    const away = new DatabaseTroubleError(DatabaseTrouble.Away, 'away');
    const { writes, written } = noted(() => {
      throw away;
    });
    const outcomes = await Promise.allSettled([2, 4].map((one) => writes.write(one)));
    expect(outcomes).toEqual([away, away].map((reason) => ({ status: 'rejected', reason })));
    expect(written).toEqual([[2, 4]]);
  });
});
