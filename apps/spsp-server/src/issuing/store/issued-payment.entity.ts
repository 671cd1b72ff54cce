import type { StateTime } from '@level-one/work';
import type { IprReplyDto, QuotedPaymentData } from '@level-one/peers';
import { minorUnitsColumn } from '@level-one/money';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** How the transfer of an issued payment ended. */
export type PaymentOutcome = 'executed' | 'rejected' | 'expired';

/**
 * A payment that was set up, or asked for by a payment request, or first this and then that: what was issued for it
 * (ruling 5), and how its transfer ended.
 */
@Entity('issued_payments')
@Index('issued_payments_open', ['expiresAt'], { where: 'outcome IS NULL' })
@Index('issued_payments_over', ['expiresAt'], { where: 'told_at IS NOT NULL' })
@Index('issued_payments_failing', ['endedAt', 'paymentId'], { where: 'tell_error_id IS NOT NULL AND told_at IS NULL' })
@Index('issued_payments_given_up', ['givenUpAt'], { where: 'given_up_at IS NOT NULL' })
export class IssuedPayment {
  /** UUID in lower case. */
  @PrimaryColumn('uuid', { name: 'payment_id' })
  paymentId: string;

  /** Of the setup request, see `requestFingerprint`; null where there was none. */
  @Column('text', { nullable: true })
  fingerprint: string | null;

  /** One of invoiceId and identifier, where it was set up. */
  @Column('text', { name: 'invoice_id', nullable: true })
  invoiceId: string | null;

  /** The payee's number. */
  @Column('text', { nullable: true })
  identifier: string | null;

  @Column('text', { name: 'sender_identifier', nullable: true })
  senderIdentifier: string | null;

  @Column('json', { nullable: true })
  memo: string | Record<string, unknown> | null;

  /** Name of the payee's account. */
  @Column('text')
  account: string;

  /** Minor units. */
  @Column('bigint', { transformer: minorUnitsColumn })
  amount: bigint;

  /** ILP packet, base64url. */
  @Column('text')
  packet: string;

  @Column('text')
  condition: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /** The answer to the setup, sent again as it is. */
  @Column('json', { nullable: true })
  reply: IprReplyDto | null;

  /** The payment request, base64url; null where none was made. */
  @Column('text', { nullable: true })
  ipr: string | null;

  /** Of what the payment request was made of. */
  @Column('text', { name: 'request_fingerprint', nullable: true })
  requestFingerprint: string | null;

  /** Details of the payment in its payment request. */
  @Column('json', { nullable: true })
  data: QuotedPaymentData | null;

  @Column('text', { nullable: true })
  outcome: PaymentOutcome | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  /** When the DFSP was notified of the outcome. */
  @Column('timestamptz', { name: 'told_at', nullable: true })
  toldAt: Date | null;

  /** Earliest time of the next attempt to notify. */
  @Column('timestamptz', { name: 'tell_after', nullable: true })
  tellAfter: Date | null;

  /** Attempts to notify so far. */
  @Column('int', { name: 'tell_attempts', default: 0 })
  tellAttempts: number;

  /** Until when it is tried, where that was set anew. */
  @Column('timestamptz', { name: 'tell_until', nullable: true })
  tellUntil: Date | null;

  /** Id of the error of the last attempt, if it failed. */
  @Column('text', { name: 'tell_error_id', nullable: true })
  tellErrorId: string | null;

  @Column('text', { name: 'tell_error', nullable: true })
  tellError: string | null;

  /** Since when it is undeliverable. */
  @Column('timestamptz', { name: 'given_up_at', nullable: true })
  givenUpAt: Date | null;

  /** Earliest time at which the ledger is asked again for a payment that has expired without an event. */
  @Column('timestamptz', { name: 'check_at', nullable: true })
  checkAt: Date | null;

  /** When it was issued; set by the database unless it is given. Null in rows from before this column. */
  @Column({
    type: 'timestamptz',
    name: 'issued_at',
    nullable: true,
    default: () => 'now()',
    insert: false,
    update: false,
    select: false,
  })
  issuedAt?: Date | null;

  /** When its state changed; set by the database. */
  @Column({ type: 'jsonb', name: 'state_times', nullable: true, insert: false, update: false, select: false })
  stateTimes?: StateTime[] | null;
}

/** State of telling the DFSP how a payment ended. */
export type Telling = Pick<
  IssuedPayment,
  'toldAt' | 'tellAttempts' | 'tellUntil' | 'tellErrorId' | 'tellError' | 'givenUpAt'
> & { tellAfter: Date };

/** Of an end that nobody was told yet. */
export const NOT_ENDED = {
  outcome: null,
  endedAt: null,
  toldAt: null,
  tellAfter: null,
  tellAttempts: 0,
  tellUntil: null,
  tellErrorId: null,
  tellError: null,
  givenUpAt: null,
  checkAt: null,
} as const satisfies Partial<IssuedPayment>;

/** Members that are known when a payment is issued. */
export type NewIssuedPayment = Omit<IssuedPayment, 'outcome' | 'endedAt' | 'checkAt' | keyof Telling>;

/** A payment that has ended. */
export type EndedPayment = IssuedPayment & {
  outcome: PaymentOutcome;
  endedAt: Date;
  /** Nobody waits for its row, which may be written with those of others. */
  mayWait?: boolean;
};

/** Whether the own scheme adapter is notified of it instead of the backend (ruling 13). */
export function isPaidByRequest({ fingerprint }: Pick<IssuedPayment, 'fingerprint'>): boolean {
  return fingerprint === null;
}
