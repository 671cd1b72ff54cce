import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { VersionedRuleColumns } from '../rules/versioned-rule.entity.js';

/**
 * One version of the limits of a scope (contract 5.3). Amounts are decimals in units of the currency; null: no limit. A
 * rule for one type counts transfers of that type, a rule for any type counts all.
 */
@Entity('limit_rules')
@Index('limit_rules_version', ['name', 'version'], { unique: true })
@Index('limit_rules_open_version', ['name'], { unique: true, where: 'valid_to IS NULL' })
@Check(
  'limit_rules_is_not_negative',
  `min_amount >= 0 AND max_amount >= 0
   AND max_amount_daily >= 0 AND max_amount_weekly >= 0 AND max_amount_monthly >= 0
   AND max_count_daily >= 0 AND max_count_weekly >= 0 AND max_count_monthly >= 0`,
)
@Check('limit_rules_side_is_known', `side IN ('debit', 'credit')`)
@Check('limit_rules_validity', 'valid_to >= valid_from')
export class LimitRule extends VersionedRuleColumns {
  @PrimaryColumn('bigint', { generated: 'identity', primaryKeyConstraintName: 'limit_rules_pkey' })
  id: string;

  /** Limit of one transfer. */
  @Column('numeric', { name: 'min_amount', nullable: true })
  minAmount: string | null;

  /** Limit of one transfer. */
  @Column('numeric', { name: 'max_amount', nullable: true })
  maxAmount: string | null;

  @Column('numeric', { name: 'max_amount_daily', nullable: true })
  maxAmountDaily: string | null;

  @Column('numeric', { name: 'max_amount_weekly', nullable: true })
  maxAmountWeekly: string | null;

  @Column('numeric', { name: 'max_amount_monthly', nullable: true })
  maxAmountMonthly: string | null;

  @Column('int', { name: 'max_count_daily', nullable: true })
  maxCountDaily: number | null;

  @Column('int', { name: 'max_count_weekly', nullable: true })
  maxCountWeekly: number | null;

  @Column('int', { name: 'max_count_monthly', nullable: true })
  maxCountMonthly: number | null;
}
