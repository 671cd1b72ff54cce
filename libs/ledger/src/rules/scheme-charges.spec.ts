import { describe, expect, it } from '@jest/globals';
import { schemeChargeFor, schemeChargesOn } from './scheme-charges.js';
import { ChargeParty, RateType, type SchemeCharge } from '../schema/scheme-charge.entity.js';

const { Sender, Receiver, Ledger } = ChargeParty;

function charge(change: Partial<SchemeCharge> = {}): SchemeCharge {
  return {
    name: 'interchange',
    code: '001',
    rateType: RateType.Flat,
    rate: 25n,
    minimum: 0n,
    maximum: null,
    isActive: true,
    payer: Sender,
    payee: Ledger,
    createdAt: new Date(0),
    ...change,
  };
}

const percent = (rate: bigint): SchemeCharge => charge({ rateType: RateType.Percent, rate });

describe('the amount of a charge', () => {
  it.each<[string, bigint, SchemeCharge, bigint]>([
    ['a flat rate, whatever the amount', 1n, charge(), 25n],
    ['5 % of 100.00', 10_000n, percent(50_000n), 500n],
    ['0.25 % of 10.00, half a cent, is rounded up', 1_000n, percent(2_500n), 3n],
    ['0.25 % of 9.99, less than half, is rounded down', 999n, percent(2_500n), 2n],
    ['0.25 % of 1.99, less than half a cent, is nothing', 199n, percent(2_500n), 0n],
    ['0.25 % of 2.00 is a cent', 200n, percent(2_500n), 1n],
    ['the smallest rate of the largest amount', 9_999_999_999n, percent(1n), 10_000n],
    ['more than the whole', 100n, percent(2_000_000n), 200n],
  ])('%s', (_, amount, given, expected) => {
    expect(schemeChargeFor(amount, given)).toBe(expected);
  });

  it('is zero outside its bounds, which are inclusive, and zero while it is inactive', () => {
    const bounded = charge({ minimum: 100n, maximum: 200n });
    expect([99n, 100n, 200n, 201n].map((amount) => schemeChargeFor(amount, bounded))).toEqual([0n, 25n, 25n, 0n]);
    expect(schemeChargeFor(150n, { ...bounded, isActive: false })).toBe(0n);
  });
});

describe('the charges of the scheme for a transfer', () => {
  const transfer = { debitAccount: 'dfsp1', creditAccount: 'dfsp2', amount: 1_000n };

  it.each([
    [Sender, Ledger, 'dfsp1', 'fees'],
    [Sender, Receiver, 'dfsp1', 'dfsp2'],
    [Receiver, Sender, 'dfsp2', 'dfsp1'],
    [Receiver, Ledger, 'dfsp2', 'fees'],
    [Ledger, Sender, 'fees', 'dfsp1'],
    [Ledger, Receiver, 'fees', 'dfsp2'],
  ])('%s pays %s', (payer, payee, debitAccount, creditAccount) => {
    expect(schemeChargesOn(transfer, [charge({ payer, payee })])).toEqual([
      { debitAccount, creditAccount, amount: 25n, kind: 'fee' },
    ]);
  });

  it('are all charges that are not zero, in order', () => {
    const tariff = [charge(), percent(1n), charge({ rate: 1n, payer: Receiver }), charge({ minimum: 1_001n })];
    expect(schemeChargesOn(transfer, tariff).map(({ amount }) => amount)).toEqual([25n, 1n]);
  });

  it('are none when money is issued or taken back, or when payer and payee are one account', () => {
    for (const change of [{ debitAccount: 'issuance' }, { creditAccount: 'issuance' }, { debitAccount: 'fees' }]) {
      expect(schemeChargesOn({ ...transfer, ...change }, [charge()])).toEqual([]);
    }
    const between = charge({ payee: Receiver });
    expect(schemeChargesOn({ ...transfer, creditAccount: 'dfsp1' }, [between])).toEqual([]);
  });
});
