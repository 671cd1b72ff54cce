import type { StateTime } from '@level-one/work';
import type { PaymentResultDto, PaymentStatus, WireTransfer } from '@level-one/peers';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Payment as the payer asked for it, in the form of the answer (contract 2.0, PaymentResult). */
export type PaymentDetails = Omit<PaymentResultDto, 'status' | 'fulfillment' | 'rejectionMessage'>;

/** The error with which the own ledger refused T1; every request to pay is answered with it. */
export interface PaymentRefusal {
  status: number;
  body: { id: string; message: string; [extra: string]: unknown };
}

/** A payment that this DFSP began; stored before its transfer is sent. */
@Entity('payments')
export class Payment {
  /** UUID in lower case: paymentId, and id of the transfer on every ledger. */
  @PrimaryColumn('uuid')
  id: string;

  /** Of the request; see `requestFingerprint`. */
  @Column('text')
  fingerprint: string;

  @Column('json')
  details: PaymentDetails;

  /** T1, as it is sent to the own ledger. */
  @Column('json')
  transfer: WireTransfer;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  @Column('text')
  status: PaymentStatus;

  /** Exactly what was submitted to the ledgers (ruling 4). */
  @Column('text', { nullable: true })
  fulfillment: string | null;

  @Column('json', { name: 'rejection_message', nullable: true })
  rejectionMessage: Record<string, unknown> | null;

  @Column('json', { nullable: true })
  refusal: PaymentRefusal | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** When the ledger is asked, if no event has brought the outcome. */
  @Column('timestamptz', { name: 'check_at' })
  checkAt: Date;

  /** When its state changed; set by the database. */
  @Column({ type: 'jsonb', name: 'state_times', nullable: true, insert: false, update: false, select: false })
  stateTimes?: StateTime[] | null;
}

/** Members that are known when a payment is begun. */
export type NewPayment = Omit<Payment, 'fulfillment' | 'rejectionMessage' | 'refusal'>;

/** How a payment ended. */
export interface PaymentEnd {
  status: Exclude<PaymentStatus, 'pending'>;
  fulfillment?: string;
  rejectionMessage?: Record<string, unknown>;
  refusal?: PaymentRefusal;
}

/** A payment as it is answered to the payer's side. */
export function paymentResult({ details, status, fulfillment, rejectionMessage }: Payment): PaymentResultDto {
  return {
    ...details,
    status,
    ...(fulfillment === null ? {} : { fulfillment }),
    ...(rejectionMessage === null ? {} : { rejectionMessage }),
  };
}
