import { minorUnitsColumn } from '@level-one/money';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { QuoteSide, TransferType } from '@level-one/quote';
import { ReservationStatus } from './limit-reservation-status.js';

/** What one payment takes of somebody's limits, and of which day, week and month. */
@Entity('limit_reservations')
@Check('limit_reservations_amount_is_positive', 'amount > 0')
@Check('limit_reservations_status_is_known', `status IN ('reserved', 'confirmed', 'released')`)
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

  /** Account or number whose limits they are. */
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

  /** YYYY-MM-DD, in the time zone of the DFSP when it was reserved. */
  @Column('date')
  day: string;

  /** The Monday of its week, YYYY-MM-DD. */
  @Column('date')
  week: string;

  /** Its first. */
  @Column('date')
  month: string;

  /** The DFSP that it is counted against alone until the payment begins; empty: it is counted against everybody. */
  @Column('text')
  pool: string;

  /** When it is given back unless something happens; null: never, its payment decides. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;
}
