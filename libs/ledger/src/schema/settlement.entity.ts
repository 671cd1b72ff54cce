import { Check, Column, Entity, Exclusion, ForeignKey, PrimaryColumn } from 'typeorm';
import { nullableMinorUnitsColumn } from '@level-one/money';

/**
 * One settlement, which covers the entries after `afterEntry` up to and including `toEntry`. Written once; the database
 * refuses a change, and a second settlement of the same entries.
 */
@Entity('settlements')
@Check('settlements_range', 'to_entry >= after_entry')
@Exclusion('settlements_settle_once', `USING gist (int8range(after_entry, to_entry, '(]') WITH &&)`)
export class SettlementEntity {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'settlements_pkey' })
  id: string;

  @Column('bigint', { name: 'after_entry' })
  afterEntry: string;

  @Column('bigint', { name: 'to_entry' })
  toEntry: string;

  @Column('bigint', { name: 'transfer_count' })
  transferCount: string;

  @Column('timestamptz', { name: 'settled_at' })
  settledAt: Date;
}

/** Payments and receipts of one account in one settlement, in minor units. */
@Entity('settlement_positions')
export class SettlementPositionEntity {
  @PrimaryColumn('uuid', { name: 'settlement_id', primaryKeyConstraintName: 'settlement_positions_pkey' })
  @ForeignKey(() => SettlementEntity, { name: 'settlement_positions_settlement_fkey' })
  settlementId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'settlement_positions_pkey' })
  account: string;

  @Column('numeric', { transformer: nullableMinorUnitsColumn })
  payments: bigint;

  @Column('numeric', { transformer: nullableMinorUnitsColumn })
  receipts: bigint;

  @Column('numeric', { name: 'fee_payments', transformer: nullableMinorUnitsColumn })
  feePayments: bigint;

  @Column('numeric', { name: 'fee_receipts', transformer: nullableMinorUnitsColumn })
  feeReceipts: bigint;
}
