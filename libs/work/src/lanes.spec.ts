import { describe, expect, it } from '@jest/globals';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { workInLanes } from './lanes.js';

describe('work in lanes', () => {
  it('is done at once, up to the number of lanes', async () => {
    const left = Array.from({ length: 20 }, (_, index) => index);
    const done: number[] = [];
    let running = 0;
    let most = 0;
    await workInLanes({
      lanes: 4,
      take: () => Promise.resolve(left.shift()),
      work: async (piece) => {
        most = Math.max(most, ++running);
        await nextTurn();
        running -= 1;
        done.push(piece);
      },
    });
    expect(done).toHaveLength(20);
    expect(most).toBe(4);
  });

  it('is looked for once if there is none', async () => {
    let looks = 0;
    const take = (): Promise<undefined> => {
      looks += 1;
      return Promise.resolve(undefined);
    };
    await workInLanes({ lanes: 4, take, work: () => Promise.reject(new Error('no')) });
    expect(looks).toBe(1);
  });

  it('ends when the signal is aborted', async () => {
    const stopping = new AbortController();
    let done = 0;
    await workInLanes({
      lanes: 2,
      take: () => Promise.resolve('again'),
      work: () => {
        if (++done === 3) stopping.abort();
        return Promise.resolve();
      },
      signal: stopping.signal,
    });
    expect(done).toBeLessThanOrEqual(4);
  });
});
