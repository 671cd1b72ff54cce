import type { StateTime } from '@level-one/work';
import { minorUnitsColumn } from '@level-one/money';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { QuoteSide, TransferType } from '@level-one/quote';
import { ReservationStatus } from './limit-reservation-status.js';

/** The part of a subject's limits that one payment reserves, with its day, week and month. */
@Entity('limit_reservations')
@Check('limit_reservations_amount_is_positive', 'amount > 0')
@Check('limit_reservations_status_is_known', `status IN ('reserved', 'confirmed', 'released')`)
@Index('limit_reservations_over', ['day'], { where: `status IN ('confirmed', 'released')` })
@Index('limit_reservations_by_expiry', ['expiresAt'], {
  where: `status = 'reserved' AND expires_at IS NOT NULL`,
})
export class LimitReservation {
  @PrimaryColumn('uuid', { name: 'payment_id', primaryKeyConstraintName: 'limit_reservations_pkey' })
  paymentId: string;

  @PrimaryColumn('text', { primaryKeyConstraintName: 'limit_reservations_pkey' })
  side: QuoteSide;

  @Column('text')
  status: ReservationStatus;

  /** Account or number in whose limits the payment is counted. */
  @Column('text')
  subject: string;

  @Column('text', { name: 'transfer_type' })
  transferType: TransferType;

  /** Minor units of `currency`. */
  @Column('bigint', { transformer: minorUnitsColumn })
  amount: bigint;

  /** ISO-4217 alpha-3. */
  @Column('text')
  currency: string;

  /** YYYY-MM-DD, in the DFSP's time zone at the reservation. */
  @Column('date')
  day: string;

  /** Monday of its week, YYYY-MM-DD. */
  @Column('date')
  week: string;

  /** First day of its month, YYYY-MM-DD. */
  @Column('date')
  month: string;

  /** Pool it counts in until the payment begins: the requesting DFSP's, or {@link FIRM} for all. */
  @Column('text')
  pool: string;

  /** When it is released unless the payment begins; null: the payment decides. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  /** When it was made; set by the database. Null in rows from before this column. */
  @Column({
    type: 'timestamptz',
    name: 'reserved_at',
    nullable: true,
    default: () => 'now()',
    insert: false,
    update: false,
    select: false,
  })
  reservedAt?: Date | null;

  /** When its state changed; set by the database. */
  @Column({ type: 'jsonb', name: 'state_times', nullable: true, insert: false, update: false, select: false })
  stateTimes?: StateTime[] | null;
}
