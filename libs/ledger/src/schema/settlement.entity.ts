import { Check, Column, Entity, Exclusion, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { nullableMinorUnitsColumn } from '@level-one/money';

/** Clearing account of the settlement: the money of DFSPs that paid and of those that are not paid yet. */
export const SETTLEMENT_ACCOUNT = 'settlement';

/** A settlement window. It is open until a {@link SettlementEntity} has its id; one window is open at any time. */
@Entity('settlement_windows')
@Unique('settlement_windows_id', ['id'])
export class SettlementWindowEntity {
  /** 1, 2, 3, … without a gap. */
  @PrimaryColumn('bigint', { primaryKeyConstraintName: 'settlement_windows_pkey' })
  number: string;

  @Column('uuid')
  id: string;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt: Date;
}

/**
 * The close of one window, which covers the entries after `afterEntry` up to and including `toEntry`. Written once; the
 * database refuses a change, and a second window with the same entries.
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
  closedAt: Date;

  /** Whether it reset the positions when it was made, as settlements did before there were windows. */
  @Column('boolean', { name: 'resets_positions', default: true })
  resetsPositions: boolean;
}

/** Payments and receipts of one account in one window, in minor units. */
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

/** What a bank moved for one account in one window. Written with the entries that book it; never changed. */
@Entity('settlement_confirmations')
@Check('settlement_confirmations_amount_is_not_zero', 'amount <> 0')
@Index('settlement_confirmations_by_settlement', ['settlementId', 'account'])
export class SettlementConfirmationEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'settlement_confirmations_pkey' })
  account: string;

  /** What the bank calls the movement. */
  @PrimaryColumn('text', { primaryKeyConstraintName: 'settlement_confirmations_pkey' })
  reference: string;

  @Column('uuid', { name: 'settlement_id' })
  settlementId: string;

  /** The transfer that books it. */
  @Column('uuid', { name: 'transfer_id' })
  transferId: string;

  /** How the position moves, in minor units: positive if the account paid. */
  @Column('bigint', { transformer: nullableMinorUnitsColumn })
  amount: bigint;

  @Column('timestamptz', { name: 'confirmed_at' })
  confirmedAt: Date;
}

/** Where a bank finds the money of an account. Exactly one of `iban` and `otherId` is given. */
@Entity('settlement_bank_accounts')
@Check('settlement_bank_accounts_one_id', 'num_nonnulls(iban, other_id) = 1')
export class SettlementBankAccountEntity {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'settlement_bank_accounts_pkey' })
  account: string;

  @Column('text')
  holder: string;

  @Column('text', { nullable: true })
  iban: string | null;

  @Column('text', { name: 'other_id', nullable: true })
  otherId: string | null;

  @Column('text', { nullable: true })
  bic: string | null;
}
