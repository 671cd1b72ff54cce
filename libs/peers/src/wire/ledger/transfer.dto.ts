import { IsAmount } from '@level-one/platform';
import { IsObject, IsOptional } from 'class-validator';
import { IsListOf, IsOneOf, IsText, IsTextOrEmpty, IsTime } from '../answer-checks.js';

/** States in answers of Five Bells ledgers; ours does not know `settled`. */
const ANSWERED_STATES = ['proposed', 'prepared', 'executed', 'rejected', 'settled'];

/** Who pays. */
export class DebitDto {
  /** URI of an account of this ledger, or its bare name. @example "alice" */
  @IsText()
  account: string;

  /** Decimal text. @example "10.40" */
  @IsAmount()
  amount: string;

  /** Set by the owner of the account, who thereby agrees. @example true */
  authorized?: boolean;

  /** Anything, kept and returned unchanged; at most 46 KB. @example {} */
  @IsOptional()
  @IsObject()
  memo?: Record<string, unknown>;
}

/** Who is paid. */
export class CreditDto {
  /** URI of an account of this ledger, or its bare name. @example "dave" */
  @IsText()
  account: string;

  /** The same amount as the debit's. @example "10.40" */
  @IsAmount()
  amount: string;

  /** Anything, kept and returned unchanged; `ilp` is an ILP packet. At most 46 KB. @example { "ilp": "AYIBgQAAAAAAAAPo" } */
  @IsOptional()
  @IsObject()
  memo?: Record<string, unknown>;

  /** Set by the owner of the account, who thereby rejects an open transfer. */
  rejected?: boolean;

  /** Why it was rejected. */
  rejection_message?: Record<string, unknown>;
}

/** What a caller sends to propose or prepare a transfer (contract 3.3). Only debits and credits are needed. */
export class TransferRequestDto {
  /** UUID or URI; must end in the id of the path. @example "3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14" */
  id?: string;

  /** Base URL of this ledger. */
  ledger?: string;

  /** Exactly one. */
  debits: DebitDto[];

  /** Exactly one. */
  credits: CreditDto[];

  /** In either spelling of contract 3.6; without one the money moves at once. @example "ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32" */
  execution_condition?: string;

  /** Its fulfillment gives the held money back. */
  cancellation_condition?: string;

  /** Needed with a condition; when it is over, the ledger rejects the transfer. @example "2030-01-01T00:00:00.000Z" */
  expires_at?: string;

  /** Anything, kept and returned unchanged. */
  additional_info?: Record<string, unknown>;
}

/** When the transfer came into its states. */
export class TimelineDto {
  /** @example "2026-11-21T04:00:00.000Z" */
  proposed_at: string;
  /** @example "2026-11-21T04:00:00.000Z" */
  prepared_at?: string;
  executed_at?: string;
  rejected_at?: string;
}

/** A transfer as this ledger knows it (contract 3.3). */
export class TransferDto {
  /** URI. @example "http://127.0.0.1:3108/ledger/transfers/3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14" */
  @IsText()
  id: string;

  /** @example "http://127.0.0.1:3108/ledger" */
  ledger: string;
  @IsListOf(() => DebitDto)
  debits: DebitDto[];
  @IsListOf(() => CreditDto)
  credits: CreditDto[];
  @IsOptional()
  @IsTextOrEmpty()
  execution_condition?: string;
  cancellation_condition?: string;
  @IsOptional()
  @IsTime({ strict: false })
  expires_at?: string;

  /** @example "prepared" */
  @IsOptional()
  @IsOneOf(ANSWERED_STATES)
  state: 'proposed' | 'prepared' | 'executed' | 'rejected';
  timeline: TimelineDto;

  /** `expired`, `cancelled` or the reason that was submitted. @example null */
  rejection_reason?: string;
  additional_info?: Record<string, unknown>;
}

/** State of a transfer. */
export class TransferStateDto {
  /** URI. @example "http://127.0.0.1:3108/ledger/transfers/3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14" */
  id: string;

  /** @example "prepared" */
  state: 'proposed' | 'prepared' | 'executed' | 'rejected';
}

/** Why a transfer is rejected (contract 3.5); further members are kept and passed on. */
export class RejectionDto {
  /** At most 2 KB. @example "Invoice is not in pending status" */
  message: string;

  /** ILP error code. @example "F99" */
  code?: string;

  /** @example "Application Error" */
  name?: string;

  /** ILP address of who rejects. @example "levelone.dfsp1.dave" */
  triggered_by?: string;
  additional_info?: Record<string, unknown>;
}
