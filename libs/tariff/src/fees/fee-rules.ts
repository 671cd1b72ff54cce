import type { KeptCopies } from '@level-one/work';
import type { DataSource } from 'typeorm';
import type { TransferType } from '@level-one/quote';
import { checkCurrencies } from '../rules/currency-check.js';
import { type RuleCharge, chargeBy } from './fee-choice.js';
import { FeeKind, FeeRule } from './fee-rule.entity.js';
import { checkFeeRules } from './fee-rule-check.js';
import { RuleHistory } from '../rules/rule-history.js';
import type { RuleRequest } from '../rules/rule-scope.js';

/** A transfer whose fees are requested. */
export interface FeeRequest extends RuleRequest {
  /** Minor units. */
  amount: bigint;
  /** Time whose rules apply; default: now, by the database's clock. */
  at?: Date;
}

/** Optional parts of a request. A rule for one side or for certain numbers applies only if the request has them. */
export type FeeParties = Pick<FeeRequest, 'side' | 'payerIdentifier' | 'payeeIdentifier' | 'at'>;

/**
 * Fees that a DFSP charges its own customers and commissions that it gives its agents, by its own rules (contract 5.3).
 */
export class FeeRules {
  /** Reads and writes the rules. */
  readonly history: RuleHistory<FeeRule>;

  constructor(
    dataSource: DataSource,
    copies: KeptCopies,
    /** Decimals of the ledger's currency. */
    private readonly scale: number,
    /** Currency of the ledger; rules in others cause a warning. */
    currency?: string,
  ) {
    this.history = new RuleHistory(dataSource, copies, FeeRule, function* (rules, at) {
      return [...(yield* checkFeeRules(rules, { scale, at })), ...checkCurrencies(rules, currency)];
    });
  }

  /** Fee and commission by the rules of one moment, each with the version of its rule. */
  async chargesFor({ at, amount, ...request }: FeeRequest): Promise<Record<FeeKind, RuleCharge>> {
    const rules = await this.history.findMatching(request, at);
    const by = (kind: FeeKind): RuleCharge => chargeBy(rules, { ...request, kind, amount, scale: this.scale });
    return { [FeeKind.Fee]: by(FeeKind.Fee), [FeeKind.Commission]: by(FeeKind.Commission) };
  }

  /** Fee on `amount`, both in minor units; 0 without a matching rule. */
  async feeFor(
    transferType: TransferType,
    amount: bigint,
    currency: string,
    parties: FeeParties = {},
  ): Promise<bigint> {
    return (await this.chargesFor({ ...parties, transferType, amount, currency })).fee.amount;
  }

  /** Commission of the agent on `amount`, both in minor units; 0 without a matching rule. */
  async commissionFor(
    transferType: TransferType,
    amount: bigint,
    currency: string,
    parties: FeeParties = {},
  ): Promise<bigint> {
    return (await this.chargesFor({ ...parties, transferType, amount, currency })).commission.amount;
  }
}
