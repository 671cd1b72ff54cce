import { describe, expect, it } from '@jest/globals';
import { uuidRange } from './uuid-beginning.js';

describe('ids that begin with a text', () => {
  it('are a range', () => {
    expect(uuidRange('C178FE87')).toEqual({
      first: 'c178fe87-0000-0000-0000-000000000000',
      last: 'c178fe87-ffff-ffff-ffff-ffffffffffff',
    });
    const whole = 'c178fe87-a7af-4cde-b9b7-6b5aa4dfc9e2';
    expect(uuidRange(whole)).toEqual({ first: whole, last: whole });
    expect(uuidRange('c178fe87-a7')?.first).toBe('c178fe87-a700-0000-0000-000000000000');
  });

  it.each(['c178fe8', 'c178fe87a', 'c178fe8g', '9.70', `c178fe87-a7af-4cde-b9b7-6b5aa4dfc9e2f`])(
    'are none for %j',
    (text) => {
      expect(uuidRange(text)).toBeUndefined();
    },
  );
});
