import { describe, expect, it } from '@jest/globals';
import { AmountError } from '@level-one/money';
import * as fc from 'fast-check';
import { computeTariff, parsePercent, type TariffTier } from './tariff.js';

function tier(values: Partial<TariffTier>): TariffTier {
  return { startAmount: 0n, percentMillionths: null, percentBase: null, minValue: null, maxValue: null, ...values };
}

const usdFee = [tier({ startAmount: 2000n, percentMillionths: parsePercent('1'), minValue: 100n, maxValue: 500n })];
const usdCommission = [
  tier({
    startAmount: 1000n,
    percentMillionths: parsePercent('2'),
    minValue: 0n,
    maxValue: 5000n,
    percentBase: 5000n,
  }),
];

describe('computeTariff', () => {
  it.each([
    ['1040', 1040n, 0n],
    ['just below the start', 1999n, 0n],
    ['at the start, raised to the minimum', 2000n, 100n],
    ['where 1 % passes the minimum', 10_050n, 101n],
    ['below the half cent', 10_049n, 100n],
    ['at the maximum', 50_000n, 500n],
    ['beyond the maximum', 100_000n, 500n],
  ])('the seed fee: %s', (_name, amount, fee) => {
    expect(computeTariff(usdFee, amount)).toBe(fee);
  });

  it.each([
    ['below the start', 999n, 0n],
    ['below the base', 4999n, 0n],
    ['at the base', 5000n, 0n],
    ['2 % of what exceeds the base', 10_000n, 100n],
    ['rounded half up', 5025n, 1n],
    ['rounded down', 5024n, 0n],
    ['at most the maximum', 1_000_000n, 5000n],
  ])('the seed commission: %s', (_name, amount, commission) => {
    expect(computeTariff(usdCommission, amount)).toBe(commission);
  });

  it('charges a flat amount without a percentage, and nothing without tiers or values', () => {
    expect(computeTariff([tier({ minValue: 100n, maxValue: 100n })], 5n)).toBe(100n);
    expect(computeTariff([tier({})], 1000n)).toBe(0n);
    expect(computeTariff([], 1000n)).toBe(0n);
  });

  it('uses the tier with the highest start, in any order of the tiers', () => {
    const tiers = [
      tier({ startAmount: 100n, minValue: 2n }),
      tier({ minValue: 1n }),
      tier({ startAmount: 50n, minValue: 3n }),
    ];
    expect([49n, 50n, 99n, 100n].map((amount) => computeTariff(tiers, amount))).toEqual([1n, 3n, 3n, 2n]);
  });

  it('prefers the maximum to the minimum', () => {
    expect(computeTariff([tier({ minValue: 10n, maxValue: 5n })], 1n)).toBe(5n);
  });

  it('stays between its bounds and never falls as the amount rises within a tier', () => {
    const money = fc.bigInt(0n, 10n ** 10n);
    const anyTier = fc.record({
      startAmount: fc.constant(0n),
      percentMillionths: fc.option(fc.bigInt(0n, 100_000_000n)),
      percentBase: fc.option(money),
      minValue: fc.option(money),
      maxValue: fc.option(money),
    });
    fc.assert(
      fc.property(anyTier, money, money, (only, amount, more) => {
        const charge = computeTariff([only], amount);
        expect(charge >= 0n).toBe(true);
        expect(only.maxValue === null || charge <= only.maxValue).toBe(true);
        expect(charge >= (only.minValue ?? 0n) || charge === only.maxValue).toBe(true);
        expect(computeTariff([only], amount + more) >= charge).toBe(true);
      }),
    );
  });
});

describe('parsePercent', () => {
  it('is exact to a millionth of a percent', () => {
    expect(parsePercent('1')).toBe(1_000_000n);
    expect(parsePercent(0.25)).toBe(250_000n);
    expect(parsePercent('0')).toBe(0n);
    expect(parsePercent('0.000001')).toBe(1n);
    expect(() => parsePercent('0.0000001')).toThrow(AmountError);
    expect(() => parsePercent('-1')).toThrow(AmountError);
    expect(() => parsePercent('1 %')).toThrow(AmountError);
  });
});
