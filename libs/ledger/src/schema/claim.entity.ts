import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { nullableMinorUnitsColumn } from '@level-one/money';

/** A fulfillment that its creditor could not present before the transfer expired (ruling 39). One for each transfer. */
@Entity('claims')
@Check('claims_amount_is_positive', 'amount > 0')
@Check('claims_one_end', 'approved_at IS NULL OR refused_at IS NULL')
@Check('claims_approved_by_two', 'approved_at IS NULL OR is_automatic OR cardinality(approved_by) >= 2')
@Check('claims_booked_when_approved', 'booked_at IS NULL OR (approved_at IS NOT NULL AND account IS NOT NULL)')
@Index('claims_open', ['claimedAt', 'transferId'], { where: 'booked_at IS NULL AND refused_at IS NULL' })
export class ClaimEntity {
  @PrimaryColumn('uuid', { name: 'transfer_id', primaryKeyConstraintName: 'claims_pkey' })
  transferId: string;

  /** Account that the transfer credits, whose owner claims. */
  @Column('text')
  creditor: string;

  /** Minor units. */
  @Column('bigint', { transformer: nullableMinorUnitsColumn })
  amount: bigint;

  @Column('text')
  fulfillment: string;

  /** Statement of the following ledger, as it was signed. */
  @Column('text')
  statement: string;

  @Column('timestamptz', { name: 'claimed_at' })
  claimedAt: Date;

  /** Whether the ledger's own downtime covers the time in which the fulfillment could have been presented. */
  @Column('boolean', { name: 'is_automatic' })
  isAutomatic: boolean;

  /** Names of administrators. */
  @Column('text', { name: 'approved_by', array: true })
  approvedBy: string[];

  @Column('timestamptz', { name: 'approved_at', nullable: true })
  approvedAt: Date | null;

  /** Account that pays the claim; null before the approval. */
  @Column('text', { nullable: true })
  account: string | null;

  /** Id of the transfer that books the claim. */
  @Column('uuid', { name: 'booking_id' })
  bookingId: string;

  @Column('timestamptz', { name: 'booked_at', nullable: true })
  bookedAt: Date | null;

  @Column('timestamptz', { name: 'refused_at', nullable: true })
  refusedAt: Date | null;

  @Column('text', { name: 'refused_by', nullable: true })
  refusedBy: string | null;

  /** Why it was refused. */
  @Column('text', { nullable: true })
  refusal: string | null;
}

/** A claim as plain data. */
export type Claim = Pick<ClaimEntity, keyof ClaimEntity>;
