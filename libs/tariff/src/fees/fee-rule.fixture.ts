import { QuoteSide, TransferType } from '@level-one/quote';
import type { FeeRuleContent } from './fee-choice.js';
import { FeeKind } from './fee-rule.entity.js';

/** A rule of a zero fee on all transfers in USD, always in force, with the given changes. */
export function feeRule(values: Partial<FeeRuleContent> & { name: string }): FeeRuleContent {
  return {
    kind: FeeKind.Fee,
    transferType: null,
    currency: 'USD',
    side: null,
    payerIdentifier: null,
    payeeIdentifier: null,
    startAmount: '0',
    percent: null,
    percentBase: null,
    minValue: null,
    maxValue: null,
    payerFeeCredit: null,
    priority: 1000,
    validFrom: new Date(0),
    validTo: null,
    ...values,
  };
}

/** The scope of the tariff with the answers of the second seed (ruling 19). */
export const SEED_PAIR = {
  transferType: TransferType.P2p,
  side: QuoteSide.Credit,
  payerIdentifier: '92806391',
  payeeIdentifier: '30754016',
} as const;

export const SEED_PAIR_RULES = [
  feeRule({ name: 'seed pair fee', ...SEED_PAIR, minValue: '1', payerFeeCredit: '0.25', priority: 1 }),
  feeRule({ name: 'seed pair commission', ...SEED_PAIR, kind: FeeKind.Commission, minValue: '1', priority: 1 }),
];
