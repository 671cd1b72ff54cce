import { applyDecorators } from '@nestjs/common';
import { IsIn, IsOptional, IsString, Length, Matches } from 'class-validator';
import { InvoiceNotificationStatus, InvoiceStatus } from '@level-one/invoice';
import { IsPaymentIdBeginning, PageLimit, StrictQuery, UUID } from '@level-one/platform';
import { QuoteSide, QuoteStatus } from '@level-one/quote';
import { IsTimestamp } from '@level-one/peers';
import { BulkStatus, RowStatus } from '../payer/bulk/bulk-payment.entity.js';

/** State of a payment on either side. */
export enum PaymentState {
  /** It may still move money. */
  Pending = 'pending',
  Executed = 'executed',
  Rejected = 'rejected',
  Expired = 'expired',
  /** It was never sent. */
  Failed = 'failed',
}

const CURSOR = /^\d{1,17}\.[A-Za-z0-9-]{1,36}(\.(debit|credit|\d{1,7}))?$/;

function IsText(max: number): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    IsString({ message: '$property must be given once' }),
    Length(1, max, { message: `$property must have 1 to ${max} characters` }),
  );
}

function IsOneOf(values: object): PropertyDecorator {
  const known = Object.values(values) as string[];
  return applyDecorators(IsOptional(), IsIn(known, { message: `$property must be one of ${known.join(', ')}` }));
}

/** What all lists have: a part of time, and pages. */
class RecordsQueryDto {
  /** Only what was created at this time or later. @example "2026-01-01T00:00:00Z" */
  @IsOptional()
  @IsTimestamp()
  from?: string;

  /** Only what was created before this time. @example "2030-01-01T00:00:00Z" */
  @IsOptional()
  @IsTimestamp()
  to?: string;

  /** Maximum of entries in the answer, at most 200. @example "50" */
  @PageLimit(200)
  limit: string = '50';

  /** Only entries after this one: from `next` of the page before. */
  @IsOptional()
  @Matches(CURSOR, { message: 'after must be from `next` of a page' })
  after?: string;
}

/** Query of `GET /payments` */
@StrictQuery()
export class PaymentsQueryDto extends RecordsQueryDto {
  /** `pending` as long as the payment may move money. @example "executed" */
  @IsOneOf(PaymentState)
  state?: PaymentState;

  /** Number of this DFSP's customer. @example "78956562" */
  @IsText(32)
  customer?: string;

  /** Number of the payer or the payee, of this DFSP or of another one. @example "26547070" */
  @IsText(32)
  party?: string;

  /** The customer's account: name, URI or label; a name also in other letters, if it is kept in small ones. @example "alice" */
  @IsText(1_024)
  account?: string;

  /** Id or URL of the invoice that is paid. @example "8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  @IsText(1_024)
  invoice?: string;

  /** Id of the payment, or its first 8 characters or more. @example "c178fe87" */
  @IsPaymentIdBeginning()
  payment?: string;

  /** Amount without fees, in the currency of this DFSP. It has no index: give a time with it where payments are many. @example "9.70" */
  @IsText(32)
  amount?: string;

  /** `debit`: the customer pays; `credit`: the customer is paid. */
  @IsOneOf(QuoteSide)
  side?: QuoteSide;
}

/** Query of `GET /payments/{paymentId}` */
@StrictQuery()
export class PaymentQueryDto {
  /** Only this side of a payment inside the DFSP. */
  @IsOneOf(QuoteSide)
  side?: QuoteSide;
}

/** Query of `GET /invoices` */
@StrictQuery()
export class InvoicesQueryDto extends RecordsQueryDto {
  /** @example "pending" */
  @IsOneOf(InvoiceStatus)
  state?: InvoiceStatus;

  /** Number of the merchant. @example "26547070" */
  @IsText(32)
  customer?: string;

  /** Number of the client who is named. @example "78956562" */
  @IsText(32)
  client?: string;
}

/** Query of `GET /invoiceNotifications` */
@StrictQuery()
export class NotificationsQueryDto extends RecordsQueryDto {
  /** @example "pending" */
  @IsOneOf(InvoiceNotificationStatus)
  state?: InvoiceNotificationStatus;

  /** Number of the client who was notified. @example "78956562" */
  @IsText(32)
  customer?: string;

  /** Id or URL of the invoice. @example "8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  @IsText(1_024)
  invoice?: string;
}

/** Query of `GET /quotes` */
@StrictQuery()
export class QuotesQueryDto extends RecordsQueryDto {
  /** @example "reserved" */
  @IsOneOf(QuoteStatus)
  state?: QuoteStatus;

  /** Number of this DFSP's customer. @example "78956562" */
  @IsText(32)
  customer?: string;

  /** Id of the payment, or its first 8 characters or more. @example "c178fe87" */
  @IsPaymentIdBeginning()
  payment?: string;

  /** `debit`: the customer would pay; `credit`: the customer would be paid. */
  @IsOneOf(QuoteSide)
  side?: QuoteSide;
}

/** Query of `GET /bulkPayments` */
@StrictQuery()
export class BulkPaymentsQueryDto extends RecordsQueryDto {
  /** @example "checked" */
  @IsOneOf(BulkStatus)
  state?: BulkStatus;

  /** Number of the client who pays. @example "78956562" */
  @IsText(32)
  customer?: string;
}

/** Query of `GET /refusedRows` */
@StrictQuery()
export class RefusedRowsQueryDto extends RecordsQueryDto {
  /** `refused` when the list was checked, or `failed` when it was paid. @example "refused" */
  @IsOptional()
  @IsIn([RowStatus.Refused, RowStatus.Failed], { message: '$property must be one of refused, failed' })
  state?: RowStatus.Refused | RowStatus.Failed;

  /** Id of a list. @example "2d4c9a1b-7e30-4f68-9c55-b08a6f1e3d72" */
  @IsOptional()
  @Matches(UUID, { message: 'bulkPayment must be a UUID' })
  bulkPayment?: string;

  /** Number of the client who pays, or of the payee. @example "26547070" */
  @IsText(32)
  number?: string;
}
