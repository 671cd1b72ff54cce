import { describe, expect, it } from '@jest/globals';
import { currencyDecimals, currencySymbol, isCurrencyCode } from './currency.js';

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

  it.each([
    ['UGX', 0],
    ['RWF', 0],
    ['XOF', 0],
    ['JPY', 0],
    ['USD', 2],
    ['HUF', 2],
    ['KWD', 3],
    ['BHD', 3],
    ['CLF', 4],
    ['ZZZ', 2],
  ])('field E: %s has %p decimals', (code, decimals) => {
    expect(currencyDecimals(code)).toBe(decimals);
  });
});
