import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { InvoiceNotificationStatus } from './invoice-notification-status.js';

/** An invoice a client was told of, kept at the client's DFSP. */
@Entity('invoice_notifications')
@Unique('invoice_notifications_pair', ['invoiceUrl', 'senderIdentifier'])
@Check('invoice_notifications_status_is_known', `status IN ('pending', 'executed', 'rejected', 'cancelled', 'expired')`)
@Index('invoice_notifications_of_issuer', ['issuer', 'senderIdentifier'], { where: `status = 'pending'` })
@Index('invoice_notifications_pending_by_expiry', ['expiresAt'], {
  where: `status = 'pending' AND expires_at IS NOT NULL`,
})
@Index('invoice_notifications_pending', ['senderIdentifier', 'createdAt', 'id'], { where: `status = 'pending'` })
export class InvoiceNotification {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'invoice_notifications_pkey' })
  id: string;

  @Column('text', { name: 'invoice_url' })
  invoiceUrl: string;

  /** Number of the client, who would be the payment's sender. */
  @Column('text', { name: 'sender_identifier' })
  senderIdentifier: string;

  @Column('text')
  memo: string;

  @Column('text')
  status: InvoiceNotificationStatus;

  /** The payment in progress, or the one that paid it. */
  @Column('uuid', { name: 'payment_id', nullable: true })
  paymentId: string | null;

  /** Short name of the DFSP that issued the invoice; null for what was stored before it was kept. */
  @Column('text', { nullable: true })
  issuer: string | null;

  /** When the invoice's time is over, as its issuer says; null: never. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
