import type { IprReplyDto } from '@level-one/peers';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How the transfer of an issued payment ended. */
export type PaymentOutcome = 'executed' | 'rejected' | 'expired';

/** PostgreSQL hands a `bigint` over as text. */
const minorUnits = { from: (text: string): bigint => BigInt(text), to: (value: bigint): string => value.toString() };

/** A payment that was set up: what was issued for it (ruling 5), and how its transfer ended. */
@Entity('issued_payments')
export class IssuedPayment {
  /** UUID in lower case. */
  @PrimaryColumn('uuid', { name: 'payment_id' })
  paymentId: string;

  /** Of the request; see `requestFingerprint`. */
  @Column('text')
  fingerprint: string;

  /** One of invoiceId and identifier. */
  @Column('text', { name: 'invoice_id', nullable: true })
  invoiceId: string | null;

  /** The payee's number. */
  @Column('text', { nullable: true })
  identifier: string | null;

  @Column('text', { name: 'sender_identifier' })
  senderIdentifier: string;

  @Column('json', { nullable: true })
  memo: string | Record<string, unknown> | null;

  /** Name of the payee's account. */
  @Column('text')
  account: string;

  /** Minor units. */
  @Column('bigint', { transformer: minorUnits })
  amount: bigint;

  /** ILP packet, base64url. */
  @Column('text')
  packet: string;

  @Column('text')
  condition: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /** The answer, sent again as it is. */
  @Column('json')
  reply: IprReplyDto;

  @Column('text', { nullable: true })
  outcome: PaymentOutcome | null;

  @Column('timestamptz', { name: 'ended_at', nullable: true })
  endedAt: Date | null;

  /** When the DFSP was told of the outcome, or it was given up. */
  @Column('timestamptz', { name: 'told_at', nullable: true })
  toldAt: Date | null;

  /** Not to be told again before. */
  @Column('timestamptz', { name: 'tell_after', nullable: true })
  tellAfter: Date | null;
}

/** What is known when a payment is issued. */
export type NewIssuedPayment = Omit<IssuedPayment, 'outcome' | 'endedAt' | 'toldAt' | 'tellAfter'>;
