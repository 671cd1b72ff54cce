import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  AmountError,
  formatAmount,
  formatShortest,
  mulDivRound,
  parseAmount,
  type ParseAmountOptions,
  type RoundingMode,
} from './amount.js';

function reasonFor(value: unknown, opts?: ParseAmountOptions): string {
  try {
    return `accepted ${parseAmount(value, opts)}`;
  } catch (error) {
    if (error instanceof AmountError) return error.reason;
    throw error;
  }
}

const MAX_MINOR = 9_999_999_999n;

describe('parseAmount', () => {
  it.each<[unknown, bigint]>([
    ['10.40', 1040n],
    ['10.4', 1040n],
    ['10', 1000n],
    ['007.50', 750n],
    ['0.01', 1n],
    ['1.000', 100n],
    ['99999999.99', MAX_MINOR],
    [9.25, 925n],
    [50, 5000n],
    [0.01, 1n],
  ])('parses %p as %p minor units', (value, minor) => {
    expect(parseAmount(value)).toBe(minor);
  });

  it.each<[unknown, string]>([
    ['', 'form'],
    [' 1', 'form'],
    ['1\n', 'form'],
    ['+1', 'form'],
    ['.5', 'form'],
    ['5.', 'form'],
    ['1,5', 'form'],
    ['1e2', 'form'],
    ['0x10', 'form'],
    ['١', 'form'],
    ['-', 'form'],
    ['--1', 'form'],
    ['-1e2', 'form'],
    [NaN, 'form'],
    [Infinity, 'form'],
    [-Infinity, 'form'],
    [null, 'form'],
    [undefined, 'form'],
    [true, 'form'],
    [['1'], 'form'],
    [{}, 'form'],
    [1n, 'form'],
    ['-1', 'negative'],
    ['-0.001', 'negative'],
    [-5, 'negative'],
    [-1e21, 'negative'],
    ['0', 'zero'],
    ['0.00', 'zero'],
    [0, 'zero'],
    [-0, 'zero'],
    ['1.001', 'scale'],
    ['0.001', 'scale'],
    [0.1 + 0.2, 'scale'],
    [1e-7, 'scale'],
    ['100000000', 'precision'],
    ['100000000.00', 'precision'],
    [1e21, 'precision'],
    ['9'.repeat(100_000), 'precision'],
  ])('refuses %p: %s', (value, reason) => {
    expect(reasonFor(value)).toBe(reason);
  });

  it('accepts zero if the option allows it', () => {
    expect(parseAmount('0', { allowZero: true })).toBe(0n);
    expect(reasonFor('-0', { allowZero: true })).toBe('negative');
  });

  it('applies another scale and precision', () => {
    expect(parseAmount('1234', { scale: 0, precision: 4 })).toBe(1234n);
    expect(reasonFor('1.5', { scale: 0 })).toBe('scale');
    expect(parseAmount('1.2345', { scale: 4 })).toBe(12_345n);
    expect(reasonFor('12345', { scale: 0, precision: 4 })).toBe('precision');
  });

  it('has the error messages of the ledgers', () => {
    expect(() => parseAmount('0')).toThrow('Amount must be a positive number excluding zero.');
    expect(() => parseAmount('1.001')).toThrow('Amount exceeds allowed precision scale=2 precision=10');
  });

  it('refuses everything else with an AmountError', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double(), fc.anything()), (value) => {
        expect(() => reasonFor(value)).not.toThrow();
      }),
    );
  });
});

describe('formatAmount and formatShortest', () => {
  it.each<[bigint, number, string, string]>([
    [1040n, 2, '10.40', '10.4'],
    [925n, 2, '9.25', '9.25'],
    [100n, 2, '1.00', '1'],
    [1000n, 2, '10.00', '10'],
    [5n, 2, '0.05', '0.05'],
    [0n, 2, '0.00', '0'],
    [-5n, 2, '-0.05', '-0.05'],
    [-123_400n, 2, '-1234.00', '-1234'],
    [1000n, 0, '1000', '1000'],
    [12_345n, 4, '1.2345', '1.2345'],
  ])('%p at scale %p is %s, shortest %s', (minor, scale, exact, shortest) => {
    expect(formatAmount(minor, scale)).toBe(exact);
    expect(formatShortest(minor, scale)).toBe(shortest);
  });

  it('is parsed back to the same amount', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, MAX_MINOR), fc.nat(8), (minor, scale) => {
        const opts = { scale, allowZero: true };
        expect(parseAmount(formatAmount(minor, scale), opts)).toBe(minor);
        expect(parseAmount(formatShortest(minor, scale), opts)).toBe(minor);
      }),
    );
  });

  it('is parsed back from a JSON number too, at scale 2', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, MAX_MINOR), (minor) => {
        expect(parseAmount(Number(formatAmount(minor)))).toBe(minor);
      }),
    );
  });
});

describe('mulDivRound', () => {
  it.each<[RoundingMode, bigint, bigint]>([
    ['half-up', 5n, 3n],
    ['half-up', -5n, -3n],
    ['down', 5n, 2n],
    ['down', -5n, -2n],
    ['up', 5n, 3n],
    ['up', -5n, -3n],
  ])('rounds %s: half of %p is %p', (mode, value, half) => {
    expect(mulDivRound(value, 1n, 2n, mode)).toBe(half);
    expect(mulDivRound(value, -1n, -2n, mode)).toBe(half);
    expect(mulDivRound(-value, 1n, -2n, mode)).toBe(half);
  });

  it('does not round an exact quotient, and refuses to divide by zero', () => {
    expect(mulDivRound(10n, 3n, 5n, 'up')).toBe(6n);
    expect(mulDivRound(0n, 3n, -5n, 'up')).toBe(0n);
    expect(() => mulDivRound(1n, 1n, 0n, 'down')).toThrow(RangeError);
  });

  it('differs from the exact result by no more than its mode allows', () => {
    const denominators = fc.bigInt(1n, 10n ** 9n);
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 12n),
        fc.bigInt(0n, 10n ** 9n),
        denominators,
        (value, numerator, denominator) => {
          const exact = value * numerator;
          const errorOf = (mode: RoundingMode) =>
            mulDivRound(value, numerator, denominator, mode) * denominator - exact;
          expect(errorOf('down') <= 0n && errorOf('down') > -denominator).toBe(true);
          expect(errorOf('up') >= 0n && errorOf('up') < denominator).toBe(true);
          expect(errorOf('half-up') * 2n <= denominator && errorOf('half-up') * 2n > -denominator).toBe(true);
        },
      ),
    );
  });
});
