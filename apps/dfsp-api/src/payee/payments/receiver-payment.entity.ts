import { minorUnitsColumn } from '@level-one/money';
import type { SetupApprovalDto } from '@level-one/peers';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What this DFSP knows of a payment to one of its customers. */
export enum ReceiverPaymentStatus {
  /** Set up: it may come. */
  Proposed = 'proposed',
  /** Its transfer was seen and approved: only the ledger knows how it ends. */
  Prepared = 'prepared',
  Executed = 'executed',
  Rejected = 'rejected',
  /** Its time was over. */
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
  // Not by any right order of things; but money that is there is there, whatever was believed before.
  [ReceiverPaymentStatus.Rejected]: [ReceiverPaymentStatus.Executed],
  [ReceiverPaymentStatus.Expired]: [ReceiverPaymentStatus.Executed],
};

export function isLegalReceiverPaymentMove(from: ReceiverPaymentStatus, to: ReceiverPaymentStatus): boolean {
  return LEGAL_MOVES[from].includes(to);
}

/** States from which a payment may come into `to`. */
export function receiverPaymentStatusesBefore(to: ReceiverPaymentStatus): ReceiverPaymentStatus[] {
  return Object.values(ReceiverPaymentStatus).filter((from) => isLegalReceiverPaymentMove(from, to));
}

/** What its transfer has to credit, and with how much; the account as a URI. */
export function approvedOf({ amount, approval }: ReceiverPayment): { amount: bigint; account: string } {
  return { amount, account: approval.destinationAccount };
}

/** A payment to one of this DFSP's customers, of an invoice or simply to a number, from its setup on. */
@Entity('receiver_payments')
@Check('receiver_payments_amount_is_positive', 'amount > 0')
@Check('receiver_payments_status_is_known', `status IN ('proposed', 'prepared', 'executed', 'rejected', 'expired')`)
@Index('receiver_payments_of_invoice', ['invoiceId'], { where: `status IN ('proposed', 'prepared')` })
@Index('receiver_payments_of_dfsp', ['fromDfsp', 'identifier'], { where: `status = 'proposed'` })
@Index('receiver_payments_open', ['checkAt'], { where: `status IN ('proposed', 'prepared')` })
export class ReceiverPayment {
  /** UUID in lower case, chosen by the payer's side. */
  @PrimaryColumn('uuid', { name: 'payment_id', primaryKeyConstraintName: 'receiver_payments_pkey' })
  paymentId: string;

  /** Null when it is simply to a number. */
  @Column('uuid', { name: 'invoice_id', nullable: true })
  invoiceId: string | null;

  /** Number of the customer who is paid. */
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

  /** Whether a quote of its paymentId says what it costs. */
  @Column('boolean', { name: 'is_quoted' })
  isQuoted: boolean;

  /** Of the request that set it up: the same request gets the same answer, another one is refused. */
  @Column('text')
  fingerprint: string;

  /** The answer that was given, and is given again. */
  @Column('json')
  approval: SetupApprovalDto;

  /** Short name of the DFSP that is proven to have set it up; null when nobody is. */
  @Column('text', { name: 'from_dfsp', nullable: true })
  fromDfsp: string | null;

  /** Its transfer on the DFSP's ledger, once one was seen. */
  @Column('uuid', { name: 'transfer_id', nullable: true })
  transferId: string | null;

  /** Neither set-up nor transfer lasts longer. */
  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /** When its owner looks at it next, while it is open. */
  @Column('timestamptz', { name: 'check_at' })
  checkAt: Date;
}
