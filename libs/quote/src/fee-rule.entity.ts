import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TransferType } from './transfer-type.js';

/** What a rule is about: what its customer is charged, or what its agent is given. */
export enum FeeKind {
  Fee = 'fee',
  Commission = 'commission',
}

/**
 * One tier of a tariff (contract 5.3). Amounts are decimals in units of the currency, so that a table holds for
 * whatever scale the ledger has; null = not set.
 */
@Entity('fee_rules')
@Index('fee_rules_tier', ['kind', 'transferType', 'currency', 'startAmount'], { unique: true })
@Check('fee_rules_kind_is_known', `kind IN ('fee', 'commission')`)
@Check(
  'fee_rules_is_not_negative',
  'start_amount >= 0 AND percent >= 0 AND percent_base >= 0 AND min_value >= 0 AND max_value >= 0',
)
export class FeeRule {
  @PrimaryColumn('bigint', { generated: 'identity', primaryKeyConstraintName: 'fee_rules_pkey' })
  id: string;

  @Column('text')
  kind: FeeKind;

  @Column('text', { name: 'transfer_type' })
  transferType: TransferType;

  /** ISO-4217 alpha-3. */
  @Column('text')
  currency: string;

  /** The tier holds from this amount up, until another one starts. */
  @Column('numeric', { name: 'start_amount' })
  startAmount: string;

  /** Per cent, as `1` or `0.25`. */
  @Column('numeric', { nullable: true })
  percent: string | null;

  /** The percentage is of what exceeds this amount. */
  @Column('numeric', { name: 'percent_base', nullable: true })
  percentBase: string | null;

  @Column('numeric', { name: 'min_value', nullable: true })
  minValue: string | null;

  @Column('numeric', { name: 'max_value', nullable: true })
  maxValue: string | null;
}
