import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { QuoteSide, TransferType } from '@level-one/quote';
import { atOnce, inSlices } from '@level-one/work';
import type { FeeRuleContent } from '../fees/fee-choice.js';
import { feeRule } from '../fees/fee-rule.fixture.js';
import { checkFeeRules } from '../fees/fee-rule-check.js';
import { FeeKind } from '../fees/fee-rule.entity.js';
import { RuleProblemKind } from './rule-problem.js';
import { endOf, type RuleScope, SCOPE_CONDITIONS, startOf } from './rule-scope.js';

const DAY = 86_400_000;
const day = (number: number): Date => new Date(number * DAY);

/** The same checks without an index: each rule is compared with each other one. */
function canMeet(one: RuleScope, other: RuleScope): boolean {
  return (
    one.currency === other.currency &&
    SCOPE_CONDITIONS.every((name) => one[name] === null || other[name] === null || one[name] === other[name]) &&
    startOf(one) < endOf(other) &&
    startOf(other) < endOf(one)
  );
}

function isCovered(rule: RuleScope, others: readonly RuleScope[]): boolean {
  const types = rule.transferType === null ? Object.values(TransferType) : [rule.transferType];
  return types.every((transferType) => {
    const able = others.filter((other) =>
      SCOPE_CONDITIONS.every((name) => other[name] === null || other[name] === { ...rule, transferType }[name]),
    );
    let covered = startOf(rule);
    for (const other of able.toSorted((first, second) => startOf(first) - startOf(second))) {
      if (startOf(other) > covered) return false;
      covered = Math.max(covered, endOf(other));
      if (covered >= endOf(rule)) return true;
    }
    return false;
  });
}

function problemsOf(rules: readonly FeeRuleContent[]): string[] {
  return atOnce(checkFeeRules(rules, { scale: 0 })).map(({ kind, rules: about }) => {
    const names = kind === RuleProblemKind.Overlap ? about : about.slice(0, 1);
    return `${kind} ${names.join(' ')}`;
  });
}

function expectedOf(rules: readonly FeeRuleContent[]): string[] {
  const overlaps = rules.flatMap((one, index) =>
    rules
      .slice(index + 1)
      .filter((other) => {
        const isTied = one.kind === other.kind && one.priority === other.priority;
        return isTied && one.startAmount === other.startAmount && canMeet(one, other);
      })
      .map((other) => `overlap ${one.name} ${other.name}`),
  );
  const hidden = rules.filter((rule) => {
    const before = rules.filter(({ kind, priority, startAmount }) => {
      return kind === rule.kind && priority < rule.priority && Number(startAmount) <= Number(rule.startAmount);
    });
    return isCovered(rule, before);
  });
  const gaps = rules.filter((rule) => {
    const isFirst = !rules.some(
      (other) =>
        Number(other.startAmount) < Number(rule.startAmount) &&
        [...SCOPE_CONDITIONS, 'kind' as const, 'priority' as const].every((name) => other[name] === rule[name]),
    );
    const fromNothing = rules.filter(({ kind, startAmount }) => kind === rule.kind && startAmount === '0');
    return rule.startAmount !== '0' && isFirst && !isCovered(rule, fromNothing);
  });
  return [...overlaps, ...hidden.map(({ name }) => `unreachable ${name}`), ...gaps.map(({ name }) => `gap ${name}`)];
}

const some = <Value>(...values: Value[]) => fc.constantFrom<Value | null>(null, ...values);
const draft = fc.record({
  kind: fc.constantFrom(FeeKind.Fee, FeeKind.Commission),
  startAmount: fc.constantFrom('0', '1', '2'),
  priority: fc.constantFrom(0, 1, 2),
  transferType: some(...Object.values(TransferType).slice(0, 2)),
  side: some(QuoteSide.Debit, QuoteSide.Credit),
  payerIdentifier: some('1', '2'),
  payeeIdentifier: some('2', '3'),
  validFrom: fc.constantFrom(day(0), day(1), day(2)),
  validTo: some(day(3), day(4)),
});

