import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { AmountType, priceQuote, QuoteSide, TransferType } from '@level-one/quote';
import { chargeBy, chooseFeeRule, type FeeRuleContent } from './fee-choice.js';
import { feeRule, SEED_PAIR, SEED_PAIR_RULES } from './fee-rule.fixture.js';
import { FeeKind } from './fee-rule.entity.js';
import type { RuleRequest } from '../rules/rule-scope.js';

const p2p: RuleRequest = { transferType: TransferType.P2p, currency: 'USD' };

function chosen(rules: FeeRuleContent[], amount: bigint, request: Partial<RuleRequest> = {}): string | undefined {
  return chooseFeeRule(rules, { ...p2p, ...request, kind: FeeKind.Fee, amount, scale: 2 })?.name;
}

describe('the deciding rule', () => {
  it.each<[string, Partial<FeeRuleContent>, Partial<RuleRequest>, boolean]>([
    ['no condition', {}, {}, true],
    ['the type', { transferType: TransferType.P2p }, {}, true],
    ['another type', { transferType: TransferType.CashIn }, {}, false],
    ['another currency', { currency: 'TZS' }, {}, false],
    ['the side', { side: QuoteSide.Debit }, { side: QuoteSide.Debit }, true],
    ['the other side', { side: QuoteSide.Debit }, { side: QuoteSide.Credit }, false],
    ['a side, if the request has none', { side: QuoteSide.Debit }, {}, false],
    ['the payer', { payerIdentifier: '1' }, { payerIdentifier: '1', payeeIdentifier: '2' }, true],
    ['another payer', { payerIdentifier: '1' }, { payerIdentifier: '2', payeeIdentifier: '1' }, false],
    ['a payer, if the request has none', { payerIdentifier: '1' }, { payeeIdentifier: '1' }, false],
    ['the payee', { payeeIdentifier: '2' }, { payerIdentifier: '1', payeeIdentifier: '2' }, true],
    [
      'half a pair',
      { payerIdentifier: '1', payeeIdentifier: '2' },
      { payerIdentifier: '1', payeeIdentifier: '3' },
      false,
    ],
    ['another kind', { kind: FeeKind.Commission }, {}, false],
  ])('must match the request in: %s', (_name, rule, request, holds) => {
    expect(chosen([feeRule({ name: 'rule', ...rule })], 1000n, request)).toBe(holds ? 'rule' : undefined);
  });

  it('has the lowest priority, then the highest start', () => {
    const rules = [
      feeRule({ name: 'late from 0', priority: 2 }),
      feeRule({ name: 'late from 50', priority: 2, startAmount: '50' }),
      feeRule({ name: 'early from 10', priority: 1, startAmount: '10' }),
      feeRule({ name: 'early from 20', priority: 1, startAmount: '20.00' }),
    ];
    for (const set of [rules, rules.toReversed()]) {
      expect([1n, 999n, 1000n, 1999n, 2000n, 9000n].map((amount) => chosen(set, amount))).toEqual([
        'late from 0',
        'late from 0',
        'early from 10',
        'early from 10',
        'early from 20',
        'early from 20',
      ]);
    }
  });

  it('does not depend on the order of the table', () => {
    const anyRule = fc.record({
      name: fc.string({ minLength: 1 }),
      startAmount: fc.integer({ min: 0, max: 3 }).map(String),
      priority: fc.integer({ min: 0, max: 2 }),
      payeeIdentifier: fc.constantFrom(null, '2', '3'),
    });
    const rules = fc.uniqueArray(anyRule, { selector: ({ name }) => name, maxLength: 8 });
    fc.assert(
      fc.property(rules, fc.bigInt(0n, 400n), (drafts, amount) => {
        const set = drafts.map((draft) => feeRule(draft));
        expect(chosen(set.toReversed(), amount, { payeeIdentifier: '2' })).toBe(
          chosen(set, amount, { payeeIdentifier: '2' }),
        );
      }),
    );
  });
});

describe('the tariff of the second seed', () => {
  const table = [
    ...SEED_PAIR_RULES,
    feeRule({
      name: 'p2p',
      transferType: TransferType.P2p,
      startAmount: '20',
      percent: '1',
      minValue: '1',
      maxValue: '5',
    }),
  ].map((rule) => ({ ...rule, version: 1 }));
  const charge = (kind: FeeKind, request: Partial<RuleRequest>): bigint =>
    chargeBy(table, { ...p2p, ...request, kind, amount: 1000n, scale: 2 }).amount;

  it('applies to exactly that pair', () => {
    expect(charge(FeeKind.Fee, SEED_PAIR)).toBe(100n);
    expect(charge(FeeKind.Commission, SEED_PAIR)).toBe(100n);
    const reversed = { payerIdentifier: SEED_PAIR.payeeIdentifier, payeeIdentifier: SEED_PAIR.payerIdentifier };
    for (const other of [reversed, { payerIdentifier: '26547070' }, { side: QuoteSide.Debit }, { currency: 'TZS' }]) {
      expect(charge(FeeKind.Fee, { ...SEED_PAIR, ...other })).toBe(0n);
      expect(charge(FeeKind.Commission, { ...SEED_PAIR, ...other })).toBe(0n);
    }
  });

  it('gives the answer of the second seed', () => {
    const quote = priceQuote({
      amount: 1000n,
      amountType: AmountType.Send,
      payeeFee: charge(FeeKind.Fee, SEED_PAIR),
      payeeCommission: charge(FeeKind.Commission, SEED_PAIR),
      payerFee: 25n,
      payerFeeCredit: chargeBy(table, { ...p2p, ...SEED_PAIR, kind: FeeKind.Fee, amount: 1000n, scale: 2 }).credit,
    });
    expect(quote).toMatchObject({ receiveAmount: 925n, payeeFee: 100n, payeeCommission: 100n });
  });

  it('is returned with name and version', () => {
    const request = { ...p2p, ...SEED_PAIR, kind: FeeKind.Fee, amount: 1000n, scale: 2 };
    expect(chargeBy(table, request).rule).toEqual({ name: 'seed pair fee', version: 1 });
    expect(chargeBy(table, { ...request, amount: 1000n, currency: 'EUR' })).toEqual({
      amount: 0n,
      credit: 0n,
      rule: null,
    });
  });
});
