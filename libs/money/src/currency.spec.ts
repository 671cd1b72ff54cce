import { describe, expect, it } from '@jest/globals';
import { currencySymbol, isCurrencyCode } from './currency.js';

describe('currency', () => {
  it.each([
    ['USD', '$'],
    ['TZS', 'TSh'],
    ['EUR', '€'],
    ['ZZZ', 'ZZZ'],
    ['constructor', 'constructor'],
  ])('shows %s as %s', (code, symbol) => {
    expect(currencySymbol(code)).toBe(symbol);
  });

  it.each<[unknown, boolean]>([
    ['USD', true],
    ['ZZZ', true],
    ['usd', false],
    ['US', false],
    ['USDD', false],
    ['USD\n', false],
    [840, false],
    [undefined, false],
  ])('%p is a code: %p', (value, expected) => {
    expect(isCurrencyCode(value)).toBe(expected);
  });
});
