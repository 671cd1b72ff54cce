import type { StateTime } from '@level-one/work';
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** Kinds of notices about an invoice (row 9). */
export enum NoticeKind {
  /** To the client's DFSP: an invoice was issued. */
  Issued = 'issued',
  /** To the client's DFSP: the merchant cancelled it. */
  Cancelled = 'cancelled',
  /** To the merchant's DFSP: the client rejected it. */
  Rejected = 'rejected',
}

export enum NoticeStatus {
  Pending = 'pending',
  Delivered = 'delivered',
  /** Not taken until its deadline, or refused for good. */
  Undeliverable = 'undeliverable',
  /** Nobody needs to know it any more. */
  Withdrawn = 'withdrawn',
}

/** A notice about a change of an invoice: stored in the transaction of the change, delivered after it. */
@Entity('notices')
@Check('notices_kind_is_known', `kind IN ('issued', 'cancelled', 'rejected')`)
@Check('notices_status_is_known', `status IN ('pending', 'delivered', 'givenUp', 'undeliverable', 'withdrawn')`)
@Index('notices_due', ['nextAttemptAt'], { where: `status = 'pending'` })
@Index('notices_invoice', ['invoiceId'])
@Index('notices_ended', ['createdAt'], { where: `status IN ('delivered', 'givenUp', 'undeliverable', 'withdrawn')` })
@Index('notices_failing', ['createdAt', 'id'], {
  where: `last_error_id IS NOT NULL AND status IN ('pending', 'undeliverable')`,
})
export class Notice {
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'notices_pkey' })
  id: string;

  @Column('text')
  kind: NoticeKind;

  @Column('text')
  status: NoticeStatus;

  @Column('text', { name: 'invoice_id' })
  invoiceId: string;

  @Column('text', { name: 'invoice_url' })
  invoiceUrl: string;

  /** Where it goes: the other DFSP's SPSP server, `…/invoices`. */
  @Column('text', { name: 'submission_url' })
  submissionUrl: string;

  /** Number of the client. */
  @Column('text', { name: 'sender_identifier' })
  senderIdentifier: string;

  @Column('text')
  memo: string;

  /** Trace id of the request that caused it; every attempt has it. */
  @Column('uuid', { name: 'trace_id' })
  traceId: string;

  @Column('int')
  attempts: number;

  @Column('timestamptz', { name: 'next_attempt_at' })
  nextAttemptAt: Date;

  /** Until when it is tried; null in rows of an older release. */
  @Column('timestamptz', { name: 'deadline_at', nullable: true })
  deadlineAt: Date | null;

  /** Id of the error of the last attempt that failed; null once it is delivered. */
  @Column('text', { name: 'last_error_id', nullable: true })
  lastErrorId: string | null;

  /** Its message. */
  @Column('text', { name: 'last_error', nullable: true })
  lastError: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  /** When its state changed; set by the database. */
  @Column({ type: 'jsonb', name: 'state_times', nullable: true, insert: false, update: false, select: false })
  stateTimes?: StateTime[] | null;
}