describe('checks of rules', () => {
  it('A6: find the same as a comparison of each rule with each other one', () => {
    fc.assert(
      fc.property(fc.array(draft, { minLength: 1, maxLength: 12 }), (drafts) => {
        const rules = drafts.map((values, index) => feeRule({ name: `rule ${index}`, ...values }));
        const found = problemsOf(rules).filter((problem) => !problem.startsWith('earning'));
        expect(found.toSorted()).toEqual(expectedOf(rules).toSorted());
      }),
      { numRuns: 300 },
    );
  });

  const SHAPES: [string, (index: number, count: number) => Partial<FeeRuleContent>][] = [
    ['tiers of one tariff', (index) => ({ startAmount: String(index), percent: '1' })],
    ['tariffs of many types', (index) => ({ startAmount: String(index), ...typed(index) })],
    ['equal', () => ({})],
    ['one behind the other', (index) => ({ priority: index })],
    ['of falling priority', (index, count) => ({ priority: count - index, startAmount: String(index) })],
    ['for pairs', (index) => ({ payerIdentifier: `${index % 70}`, payeeIdentifier: `${Math.floor(index / 70)}` })],
    [
      'for payers or payees',
      (index) => (index % 2 ? { payerIdentifier: `${index}` } : { payeeIdentifier: `${index}` }),
    ],
    ['one after the other', (index) => ({ name: 'one', validFrom: day(index), validTo: day(index + 1) })],
    ['one after the other, with many names', (index) => ({ validFrom: day(index), validTo: day(index + 1) })],
    ['ever longer', (index) => ({ validTo: day(index + 1), priority: index % 7, startAmount: String(index) })],
    ['all above a gap', (index) => ({ startAmount: '5', payerIdentifier: `${index}` })],
    ['for one payer and for all, on alternate days', (index, count) => turns(index, count)],
  ];

  it.each(SHAPES)('A6: take n log n steps for rules that are %s', (_name, values) => {
    const stepsOf = (count: number): number => {
      const rules = Array.from({ length: count }, (_, index) =>
        feeRule({ name: `rule ${index}`, ...values(index, count) }),
      );
      let steps = 0;
      atOnce(checkFeeRules(rules, { scale: 2 }), () => steps++);
      return steps;
    };
    const [once, twice] = [stepsOf(1_000), stepsOf(2_000)];
    expect(twice).toBeLessThan(2.5 * once);
  });

  it('A6: yield to the event loop while they work', async () => {
    let passes = 0;
    const count = setInterval(() => passes++, 0);
    const rules = Array.from({ length: 5_000 }, (_, index) =>
      feeRule({ name: `rule ${index}`, startAmount: String(index), payerIdentifier: `${index % 50}` }),
    );
    await inSlices(checkFeeRules(rules, { scale: 2 }));
    clearInterval(count);
    expect(passes).toBeGreaterThan(0);
  });
});

function typed(index: number): Partial<FeeRuleContent> {
  const types = Object.values(TransferType);
  const side = index % 2 ? QuoteSide.Debit : QuoteSide.Credit;
  return { transferType: types[index % types.length]!, side, kind: index % 4 < 2 ? FeeKind.Fee : FeeKind.Commission };
}

/** Rules for all and rules for one payer together cover the times of other rules of that payer. */
function turns(index: number, count: number): Partial<FeeRuleContent> {
  const third = Math.floor(count / 3);
  const place = index % third;
  if (index < third) return { priority: 1, validFrom: day(2 * place), validTo: day(2 * place + 1) };
  const period = { payerIdentifier: '1', validFrom: day(2 * place + 1), validTo: day(2 * place + 2) };
  if (index < 2 * third) return { priority: 1, ...period };
  return { priority: 2, payerIdentifier: '1', payeeIdentifier: `${index}`, validTo: day(2 * third) };
}
