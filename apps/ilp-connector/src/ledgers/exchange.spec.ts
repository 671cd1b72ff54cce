import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Exchange, type LedgerUnit } from './exchange.js';

const unit = (currency: string, scale: number): LedgerUnit => ({ currency, scale, precision: 10 });
const USD = unit('USD', 2);

describe('an exchange', () => {
  it('changes nothing between ledgers of one currency and scale', () => {
    const exchange = new Exchange(USD, USD, { rate: undefined, spread: '0' });
    expect(exchange.isOneToOne).toBe(true);
    for (const amount of [1n, 1_040n, 9_999_999_999n]) {
      expect([exchange.toCentral(amount), exchange.ownFor(amount)]).toEqual([amount, amount]);
      expect([exchange.fromCentral(amount), exchange.centralFor(amount)]).toEqual([amount, amount]);
    }
  });

  it('changes euros into dollars, and keeps its spread', () => {
    const exchange = new Exchange(unit('EUR', 2), USD, { rate: '1.0850', spread: '0.005' });
    expect(exchange.isOneToOne).toBe(false);
    // 10.00 EUR x 1.085 x 0.995 = 10.79575 USD
    expect(exchange.toCentral(1_000n)).toBe(1_079n);
    // 10.79 / (1.085 x 0.995) = 9.99467… EUR
    expect(exchange.ownFor(1_079n)).toBe(1_000n);
    // 10.79 / 1.085 x 0.995 = 9.89497… EUR
    expect(exchange.fromCentral(1_079n)).toBe(989n);
    expect(exchange.centralFor(989n)).toBe(1_079n);
  });

  it('changes dollars into a currency without decimals', () => {
    const exchange = new Exchange(unit('TZS', 0), USD, { rate: '0.00037', spread: '0' });
    // 10.79 USD / 0.00037 = 29162.16… TZS
    expect(exchange.fromCentral(1_079n)).toBe(29_162n);
    expect(exchange.centralFor(29_162n)).toBe(1_079n);
  });

  it('is refused where the rate does not fit the currencies', () => {
    expect(() => new Exchange(unit('EUR', 2), USD, { rate: undefined, spread: '0' })).toThrow(RangeError);
    expect(() => new Exchange(USD, USD, { rate: '1.01', spread: '0' })).toThrow(RangeError);
    expect(new Exchange(USD, unit('USD', 4), { rate: '1', spread: '0' }).toCentral(1n)).toBe(100n);
  });

  const rates = fc
    .record({
      whole: fc.integer({ min: 0, max: 9_999 }),
      fraction: fc.integer({ min: 0, max: 999_999 }),
      spread: fc.integer({ min: 0, max: 999 }),
      own: fc.integer({ min: 0, max: 4 }),
      central: fc.integer({ min: 0, max: 4 }),
    })
    .filter(({ whole, fraction }) => whole + fraction > 0)
    .map(({ whole, fraction, spread, own, central }) => {
      const rate = `${whole}.${String(fraction).padStart(6, '0')}`;
      const options = { rate, spread: `0.${String(spread).padStart(3, '0')}` };
      return new Exchange(unit('EUR', own), unit('USD', central), options);
    });
  const amounts = fc.bigInt({ min: 1n, max: 9_999_999_999n });

  it('quotes the least that is enough, both ways', () => {
    fc.assert(
      fc.property(rates, amounts, (exchange, amount) => {
        const own = exchange.ownFor(amount);
        expect(exchange.toCentral(own)).toBeGreaterThanOrEqual(amount);
        expect(exchange.toCentral(own - 1n)).toBeLessThan(amount);
        const central = exchange.centralFor(amount);
        expect(exchange.fromCentral(central)).toBeGreaterThanOrEqual(amount);
        expect(exchange.fromCentral(central - 1n)).toBeLessThan(amount);
      }),
    );
  });

  it('makes no money, there and back again', () => {
    fc.assert(
      fc.property(rates, amounts, (exchange, amount) => {
        expect(exchange.fromCentral(exchange.toCentral(amount))).toBeLessThanOrEqual(amount);
        expect(exchange.toCentral(exchange.fromCentral(amount))).toBeLessThanOrEqual(amount);
      }),
    );
  });

  it('pays no more for two halves than for the whole', () => {
    fc.assert(
      fc.property(rates, amounts, amounts, (exchange, one, other) => {
        const halves = exchange.toCentral(one) + exchange.toCentral(other);
        expect(halves).toBeLessThanOrEqual(exchange.toCentral(one + other));
      }),
    );
  });
});
