import { parseAmount } from '@level-one/money';
import type { FeeKind, FeeRule } from './fee-rule.entity.js';
import { matchesRequest, type RuleRequest, type VersionedRule } from '../rules/rule-scope.js';
import { computeTariff, parsePercent, type TariffTier } from './tariff.js';

/** Maximum of digits of an amount in a rule, in minor units. */
export const RULE_PRECISION = 18;

/** A rule without the columns that the database sets. */
export type FeeRuleContent = Omit<FeeRule, 'id' | 'version'>;

/** A fee or commission with the version of the rule that set it, so that both can be stored. */
export interface RuleCharge {
  /** Minor units. */
  amount: bigint;
  /** Part of the fee that the payer's DFSP has already charged, by the same rule; minor units. */
  credit: bigint;
  rule: Pick<VersionedRule, 'name' | 'version'> | null;
}

/**
 * The deciding rule (contract 5.3): of the matching rules whose tier starts at or below the amount, the one with the
 * lowest priority number, then the highest start, then the first name.
 * @param rules the rules in force.
 * @param amount in minor units at `scale`.
 */
export function chooseFeeRule<Rule extends FeeRuleContent>(
  rules: readonly Rule[],
  { kind, amount, scale, ...request }: RuleRequest & { kind: FeeKind; amount: bigint; scale: number },
): Rule | undefined {
  let best: { rule: Rule; start: bigint } | undefined;
  for (const rule of rules) {
    if (rule.kind !== kind || !matchesRequest(rule, request)) continue;
    const start = ruleAmount(rule.startAmount, scale);
    if (start > amount) continue;
    if (!best || goesFirst(rule, start, best)) best = { rule, start };
  }
  return best?.rule;
}

/** The charge of the deciding rule; 0 without one. */
export function chargeBy<Rule extends FeeRuleContent & Pick<FeeRule, 'version'>>(
  rules: readonly Rule[],
  request: RuleRequest & { kind: FeeKind; amount: bigint; scale: number },
): RuleCharge {
  const rule = chooseFeeRule(rules, request);
  if (!rule) return { amount: 0n, credit: 0n, rule: null };
  return {
    amount: computeTariff([tierOf(rule, request.scale)], request.amount),
    credit: ruleAmount(rule.payerFeeCredit ?? '0', request.scale),
    rule: { name: rule.name, version: rule.version },
  };
}

/** The tier of a rule in minor units at `scale`. @throws AmountError if the rule has more decimals. */
export function tierOf(rule: FeeRuleContent, scale: number): TariffTier {
  const orNull = (text: string | null): bigint | null => (text === null ? null : ruleAmount(text, scale));
  return {
    startAmount: ruleAmount(rule.startAmount, scale),
    percentMillionths: rule.percent === null ? null : parsePercent(rule.percent),
    percentBase: orNull(rule.percentBase),
    minValue: orNull(rule.minValue),
    maxValue: orNull(rule.maxValue),
  };
}

/** An amount of a rule in minor units. @throws AmountError */
export function ruleAmount(text: string, scale: number): bigint {
  return parseAmount(text, { scale, precision: RULE_PRECISION, allowZero: true });
}

function goesFirst(rule: FeeRuleContent, start: bigint, best: { rule: FeeRuleContent; start: bigint }): boolean {
  if (rule.priority !== best.rule.priority) return rule.priority < best.rule.priority;
  if (start !== best.start) return start > best.start;
  return rule.name < best.rule.name;
}
