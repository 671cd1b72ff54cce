import { describe, expect, it } from '@jest/globals';
import { addAmounts, formatAmount, formatMoney, isAmount } from './money.js';

describe('an amount', () => {
  it('is shown exactly, with the decimals of its currency', () => {
    expect(formatAmount('10.4')).toBe('10.40');
    expect(formatAmount('-1234567.891')).toBe('−1\u202F234\u202F567.891');
    expect(formatAmount('90071992547409931.01')).toBe('90\u202F071\u202F992\u202F547\u202F409\u202F931.01');
    expect(formatAmount('1040', 0)).toBe('1\u202F040');
    expect(formatMoney('0', 'USD')).toBe('0.00\u00A0USD');
  });

  it('is shown as it is if it is none', () => {
    expect(formatAmount('-infinity')).toBe('-infinity');
  });

  it('may be typed only above zero and with the decimals of its currency', () => {
    expect(['10', '10.4', '10.40', '0.01'].every((text) => isAmount(text))).toBe(true);
    expect(['', '0', '0.00', '-1', '1.234', '1,5', 'x'].some((text) => isAmount(text))).toBe(false);
    expect(isAmount('10.4', 0)).toBe(false);
  });

  it('adds amounts of any number of decimals exactly', () => {
    expect(addAmounts('10.00', '0.25')).toBe('10.25');
    expect(addAmounts('0.1', '0.02')).toBe('0.12');
    expect(addAmounts('99999999999.99', '1')).toBe('100000000000.99');
    expect(addAmounts('7', '3')).toBe('10');
  });
});
