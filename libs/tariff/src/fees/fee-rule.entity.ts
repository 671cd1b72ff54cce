import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { VersionedRuleColumns } from '../rules/versioned-rule.entity.js';

/** Kind of a fee rule: a fee that a customer pays, or a commission that an agent receives. */
export enum FeeKind {
  Fee = 'fee',
  Commission = 'commission',
}

/**
 * One version of one tier of a tariff (contract 5.3). Amounts are decimals in units of the currency, so that the table
 * does not depend on the scale of the ledger; null: not set.
 */
@Entity('fee_rules')
@Index('fee_rules_version', ['name', 'version'], { unique: true })
@Index('fee_rules_open_version', ['name'], { unique: true, where: 'valid_to IS NULL' })
@Check('fee_rules_kind_is_known', `kind IN ('fee', 'commission')`)
@Check(
  'fee_rules_is_not_negative',
  'start_amount >= 0 AND percent >= 0 AND percent_base >= 0 AND min_value >= 0 AND max_value >= 0',
)
@Check('fee_rules_credit_is_of_a_fee', `payer_fee_credit IS NULL OR payer_fee_credit >= 0 AND kind = 'fee'`)
@Check('fee_rules_side_is_known', `side IN ('debit', 'credit')`)
@Check('fee_rules_validity', 'valid_to >= valid_from')
export class FeeRule extends VersionedRuleColumns {
  @PrimaryColumn('bigint', { generated: 'identity', primaryKeyConstraintName: 'fee_rules_pkey' })
  id: string;

  @Column('text')
  kind: FeeKind;

  /** The tier applies from this amount up to the next tier. */
  @Column('numeric', { name: 'start_amount' })
  startAmount: string;

  /** Percentage, for example `1` or `0.25`. */
  @Column('numeric', { nullable: true })
  percent: string | null;

  /** The percentage applies to the part above this amount. */
  @Column('numeric', { name: 'percent_base', nullable: true })
  percentBase: string | null;

  @Column('numeric', { name: 'min_value', nullable: true })
  minValue: string | null;

  @Column('numeric', { name: 'max_value', nullable: true })
  maxValue: string | null;

  /** Part of the fee that a payee is not charged, because by agreement the payer's DFSP has charged it. */
  @Column('numeric', { name: 'payer_fee_credit', nullable: true })
  payerFeeCredit: string | null;
}
