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
 * Finds the problems of a set of fee rules that are to be in force, together or one after the other; none: an empty
 * list. Pure. Rules with wrong values are left out of the comparisons, of which there are n log n for n rules.
 * @param scale decimals of the ledger's currency.
 * @param at rules that end before it are ignored.
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

/** `rank`: position of its start amount among all start amounts. */
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
 * Finds tiers that never decide. A tier that does not decide at its own start amount never decides, because at higher
 * amounts only more tiers precede it.
 */
function* checkReach(all: readonly Tier[]): Steps<RuleProblem[]> {
  const problems: RuleProblem[] = [];
  for (const tier of yield* findUnreachable(all)) {
    const { rule } = tier;
    const by = yield* namesBefore(tier, all);
    const message =
      `Rule "${rule.name}" (${describeScope(rule)}, from ${rule.startAmount}) never decides: ` +
      `it always comes after ${by.map((name) => `"${name}"`).join(', ')}`;
    problems.push(ruleProblem(RuleProblemKind.Unreachable, [rule.name, ...by], message));
  }
  return problems;
}

/** Finds tariffs whose first tier does not start at 0, unless a rule of another priority covers the amounts below. */
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
    coverage.addRule(tier);
    yield;
  }
  const problems: RuleProblem[] = [];
  for (const tier of all) {
    yield;
    if (tier.start === 0n || tier.start > lowest.get(tariffOf(tier))! || (yield* coverage.coversRule(tier))) continue;
    const { rule } = tier;
    const message = `Below ${rule.startAmount} no ${rule.kind} is set where rule "${rule.name}" holds (${describeScope(rule)}): it is 0`;
    problems.push(ruleProblem(RuleProblemKind.Gap, [rule.name], message));
  }
  return problems;
}

/** Key of the tariff that a tier belongs to. */
function tariffOf({ rule }: Tier): string {
  const { kind, transferType, currency, side, payerIdentifier, payeeIdentifier, priority } = rule;
  return [kind, transferType, currency, side, payerIdentifier, payeeIdentifier, priority].join('\0');
}
