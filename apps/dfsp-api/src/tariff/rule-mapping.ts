import { canonicalDecimal } from '@level-one/money';
import type { FeeRule, LimitRule, RuleDraft, VersionedRule } from '@level-one/tariff';
import type { FeeRuleDto, LimitRuleDto, RuleScopeDto } from './rule.dto.js';

/** Priority of a rule that names none: it leaves room before and after it. */
const PRIORITY = 1_000;

/** Scope of a rule; null counts as absent. */
function scopeOf(rule: RuleScopeDto, currency: string) {
  const { name, transferType, side, payerIdentifier, payeeIdentifier, priority, validFrom, validTo } = rule;
  return {
    name,
    transferType: transferType ?? null,
    currency: rule.currency ?? currency,
    side: side ?? null,
    payerIdentifier: payerIdentifier ?? null,
    payeeIdentifier: payeeIdentifier ?? null,
    priority: priority ?? PRIORITY,
    ...(validFrom ? { validFrom: new Date(validFrom) } : {}),
    ...(validTo ? { validTo: new Date(validTo) } : {}),
  };
}

/** Normalises a decimal, given as text or number, so that a repeated rule is recognised as the same. */
function decimalText(value: string | number | null | undefined): string | null {
  return value === undefined || value === null ? null : canonicalDecimal(String(value));
}

/** Draft of a fee rule; `currency` is the ledger's, for a rule that names none. */
export function feeRuleDraft(rule: FeeRuleDto, currency: string): RuleDraft<FeeRule> {
  return {
    ...scopeOf(rule, currency),
    kind: rule.kind,
    startAmount: decimalText(rule.startAmount) ?? '0',
    percent: decimalText(rule.percent),
    percentBase: decimalText(rule.percentBase),
    minValue: decimalText(rule.minValue),
    maxValue: decimalText(rule.maxValue),
    payerFeeCredit: decimalText(rule.payerFeeCredit),
  };
}

/** Draft of a limit rule; `currency` is the ledger's, for a rule that names none. */
export function limitRuleDraft(rule: LimitRuleDto, currency: string): RuleDraft<LimitRule> {
  return {
    ...scopeOf(rule, currency),
    minAmount: decimalText(rule.minAmount),
    maxAmount: decimalText(rule.maxAmount),
    maxAmountDaily: decimalText(rule.maxAmountDaily),
    maxAmountWeekly: decimalText(rule.maxAmountWeekly),
    maxAmountMonthly: decimalText(rule.maxAmountMonthly),
    maxCountDaily: rule.maxCountDaily ?? null,
    maxCountWeekly: rule.maxCountWeekly ?? null,
    maxCountMonthly: rule.maxCountMonthly ?? null,
  };
}

/** A version in the form of the routes: without unset members, times as text. */
export function storedRule<Rule extends VersionedRule, Told>(rule: Rule): Told {
  const { id: _id, ...told } = rule;
  return Object.fromEntries(
    Object.entries(told)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value]),
  ) as Told;
}
