import { formatShortest } from '@level-one/money';
import { ruleAmount } from '../fees/fee-choice.js';
import { limitError } from './limit-errors.js';
import { LIMIT_PERIODS, PERIOD_LIMITS } from './limit-period.js';
import type { LimitRule } from './limit-rule.entity.js';
import type { LimitUse } from './limit-usage.entity.js';

/**
 * Checks that a rule leaves room for one more payment.
 * @throws ContractError 422 LimitExceededError for the first limit of a period that it would exceed
 */
export function assertRoomUnder(
  rule: LimitRule,
  { uses, amount, scale }: { uses: readonly LimitUse[]; amount: bigint; scale: number },
): void {
  for (const period of LIMIT_PERIODS) {
    const used = uses.find((use) => use.period === period && use.transferType === rule.transferType);
    const limits = PERIOD_LIMITS[period];
    const maxAmountText = rule[limits.amount.field];
    const maxAmount = maxAmountText === null ? null : ruleAmount(maxAmountText, scale);
    const maxCount = rule[limits.count.field];
    if (maxAmount !== null && (used?.amount ?? 0n) + amount > maxAmount) {
      throw limitError(limits.amount.type, formatShortest(maxAmount, scale));
    }
    if (maxCount !== null && (used?.count ?? 0) + 1 > maxCount) throw limitError(limits.count.type, maxCount);
  }
}
