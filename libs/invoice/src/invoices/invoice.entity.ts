import { minorUnitsColumn } from '@level-one/money';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { InvoiceStatus, InvoiceType } from './invoice-status.js';

/** What a merchant asks to be paid, kept at the merchant's DFSP. */
@Entity('invoices')
@Check('invoices_amount_is_positive', 'amount > 0')
@Check('invoices_type_is_known', `type IN ('standard', 'pending', 'product', 'cashOut')`)
@Check('invoices_status_is_known', `status IN ('pending', 'approved', 'executed', 'rejected', 'cancelled', 'expired')`)
@Check('invoices_addressed_names_client', `type NOT IN ('standard', 'cashOut') OR identifier IS NOT NULL`)
@Check('invoices_approved_has_payment', `status <> 'approved' OR payment_id IS NOT NULL`)
@Index('invoices_pending_by_expiry', ['expiresAt'], { where: `status = 'pending' AND expires_at IS NOT NULL` })
export class Invoice {
  /** Random unless its issuer chose it: whoever knows the invoice's URL may read it. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'invoices_pkey' })
  id: string;

  @Column('text')
  type: InvoiceType;

  @Column('text')
  status: InvoiceStatus;

  /** Number of the merchant who issued it. */
  @Column('text', { name: 'merchant_identifier' })
  merchantIdentifier: string;

  /** Who issued it, for people. */
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

  /** Number of the client it is for; null where anybody may pay. */
  @Column('text', { nullable: true })
  identifier: string | null;

  @Column('text')
  info: string;

  /** The payment in progress, or the one that paid it; a product has none of its own. */
  @Column('uuid', { name: 'payment_id', nullable: true })
  paymentId: string | null;

  /** Number of who is paying, or has paid. */
  @Column('text', { name: 'payer_identifier', nullable: true })
  payerIdentifier: string | null;

  /** Whether the client's DFSP took the notification; stays false where nobody is notified. */
  @Column('boolean')
  notified: boolean;

  /** Null: never. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}

/** Its status now: a pending invoice whose time is over is expired, whether or not a sweep has come by. */
export function invoiceStatusAt(invoice: Invoice, now: Date): InvoiceStatus {
  const isOver = invoice.expiresAt !== null && invoice.expiresAt <= now;
  return isOver && invoice.status === InvoiceStatus.Pending ? InvoiceStatus.Expired : invoice.status;
}
