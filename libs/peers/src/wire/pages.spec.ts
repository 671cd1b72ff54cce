import { describe, expect, it } from '@jest/globals';
import { PAGE_ENTRIES, readPages } from './pages.js';

const entries = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

describe('a list that is read in pages', () => {
  it.each([0, 1, PAGE_ENTRIES - 1, PAGE_ENTRIES, PAGE_ENTRIES + 1, 5 * PAGE_ENTRIES])(
    'is whole with %i entries',
    async (count) => {
      const all = entries(count);
      const read = await readPages((after) => {
        const begin = after === undefined ? 0 : Number(after) + 1;
        return Promise.resolve(all.slice(begin, begin + PAGE_ENTRIES));
      }, String);
      expect(read).toEqual(all);
    },
  );

  it.each([3, PAGE_ENTRIES, 3 * PAGE_ENTRIES])('is read once from a peer without pages (%i)', async (count) => {
    const all = entries(count);
    expect(await readPages(() => Promise.resolve(all), String)).toEqual(all);
  });
});
