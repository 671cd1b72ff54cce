import { minorUnitsColumn, nullableMinorUnitsColumn } from '@level-one/money';
import type { AmountType } from '@level-one/quote';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How far a list of payments has come. */
export enum BulkStatus {
  /** Each row is being quoted. */
  Checking = 'checking',
  /** Somebody has to look at it, and say that it is to be paid. */
  Checked = 'checked',
  Paying = 'paying',
  Done = 'done',
  Cancelled = 'cancelled',
}

/** How far one row of it has come. */
export enum RowStatus {
  Waiting = 'waiting',
  /** Quoted: whom it pays, and what it costs, is known. */
  Checked = 'checked',
  /** It cannot be paid; its error says why. */
  Refused = 'refused',
  /** It was sent, or may have been. */
  Paying = 'paying',
  Paid = 'paid',
  /** It was to be paid and was not; its error says why. */
  Failed = 'failed',
  Cancelled = 'cancelled',
}

/** A list of payees that one client pays from one account. */
@Entity('bulk_payments')
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

  /** Of the list: the same under the same id is the same bulk payment. */
  @Column('text')
  fingerprint: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}

/** One payee of a list. */
@Entity('bulk_payment_rows')
@Index('bulk_payment_rows_one_payment', ['paymentId'], { unique: true })
@Index('bulk_payment_rows_open', ['checkAt'], { where: `status IN ('waiting', 'checked', 'paying')` })
@Check(
  'bulk_payment_rows_status_is_known',
  `status IN ('waiting', 'checked', 'refused', 'paying', 'paid', 'failed', 'cancelled')`,
)
export class BulkRow {
  @PrimaryColumn('uuid', { name: 'bulk_id', primaryKeyConstraintName: 'bulk_payment_rows_pkey' })
  bulkId: string;

  /** Of the file, from 1. */
  @PrimaryColumn('int', { primaryKeyConstraintName: 'bulk_payment_rows_pkey' })
  line: number;

  @Column('text')
  identifier: string;

  /** Decimal text. */
  @Column('text')
  amount: string;

  /** ISO 4217 alpha-3 of the amount, where the list says it. */
  @Column('text', { nullable: true })
  currency: string | null;

  @Column('text')
  status: RowStatus;

  /** Chosen before anybody is asked; another one only while nothing was sent. */
  @Column('uuid', { name: 'payment_id' })
  paymentId: string;

  /** Whom the number belongs to, once that is known. */
  @Column('text', { nullable: true })
  name: string | null;

  /** What leaves the account beside the fee, in minor units; null until it is quoted. */
  @Column('bigint', { name: 'source_amount', nullable: true, transformer: nullableMinorUnitsColumn })
  sourceAmount: bigint | null;

  /** In minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  fee: bigint;

  /** Decimal text with its currency, as the payee's ledger has it. */
  @Column('text', { name: 'receive_amount', nullable: true })
  receiveAmount: string | null;

  @Column('text', { name: 'error_id', nullable: true })
  errorId: string | null;

  @Column('text', { nullable: true })
  message: string | null;

  /** How often something went wrong that may go well another time. */
  @Column('int')
  attempts: number;

  /** Nobody takes it up before. */
  @Column('timestamptz', { name: 'check_at' })
  checkAt: Date;
}
