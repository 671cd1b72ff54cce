import { IsIn, IsOptional, IsString, Length, Matches, MaxLength, ValidateIf } from 'class-validator';
import { IsAmount, UUID } from '@level-one/platform';
import { IsOneOf, IsText } from '../answer-checks.js';
import { PERSON_NAME_LENGTH_MAX } from '../person-name.js';
import { IsTimestamp } from '../timestamp.decorator.js';
import { IsMemo } from './memo.js';

const PACKET_LENGTH_MAX = 44_000;
const URL_LENGTH_MAX = 1_024;

const PAYMENT_STATUSES = ['pending', 'executed', 'rejected', 'expired'] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

/**
 * Body of hops P.A and P.B: the SetupResponse echoed. The older form names a `receiver` instead of a condition and a
 * packet; the SPSP client then sets the payment up itself.
 */
export class PaymentRequestDto {
  /** Must be the id of the path. @example "b9c4ceba-51e4-4a80-b1a7-2972383e98af" */
  @IsOptional()
  @Matches(UUID, { message: 'id must be a UUID' })
  id?: string;

  /** @example "http://127.0.0.1:3106/ilp/ledger/v1/accounts/alice" */
  @IsString()
  @Length(1, URL_LENGTH_MAX)
  sourceAccount: string;

  /** @example "78956562" */
  @IsOptional()
  @IsString()
  @Length(1, 32)
  sourceIdentifier?: string;

  /** @example "10.40" */
  @ValidateIf((body: PaymentRequestDto) => body.isEcho() || body.sourceAmount !== undefined)
  @IsAmount()
  sourceAmount?: string;

  /** ILP address of the payee; either this or destinationAccount. @example "levelone.dfsp2.bob.kPzzYfWPmWJZ0l8w" */
  @IsOptional()
  @IsString()
  @Length(1, URL_LENGTH_MAX)
  address?: string;

  /** @example "http://127.0.0.1:3206/ilp/ledger/v1/accounts/bob" */
  @IsOptional()
  @IsString()
  @Length(1, URL_LENGTH_MAX)
  destinationAccount?: string;

  /** @example "10.40" */
  @ValidateIf((body: PaymentRequestDto) => body.isEcho() || body.destinationAmount !== undefined)
  @IsAmount()
  destinationAmount?: string;

  /** @example "2030-01-01T00:01:00.000Z" */
  @ValidateIf((body: PaymentRequestDto) => body.isEcho() || body.expiresAt !== undefined)
  @IsTimestamp()
  expiresAt?: string;

  /** @example "ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32" */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  execution_condition?: string;

  /** Other spelling of execution_condition. */
  @IsOptional()
  @IsString()
  @MaxLength(512)
  condition?: string;

  /** ILP packet, base64url. */
  @ValidateIf((body: PaymentRequestDto) => body.isEcho())
  @IsString()
  @Length(1, PACKET_LENGTH_MAX)
  additionalHeaders?: string;

  /** Receiver or invoice URL. @example "http://127.0.0.1:3203/v1/receivers/26547070" */
  @ValidateIf((body: PaymentRequestDto) => !body.isEcho() || body.receiver !== undefined)
  @IsString()
  @Length(1, URL_LENGTH_MAX)
  receiver?: string;

  /** @example "Bob Diaz" */
  @IsOptional()
  @IsString()
  @MaxLength(PERSON_NAME_LENGTH_MAX)
  name?: string;

  @IsOptional()
  @IsMemo()
  memo?: string | Record<string, unknown>;

  @IsOptional()
  data?: Record<string, unknown>;

  /** Whether this is an echoed SetupResponse rather than the older form. */
  isEcho(): boolean {
    return (
      this.execution_condition !== undefined || this.condition !== undefined || this.additionalHeaders !== undefined
    );
  }
}

/** What became of a payment (contract 2.0). */
export class PaymentResultDto {
  /** @example "b9c4ceba-51e4-4a80-b1a7-2972383e98af" */
  @IsText(64)
  id: string;
  /** @example "Bob Diaz" */
  name?: string;
  /** @example "http://127.0.0.1:3203/v1/receivers/26547070" */
  receiver?: string;
  /** @example "http://127.0.0.1:3206/ilp/ledger/v1/accounts/bob" */
  destinationAccount?: string;
  /** @example "levelone.dfsp2.bob.kPzzYfWPmWJZ0l8w" */
  address?: string;
  /** Absent where it is of a ledger whose decimals are not told. @example "10.40" */
  destinationAmount?: string;
  /** @example "10.40" */
  sourceAmount: string;
  /** @example "http://127.0.0.1:3106/ilp/ledger/v1/accounts/alice" */
  sourceAccount: string;
  /** @example "2030-01-01T00:01:00.000Z" */
  expiresAt: string;
  data?: Record<string, unknown>;
  additionalHeaders?: string;
  execution_condition?: string;
  condition?: string;
  memo?: string | Record<string, unknown>;
  /** @example "executed" */
  @IsOneOf(PAYMENT_STATUSES)
  status: PaymentStatus;
  /** The fulfillment exactly as submitted to the ledgers. @example "oCKAIIYvEbZPFojkJML-W6Xl60qEY-NWz10fHN4X5-Yv-s8k" */
  fulfillment?: string;
  /** Why it was rejected: `{ code, name, message, triggered_by, additional_info }`. */
  rejectionMessage?: Record<string, unknown>;
}

export const RECEIVER_PAYMENT_STATUSES = ['proposed', 'prepared', 'executed', 'rejected', 'expired'] as const;
export type ReceiverPaymentStatus = (typeof RECEIVER_PAYMENT_STATUSES)[number];

/**
 * The payee's side tells its DFSP of a payment (rows 34, 35). `prepared` asks for approval, `executed` says that the
 * money is there, `rejected` and `expired` that it will not come.
 */
export class ReceiverPaymentDto {
  /** @example "prepared" */
  @IsIn(RECEIVER_PAYMENT_STATUSES)
  status: ReceiverPaymentStatus;

  /** @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  @Matches(UUID, { message: 'transferId must be a UUID' })
  transferId: string;

  /** Spelled as in the contract. @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  @Matches(UUID, { message: 'paymentid must be a UUID' })
  paymentid: string;

  /** @example "8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  @IsOptional()
  @IsString()
  @Length(1, 64)
  invoiceId?: string;

  /** The payer's number. @example "78956562" */
  @IsOptional()
  @IsString()
  @Length(1, 32)
  senderIdentifier?: string;

  /** @example "10.40" */
  @IsAmount()
  destinationAmount: string;

  /** @example "Lunch" */
  @IsOptional()
  @IsMemo()
  memo?: string | Record<string, unknown>;

  @IsOptional()
  data?: Record<string, unknown>;
}
