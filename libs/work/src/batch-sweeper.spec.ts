import { describe, expect, it } from '@jest/globals';
import { BatchSweeper, workInBatches } from './batch-sweeper.js';

describe('workInBatches', () => {
  it('repeats until a batch is not full', async () => {
    const batches = [3, 3, 1, 3];
    await workInBatches(3, async () => batches.shift()!);
    expect(batches).toEqual([3]);
  });

  it('starts no batch after the signal is aborted', async () => {
    const stopping = new AbortController();
    let batches = 0;
    const work = async (size: number): Promise<number> => {
      batches += 1;
      stopping.abort();
      return size;
    };
    await workInBatches(3, work, stopping.signal);
    expect(batches).toBe(1);
  });
});

describe('a batch sweeper', () => {
  it('changes every row that is over in one run', async () => {
    let rows = 7;
    const batches: number[] = [];
    await new Promise<void>((resolve) => {
      const sweeper = new BatchSweeper({
        name: 'test',
        intervalMs: 60_000,
        logger: { error: () => undefined },
        size: 3,
        work: async (size) => {
          const changed = Math.min(size, rows);
          rows -= changed;
          batches.push(changed);
          if (changed < size) resolve();
          return changed;
        },
      });
      sweeper.runNow();
    });
    expect(batches).toEqual([3, 3, 1]);
  });
});
