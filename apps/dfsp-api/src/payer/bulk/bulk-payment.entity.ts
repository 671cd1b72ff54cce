import type { StateTime } from '@level-one/work';
import { minorUnitsColumn, nullableMinorUnitsColumn } from '@level-one/money';
import type { AmountType } from '@level-one/quote';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Status of a list of payments. */
export enum BulkStatus {
  /** Its rows are being quoted. */
  Checking = 'checking',
  /** Every row is quoted or refused, or waits after the deadline; the channel has to execute or cancel it. */
  Checked = 'checked',
  Paying = 'paying',
  Done = 'done',
  Cancelled = 'cancelled',
}

/** Status of one row of a list. */
export enum RowStatus {
  Waiting = 'waiting',
  /** Quoted: payee and cost are known. */
  Checked = 'checked',
  /** The quote was refused; `errorId` says why. */
  Refused = 'refused',
  /** It was sent, or may have been. */
  Paying = 'paying',
  Paid = 'paid',
  /** The payment failed; `errorId` says why. */
  Failed = 'failed',
  Cancelled = 'cancelled',
}

/** A list of payees that one client pays from one account. */
@Entity('bulk_payments')
@Index('bulk_payments_by_time', ['createdAt', 'id'])
@Index('bulk_payments_of_customer', ['payerIdentifier', 'createdAt', 'id'])
@Index('bulk_payments_open', ['status', 'createdAt', 'id'], { where: `status <> 'done'` })
@Check('bulk_payments_status_is_known', `status IN ('checking', 'checked', 'paying', 'done', 'cancelled')`)
@Check('bulk_payments_amount_type_is_known', `amount_type IN ('SEND', 'RECEIVE')`)
export class BulkPayment {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'bulk_payments_pkey' })
  id: string;

  /** Number of the client who pays. */
  @Column('text', { name: 'payer_identifier' })
  payerIdentifier: string;

  /** Name of the payer's account. */
  @Column('text')
  account: string;

  @Column('text', { name: 'amount_type' })
  amountType: AmountType;

  @Column('text')
  status: BulkStatus;

  /** Hash of order and rows: a repeated request has the same one. */
  @Column('text')
  fingerprint: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** Until when rows are tried that cannot be checked or paid now. */
  @Column('timestamptz', { name: 'ask_until' })
  askUntil: Date;
}

/** One payee of a list. */
@Entity('bulk_payment_rows')
@Index('bulk_payment_rows_one_payment', ['paymentId'], { unique: true })
@Index('bulk_payment_rows_not_paid', ['identifier'], { where: `status IN ('refused', 'failed')` })
@Index('bulk_payment_rows_open', ['checkAt'], { where: `status IN ('waiting', 'checked', 'paying')` })
@Check(
  'bulk_payment_rows_status_is_known',
  `status IN ('waiting', 'checked', 'refused', 'paying', 'paid', 'failed', 'cancelled')`,
)
export class BulkRow {
  @PrimaryColumn('uuid', { name: 'bulk_id', primaryKeyConstraintName: 'bulk_payment_rows_pkey' })
  bulkId: string;

  /** Line in the file, from 1. */
  @PrimaryColumn('int', { primaryKeyConstraintName: 'bulk_payment_rows_pkey' })
  line: number;

  @Column('text')
  identifier: string;

  /** Decimal text. */
  @Column('text')
  amount: string;

  /** ISO 4217 alpha-3 of the amount; null if the list names none. */
  @Column('text', { nullable: true })
  currency: string | null;

  @Column('text')
  status: RowStatus;

  /** Chosen before the payee's DFSP is asked; replaced only while nothing was sent. */
  @Column('uuid', { name: 'payment_id' })
  paymentId: string;

  /** Name of the payee; null until the row is quoted. */
  @Column('text', { nullable: true })
  name: string | null;

  /** Debited amount without the fee, in minor units; null until the row is quoted. */
  @Column('bigint', { name: 'source_amount', nullable: true, transformer: nullableMinorUnitsColumn })
  sourceAmount: bigint | null;

  /** In minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  fee: bigint;

  /** Decimal text with its currency, as the payee's ledger has it. */
  @Column('text', { name: 'receive_amount', nullable: true })
  receiveAmount: string | null;

  /** Why it was refused or failed, or why the last attempt failed. */
  @Column('text', { name: 'error_id', nullable: true })
  errorId: string | null;

  @Column('text', { nullable: true })
  message: string | null;

  /** Attempts in a row that failed for a reason that may pass. */
  @Column('int')
  attempts: number;

  /** No worker takes the row before this time. */
  @Column('timestamptz', { name: 'check_at' })
  checkAt: Date;

  /** When its state changed; set by the database. */
  @Column({ type: 'jsonb', name: 'state_times', nullable: true, insert: false, update: false, select: false })
  stateTimes?: StateTime[] | null;
}
