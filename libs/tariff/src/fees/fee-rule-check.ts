import { QuoteSide } from '@level-one/quote';
import type { Steps } from '@level-one/work';
import { checkEarnings } from './earning-check.js';
import { type FeeRuleContent, ruleAmount } from './fee-choice.js';
import { FeeKind } from './fee-rule.entity.js';
import { checkNames, checkOverlaps, checkScope, findUnreachable, namesBefore, readValue } from '../rules/rule-check.js';
import { type Ranked, RuleCoverage } from '../rules/rule-coverage.js';
import { type RuleProblem, ruleProblem, RuleProblemKind } from '../rules/rule-problem.js';
import { describeScope } from '../rules/rule-scope.js';
import { parsePercent } from './tariff.js';

const WHOLE = parsePercent('100');

/**
 * What is wrong with a set of fee rules that are to be in force together or one after the other; nothing, when it is
 * an empty list. Pure; `scale` is the ledger's, and nothing before `at` is of interest. Rules whose own values are wrong are left out of the comparisons, of
 * which there are n log n for n rules.
 */
export function* checkFeeRules(
  rules: readonly FeeRuleContent[],
  { scale, at = new Date(0) }: { scale: number; at?: Date },
): Steps<RuleProblem[]> {
  const problems: RuleProblem[] = [];
  const sound: Tier[] = [];
  for (const rule of rules) {
    const own = [...checkScope(rule), ...checkValues(rule, scale)];
    problems.push(...own);
    if (own.length === 0) sound.push({ rule, kind: rule.kind, rank: 0, start: ruleAmount(rule.startAmount, scale) });
    yield;
  }
  rankByStart(sound);
  const contents = sound.map(({ rule }) => rule);
  const ranks = new Map(sound.map(({ rule, rank }) => [rule, rank]));
  problems.push(...(yield* checkNames(contents)));
  problems.push(...(yield* checkOverlaps(contents, (rule) => `${rule.kind} ${ranks.get(rule)}`)));
  problems.push(...(yield* checkReach(sound)));
  problems.push(...(yield* checkGaps(sound)));
  problems.push(...(yield* checkEarnings(contents, { scale, at })));
  return problems;
}

/** `rank`: the place of its start among all starts. */
interface Tier extends Ranked {
  rule: FeeRuleContent;
  start: bigint;
}

function rankByStart(tiers: readonly Tier[]): void {
  const starts = [...new Set(tiers.map(({ start }) => start))].toSorted((one, other) => (one < other ? -1 : 1));
  const ranks = new Map(starts.map((start, rank) => [start, rank]));
  for (const tier of tiers) tier.rank = ranks.get(tier.start)!;
}

function checkValues(rule: FeeRuleContent, scale: number): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const amountOf = (
    field: 'startAmount' | 'percentBase' | 'minValue' | 'maxValue' | 'payerFeeCredit',
  ): bigint | undefined => {
    const text = rule[field];
    if (text === null) return undefined;
    return readValue(problems, { rule: rule.name, field, text }, (value) => ruleAmount(value, scale));
  };
  amountOf('startAmount');
  amountOf('percentBase');
  amountOf('payerFeeCredit');
  if (rule.payerFeeCredit !== null && (rule.kind !== FeeKind.Fee || rule.side === QuoteSide.Debit)) {
    const message = `Rule "${rule.name}": payerFeeCredit belongs to fees of payees`;
    problems.push(ruleProblem(RuleProblemKind.Value, [rule.name], message));
  }
  const least = amountOf('minValue');
  const most = amountOf('maxValue');
  if (least !== undefined && most !== undefined && least > most) {
    const message = `Rule "${rule.name}": minValue ${rule.minValue} is above maxValue ${rule.maxValue}`;
    problems.push(ruleProblem(RuleProblemKind.Inverted, [rule.name], message));
  }
  if (rule.percent !== null) {
    const text = rule.percent;
    const percent = readValue(problems, { rule: rule.name, field: 'percent', text }, parsePercent);
    if (percent !== undefined && percent > WHOLE) {
      problems.push(
        ruleProblem(RuleProblemKind.Value, [rule.name], `Rule "${rule.name}": percent ${text} is above 100`),
      );
    }
  }
  return problems;
}

/**
 * A tier decides at its own start unless a lower priority always does there; higher up it can only be worse off. So if
 * it does not decide there, it never does.
 */
function* checkReach(all: readonly Tier[]): Steps<RuleProblem[]> {
  const problems: RuleProblem[] = [];
  for (const tier of yield* findUnreachable(all)) {
    const { rule } = tier;
    const by = yield* namesBefore(tier, all);
    const message =
      `Rule "${rule.name}" (${describeScope(rule)}, from ${rule.startAmount}) never decides: ` +
      `${by.map((name) => `"${name}"`).join(', ')} always goes first`;
    problems.push(ruleProblem(RuleProblemKind.Unreachable, [rule.name, ...by], message));
  }
  return problems;
}

/** A tariff whose first tier does not start at 0, unless another priority is for what is below. */
function* checkGaps(all: readonly Tier[]): Steps<RuleProblem[]> {
  const lowest = new Map<string, bigint>();
  for (const tier of all) {
    const known = lowest.get(tariffOf(tier));
    if (known === undefined || tier.start < known) lowest.set(tariffOf(tier), tier.start);
    yield;
  }
  const fromNothing = all.filter(({ start }) => start === 0n);
  const coverage = new RuleCoverage(fromNothing);
  for (const tier of fromNothing) {
    coverage.add(tier);
    yield;
  }
  const problems: RuleProblem[] = [];
  for (const tier of all) {
    yield;
    if (tier.start === 0n || tier.start > lowest.get(tariffOf(tier))! || (yield* coverage.covers(tier))) continue;
    const { rule } = tier;
    const message = `Below ${rule.startAmount} no ${rule.kind} is set where rule "${rule.name}" holds (${describeScope(rule)}): it is 0`;
    problems.push(ruleProblem(RuleProblemKind.Gap, [rule.name], message));
  }
  return problems;
}

/** What the tiers of one tariff have in common. */
function tariffOf({ rule }: Tier): string {
  const { kind, transferType, currency, side, payerIdentifier, payeeIdentifier, priority } = rule;
  return [kind, transferType, currency, side, payerIdentifier, payeeIdentifier, priority].join('\0');
}
