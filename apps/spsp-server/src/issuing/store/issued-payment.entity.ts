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

  /** When the DFSP was notified of the outcome, or that was given up. */
  @Column('timestamptz', { name: 'told_at', nullable: true })
  toldAt: Date | null;

  /** Earliest time of the next attempt to notify. */
  @Column('timestamptz', { name: 'tell_after', nullable: true })
  tellAfter: Date | null;
}

/** Members that are known when a payment is issued. */
export type NewIssuedPayment = Omit<IssuedPayment, 'outcome' | 'endedAt' | 'toldAt' | 'tellAfter'>;

/** How a payment ended, and what the DFSP knows of it. */
export interface PaymentEnd {
  outcome: PaymentOutcome;
  endedAt: Date;
  /** Null while the DFSP is to be notified. */
  toldAt: Date | null;
  tellAfter: Date;
}

/** Whether the own scheme adapter is notified of it instead of the backend (ruling 13). */
export function isPaidByRequest({ fingerprint }: Pick<IssuedPayment, 'fingerprint'>): boolean {
  return fingerprint === null;
}
