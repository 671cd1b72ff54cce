import { type FeeRuleContent, ruleAmount } from './fee-choice.js';
import { FeeKind } from './fee-rule.entity.js';
import { QuoteSide } from './quote-side.js';
import { checkNames, checkOverlaps, checkScope, firstProblems, readValue } from './rule-check.js';
import { type RuleProblem, ruleProblem, RuleProblemKind } from './rule-problem.js';
import { describeScope, isCovered, type RuleScope } from './rule-scope.js';
import { parsePercent } from './tariff.js';

const WHOLE = parsePercent('100');
/** Rules that are named as being in the way of another one. */
const NAMES_MAX = 10;

/**
 * What is wrong with a set of fee rules that are to be in force together or one after the other; nothing, when it is
 * an empty list. Pure; `scale` is the ledger's. Rules whose own values are wrong are left out of the comparisons.
 */
export function checkFeeRules(rules: readonly FeeRuleContent[], { scale }: { scale: number }): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const sound: Tier[] = [];
  for (const rule of rules) {
    const own = [...checkScope(rule), ...checkValues(rule, scale)];
    problems.push(...own);
    if (own.length === 0) sound.push({ ...rule, start: ruleAmount(rule.startAmount, scale) });
  }
  problems.push(...checkNames(sound));
  problems.push(...checkOverlaps(sound, (one, other) => one.kind === other.kind && one.start === other.start));
  problems.push(...firstProblems(sound, (rule) => checkReach(rule, sound)));
  problems.push(...checkGaps(sound));
  return problems;
}

type Tier = FeeRuleContent & { start: bigint };

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
function checkReach(rule: Tier, all: readonly Tier[]): RuleProblem | undefined {
  const before = all.filter(({ kind, priority, start }) => {
    return kind === rule.kind && priority < rule.priority && start <= rule.start;
  });
  if (!isCovered(rule, before)) return undefined;
  const names = before.filter((other) => isCovered(rule, [other])).map(({ name }) => name);
  const by = (names.length > 0 ? names : before.map(({ name }) => name)).slice(0, NAMES_MAX);
  return ruleProblem(
    RuleProblemKind.Unreachable,
    [rule.name, ...by],
    `Rule "${rule.name}" (${describeScope(rule)}, from ${rule.startAmount}) never decides: ${by.map((name) => `"${name}"`).join(', ')} always goes first`,
  );
}

/** A tariff whose first tier does not start at 0, unless another priority is for what is below. */
function checkGaps(all: readonly Tier[]): RuleProblem[] {
  const first = all.filter(
    (rule) => rule.start > 0n && !all.some((other) => other.start < rule.start && isSameTariff(rule, other)),
  );
  return first
    .filter(
      (rule) =>
        !isCovered(
          rule,
          all.filter(({ kind, start }) => kind === rule.kind && start === 0n),
        ),
    )
    .map((rule) =>
      ruleProblem(
        RuleProblemKind.Gap,
        [rule.name],
        `Below ${rule.startAmount} no ${rule.kind} is set where rule "${rule.name}" holds (${describeScope(rule)}): it is 0`,
      ),
    );
}

function isSameTariff(one: Tier, other: Tier): boolean {
  const same: (keyof RuleScope)[] = [
    'transferType',
    'currency',
    'side',
    'payerIdentifier',
    'payeeIdentifier',
    'priority',
  ];
  return one.kind === other.kind && same.every((name) => one[name] === other[name]);
}
