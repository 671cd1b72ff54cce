import { expect, it } from '@jest/globals';
import { partsOf } from './parts.js';

it('parts of a list have all its items, in their order', () => {
  expect([...partsOf([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
  expect([...partsOf([1, 2], 2)]).toEqual([[1, 2]]);
  expect([...partsOf([], 2)]).toEqual([]);
});
