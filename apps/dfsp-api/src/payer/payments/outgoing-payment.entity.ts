import type { StateTime } from '@level-one/work';
import { minorUnitsColumn } from '@level-one/money';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Status of a payment of one of this DFSP's clients. */
export enum OutgoingPaymentStatus {
  /** A payment of an invoice that is stored; nothing that could move money was sent. */
  SettingUp = 'settingUp',
  /** Sent, or perhaps sent: its end is known from the answer or from the ledger. */
  Paying = 'paying',
  Executed = 'executed',
  Rejected = 'rejected',
  Expired = 'expired',
  /** Never sent, and its id is void at the ledger: it can never be sent. */
  Failed = 'failed',
}

/** Whether a payment has not ended. */
export function isOpen({ status }: Pick<OutgoingPayment, 'status'>): boolean {
  return status === OutgoingPaymentStatus.SettingUp || status === OutgoingPaymentStatus.Paying;
}

/** Whether a request sends a payment, and will answer or record how it ended. */
export function isBeingSent(payment: Pick<OutgoingPayment, 'status' | 'sendingUntil'>): boolean {
  return isOpen(payment) && payment.sendingUntil !== null && payment.sendingUntil > new Date();
}

const LEGAL_MOVES: Record<OutgoingPaymentStatus, readonly OutgoingPaymentStatus[]> = {
  [OutgoingPaymentStatus.SettingUp]: [
    OutgoingPaymentStatus.Paying,
    // Not by the rules; but if the ledger has its transfer, the payment ends like that.
    OutgoingPaymentStatus.Executed,
    OutgoingPaymentStatus.Rejected,
    OutgoingPaymentStatus.Expired,
    OutgoingPaymentStatus.Failed,
  ],
  [OutgoingPaymentStatus.Paying]: [
    OutgoingPaymentStatus.Executed,
    OutgoingPaymentStatus.Rejected,
    OutgoingPaymentStatus.Expired,
    OutgoingPaymentStatus.Failed,
  ],
  [OutgoingPaymentStatus.Executed]: [],
  [OutgoingPaymentStatus.Rejected]: [],
  [OutgoingPaymentStatus.Expired]: [],
  [OutgoingPaymentStatus.Failed]: [],
};

/** Final statuses. */
export type FinalStatus = Exclude<
  OutgoingPaymentStatus,
  OutgoingPaymentStatus.SettingUp | OutgoingPaymentStatus.Paying
>;

export function isLegalOutgoingPaymentMove(from: OutgoingPaymentStatus, to: OutgoingPaymentStatus): boolean {
  return LEGAL_MOVES[from].includes(to);
}

/** Statuses that may change to `to`. */
export function outgoingPaymentStatusesBefore(to: OutgoingPaymentStatus): OutgoingPaymentStatus[] {
  return Object.values(OutgoingPaymentStatus).filter((from) => isLegalOutgoingPaymentMove(from, to));
}

/** A payment of a client. It is stored before anything is sent, so that it can be followed up after a crash. */
@Entity('outgoing_payments')
@Check('outgoing_payments_amount_is_positive', 'amount > 0 AND fee >= 0')
@Check('outgoing_payments_is_for_something', 'invoice_url IS NOT NULL OR is_quoted')
@Check(
  'outgoing_payments_status_is_known',
  `status IN ('settingUp', 'paying', 'executed', 'rejected', 'expired', 'failed')`,
)
@Index('outgoing_payments_one_open', ['invoiceUrl', 'payerIdentifier'], {
  unique: true,
  where: `status IN ('settingUp', 'paying')`,
})
@Index('outgoing_payments_of_notification', ['notificationId'], { where: 'notification_id IS NOT NULL' })
@Index('outgoing_payments_open', ['checkAt'], { where: `status IN ('settingUp', 'paying')` })
@Index('outgoing_payments_by_time', ['createdAt', 'paymentId'])
@Index('outgoing_payments_of_customer', ['payerIdentifier', 'createdAt', 'paymentId'])
@Index('outgoing_payments_to', ['payeeIdentifier', 'createdAt', 'paymentId'])
@Index('outgoing_payments_of_account', ['account', 'createdAt', 'paymentId'])
@Index('outgoing_payments_of_invoice', { synchronize: false })
@Index('outgoing_payments_not_executed', ['status', 'createdAt', 'paymentId'], { where: `status <> 'executed'` })
export class OutgoingPayment {
  /** Random UUID, chosen here; also the id of the setup, of every transfer and of the trace. */
  @PrimaryColumn('uuid', { name: 'payment_id', primaryKeyConstraintName: 'outgoing_payments_pkey' })
  paymentId: string;

  /** Null if no invoice is paid. */
  @Column('text', { name: 'invoice_url', nullable: true })
  invoiceUrl: string | null;

  /** Whether its price is that of the quote with its paymentId. */
  @Column('boolean', { name: 'is_quoted' })
  isQuoted: boolean;

  /** Null if the payer gave the invoice's URL. */
  @Column('uuid', { name: 'notification_id', nullable: true })
  notificationId: string | null;

  /** Number of the client who pays. */
  @Column('text', { name: 'payer_identifier' })
  payerIdentifier: string;

  /** Name of the payer's account on the DFSP's ledger. */
  @Column('text')
  account: string;

  /** Number of the payee; null in rows from before this column whose quote is gone. */
  @Column('text', { name: 'payee_identifier', nullable: true })
  payeeIdentifier: string | null;

  /** Name of the payee as the payer saw it; null in rows from before this column. */
  @Column('text', { name: 'payee_name', nullable: true })
  payeeName: string | null;

  /** URI of the payee's account, as far as the payee's DFSP named it. */
  @Column('text', { name: 'payee_account', nullable: true })
  payeeAccount: string | null;

  /** Debited amount without the fee, in minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  amount: bigint;

  /** Fee that the payer was shown and is charged, in minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  fee: bigint;

  /** Commission of the agent, in minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  commission: bigint;

  @Column('text')
  status: OutgoingPaymentStatus;

  /** After it no transfer of this payment can be prepared; null until the payment is set up. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  /** SHA-256 of the fulfilment, base64url, from the setup or the quote; null until the payment is sent. */
  @Column('text', { name: 'condition_hash', nullable: true })
  conditionHash: string | null;

  @Column('text', { nullable: true })
  fulfillment: string | null;

  /** Reason of the rejection, as the rejecting ledger passed it on. */
  @Column('json', { name: 'rejection_message', nullable: true })
  rejectionMessage: Record<string, unknown> | null;

  /** Until when a request sends it and waits for its answer, at most; null if none does. */
  @Column('timestamptz', { name: 'sending_until', nullable: true })
  sendingUntil: Date | null;

  /** When the keeper checks it next, while it is open. */
  @Column('timestamptz', { name: 'check_at' })
  checkAt: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** When it became final; set by the database. Null while it is open, and in rows from before this column. */
  @Column({ type: 'timestamptz', name: 'ended_at', nullable: true, insert: false, update: false })
  endedAt?: Date | null;

  /** When its state changed; set by the database. */
  @Column({ type: 'jsonb', name: 'state_times', nullable: true, insert: false, update: false, select: false })
  stateTimes?: StateTime[] | null;
}
