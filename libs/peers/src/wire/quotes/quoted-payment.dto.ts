import { IsIn, IsObject, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';
import { IsAmount, UUID } from '@level-one/platform';
import { RECEIVER_PAYMENT_STATUSES, type ReceiverPaymentStatus } from '../payments/payment.dto.js';
import type { QuotedPaymentData } from './quote.dto.js';

const URL_LENGTH_MAX = 1_024;

/**
 * The payee's side tells its DFSP of a payment by its id alone (row 48, and row 35 by id): `prepared` asks for approval,
 * the others say how it ended. What is given of the transfer has to be the payment's own.
 */
export class PaymentNewsDto {
  /** @example "expired" */
  @IsIn(RECEIVER_PAYMENT_STATUSES)
  status: ReceiverPaymentStatus;

  /** The transfer on the DFSP's ledger; the paymentId when absent. @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  @IsOptional()
  @Matches(UUID, { message: 'transferId must be a UUID' })
  transferId?: string;

  /** What the transfer is of. @example "10.40" */
  @IsOptional()
  @IsAmount()
  destinationAmount?: string;

  /** What left the ledger before, where connectors trade one to one. @example "10.40" */
  @IsOptional()
  @IsAmount()
  sourceAmount?: string;

  /** Account URI, or name, that the transfer credits. @example "http://127.0.0.1:3206/ilp/ledger/v1/accounts/bob" */
  @IsOptional()
  @IsString()
  @Length(1, URL_LENGTH_MAX)
  destinationAccount?: string;

  @IsOptional()
  @IsString()
  @MaxLength(256)
  fulfillment?: string;

  /** What the payment request said of the payment. */
  @IsOptional()
  @IsObject()
  data?: QuotedPaymentData;
}

/** Row 48: the SPSP server tells the scheme adapter of a payment whose request came from a quote. */
export class PaymentNotificationDto extends PaymentNewsDto {
  /** @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  @Matches(UUID, { message: 'paymentId must be a UUID' })
  paymentId: string;

  /** Interledger payment request, base64url. */
  @IsOptional()
  @IsString()
  @MaxLength(44_000)
  ipr?: string;
}

/** Answer to row 48. */
export class PaymentAcknowledgementDto {
  /** @example "prepared" */
  status: ReceiverPaymentStatus;
  data?: QuotedPaymentData;
}
