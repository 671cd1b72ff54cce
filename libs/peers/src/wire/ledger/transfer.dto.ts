import { IsAmount } from '@level-one/platform';
import { IsObject, IsOptional } from 'class-validator';
import { IsListOf, IsOneOf, IsText, IsTextOrEmpty } from '../answer-checks.js';
import { IsTimestamp } from '../timestamp.decorator.js';

/** States in answers of Five Bells ledgers; ours does not know `settled`. */
const ANSWERED_STATES = ['proposed', 'prepared', 'executed', 'rejected', 'settled'];

/** The payer. */
export class DebitDto {
  /** URI of an account of this ledger, or its bare name. @example "alice" */
  @IsText()
  account: string;

  /** Decimal text. @example "10.40" */
  @IsAmount()
  amount: string;

  /** Whether the owner of the account authorizes the debit. @example true */
  authorized?: boolean;

  /** Any object of at most 46 KB, kept and returned unchanged. @example {} */
  @IsOptional()
  @IsObject()
  memo?: Record<string, unknown>;
}

/** The payee. */
export class CreditDto {
  /** URI of an account of this ledger, or its bare name. @example "dave" */
  @IsText()
  account: string;

  /** Must equal the amount of the debit. @example "10.40" */
  @IsAmount()
  amount: string;

  /**
   * Any object of at most 46 KB, kept and returned unchanged; `ilp` is an ILP packet.
   * @example { "ilp": "AYIBgQAAAAAAAAPo" }
   */
  @IsOptional()
  @IsObject()
  memo?: Record<string, unknown>;

  /** Whether the owner of the account rejects the open transfer. */
  rejected?: boolean;

  /** Why it was rejected. */
  rejection_message?: Record<string, unknown>;
}

/** Request to propose or prepare a transfer (contract 3.3). Only debits and credits are required. */
export class TransferRequestDto {
  /** UUID or URI; must end with the id in the path. @example "3f1c2b7a-9d4e-4c58-8a61-5e0b7d2f9c14" */
  id?: string;

  /** Base URL of this ledger. */
  ledger?: string;

  /** Exactly one. */
  debits: DebitDto[];

  /** Exactly one. */
  credits: CreditDto[];

  /**
   * Condition as a `ni:` URI, or in the older form `cc:0:3:…`; without one the transfer is executed at once.
   * @example "ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32"
   */
  execution_condition?: string;

  /** Its fulfillment cancels the transfer and releases the hold. */
  cancellation_condition?: string;

  /** Required with a condition; after this time the ledger rejects the transfer. @example "2030-01-01T00:00:00.000Z" */
  expires_at?: string;

  /** Any object, kept and returned unchanged. */
  additional_info?: Record<string, unknown>;
}

/** Times at which the transfer entered its states. */
export class TimelineDto {
  /** @example "2026-11-21T04:00:00.000Z" */
  proposed_at: string;
  /** @example "2026-11-21T04:00:00.000Z" */
  prepared_at?: string;
  executed_at?: string;
  rejected_at?: string;
}

/** A transfer on this ledger (contract 3.3). */
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
  @IsTimestamp()
  expires_at?: string;

  /** @example "prepared" */
  @IsOptional()
  @IsOneOf(ANSWERED_STATES)
  state: 'proposed' | 'prepared' | 'executed' | 'rejected';
  timeline: TimelineDto;

  /** `expired`, `cancelled` or the submitted reason. @example null */
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

/** Reason of a rejection (contract 3.5); further members are kept and passed on. */
export class RejectionDto {
  /** At most 2 KB. @example "Invoice is not in pending status" */
  message: string;

  /** ILP error code. @example "F99" */
  code?: string;

  /** @example "Application Error" */
  name?: string;

  /** ILP address of the rejecting party. @example "levelone.dfsp1.dave" */
  triggered_by?: string;
  additional_info?: Record<string, unknown>;
}
