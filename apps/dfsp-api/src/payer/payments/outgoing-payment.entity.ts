import { minorUnitsColumn } from '@level-one/money';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A payment one of this DFSP's clients makes. */
export enum OutgoingPaymentStatus {
  /** Chosen and stored; nothing that could move money was sent. */
  SettingUp = 'settingUp',
  /** It was sent, or may have been: only its answer, or asking, tells how it ends. */
  Paying = 'paying',
  Executed = 'executed',
  Rejected = 'rejected',
  Expired = 'expired',
  /** It never was sent. */
  Failed = 'failed',
}

const LEGAL_MOVES: Record<OutgoingPaymentStatus, readonly OutgoingPaymentStatus[]> = {
  [OutgoingPaymentStatus.SettingUp]: [OutgoingPaymentStatus.Paying, OutgoingPaymentStatus.Failed],
  [OutgoingPaymentStatus.Paying]: [
    OutgoingPaymentStatus.Executed,
    OutgoingPaymentStatus.Rejected,
    OutgoingPaymentStatus.Expired,
    OutgoingPaymentStatus.Failed,
  ],
  [OutgoingPaymentStatus.Executed]: [],
  [OutgoingPaymentStatus.Rejected]: [],
  [OutgoingPaymentStatus.Expired]: [],
  // What never was sent, for no reason of its own, may be tried again.
  [OutgoingPaymentStatus.Failed]: [OutgoingPaymentStatus.SettingUp],
};

/** How a payment can end. */
export type FinalStatus = Exclude<
  OutgoingPaymentStatus,
  OutgoingPaymentStatus.SettingUp | OutgoingPaymentStatus.Paying
>;

export function isLegalOutgoingPaymentMove(from: OutgoingPaymentStatus, to: OutgoingPaymentStatus): boolean {
  return LEGAL_MOVES[from].includes(to);
}

/** States from which a payment may come into `to`. */
export function outgoingPaymentStatusesBefore(to: OutgoingPaymentStatus): OutgoingPaymentStatus[] {
  return Object.values(OutgoingPaymentStatus).filter((from) => isLegalOutgoingPaymentMove(from, to));
}

/** Stored before anything is sent, so that a crash leaves nothing behind that nobody knows of. */
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
@Index('outgoing_payments_open', ['checkAt'], { where: `status IN ('settingUp', 'paying')` })
export class OutgoingPayment {
  /** Random UUID, chosen here; the setup, every transfer and the trace carry it. */
  @PrimaryColumn('uuid', { name: 'payment_id', primaryKeyConstraintName: 'outgoing_payments_pkey' })
  paymentId: string;

  /** Null where no invoice is paid. */
  @Column('text', { name: 'invoice_url', nullable: true })
  invoiceUrl: string | null;

  /** Whether a quote of its paymentId says what it costs. */
  @Column('boolean', { name: 'is_quoted' })
  isQuoted: boolean;

  /** Null where the payer presented the invoice's URL themselves. */
  @Column('uuid', { name: 'notification_id', nullable: true })
  notificationId: string | null;

  /** Number of the client who pays. */
  @Column('text', { name: 'payer_identifier' })
  payerIdentifier: string;

  /** Name of the payer's account on the DFSP's ledger. */
  @Column('text')
  account: string;

  /** What leaves the payer's account beside the fee, in minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  amount: bigint;

  /** What the payer was shown, and is charged, in minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  fee: bigint;

  /** What the DFSP gives its agent, in minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  commission: bigint;

  @Column('text')
  status: OutgoingPaymentStatus;

  /** After it no transfer of this payment can be prepared; null until it is set up. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  /** SHA-256 of the fulfilment, base64url, as it was set up or quoted; null until it is sent. */
  @Column('text', { name: 'condition_hash', nullable: true })
  conditionHash: string | null;

  @Column('text', { nullable: true })
  fulfillment: string | null;

  /** Why it was rejected, as the rejecting ledger passed it on. */
  @Column('json', { name: 'rejection_message', nullable: true })
  rejectionMessage: Record<string, unknown> | null;

  /** When its owner looks at it next, while it is open. */
  @Column('timestamptz', { name: 'check_at' })
  checkAt: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
