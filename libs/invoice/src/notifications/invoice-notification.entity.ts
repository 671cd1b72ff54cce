import type { StateTime } from '@level-one/work';
import { Check, Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { InvoiceNotificationStatus } from './invoice-notification-status.js';

/** What an invoice says, besides its status. Amount in decimals of the merchant's ledger; account as a URI there. */
export interface InvoiceTerms {
  invoiceId: string;
  invoiceType: string;
  /** Name of the merchant. */
  name: string;
  account: string;
  merchantIdentifier: string;
  amount: string;
  currencyCode: string;
}

/** Notification of an invoice to a client, stored at the client's DFSP. */
@Entity('invoice_notifications')
@Unique('invoice_notifications_pair', ['invoiceUrl', 'senderIdentifier'])
@Check('invoice_notifications_status_is_known', `status IN ('pending', 'executed', 'rejected', 'cancelled', 'expired')`)
@Index('invoice_notifications_over', ['createdAt'], { where: `status IN ('rejected', 'cancelled', 'expired')` })
@Index('invoice_notifications_of_issuer', ['issuer', 'senderIdentifier'], { where: `status = 'pending'` })
@Index('invoice_notifications_pending_by_expiry', ['expiresAt'], {
  where: `status = 'pending' AND expires_at IS NOT NULL`,
})
@Index('invoice_notifications_to_check', ['checkAt'], { where: `status = 'pending'` })
@Index('invoice_notifications_pending', ['senderIdentifier', 'createdAt', 'id'], { where: `status = 'pending'` })
@Index('invoice_notifications_by_time', ['createdAt', 'id'])
@Index('invoice_notifications_of_client', ['senderIdentifier', 'createdAt', 'id'])
@Index('invoice_notifications_of_invoice', { synchronize: false })
@Index('invoice_notifications_not_executed', ['status', 'createdAt', 'id'], { where: `status <> 'executed'` })
export class InvoiceNotification {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'invoice_notifications_pkey' })
  id: string;

  @Column('text', { name: 'invoice_url' })
  invoiceUrl: string;

  /** Number of the client, that is, of the payer. */
  @Column('text', { name: 'sender_identifier' })
  senderIdentifier: string;

  @Column('text')
  memo: string;

  @Column('text')
  status: InvoiceNotificationStatus;

  /** Id of the payment in progress, or of the one that paid it. */
  @Column('uuid', { name: 'payment_id', nullable: true })
  paymentId: string | null;

  /** Short name of the DFSP that issued the invoice; null in rows from before this column. */
  @Column('text', { nullable: true })
  issuer: string | null;

  /** The invoice as its issuer showed it when it was notified; null in rows from before this column. */
  @Column('jsonb', { nullable: true })
  invoice: InvoiceTerms | null;

  /** Expiry of the invoice, set by its issuer; null: never. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** When the invoice is read at its issuer next, while the notification is pending. */
  @Column('timestamptz', { name: 'check_at', default: () => 'now()' })
  checkAt: Date;

  /** How often it was read by itself. */
  @Column('int', { default: 0 })
  checks: number;

  /** When its state changed; set by the database. */
  @Column({ type: 'jsonb', name: 'state_times', nullable: true, insert: false, update: false, select: false })
  stateTimes?: StateTime[] | null;
}
