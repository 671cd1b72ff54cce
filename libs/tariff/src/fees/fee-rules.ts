import { formatAmount } from '@level-one/money';
import type { DataSource } from 'typeorm';
import type { TransferType } from '@level-one/quote';
import { checkCurrencies } from '../rules/currency-check.js';
import { type Charge, chargeBy } from './fee-choice.js';
import { FeeKind, FeeRule } from './fee-rule.entity.js';
import { checkFeeRules } from './fee-rule-check.js';
import { RuleHistory } from '../rules/rule-history.js';
import type { RuleRequest } from '../rules/rule-scope.js';

/** What fees are asked for. */
export interface FeeRequest extends RuleRequest {
  /** Minor units. */
  amount: bigint;
  /** The moment whose rules hold; default: now, by the database's clock. */
  at?: Date;
}

/** Who a fee is for; rules for one side, or for certain numbers, hold only where they are told. */
export type FeeParties = Pick<FeeRequest, 'side' | 'payerIdentifier' | 'payeeIdentifier' | 'at'>;

/** What a DFSP charges its own customers and gives its agents, by its own table (contract 5.3). */
export class FeeRules {
  /** The table, to read and to write it. */
  readonly history: RuleHistory<FeeRule>;

  constructor(
    dataSource: DataSource,
    /** Decimals of one minor unit of the ledger's currency. */
    private readonly scale: number,
    /** The ledger's; rules in others are warned of. */
    currency?: string,
  ) {
    this.history = new RuleHistory(dataSource, FeeRule, function* (rules, at) {
      return [...(yield* checkFeeRules(rules, { scale, at })), ...checkCurrencies(rules, currency)];
    });
  }

  /** Fee and commission by the same rules, each with the version of the rule it comes from. */
  async charges({ at, amount, ...request }: FeeRequest): Promise<Record<FeeKind, Charge>> {
    const rules = await this.history.candidates(request, {
      at,
      narrow: (query) =>
        query
          .distinctOn(['rule.kind'])
          .andWhere('rule.startAmount <= :amount', { amount: formatAmount(amount, this.scale) })
          .orderBy({ 'rule.kind': 'ASC', 'rule.priority': 'ASC', 'rule.startAmount': 'DESC', 'rule.name': 'ASC' }),
    });
    const by = (kind: FeeKind): Charge => chargeBy(rules, { ...request, kind, amount, scale: this.scale });
    return { [FeeKind.Fee]: by(FeeKind.Fee), [FeeKind.Commission]: by(FeeKind.Commission) };
  }

  /** Fee on `amount`, both in minor units; 0 where no rule holds. */
  async fee(transferType: TransferType, amount: bigint, currency: string, parties: FeeParties = {}): Promise<bigint> {
    return (await this.charges({ ...parties, transferType, amount, currency })).fee.amount;
  }

  /** The agent's commission on `amount`, both in minor units; 0 where no rule holds. */
  async commission(
    transferType: TransferType,
    amount: bigint,
    currency: string,
    parties: FeeParties = {},
  ): Promise<bigint> {
    return (await this.charges({ ...parties, transferType, amount, currency })).commission.amount;
  }
}
