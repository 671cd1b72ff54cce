import type { StateTime } from '@level-one/work';
import { minorUnitsColumn } from '@level-one/money';
import type { SetupApprovalDto } from '@level-one/peers';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Status of a payment to one of this DFSP's customers. */
export enum ReceiverPaymentStatus {
  /** Set up; no transfer was seen yet. */
  Proposed = 'proposed',
  /** Its transfer was seen and approved; its end is read at the ledger. */
  Prepared = 'prepared',
  Executed = 'executed',
  Rejected = 'rejected',
  /** Its expiry passed. */
  Expired = 'expired',
}

const LEGAL_MOVES: Record<ReceiverPaymentStatus, readonly ReceiverPaymentStatus[]> = {
  [ReceiverPaymentStatus.Proposed]: [
    ReceiverPaymentStatus.Prepared,
    ReceiverPaymentStatus.Executed,
    ReceiverPaymentStatus.Rejected,
    ReceiverPaymentStatus.Expired,
  ],
  [ReceiverPaymentStatus.Prepared]: [
    ReceiverPaymentStatus.Executed,
    ReceiverPaymentStatus.Rejected,
    ReceiverPaymentStatus.Expired,
  ],
  [ReceiverPaymentStatus.Executed]: [],
  // Not by the rules; but if the ledger has executed the transfer, the payment is executed.
  [ReceiverPaymentStatus.Rejected]: [ReceiverPaymentStatus.Executed],
  [ReceiverPaymentStatus.Expired]: [ReceiverPaymentStatus.Executed],
};

export function isLegalReceiverPaymentMove(from: ReceiverPaymentStatus, to: ReceiverPaymentStatus): boolean {
  return LEGAL_MOVES[from].includes(to);
}

/** Statuses that may change to `to`. */
export function receiverPaymentStatusesBefore(to: ReceiverPaymentStatus): ReceiverPaymentStatus[] {
  return Object.values(ReceiverPaymentStatus).filter((from) => isLegalReceiverPaymentMove(from, to));
}

/** Account (URI) and amount (minor units) that its transfer must credit. */
export function approvedOf({ amount, approval }: ReceiverPayment): { amount: bigint; account: string } {
  return { amount, account: approval.destinationAccount };
}

/** A payment to one of this DFSP's customers, of an invoice or to a number, from its setup on. */
@Entity('receiver_payments')
@Check('receiver_payments_amount_is_positive', 'amount > 0')
@Check('receiver_payments_status_is_known', `status IN ('proposed', 'prepared', 'executed', 'rejected', 'expired')`)
@Index('receiver_payments_of_invoice', ['invoiceId'], { where: `status IN ('proposed', 'prepared')` })
@Index('receiver_payments_of_dfsp', ['fromDfsp', 'identifier'], { where: `status = 'proposed'` })
@Index('receiver_payments_unpaid', ['expiresAt'], { where: `status IN ('rejected', 'expired')` })
@Index('receiver_payments_open', ['checkAt'], { where: `status IN ('proposed', 'prepared')` })
@Index('receiver_payments_by_time', ['createdAt', 'paymentId'])
@Index('receiver_payments_of_customer', ['identifier', 'createdAt', 'paymentId'])
@Index('receiver_payments_from', ['senderIdentifier', 'createdAt', 'paymentId'])
@Index('receiver_payments_of_account', { synchronize: false })
@Index('receiver_payments_not_executed', ['status', 'createdAt', 'paymentId'], { where: `status <> 'executed'` })
@Index('receiver_payments_by_invoice', ['invoiceId', 'createdAt', 'paymentId'], { where: 'invoice_id IS NOT NULL' })
export class ReceiverPayment {
  /** UUID in lower case, chosen by the payer's side. */
  @PrimaryColumn('uuid', { name: 'payment_id', primaryKeyConstraintName: 'receiver_payments_pkey' })
  paymentId: string;

  /** Null for a payment to a number. */
  @Column('uuid', { name: 'invoice_id', nullable: true })
  invoiceId: string | null;

  /** Number of the payee. */
  @Column('text')
  identifier: string;

  /** Number of the payer. */
  @Column('text', { name: 'sender_identifier' })
  senderIdentifier: string;

  /** Minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  amount: bigint;

  @Column('text')
  status: ReceiverPaymentStatus;

  /** Whether its price is that of the quote with its paymentId. */
  @Column('boolean', { name: 'is_quoted' })
  isQuoted: boolean;

  /** Hash of the setup request: the same request gets the same answer, another one is refused. */
  @Column('text')
  fingerprint: string;

  /** Answer to the setup, given again to a repeated request. */
  @Column('json')
  approval: SetupApprovalDto;

  /** Short name of the DFSP that is proven to have set it up; null if none is. */
  @Column('text', { name: 'from_dfsp', nullable: true })
  fromDfsp: string | null;

  /** Id of its transfer on the DFSP's ledger; null until one was seen. */
  @Column('uuid', { name: 'transfer_id', nullable: true })
  transferId: string | null;

  /** Expiry of the setup; the transfer must not expire later. */
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /** When the keeper checks it next, while it is open. */
  @Column('timestamptz', { name: 'check_at' })
  checkAt: Date;

  /** Reason of the rejection, as the own ledger or the refused step gave it. */
  @Column({ type: 'json', name: 'rejection_message', nullable: true, insert: false })
  rejectionMessage?: Record<string, unknown> | null;

  /** Set by the database. */
  @Column({ type: 'timestamptz', name: 'created_at', default: () => 'now()', insert: false, update: false })
  createdAt?: Date;

  /** When it became final; set by the database. Null while it is open, and in rows from before this column. */
  @Column({ type: 'timestamptz', name: 'ended_at', nullable: true, insert: false, update: false })
  endedAt?: Date | null;

  /** When its state changed; set by the database. */
  @Column({ type: 'jsonb', name: 'state_times', nullable: true, insert: false, update: false, select: false })
  stateTimes?: StateTime[] | null;
}
