import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { isFinal, TransferState } from './transfer-state.js';

/** Any JSON object a client attached; kept and returned unchanged. */
export type JsonObject = Record<string, unknown>;

/** PostgreSQL hands a `bigint` over as text. */
const minorUnits = { from: (text: string): bigint => BigInt(text), to: (value: bigint): string => value.toString() };

/** A movement of money between two accounts of one ledger, now or once its condition is fulfilled. */
@Entity('transfers')
@Check('transfers_amount_is_positive', 'amount > 0')
@Check('transfers_state_is_known', `state IN ('proposed', 'prepared', 'executed', 'rejected')`)
@Check('transfers_conditional_expires', 'execution_condition IS NULL OR expires_at IS NOT NULL')
@Index('transfers_proposed_by_time', ['proposedAt'], { where: `state = 'proposed'` })
@Index('transfers_rejected_proposals', ['rejectedAt'], { where: `state = 'rejected' AND NOT authorized` })
@Index('transfers_open_by_expiry', ['expiresAt'], { where: `state IN ('proposed', 'prepared')` })
export class TransferEntity {
  /** UUID in lower case, chosen by the caller; the same on every ledger a payment crosses. */
  @PrimaryColumn('uuid', { primaryKeyConstraintName: 'transfers_pkey' })
  id: string;

  @Column('text', { name: 'debit_account' })
  debitAccount: string;

  @Column('text', { name: 'credit_account' })
  creditAccount: string;

  /** Minor units. */
  @Column('bigint', { transformer: minorUnits })
  amount: bigint;

  @Column('json', { name: 'debit_memo', nullable: true })
  debitMemo: JsonObject | null;

  @Column('json', { name: 'credit_memo', nullable: true })
  creditMemo: JsonObject | null;

  @Column('json', { name: 'additional_info', nullable: true })
  additionalInfo: JsonObject | null;

  /** As submitted, in either spelling of contract 3.6. */
  @Column('text', { name: 'execution_condition', nullable: true })
  executionCondition: string | null;

  @Column('text', { name: 'cancellation_condition', nullable: true })
  cancellationCondition: string | null;

  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt: Date | null;

  @Column('text')
  state: TransferState;

  /** Whether the debit account's owner agreed. */
  @Column('boolean')
  authorized: boolean;

  @Column('timestamptz', { name: 'proposed_at' })
  proposedAt: Date;

  @Column('timestamptz', { name: 'prepared_at', nullable: true })
  preparedAt: Date | null;

  @Column('timestamptz', { name: 'executed_at', nullable: true })
  executedAt: Date | null;

  @Column('timestamptz', { name: 'rejected_at', nullable: true })
  rejectedAt: Date | null;

  /** `expired`, `cancelled` or what the rejecting party submitted. */
  @Column('text', { name: 'rejection_reason', nullable: true })
  rejectionReason: string | null;

  /** What the rejecting party submitted; null when the ledger itself rejected. */
  @Column('json', { name: 'rejection_message', nullable: true })
  rejectionMessage: JsonObject | null;

  /** What executed or cancelled the transfer, exactly as first submitted. */
  @Column('text', { nullable: true })
  fulfillment: string | null;
}

/** A transfer as plain data. */
export type Transfer = Pick<TransferEntity, keyof TransferEntity>;

/** What a caller decides about a transfer; it never changes once the ledger knows the transfer. */
export type TransferContent = Pick<
  Transfer,
  | 'id'
  | 'debitAccount'
  | 'creditAccount'
  | 'amount'
  | 'debitMemo'
  | 'creditMemo'
  | 'additionalInfo'
  | 'executionCondition'
  | 'cancellationCondition'
  | 'expiresAt'
>;

/** A transfer as it begins: proposed, nothing held. */
export function proposedTransfer(content: TransferContent, at: Date): Transfer {
  return {
    id: content.id,
    debitAccount: content.debitAccount,
    creditAccount: content.creditAccount,
    amount: content.amount,
    debitMemo: content.debitMemo,
    creditMemo: content.creditMemo,
    additionalInfo: content.additionalInfo,
    executionCondition: content.executionCondition,
    cancellationCondition: content.cancellationCondition,
    expiresAt: content.expiresAt,
    state: TransferState.Proposed,
    authorized: false,
    proposedAt: at,
    preparedAt: null,
    executedAt: null,
    rejectedAt: null,
    rejectionReason: null,
    rejectionMessage: null,
    fulfillment: null,
  };
}

/** Whether the transfer is still open although its time is over: the ledger has to reject it. */
export function isOverdue(transfer: Transfer, now: Date): boolean {
  return !isFinal(transfer.state) && transfer.expiresAt !== null && transfer.expiresAt <= now;
}

/** Whether the ledger rejected it because its time was over; nobody can bring this about by a text of theirs. */
export function hasExpired(transfer: Transfer): boolean {
  return transfer.rejectionReason === EXPIRED && transfer.rejectionMessage === null;
}

/** Whether its cancellation condition was fulfilled. */
export function wasCancelled(transfer: Transfer): boolean {
  return transfer.state === TransferState.Rejected && transfer.fulfillment !== null;
}

export const EXPIRED = 'expired';
export const CANCELLED = 'cancelled';

/**
 * The transfer as it was when it came into an earlier state. Exact, because a transfer visits a state at most once
 * and what a state adds is never changed afterwards.
 */
export function asOfState(transfer: Transfer, state: TransferState): Transfer {
  if (state === transfer.state) return transfer;
  const isPrepared = state === TransferState.Prepared;
  return {
    ...transfer,
    state,
    authorized: isPrepared,
    preparedAt: isPrepared ? transfer.preparedAt : null,
    executedAt: null,
    rejectedAt: null,
    rejectionReason: null,
    rejectionMessage: null,
    fulfillment: null,
  };
}
