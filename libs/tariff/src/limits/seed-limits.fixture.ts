import { TransferType } from '@level-one/quote';
import type { LimitRule } from './limit-rule.entity.js';
import type { RuleDraft } from '../rules/rule-history.js';

/** In USD; amounts in TZS are a hundred times as high. */
const AMOUNTS = {
  minAmount: 10,
  maxAmount: 1_000,
  maxAmountDaily: 1_000,
  maxAmountWeekly: 4_000,
  maxAmountMonthly: 10_000,
};

const COUNTS = { maxCountDaily: 10, maxCountWeekly: 40, maxCountMonthly: 100 };

/**
 * The seed limits of contract 5.3, the same for every type of transfer, counted by type. They are in force only if they
 * are put into the table.
 */
export const SEED_LIMITS: readonly RuleDraft<LimitRule>[] = Object.values(TransferType).flatMap((transferType) => [
  seedLimit(transferType, 'USD', 1),
  seedLimit(transferType, 'TZS', 100),
]);

function seedLimit(transferType: TransferType, currency: string, factor: number): RuleDraft<LimitRule> {
  const amount = (name: keyof typeof AMOUNTS): string => String(AMOUNTS[name] * factor);
  return {
    name: `${transferType} ${currency}`,
    transferType,
    currency,
    side: null,
    payerIdentifier: null,
    payeeIdentifier: null,
    priority: 1000,
    minAmount: amount('minAmount'),
    maxAmount: amount('maxAmount'),
    maxAmountDaily: amount('maxAmountDaily'),
    maxAmountWeekly: amount('maxAmountWeekly'),
    maxAmountMonthly: amount('maxAmountMonthly'),
    ...COUNTS,
  };
}
