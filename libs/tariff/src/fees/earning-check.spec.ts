import { describe, expect, it } from '@jest/globals';
import { QuoteSide, TransferType } from '@level-one/quote';
import { atOnce } from '@level-one/work';
import type { FeeRuleContent } from './fee-choice.js';
import { checkFeeRules } from './fee-rule-check.js';
import { feeRule } from './fee-rule.fixture.js';
import { FeeKind } from './fee-rule.entity.js';

type Values = Partial<FeeRuleContent>;

/** Builds rules, commissions by default, and returns the warnings about them. */
function warningsOf(...rules: Values[]): string[] {
  const all = rules.map((values, index) =>
    feeRule({ name: 'abcdefgh'[index]!, kind: FeeKind.Commission, transferType: TransferType.P2p, ...values }),
  );
  return atOnce(checkFeeRules(all, { scale: 2 }))
    .filter(({ kind, severity }) => kind.toString() === 'earning' && severity === 'warning')
    .map(({ rules: names, message }) => `${names.join('')}: ${message}`);
}

const fee = (values: Values): Values => ({ kind: FeeKind.Fee, ...values });
const SEED_FEE = fee({ startAmount: '20', percent: '1', minValue: '1', maxValue: '5' });
const SEED_COMMISSION = { startAmount: '10', percent: '2', percentBase: '50', minValue: '0', maxValue: '50' };

describe('tariffs that pay out more than they earn', () => {
  it('A15: are warned of with the amount and the gain: the seed tariff', () => {
    expect(warningsOf(SEED_FEE, SEED_COMMISSION)).toEqual([
      'ba: For a payment of 500 (p2p in USD, debit side, priority 1000) the commission by rule "b" is 9 and the fee by ' +
        'rule "a" is 5. If the money is paid back (p2p), both parties together have gained 8',
    ]);
  });

  it.each<[string, Values[]]>([
    ['a commission without a fee', [{ minValue: '1' }]],
    ['a percentage above that of the fee', [fee({ percent: '1' }), { percent: '1.1' }]],
    ['a capped fee', [fee({ percent: '2', maxValue: '3' }), { percent: '1' }]],
    [
      'a fee of the other side',
      [fee({ side: QuoteSide.Debit, minValue: '1' }), { side: QuoteSide.Credit, minValue: '2' }],
    ],
    [
      'a fee that is credited completely',
      [
        fee({ side: QuoteSide.Credit, minValue: '2', payerFeeCredit: '1.5' }),
        { side: QuoteSide.Credit, minValue: '1' },
      ],
    ],
    [
      'a lower tier of the fee in the middle',
      [
        fee({ minValue: '5' }),
        fee({ startAmount: '100', minValue: '1' }),
        fee({ startAmount: '200', minValue: '5' }),
        { minValue: '3' },
      ],
    ],
    [
      'a payer who is charged less',
      [fee({ minValue: '5' }), fee({ payerIdentifier: '1', priority: 1, minValue: '1' }), { minValue: '3' }],
    ],
    [
      'an agent who is given more',
      [fee({ minValue: '5' }), { minValue: '3' }, { payeeIdentifier: '2', priority: 1, minValue: '6' }],
    ],
    [
      'an agent who brings cash in, and a customer who takes it out',
      [
        { transferType: TransferType.CashIn, side: QuoteSide.Credit, minValue: '2' },
        fee({ transferType: TransferType.CashOut, side: QuoteSide.Debit, minValue: '1' }),
      ],
    ],
    [
      'any type of transfer',
      [fee({ transferType: TransferType.P2p, minValue: '5' }), { transferType: null, minValue: '1' }],
    ],
    [
      'fees that end before the commission',
      [
        fee({ minValue: '5', validTo: new Date(1_000) }),
        fee({ minValue: '1', validFrom: new Date(1_000) }),
        { minValue: '3' },
      ],
    ],
  ])('A15: are warned of: %s', (_name, rules) => {
    expect(warningsOf(...rules)).not.toEqual([]);
  });

  it.each<[string, Values[]]>([
    ['a fee as high as the commission', [fee({ minValue: '1' }), { minValue: '1' }]],
    ['no commission', [fee({ minValue: '1' })]],
    ['a commission of nothing', [{}]],
    ['a commission in another currency', [fee({ minValue: '1' }), { currency: 'TZS', minValue: '0' }]],
    ['a share of the fee', [fee({ percent: '2', minValue: '1' }), { percent: '1', maxValue: '50' }]],
  ])('A15: are not warned of: %s', (_name, rules) => {
    expect(warningsOf(...rules)).toEqual([]);
  });

  it('A15: are reported separately if only the fee of the way back covers the loss', () => {
    const rules = [
      { transferType: TransferType.CashIn, side: QuoteSide.Credit, minValue: '1' },
      ...Object.values(TransferType).map((transferType) => fee({ transferType, side: QuoteSide.Debit, minValue: '2' })),
    ];
    expect(warningsOf(...rules)).toEqual([
      expect.stringContaining('Only the fee of the way back covers the difference'),
    ]);
  });
});
