import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { TransferState } from './transfer-state.js';

/** A JSON object of a client, stored and returned unchanged. */
export type JsonObject = Record<string, unknown>;

/** PostgreSQL returns a `bigint` as text. */
const minorUnits = { from: (text: string): bigint => BigInt(text), to: (value: bigint): string => value.toString() };

/** A movement of money between two accounts of one ledger, now or once its condition is fulfilled. */
@Entity('transfers')
@Check('transfers_amount_is_positive', 'amount > 0')
@Check('transfers_state_is_known', `state IN ('proposed', 'prepared', 'executed', 'rejected')`)
@Check('transfers_conditional_expires', 'execution_condition IS NULL OR expires_at IS NOT NULL')
@Index('transfers_proposed_by_time', ['proposedAt'], { where: `state = 'proposed'` })
@Index('transfers_rejected_proposals', ['rejectedAt'], {
  where: `state = 'rejected' AND NOT authorized
    AND (debit_memo IS NOT NULL OR credit_memo IS NOT NULL OR additional_info IS NOT NULL)`,
})
@Index('transfers_lapsed', ['rejectedAt', 'id'], {
  where: `state = 'rejected' AND open_until > expires_at AND rejected_at >= open_until`,
})
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

  /**
   * Until when a prepared transfer is open: `expiresAt`, and for a connector's or a DFSP's credit the grace after it
   * (ruling 39). Null before it is prepared.
   */
  @Column('timestamptz', { name: 'open_until', nullable: true })
  openUntil: Date | null;

  @Column('text')
  state: TransferState;

  /** Whether the debit is authorized. */
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

  /** `expired`, `cancelled` or the message of the rejecting party. */
  @Column('text', { name: 'rejection_reason', nullable: true })
  rejectionReason: string | null;

  /** Body of the rejection; null if the ledger itself rejected the transfer. */
  @Column('json', { name: 'rejection_message', nullable: true })
  rejectionMessage: JsonObject | null;

  /** The fulfillment that executed or cancelled the transfer, exactly as first submitted. */
  @Column('text', { nullable: true })
  fulfillment: string | null;
}

/** A transfer as plain data. */
export type Transfer = Pick<TransferEntity, keyof TransferEntity>;

/** The part of a transfer that a caller sets. It is never changed afterwards. */
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

/** A new transfer in state proposed, without a hold. */
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
    openUntil: null,
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

/** Whether the ledger rejected it at its expiry. The message of a rejecting party cannot imitate this. */
export function hasExpired(transfer: Transfer): boolean {
  return transfer.rejectionReason === EXPIRED && transfer.rejectionMessage === null;
}

/** Whether it had a grace, and its creditor let that pass. The creditor's own rejection comes before the end. */
export function hasLapsed(transfer: Transfer): boolean {
  const { expiresAt, openUntil, rejectedAt } = transfer;
  if (!hasExpired(transfer) || !expiresAt || !openUntil || !rejectedAt) return false;
  return openUntil > expiresAt && rejectedAt >= openUntil;
}

/** Whether its cancellation condition was fulfilled. */
export function wasCancelled(transfer: Transfer): boolean {
  return transfer.state === TransferState.Rejected && transfer.fulfillment !== null;
}

export const EXPIRED = 'expired';
export const CANCELLED = 'cancelled';

/**
 * The transfer as it was in an earlier state. Exact, because a transfer enters each state at most once and the members
 * set there never change.
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
