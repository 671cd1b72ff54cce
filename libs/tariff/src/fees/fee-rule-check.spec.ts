import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { QuoteSide, TransferType } from '@level-one/quote';
import { atOnce } from '@level-one/work';
import { chooseFeeRule, type FeeRuleContent } from './fee-choice.js';
import { feeRule } from './fee-rule.fixture.js';
import { checkFeeRules as stepsOfCheck } from './fee-rule-check.js';
import { FeeKind } from './fee-rule.entity.js';
import { RuleProblemKind, warningsOrThrow } from '../rules/rule-problem.js';

const checkFeeRules = (...args: Parameters<typeof stepsOfCheck>) => atOnce(stepsOfCheck(...args));

const DAY = 86_400_000;
const day = (number: number): Date => new Date(number * DAY);

type Values = Partial<FeeRuleContent>;

function problemsOf(...rules: Values[]): string[] {
  const all = rules.map((values, index) => feeRule({ name: 'abcdef'[index]!, ...values }));
  return checkFeeRules(all, { scale: 2 }).map(({ kind, rules: about }) => `${kind} ${about.join('')}`);
}

describe('checkFeeRules', () => {
  it.each<[string, Values]>([
    ['startAmount', { startAmount: '-1' }],
    ['percent', { percent: '-0.5' }],
    ['percentBase', { percentBase: '-1' }],
    ['minValue', { minValue: '-1' }],
    ['maxValue', { maxValue: '-0.01' }],
    ['payerFeeCredit', { payerFeeCredit: '-0.25' }],
  ])('finds a negative %s', (field, values) => {
    const [problem, ...more] = checkFeeRules([feeRule({ name: 'a', ...values })], { scale: 2 });
    expect(problem).toMatchObject({ kind: 'value', severity: 'error', rules: ['a'] });
    expect(problem?.message).toMatch(new RegExp(`^Rule "a": ${field} -[\\d.]+ is negative$`));
    expect(more).toEqual([]);
  });

  it.each<[string, Values, string]>([
    ['not a number', { startAmount: 'ten' }, 'startAmount ten'],
    ['finer than the ledger', { minValue: '0.001' }, 'minValue 0.001'],
    ['too large', { maxValue: '1'.padEnd(18, '0') }, 'maxValue 1'],
    ['above 100 %', { percent: '100.000001' }, 'percent 100.000001 is above 100'],
    ['not a currency', { currency: 'usd' }, '"usd" is not a currency'],
    ['a credit of a commission', { kind: FeeKind.Commission, payerFeeCredit: '1' }, 'payerFeeCredit belongs to fees'],
    ['a credit of a payer', { side: QuoteSide.Debit, payerFeeCredit: '1' }, 'payerFeeCredit belongs to fees'],
    ['a priority that is not whole', { priority: 0.5 }, 'priority 0.5'],
  ])('finds a value that is %s', (_name, values, message) => {
    const problems = checkFeeRules([feeRule({ name: 'a', ...values })], { scale: 2 });
    expect(problems).toEqual([expect.objectContaining({ kind: 'value', severity: 'error' })]);
    expect(problems[0]?.message).toContain(message);
  });

  it('accepts values at their bounds', () => {
    expect(problemsOf({ percent: '100', minValue: '1', maxValue: '1.00', startAmount: '0.00' })).toEqual([]);
    expect(problemsOf()).toEqual([]);
  });

  it.each<[string, Values]>([
    ['min above max', { minValue: '5', maxValue: '4.99' }],
    ['an end before the start', { validFrom: day(2), validTo: day(1) }],
    ['an end at the start', { validFrom: day(2), validTo: day(2) }],
  ])('finds %s', (_name, values) => {
    expect(problemsOf(values)).toEqual(['inverted a']);
  });

  it('compares amounts as numbers', () => {
    expect(problemsOf({ minValue: '9', maxValue: '10' })).toEqual([]);
  });

  it.each<[string, Values, Values]>([
    ['the same', {}, {}],
    ['the same start in another spelling', { startAmount: '0' }, { startAmount: '0.00' }],
    ['one of any type', {}, { transferType: TransferType.P2p }],
    ['crossing conditions', { payerIdentifier: '1' }, { payeeIdentifier: '2' }],
    ['one common millisecond', { validTo: day(2) }, { validFrom: new Date(day(2).getTime() - 1) }],
  ])('finds two rules of equal rank: %s', (_name, one, other) => {
    const problems = problemsOf(one, other);
    expect(problems).toContain('overlap ab');
    expect(problemsOf(other, one)).toContain('overlap ab');
  });

  it.each<[string, Values, Values]>([
    ['another start', {}, { startAmount: '0.01' }],
    ['another priority', {}, { priority: 1, payeeIdentifier: '2' }],
    ['another kind', {}, { kind: FeeKind.Commission }],
    ['another currency', {}, { currency: 'TZS' }],
    ['another type', { transferType: TransferType.P2p }, { transferType: TransferType.CashIn }],
    ['another side', { side: QuoteSide.Debit }, { side: QuoteSide.Credit }],
    ['another payer', { payerIdentifier: '1' }, { payerIdentifier: '2' }],
    ['one after the other', { validTo: day(2) }, { validFrom: day(2) }],
  ])('accepts %s', (_name, one, other) => {
    expect(problemsOf(one, other)).toEqual([]);
  });

  it('finds two versions of one rule that are in force together', () => {
    expect(problemsOf({ name: 'a' }, { name: 'a', currency: 'TZS' })).toEqual(['name a']);
    expect(problemsOf({ name: 'a', validTo: day(1) }, { name: 'a', validFrom: day(1) })).toEqual([]);
  });

  it.each<[string, Values, Values[]]>([
    ['for anything', { startAmount: '20' }, [{ priority: 1 }]],
    ['for its whole scope', { payeeIdentifier: '2', startAmount: '20' }, [{ priority: 1, startAmount: '20' }]],
    [
      'together, one after the other',
      { validFrom: day(1), validTo: day(3) },
      [
        { priority: 1, validTo: day(2) },
        { priority: 2, validFrom: day(2) },
      ],
    ],
    ['together, by type', {}, Object.values(TransferType).map((transferType) => ({ priority: 1, transferType }))],
  ])('finds a tier that other rules always precede: %s', (_name, hidden, others) => {
    expect(checkFeeRules(named(hidden, others), { scale: 2 })).toContainEqual(
      expect.objectContaining({ kind: 'unreachable', severity: 'error', rules: expect.arrayContaining(['hidden']) }),
    );
  });

  it.each<[string, Values, Values[]]>([
    ['start later', {}, [{ priority: 1, startAmount: '20' }]],
    ['are for one payee', {}, [{ priority: 1, payeeIdentifier: '2' }]],
    ['are for one side', {}, [{ priority: 1, side: QuoteSide.Debit }]],
    ['end before', {}, [{ priority: 1, validTo: day(5) }]],
    [
      'leave a moment',
      {},
      [
        { priority: 1, validTo: day(5) },
        { priority: 1, validFrom: new Date(day(5).getTime() + 1) },
      ],
    ],
    ['leave a type', {}, [{ priority: 1, transferType: TransferType.P2p }]],
    ['are of another kind', {}, [{ priority: 1, kind: FeeKind.Commission }]],
    ['come after it', {}, [{ priority: 2000 }]],
  ])('does not report a tier as unreachable because of others that %s', (_name, rule, others) => {
    const kinds = checkFeeRules(named(rule, others), { scale: 2 }).filter(({ rules }) => rules[0] === 'hidden');
    expect(kinds.filter(({ kind }) => kind === RuleProblemKind.Unreachable)).toEqual([]);
  });

  it('warns of amounts below the first tier', () => {
    const problems = checkFeeRules(
      [feeRule({ name: 'a', startAmount: '20' }), feeRule({ name: 'b', startAmount: '50' })],
      { scale: 2 },
    );
    expect(problems).toEqual([
      {
        kind: 'gap',
        severity: 'warning',
        rules: ['a'],
        message: 'Below 20 no fee is set where rule "a" holds (any type in USD, priority 1000): it is 0',
      },
    ]);
    expect(warningsOrThrow(problems)).toEqual(problems);
    expect(problemsOf({ startAmount: '20' }, { priority: 2000 })).toEqual([]);
  });

  it('reports all problems in one error', () => {
    const problems = checkFeeRules(
      [feeRule({ name: 'a', minValue: '-1' }), feeRule({ name: 'b' }), feeRule({ name: 'c' })],
      { scale: 2 },
    );
    expect(() => warningsOrThrow(problems)).toThrow(
      expect.objectContaining({
        status: 422,
        id: 'UnprocessableEntityError',
        extras: {
          validationErrors: [
            { message: 'Rule "a": minValue -1 is negative', params: { problem: 'value', rules: ['a'] } },
            {
              message:
                'Rules "b" (any type in USD, priority 1000) and "c" (any type in USD, priority 1000) are in force at the same time' +
                ' for the same transfers; give one of them another priority, validity or start',
              params: { problem: 'overlap', rules: ['b', 'c'] },
            },
          ],
        },
      }),
    );
  });

  it('accepts no set with ambiguous or unreachable rules', () => {
    const some = <Value>(...values: Value[]) => fc.constantFrom<Value | null>(null, ...values);
    const draft = fc.record({
      startAmount: fc.constantFrom('0', '1', '2'),
      priority: fc.constantFrom(0, 1),
      transferType: some(TransferType.P2p),
      side: some(QuoteSide.Debit),
      payerIdentifier: some('1'),
      payeeIdentifier: some('2'),
      validFrom: fc.constantFrom(day(0), day(1)),
      validTo: some(day(1), day(2)),
    });
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 4 }), (drafts) => {
        const rules = drafts.map((values, index) => feeRule({ name: 'abcd'[index]!, ...values }));
        const problems = checkFeeRules(rules, { scale: 0 });
        const fault = (kind: RuleProblemKind): boolean => problems.some((problem) => problem.kind === kind);
        fc.pre(!fault(RuleProblemKind.Inverted));
        const decided = new Set<string>();
        let isDoubtful = false;
        for (const at of [day(0), day(1), day(2)]) {
          const inForce = rules.filter(({ validFrom, validTo }) => validFrom <= at && (!validTo || at < validTo));
          for (const request of requests()) {
            const first = chooseFeeRule(inForce, request);
            if (!first) continue;
            decided.add(first.name);
            // If the choice was made by name, another name changes it.
            const renamed = inForce.map((rule) => ({ ...rule, name: rule === first ? '~' : rule.name }));
            if (chooseFeeRule(renamed, request)?.name !== '~') isDoubtful = true;
          }
        }
        // Unreachable rules may overlap without ambiguity.
        const hasOverlap = fault(RuleProblemKind.Overlap);
        expect(isDoubtful && !hasOverlap).toBe(false);
        expect(hasOverlap || fault(RuleProblemKind.Unreachable) === decided.size < rules.length).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, (index: number) => Values]>([
    ['alike', () => ({})],
    ['of one name', () => ({ name: 'one' })],
    ['one behind the other', (index) => ({ priority: index })],
  ])('reports the first hundred problems of five thousand rules that are %s', (_name, values) => {
    const rules = Array.from({ length: 5_000 }, (_, index) => feeRule({ name: `rule ${index}`, ...values(index) }));
    const problems = checkFeeRules(rules, { scale: 2 });
    expect(problems).toHaveLength(100);
    expect(JSON.stringify(problems).length).toBeLessThan(100_000);
  });
});

function named(hidden: Values, others: Values[]): FeeRuleContent[] {
  return [
    feeRule({ name: 'hidden', ...hidden }),
    ...others.map((values, index) => feeRule({ name: `other ${index}`, ...values })),
  ];
}

/** All requests that the rules above distinguish. */
function* requests(): Generator<Parameters<typeof chooseFeeRule>[1]> {
  for (const transferType of [TransferType.P2p, TransferType.CashIn]) {
    for (const side of [undefined, QuoteSide.Debit, QuoteSide.Credit]) {
      for (const payerIdentifier of [undefined, '1']) {
        for (const payeeIdentifier of [undefined, '2']) {
          for (const amount of [0n, 1n, 2n]) {
            yield {
              kind: FeeKind.Fee,
              currency: 'USD',
              scale: 0,
              amount,
              transferType,
              ...(side && { side }),
              ...(payerIdentifier && { payerIdentifier }),
              ...(payeeIdentifier && { payeeIdentifier }),
            };
          }
        }
      }
    }
  }
}
