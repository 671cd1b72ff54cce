import { PageLimit } from '@level-one/platform';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { InvoiceNotificationStatus, NOTIFICATION_CHANNEL_STATUS } from '@level-one/invoice';

/** Query of a route that answers in pages. */
export class PageQueryDto {
  /** Maximum of entries in the answer, at most 100. @example "50" */
  @PageLimit(100)
  limit?: string = '50';

  /** Entries to skip. @example "0" */
  @IsOptional()
  @Matches(/^[0-9]{1,5}$/, { message: 'offset must be a number' })
  offset?: string = '0';
}

/** One entry of a client's list. */
export class PendingInvoiceDto {
  /** @example "5f44c49f-0380-5b3b-8721-1574670d4f8f" */
  invoiceNotificationId: string;
  /** @example "pending" */
  status: (typeof NOTIFICATION_CHANNEL_STATUS)[InvoiceNotificationStatus];
  /** @example "Invoice from Bob Diaz for 10.40 USD" */
  info: string;
}

/** Pending invoices of a client, newest first. */
export class PendingInvoicesDto {
  invoices: PendingInvoiceDto[];
}

/** An invoice as the client sees it before paying. */
export class NotifiedInvoiceDto {
  /** First name of the merchant. @example "Bob" */
  firstName: string;
  /** @example "Diaz" */
  lastName: string;
  /** @example "10.40" */
  amount: string;
  /** @example "USD" */
  currencyCode: string;
  /** @example "$" */
  currencySymbol: string;
  /** Fee of the payer, in `totalCurrency`. @example "0.00" */
  fee: string;
  /** Amount and fee that the client is debited; absent without a quote. @example "10.40" */
  total?: string;
  /** Currency of fee and total: that of the client's ledger. @example "USD" */
  totalCurrency?: string;
  /** Id of the quote, and of the payment that pays this notification. @example "6b0f8d6e-2f9c-4d11-9d5a-83a1c7e2f045" */
  paymentId?: string;
  /** The price is valid until then. @example "2030-01-01T00:10:00.000Z" */
  quotedUntil?: string;
  /** Status of the notification. @example "pending" */
  status: (typeof NOTIFICATION_CHANNEL_STATUS)[InvoiceNotificationStatus];
}

/** `PUT /invoiceNotifications/reject` */
export class RejectNotificationDto {
  /** @example "5f44c49f-0380-5b3b-8721-1574670d4f8f" */
  @IsString({ message: 'InvoiceNotificationIdMissingError' })
  @Length(1, 64, { message: 'invoiceNotificationId must have 1 to 64 characters' })
  invoiceNotificationId: string;
}

/** `PUT /invoiceNotifications/pay` */
export class PayNotificationDto {
  /** The client's account: name, URI or label. @example "alice" */
  @IsString({ message: 'AccountMissingError' })
  @Length(1, 1024, { message: 'account must have 1 to 1024 characters' })
  account: string;

  /** @example "5f44c49f-0380-5b3b-8721-1574670d4f8f" */
  @IsString({ message: 'InvoiceNotificationIdMissingError' })
  @Length(1, 64, { message: 'invoiceNotificationId must have 1 to 64 characters' })
  invoiceNotificationId: string;
}

/** A notification and its status. */
export class NotificationStatusDto {
  /** @example "5f44c49f-0380-5b3b-8721-1574670d4f8f" */
  invoiceNotificationId: string;
  /** Id of its payment, which is also the trace id of the answer. @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  paymentId?: string;
  /** `pending` while its payment is not final: `GET /v1/payments/{paymentId}` tells its end. @example "paid" */
  status: (typeof NOTIFICATION_CHANNEL_STATUS)[InvoiceNotificationStatus];
}
