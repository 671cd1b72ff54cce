import type { StateTime } from '@level-one/work';
import { minorUnitsColumn } from '@level-one/money';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { InvoiceStatus, InvoiceType } from './invoice-status.js';

/** An invoice, stored at the merchant's DFSP. */
@Entity('invoices')
@Check('invoices_amount_is_positive', 'amount > 0')
@Check('invoices_type_is_known', `type IN ('standard', 'pending', 'product', 'cashOut')`)
@Check('invoices_status_is_known', `status IN ('pending', 'approved', 'executed', 'rejected', 'cancelled', 'expired')`)
@Check('invoices_addressed_names_client', `type NOT IN ('standard', 'cashOut') OR identifier IS NOT NULL`)
@Check('invoices_approved_has_payment', `status <> 'approved' OR payment_id IS NOT NULL`)
@Index('invoices_pending_by_expiry', ['expiresAt'], { where: `status = 'pending' AND expires_at IS NOT NULL` })
@Index('invoices_by_time', ['createdAt', 'id'])
@Index('invoices_of_merchant', ['merchantIdentifier', 'createdAt', 'id'])
@Index('invoices_of_client', ['identifier', 'createdAt', 'id'], { where: 'identifier IS NOT NULL' })
@Index('invoices_not_executed', ['status', 'createdAt', 'id'], { where: `status <> 'executed'` })
export class Invoice {
  /** Random unless its issuer chose it. Anyone who has the invoice's URL may read it. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'invoices_pkey' })
  id: string;

  @Column('text')
  type: InvoiceType;

  @Column('text')
  status: InvoiceStatus;

  /** Number of the merchant who issued it. */
  @Column('text', { name: 'merchant_identifier' })
  merchantIdentifier: string;

  /** Name of the merchant. */
  @Column('text')
  name: string;

  /** Name of the merchant's account on the DFSP's ledger. */
  @Column('text')
  account: string;

  /** Minor units of `currency`. */
  @Column('bigint', { transformer: minorUnitsColumn })
  amount: bigint;

  /** ISO-4217 alpha-3. */
  @Column('text')
  currency: string;

  /** Number of the client it is for; null: anyone may pay. */
  @Column('text', { nullable: true })
  identifier: string | null;

  @Column('text')
  info: string;

  /** Id of the payment in progress, or of the one that paid it; always null for a product. */
  @Column('uuid', { name: 'payment_id', nullable: true })
  paymentId: string | null;

  /** Number of the client who pays or has paid it. */
  @Column('text', { name: 'payer_identifier', nullable: true })
  payerIdentifier: string | null;

  /** Whether the client's DFSP accepted the notification; false if no client is named. */
  @Column('boolean')
  notified: boolean;

  /** Where its client is notified, `…/invoices` of the client's SPSP server; null if no client is named. */
  @Column('text', { name: 'submission_url', nullable: true })
  submissionUrl: string | null;

  /** Expiry; null: never. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** When its state changed; set by the database. */
  @Column({ type: 'jsonb', name: 'state_times', nullable: true, insert: false, update: false, select: false })
  stateTimes?: StateTime[] | null;
}

/** Status at a time: a pending invoice after its expiry is expired, even before the sweeper has run. */
export function invoiceStatusAt(invoice: Invoice, now: Date): InvoiceStatus {
  const isOver = invoice.expiresAt !== null && invoice.expiresAt <= now;
  return isOver && invoice.status === InvoiceStatus.Pending ? InvoiceStatus.Expired : invoice.status;
}
