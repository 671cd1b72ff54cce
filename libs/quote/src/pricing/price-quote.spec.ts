import { describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { formatShortest, parseAmount } from '@level-one/money';
import * as fc from 'fast-check';
import { AmountType, parseAmountType } from '../terms/amount-type.js';
import { type PriceQuote, priceQuote, type PriceTerms } from './price-quote.js';
import { computeTariff, type TariffTier } from '../../../tariff/src/fees/tariff.js';

const minor = (text: string): bigint => parseAmount(text, { allowZero: true });

const MOST = 9_999_999_999n;
const money = fc.bigInt(0n, MOST);
const amounts = fc.bigInt(1n, MOST);
const types = fc.constantFrom(AmountType.Send, AmountType.Receive);
const tiers: fc.Arbitrary<TariffTier[]> = fc.array(
  fc.record({
    startAmount: money,
    percentMillionths: fc.option(fc.bigInt(0n, 100_000_000n)),
    percentBase: fc.option(money),
    minValue: fc.option(money),
    maxValue: fc.option(money),
  }),
  { maxLength: 4 },
);

/** Undefined if the amount does not cover the fee. */
function priceOrNothing(terms: PriceTerms): PriceQuote | undefined {
  try {
    return priceQuote(terms);
  } catch (error) {
    if (error instanceof ContractError && error.message === 'Amount does not cover the fee') return undefined;
    throw error;
  }
}

/** Changes of balances by one payment, by account (N99). */
function changesOf({ transferAmount, charged, payeeCommission, payerFee }: PriceQuote): Record<string, bigint> {
  return {
    payer: -transferAmount - payerFee,
    payerDfsp: payerFee,
    payee: transferAmount - charged,
    payeeDfsp: charged - payeeCommission,
    agent: payeeCommission,
  };
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

describe('priceQuote', () => {
  it.each`
    type         | amount     | F         | K         | P        | C        | charged   | T          | R         | total      | why
    ${'SEND'}    | ${'10'}    | ${'0.25'} | ${'0.25'} | ${'1'}   | ${'1'}   | ${'0.75'} | ${'10'}    | ${'9.25'} | ${'10.25'} | ${'the seed'}
    ${'RECEIVE'} | ${'10'}    | ${'0.25'} | ${'0.25'} | ${'1'}   | ${'1'}   | ${'0.75'} | ${'10.75'} | ${'10'}   | ${'11'}    | ${'its twin'}
    ${'SEND'}    | ${'10'}    | ${'0'}    | ${'0'}    | ${'1'}   | ${'0'}   | ${'1'}    | ${'10'}    | ${'9'}    | ${'10'}    | ${'no credit'}
    ${'RECEIVE'} | ${'10'}    | ${'0'}    | ${'0'}    | ${'1'}   | ${'0'}   | ${'1'}    | ${'11'}    | ${'10'}   | ${'11'}    | ${'no credit'}
    ${'SEND'}    | ${'10'}    | ${'2'}    | ${'2'}    | ${'1'}   | ${'0'}   | ${'0'}    | ${'10'}    | ${'10'}   | ${'12'}    | ${'K above P'}
    ${'RECEIVE'} | ${'10'}    | ${'2'}    | ${'2'}    | ${'1'}   | ${'0'}   | ${'0'}    | ${'10'}    | ${'10'}   | ${'12'}    | ${'K above P'}
    ${'SEND'}    | ${'10'}    | ${'1'}    | ${'1'}    | ${'1'}   | ${'0'}   | ${'0'}    | ${'10'}    | ${'10'}   | ${'11'}    | ${'K equals P'}
    ${'RECEIVE'} | ${'10'}    | ${'1'}    | ${'1'}    | ${'1'}   | ${'0'}   | ${'0'}    | ${'10'}    | ${'10'}   | ${'11'}    | ${'K equals P'}
    ${'SEND'}    | ${'10'}    | ${'0'}    | ${'0'}    | ${'0'}   | ${'0'}   | ${'0'}    | ${'10'}    | ${'10'}   | ${'10'}    | ${'no fee at all'}
    ${'RECEIVE'} | ${'10'}    | ${'0'}    | ${'0'}    | ${'0'}   | ${'0'}   | ${'0'}    | ${'10'}    | ${'10'}   | ${'10'}    | ${'no fee at all'}
    ${'SEND'}    | ${'9.25'}  | ${'0.1'}  | ${'0.1'}  | ${'0.3'} | ${'2.5'} | ${'0.2'}  | ${'9.25'}  | ${'9.05'} | ${'9.35'}  | ${'decimals'}
    ${'RECEIVE'} | ${'9.25'}  | ${'0.1'}  | ${'0.1'}  | ${'0.3'} | ${'2.5'} | ${'0.2'}  | ${'9.45'}  | ${'9.25'} | ${'9.55'}  | ${'decimals'}
    ${'SEND'}    | ${'10.40'} | ${'0'}    | ${'0'}    | ${'0'}   | ${'50'}  | ${'0'}    | ${'10.4'}  | ${'10.4'} | ${'10.4'}  | ${'a commission changes nothing'}
    ${'SEND'}    | ${'1.01'}  | ${'0'}    | ${'0'}    | ${'1'}   | ${'0'}   | ${'1'}    | ${'1.01'}  | ${'0.01'} | ${'1.01'}  | ${'a cent is left'}
    ${'RECEIVE'} | ${'0.01'}  | ${'0'}    | ${'0'}    | ${'5'}   | ${'0'}   | ${'5'}    | ${'5.01'}  | ${'0.01'} | ${'5.01'}  | ${'a fee above the amount'}
  `('N95: $type $amount, $why', ({ type, amount, F, K, P, C, charged, T, R, total }: Record<string, string>) => {
    const quote = priceQuote({
      amount: minor(amount!),
      amountType: parseAmountType(type),
      payeeFee: minor(P!),
      payeeCommission: minor(C!),
      payerFee: minor(F!),
      payerFeeCredit: minor(K!),
    });
    expect(Object.fromEntries(Object.entries(quote).map(([name, value]) => [name, formatShortest(value)]))).toEqual({
      transferAmount: T,
      charged,
      receiveAmount: R,
      payeeFee: P,
      payeeCommission: C,
      payerFee: F,
      payerTotal: total,
    });
  });

  it.each`
    type         | charged  | T         | R         | total
    ${'SEND'}    | ${'100'} | ${'1000'} | ${'900'}  | ${'1025'}
    ${'RECEIVE'} | ${'100'} | ${'1100'} | ${'1000'} | ${'1125'}
  `('D20: charges all of P without netting, $type', ({ type, charged, T, R, total }: Record<string, string>) => {
    const terms = {
      amount: 1000n,
      payeeFee: 100n,
      payeeCommission: 100n,
      payerFee: 25n,
      payerFeeCredit: 25n,
      feeNetting: false,
    };
    expect(priceQuote({ ...terms, amountType: parseAmountType(type) })).toMatchObject({
      charged: BigInt(charged!),
      transferAmount: BigInt(T!),
      receiveAmount: BigInt(R!),
      payerTotal: BigInt(total!),
    });
  });

  it.each([
    ['the fee is the whole amount', 100n],
    ['the fee is more than the amount', 99n],
  ])('refuses an amount that does not cover the fee: %s', (_name, amount) => {
    const terms = { amount, payeeFee: 100n, payeeCommission: 0n, payerFee: 0n };
    expect(() => priceQuote({ ...terms, amountType: AmountType.Send })).toThrow(
      expect.objectContaining({
        status: 422,
        id: 'UnprocessableEntityError',
        message: 'Amount does not cover the fee',
      }),
    );
    expect(priceQuote({ ...terms, amountType: AmountType.Receive }).receiveAmount).toBe(amount);
    expect(priceQuote({ ...terms, amountType: AmountType.Send, payerFeeCredit: 50n }).receiveAmount).toBe(amount - 50n);
  });

  it('refuses zero and negative amounts, and negative fees', () => {
    const terms = { amount: 0n, payeeFee: 0n, payeeCommission: 0n, payerFee: 0n };
    for (const amountType of Object.values(AmountType)) {
      expect(() => priceQuote({ ...terms, amountType })).toThrow(ContractError);
      expect(() => priceQuote({ ...terms, amountType, amount: -1n })).toThrow(ContractError);
      for (const name of ['payeeFee', 'payeeCommission', 'payerFee', 'payerFeeCredit']) {
        expect(() => priceQuote({ ...terms, amountType, amount: 10n, [name]: -1n })).toThrow(RangeError);
      }
    }
  });

  it('N99: debits the payer exactly what all others gain, at any tariff and amount', () => {
    fc.assert(
      fc.property(
        tiers,
        tiers,
        tiers,
        amounts,
        types,
        fc.boolean(),
        money,
        (fees, commissions, payerFees, amount, amountType, feeNetting, payerFeeCredit) => {
          const quote = priceOrNothing({
            amount,
            amountType,
            feeNetting,
            payerFeeCredit,
            payeeFee: computeTariff(fees, amount),
            payeeCommission: computeTariff(commissions, amount),
            payerFee: computeTariff(payerFees, amount),
          });
          expect(quote !== undefined || amountType === AmountType.Send).toBe(true);
          if (!quote) return;
          expect(sum(Object.values(changesOf(quote)))).toBe(0n);
          expect(quote.payerTotal).toBe(quote.receiveAmount + quote.charged + quote.payerFee);
          expect(quote.receiveAmount > 0n && quote.charged >= 0n && quote.charged <= quote.payeeFee).toBe(true);
          expect(amountType === AmountType.Send ? quote.transferAmount : quote.receiveAmount).toBe(amount);
        },
      ),
    );
  });

  it('A15: gives the payee the same amount whatever the payer’s fee is', () => {
    fc.assert(
      fc.property(amounts, money, money, money, money, types, (amount, payeeFee, credit, one, other, amountType) => {
        const terms = { amount, amountType, payeeFee, payeeCommission: 0n, payerFeeCredit: credit };
        const told = [one, other].map((payerFee) => {
          const quote = priceOrNothing({ ...terms, payerFee });
          return quote && { ...quote, payerFee: 0n, payerTotal: quote.payerTotal - payerFee };
        });
        expect(told[0]).toEqual(told[1]);
      }),
    );
  });

  it('returns to the same amount by the other amount type if the fees are flat', () => {
    fc.assert(
      fc.property(
        amounts,
        fc.bigInt(0n, 10_000n),
        fc.bigInt(0n, 10_000n),
        types,
        fc.boolean(),
        (amount, payeeFee, payerFee, amountType, feeNetting) => {
          const flat = { payeeFee, payerFee, payerFeeCredit: payerFee, payeeCommission: 0n, feeNetting };
          const there = priceOrNothing({ ...flat, amount, amountType });
          if (!there) return;
          const isSend = amountType === AmountType.Send;
          const back = priceQuote({
            ...flat,
            amount: isSend ? there.receiveAmount : there.transferAmount,
            amountType: isSend ? AmountType.Receive : AmountType.Send,
          });
          expect(back).toEqual(there);
        },
      ),
    );
  });

  it('keeps every number in its shortest text form', () => {
    fc.assert(
      fc.property(
        amounts,
        money,
        money,
        types,
        fc.constantFrom(0, 2, 3, 4),
        (amount, payeeFee, payerFee, amountType, scale) => {
          const quote = priceOrNothing({ amount, amountType, payeeFee, payeeCommission: payeeFee, payerFee });
          for (const value of Object.values(quote ?? {})) {
            const text = formatShortest(value, scale);
            expect(parseAmount(text, { scale, precision: 12, allowZero: true })).toBe(value);
            expect(text).toMatch(/^(0|[1-9]\d*)(\.\d*[1-9])?$/);
          }
        },
      ),
    );
  });
});

describe('N99: the fee matrix', () => {
  const stairs: TariffTier[] = [
    { startAmount: 0n, percentMillionths: null, percentBase: null, minValue: 25n, maxValue: null },
    { startAmount: 2_000n, percentMillionths: 1_000_000n, percentBase: 2_000n, minValue: 50n, maxValue: 500n },
  ];
  const tariffOf = (isCharged: boolean): TariffTier[] => (isCharged ? stairs : []);

  /** The pairs of the test plan: which of the five fees has tiers, on which path. */
  it.each`
    path            | source   | receiver | centre   | cashIn   | cashOut
    ${'cross-DFSP'} | ${false} | ${true}  | ${false} | ${true}  | ${false}
    ${'cross-DFSP'} | ${true}  | ${false} | ${true}  | ${false} | ${true}
    ${'same DFSP'}  | ${true}  | ${true}  | ${false} | ${false} | ${true}
    ${'same DFSP'}  | ${false} | ${false} | ${true}  | ${true}  | ${false}
    ${'cross-DFSP'} | ${false} | ${true}  | ${true}  | ${false} | ${true}
    ${'cross-DFSP'} | ${true}  | ${true}  | ${false} | ${true}  | ${false}
    ${'cross-DFSP'} | ${true}  | ${true}  | ${true}  | ${true}  | ${true}
    ${'cross-DFSP'} | ${false} | ${false} | ${false} | ${false} | ${false}
    ${'same DFSP'}  | ${false} | ${false} | ${false} | ${false} | ${false}
    ${'same DFSP'}  | ${true}  | ${true}  | ${true}  | ${true}  | ${true}
  `(
    '$path: source $source, receiver $receiver, centre $centre, cash-in $cashIn, cash-out $cashOut',
    ({ path, source, receiver, centre, cashIn, cashOut }) => {
      for (const amountType of Object.values(AmountType)) {
        for (const amount of [100n, 1_999n, 2_000n, 12_345n, 100_000n]) {
          const quote = priceQuote({
            amount,
            amountType,
            payerFee: computeTariff(tariffOf(source as boolean), amount),
            payeeFee: computeTariff(tariffOf(receiver as boolean), amount),
            payeeCommission: computeTariff(tariffOf(cashOut as boolean), amount),
          });
          const cashInCommission = computeTariff(tariffOf(cashIn as boolean), amount);
          // The scheme charges the payer's DFSP for transfers at the centre, beside the transfer.
          const isCrossing = path === 'cross-DFSP';
          const schemeFee = isCrossing ? computeTariff(tariffOf(centre as boolean), quote.transferAmount) : 0n;
          const { payer, payerDfsp, payee, payeeDfsp, agent } = changesOf(quote);
          const changes = {
            payer: payer!,
            payerDfsp: payerDfsp! - cashInCommission - schemeFee,
            cashInAgent: cashInCommission,
            scheme: schemeFee,
            payee: payee!,
            payeeDfsp: payeeDfsp!,
            cashOutAgent: agent!,
          };
          expect(sum(Object.values(changes))).toBe(0n);
          expect(changes.payee).toBe(quote.receiveAmount);
          expect(changes.payer).toBe(-quote.payerTotal);
          expect(changes.scheme > 0n).toBe(isCrossing && centre);
        }
      }
    },
  );
});

describe('parseAmountType', () => {
  it.each(['BOTH', 'send', '', undefined, null, 1, ['SEND'], {}])('N92: refuses %p', (value) => {
    expect(() => parseAmountType(value)).toThrow(/^Incorrect amount type: .*either \[SEND\] or \[RECEIVE\]$/);
  });

  it('is named in the error as far as it is no half of a character', () => {
    const long = `${'x'.repeat(31)}\u{1f600}`;
    expect(() => parseAmountType(long)).toThrow(`Incorrect amount type: ${'x'.repeat(31)}. Amount`);
  });

  it('is named in the error as the contract requires', () => {
    expect(() => parseAmountType('BOTH')).toThrow(
      expect.objectContaining({
        status: 400,
        id: 'IncorrectAmountTypeError',
        message: 'Incorrect amount type: BOTH. Amount type should be either [SEND] or [RECEIVE]',
      }),
    );
  });
});
