import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { QuoteSide, TransferType } from '@level-one/quote';
import { LimitRule } from './limit-rule.entity.js';
import { type LimitRequest } from './limits.js';
import type { RuleDraft } from '../rules/rule-history.js';
import { SEED_LIMITS } from './seed-limits.fixture.js';
import { TestLimits } from './test-limits.fixture.js';

let test: TestLimits;
let limits: TestLimits['limits'];
let dataSource: TestLimits['dataSource'];
let withSettings: TestLimits['withSettings'];
let limit: TestLimits['limit'];
let reserve: TestLimits['reserve'];
let outcomeOf: TestLimits['outcomeOf'];
let usedToday: TestLimits['usedToday'];
let subject: string;

beforeAll(async () => {
  test = await TestLimits.open();
  ({ limits, dataSource, withSettings, limit, reserve, outcomeOf, usedToday } = test);
});

beforeEach(() => {
  ({ subject } = test.begin());
});

afterAll(() => test?.close());

describe('limits in the database', () => {
  it.each<[string, Partial<RuleDraft<LimitRule>>, bigint[], string]>([
    ['min', { minAmount: '10' }, [999n], 'rule.minAmount 10'],
    ['max', { maxAmount: '1000' }, [100_001n], 'rule.maxAmount 1000'],
    ['a day', { maxAmountDaily: '10' }, [500n, 500n, 1n], 'rule.maxAmountDaily 10'],
    ['a week', { maxAmountWeekly: '10' }, [999n, 2n], 'rule.maxAmountWeekly 10'],
    ['a month', { maxAmountMonthly: '0.5' }, [50n, 1n], 'rule.maxAmountMonthly 0.5'],
    ['a month, at once', { maxAmountMonthly: '0.5' }, [51n], 'rule.maxAmountMonthly 0.5'],
    ['transfers a day', { maxCountDaily: 3 }, [1n, 1n, 1n, 1n], 'rule.maxCountDaily 3'],
    ['transfers a week', { maxCountWeekly: 1 }, [1n, 1n], 'rule.maxCountWeekly 1'],
    ['transfers a month', { maxCountMonthly: 2 }, [1n, 1n, 1n], 'rule.maxCountMonthly 2'],
    ['no transfers at all', { maxCountDaily: 0 }, [1n], 'rule.maxCountDaily 0'],
  ])('N96: %s, and one over', async (_name, rule, amounts, refusal) => {
    await limit(rule);
    const outcomes: string[] = [];
    for (const amount of amounts) outcomes.push(await outcomeOf({ amount }));
    expect(outcomes).toEqual([...amounts.slice(1).map(() => 'ok'), refusal]);
    const counted = amounts.slice(0, -1);
    if (counted.length === 0) return;
    const sum = counted.reduce((total, amount) => total + amount);
    expect(await usedToday()).toBe(`${sum} in ${counted.length}`);
  });

  it('accept the exact bounds of one transfer', async () => {
    await limit({ minAmount: '10', maxAmount: '1000' });
    expect(await Promise.all([outcomeOf({ amount: 1_000n }), outcomeOf({ amount: 100_000n })])).toEqual(['ok', 'ok']);
  });

  it('can be the seed limits', async () => {
    const { added, warnings } = await limits.history.appendRules(SEED_LIMITS);
    expect([added.length, warnings]).toEqual([12, []]);
    const of = (values: Partial<LimitRequest>) => outcomeOf({ currency: 'TZS', ...values });
    expect(await of({ amount: 99_999n })).toBe('rule.minAmount 1000');
    expect(await of({ amount: 10_000_001n })).toBe('rule.maxAmount 100000');
    for (let transfer = 0; transfer < 10; transfer++) expect(await of({ amount: 100_000n })).toBe('ok');
    expect(await of({ amount: 9_000_001n })).toBe('rule.maxAmountDaily 100000');
    expect(await of({ amount: 100_000n })).toBe('rule.maxCountDaily 10');
    expect(await of({ amount: 100_000n, transferType: TransferType.Invoice })).toBe('ok');
  });

  it('do not exist without a matching rule', async () => {
    expect(await outcomeOf({ amount: 10n ** 15n })).toBe('ok');
  });

  it('are those of the rule with the lowest priority number', async () => {
    await limit(
      { maxAmount: '10' },
      { maxAmount: '20', payerIdentifier: '1', priority: 1 },
      { side: QuoteSide.Credit, priority: 2 },
    );
    const amount = 1_500n;
    expect(await outcomeOf({ amount })).toBe('rule.maxAmount 10');
    expect(await outcomeOf({ amount, payerIdentifier: '1' })).toBe('ok');
    expect(await outcomeOf({ amount, side: QuoteSide.Credit })).toBe('ok');
  });

  it('count by type if the rule is for one type, and all types if it is for any', async () => {
    await limit({ maxCountDaily: 3 }, { maxCountDaily: 1, transferType: TransferType.P2p, priority: 1 });
    const cashIn = { transferType: TransferType.CashIn };
    expect(await outcomeOf()).toBe('ok');
    expect(await outcomeOf()).toBe('rule.maxCountDaily 1');
    expect(await outcomeOf(cashIn)).toBe('ok');
    expect(await outcomeOf(cashIn)).toBe('ok');
    expect(await outcomeOf(cashIn)).toBe('rule.maxCountDaily 3');
    expect([await usedToday('p2p'), await usedToday('cashIn'), await usedToday()]).toEqual([
      '100 in 1',
      '200 in 2',
      '300 in 3',
    ]);
  });

  it('include transfers from before they were set', async () => {
    await reserve({ amount: 900n });
    await limit({ maxAmountDaily: '10' });
    expect(await outcomeOf({ amount: 101n })).toBe('rule.maxAmountDaily 10');
    expect(await outcomeOf({ amount: 100n })).toBe('ok');
  });

  it('apply per subject, side and currency', async () => {
    await limit({ maxCountDaily: 1 });
    expect(await outcomeOf()).toBe('ok');
    expect(await outcomeOf({ subject: `${subject}'s neighbour` })).toBe('ok');
    expect(await outcomeOf({ side: QuoteSide.Credit })).toBe('ok');
    expect(await outcomeOf({ currency: 'XXX' })).toBe('ok');
    expect(await outcomeOf()).toBe('rule.maxCountDaily 1');
  });

  it('do not count a transfer to oneself, but apply its bounds for one transfer', async () => {
    await limit({ maxCountDaily: 1, maxAmount: '10' });
    const own = { isToOneself: true };
    expect([await outcomeOf(own), await outcomeOf(own), await outcomeOf(), await outcomeOf(own)]).toEqual(
      Array.from({ length: 4 }, () => 'ok'),
    );
    expect(await outcomeOf({ ...own, amount: 1_001n })).toBe('rule.maxAmount 10');
    expect(await usedToday()).toBe('100 in 1');
  });

  it('refuse an unknown time zone', () => {
    expect(() => withSettings({ timeZone: 'Nowhere/Land' })).toThrow(RangeError);
  });

  it('match their entities', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});
