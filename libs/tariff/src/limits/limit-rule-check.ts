import type { Steps } from '@level-one/work';
import { ruleAmount } from '../fees/fee-choice.js';
import { LIMIT_PERIODS, PERIOD_LIMITS } from './limit-period.js';
import type { LimitRule } from './limit-rule.entity.js';
import { checkNames, checkOverlaps, checkScope, findUnreachable, readValue } from '../rules/rule-check.js';
import { type RuleProblem, ruleProblem, RuleProblemKind } from '../rules/rule-problem.js';
import { describeScope } from '../rules/rule-scope.js';

/** A rule without the columns that the database sets. */
export type LimitRuleContent = Omit<LimitRule, 'id' | 'version'>;

/**
 * Finds the problems of a set of limit rules that are to be in force, together or one after the other; none: an empty
 * list. Pure, n log n comparisons for n rules.
 * @param scale decimals of the ledger's currency.
 */
export function* checkLimitRules(
  rules: readonly LimitRuleContent[],
  { scale }: { scale: number },
): Steps<RuleProblem[]> {
  const problems: RuleProblem[] = [];
  const sound: LimitRuleContent[] = [];
  for (const rule of rules) {
    const own = [...checkScope(rule), ...checkValues(rule, scale)];
    problems.push(...own);
    if (own.every(({ severity }) => severity === 'warning')) sound.push(rule);
    yield;
  }
  problems.push(...(yield* checkNames(sound)));
  problems.push(...(yield* checkOverlaps(sound, () => '')));
  for (const { rule } of yield* findUnreachable(sound.map((one) => ({ rule: one, kind: '', rank: 0 })))) {
    const message = `Rule "${rule.name}" (${describeScope(rule)}) never decides: rules with a lower priority number always precede it`;
    problems.push(ruleProblem(RuleProblemKind.Unreachable, [rule.name], message));
  }
  return problems;
}

/** A value of a rule with its field. */
interface Bound {
  field: string;
  value: bigint;
  text: string;
}

function checkValues(rule: LimitRuleContent, scale: number): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const amountOf = (field: 'minAmount' | 'maxAmount' | AmountField): Bound | undefined => {
    const text = rule[field];
    if (text === null) return undefined;
    const read = (amount: string): bigint => ruleAmount(amount, scale);
    const value = readValue(problems, { rule: rule.name, field, text }, read);
    return value === undefined ? undefined : { field, value, text };
  };
  const countOf = (field: CountField): Bound | undefined => {
    const value = rule[field];
    if (value === null) return undefined;
    if (Number.isSafeInteger(value) && value >= 0) return { field, value: BigInt(value), text: String(value) };
    const message = `Rule "${rule.name}": ${field} ${value} is not a number of transfers`;
    problems.push(ruleProblem(RuleProblemKind.Value, [rule.name], message));
    return undefined;
  };

  const least = amountOf('minAmount');
  const most = amountOf('maxAmount');
  const amounts = [most, ...LIMIT_PERIODS.map((period) => amountOf(PERIOD_LIMITS[period].amount.field))];
  const counts = LIMIT_PERIODS.map((period) => countOf(PERIOD_LIMITS[period].count.field));
  for (const bound of amounts) {
    if (least && bound && least.value > bound.value) {
      const message = `Rule "${rule.name}": minAmount ${least.text} is above ${bound.field} ${bound.text}`;
      problems.push(ruleProblem(RuleProblemKind.Inverted, [rule.name], message));
    }
  }
  return [...problems, ...pointless(rule.name, amounts), ...pointless(rule.name, counts)];
}

type AmountField = (typeof PERIOD_LIMITS)[keyof typeof PERIOD_LIMITS]['amount']['field'];
type CountField = (typeof PERIOD_LIMITS)[keyof typeof PERIOD_LIMITS]['count']['field'];

/** Limits that can never be reached, because that of a longer period is lower. */
function pointless(rule: string, bounds: readonly (Bound | undefined)[]): RuleProblem[] {
  const known = bounds.filter((bound) => bound !== undefined);
  return known.flatMap((bound, index) => {
    const smaller = known.slice(index + 1).find(({ value }) => value < bound.value);
    if (!smaller) return [];
    const message = `Rule "${rule}": ${bound.field} ${bound.text} is never reached, ${smaller.field} is ${smaller.text}`;
    return [ruleProblem(RuleProblemKind.Pointless, [rule], message)];
  });
}
