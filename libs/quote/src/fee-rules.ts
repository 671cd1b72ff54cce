import { parseAmount } from '@level-one/money';
import type { DataSource } from 'typeorm';
import { FeeKind, FeeRule } from './fee-rule.entity.js';
import { computeTariff, parsePercent, type TariffTier } from './tariff.js';
import type { TransferType } from './transfer-type.js';

/** More tiers than this for one type of transfer and currency are a mistake in the table. */
const TIERS_MAX = 1_000;
const PRECISION = 18;

/** What a DFSP charges its own customers and gives its agents, by its own table. */
export class FeeRules {
  constructor(
    private readonly dataSource: DataSource,
    /** Decimals of one minor unit of the ledger's currency. */
    private readonly scale: number,
  ) {}

  /** Fee on `amount`, both in minor units; 0 where no tier holds. */
  fee(transferType: TransferType, amount: bigint, currency: string): Promise<bigint> {
    return this.charge(FeeKind.Fee, transferType, amount, currency);
  }

  /** The agent's commission on `amount`, both in minor units; 0 where no tier holds. */
  commission(transferType: TransferType, amount: bigint, currency: string): Promise<bigint> {
    return this.charge(FeeKind.Commission, transferType, amount, currency);
  }

  private async charge(kind: FeeKind, transferType: TransferType, amount: bigint, currency: string): Promise<bigint> {
    const rules = await this.dataSource.manager.find(FeeRule, {
      where: { kind, transferType, currency },
      take: TIERS_MAX,
    });
    return computeTariff(
      rules.map((rule) => this.tierOf(rule)),
      amount,
    );
  }

  private tierOf(rule: FeeRule): TariffTier {
    const amount = (text: string): bigint =>
      parseAmount(text, { scale: this.scale, precision: PRECISION, allowZero: true });
    const orNull = (text: string | null): bigint | null => (text === null ? null : amount(text));
    return {
      startAmount: amount(rule.startAmount),
      percentMillionths: rule.percent === null ? null : parsePercent(rule.percent),
      percentBase: orNull(rule.percentBase),
      minValue: orNull(rule.minValue),
      maxValue: orNull(rule.maxValue),
    };
  }
}
