import { describe, expect, it } from '@jest/globals';
import { inCausalOrder, type OrderedSpan } from './causal-order.js';

const span = (spanId: string, startMs: number, parentId: string | null = null): OrderedSpan => ({
  spanId,
  parentId,
  startMs,
});
const idsOf = (spans: readonly OrderedSpan[]) => inCausalOrder(spans).map(({ spanId }) => spanId);

describe('the causal order of spans', () => {
  it('is that of their starts', () => {
    expect(idsOf([span('later', 2), span('first', 1)])).toEqual(['first', 'later']);
  });

  it('has no span before the one that caused it, whatever the clocks say', () => {
    expect(idsOf([span('c', 3, 'b'), span('b', 4, 'a'), span('a', 10), span('other', 5)])).toEqual([
      'other',
      'a',
      'b',
      'c',
    ]);
  });

  it('ends for spans that name each other, and for causes that are not known', () => {
    expect(idsOf([span('a', 2, 'b'), span('b', 1, 'a'), span('c', 0, 'unknown')]).toSorted()).toEqual(['a', 'b', 'c']);
  });
});
