import { InvoiceNotificationStatus, InvoiceStatus, InvoiceType } from '@level-one/invoice';
import { QuoteDto } from '@level-one/peers';
import { TimelineEntryDto, TimelineGapDto } from '@level-one/platform';
import { QuoteSide } from '@level-one/quote';
import { BulkStatus, RowStatus } from '../payer/bulk/bulk-payment.entity.js';
import { PaymentState } from './record-queries.dto.js';

/** One party of a payment. */
export class PaymentPartyDto {
  /** Number; absent if it is not known here. @example "26547070" */
  identifier?: string;
  /** Of the payee as the payer saw it. Only on the payer's side. @example "Bob Diaz" */
  name?: string;
  /** The own customer: name of the account on the own ledger. The other party: its URI, if known. @example "alice" */
  account?: string;
}

/** The invoice that a payment pays. */
export class InvoiceOfPaymentDto {
  /** @example "8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  invoiceId: string;
  /** At the payer's DFSP. @example "http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  invoiceUrl?: string;
  /** At the payer's DFSP, if its customer was notified. @example "5f44c49f-0380-5b3b-8721-1574670d4f8f" */
  invoiceNotificationId?: string;
}

/** Why a payment ended without money. */
export class PaymentReasonDto {
  /** @example "InsufficientFundsError" */
  id: string;
  /** @example "Sender has insufficient funds." */
  message: string;
}

/** A transfer of a payment on a ledger. All transfers of a payment have the payment's id. */
export class PaymentTransferDto {
  /** `own`: this DFSP's. `central` and `other`: on the way to the other DFSP, if it is another one. @example "own" */
  ledger: 'own' | 'central' | 'other';
  /** @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  id: string;
  /** At the own ledger adapter. @example "http://127.0.0.1:3106/ilp/ledger/v1/transfers/c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  uri?: string;
}

/** A payment as one side of it is kept here. */
export class PaymentRecordDto {
  /** @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  paymentId: string;
  /** `debit`: the own customer pays; `credit`: the own customer is paid. */
  side: QuoteSide;
  /** @example "executed" */
  state: PaymentState;
  /** While it is pending, what was done last. @example "paying" */
  step?: 'settingUp' | 'paying' | 'proposed' | 'prepared';
  /** What the transfer debits or credits, without fees. @example "10.40" */
  amount: string;
  /** Fee of the own customer; on the payee's side of a quoted payment as long as its quote is kept. @example "0" */
  fee?: string;
  /** Commission of the own agent; as long as the quote is kept on the payee's side. @example "0" */
  commission?: string;
  /** What the own customer keeps of a quoted payment after their fee, as long as the quote is kept on the payee's side. @example "9.25" */
  receiveAmount?: string;
  /** Currency of the amounts. @example "USD" */
  currency: string;
  /** The own customer. */
  customer: PaymentPartyDto;
  counterpart: PaymentPartyDto;
  invoice?: InvoiceOfPaymentDto;
  /** Whether its price was quoted; then `GET /v1/quotes/{paymentId}` has the rest of it. */
  isQuoted: boolean;
  /** @example "2026-11-21T04:00:00.000Z" */
  createdAt: string;
  /** After this no transfer of it can be prepared. @example "2026-11-21T04:01:00.000Z" */
  expiresAt?: string;
  /** When it became final. @example "2026-11-21T04:00:01.000Z" */
  endedAt?: string;
  /** Of a payment that is rejected, expired or failed. */
  reason?: PaymentReasonDto;
  /** None if nothing was sent. */
  transfers: PaymentTransferDto[];
}

/** A payment; inside one DFSP the payer's side, and with it the payee's. */
export class PaymentDetailsDto extends PaymentRecordDto {
  /** The payee's side of a payment inside this DFSP. */
  payeeSide?: PaymentRecordDto;
}

/** Something that happened to a payment. */
export class ChannelTimelineEntryDto extends TimelineEntryDto {
  /** Where it happened: in the DFSP API, or on the DFSP's ledger, each by its own clock. @example "dfsp-ledger" */
  role: 'dfsp-api' | 'dfsp-ledger';
}

/** What happened to a payment at this DFSP, in the order in which it happened. */
export class ChannelTimelineDto {
  /** @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  paymentId: string;
  /** @example "executed" */
  state: PaymentState;
  entries: ChannelTimelineEntryDto[];
  /** What could not be read now; absent if all was read. */
  missing?: TimelineGapDto[];
}

/** A page of a list, newest entries first. */
class PageDto {
  /** URL of the next page; null on the last one. @example null */
  next: string | null;
}

/** A page of payments. */
export class PaymentsPageDto extends PageDto {
  payments: PaymentRecordDto[];
}

/** An invoice that this DFSP has issued. */
export class InvoiceRecordDto {
  /** @example "8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  invoiceId: string;
  /** @example "pending" */
  state: InvoiceStatus;
  /** @example "standard" */
  invoiceType: InvoiceType;
  /** @example "26547070" */
  merchantIdentifier: string;
  /** Name of the merchant's account. @example "bob" */
  account: string;
  /** @example "10.40" */
  amount: string;
  /** @example "USD" */
  currencyCode: string;
  /** Number of the client who is named. @example "78956562" */
  identifier?: string;
  /** @example "Lunch" */
  info: string;
  /** Whether the client's DFSP has the notification. */
  notified: boolean;
  /** Of the payment in progress, or of the one that paid it. @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  paymentId?: string;
  /** Number of the client who pays or has paid. @example "78956562" */
  payerIdentifier?: string;
  /** @example "2026-11-21T04:00:00.000Z" */
  createdAt: string;
  /** @example "2030-01-01T00:00:00.000Z" */
  expiresAt?: string;
}

/** A page of invoices. */
export class InvoicesPageDto extends PageDto {
  invoices: InvoiceRecordDto[];
}

/** An invoice that a client of this DFSP was notified of. */
export class NotificationRecordDto {
  /** @example "5f44c49f-0380-5b3b-8721-1574670d4f8f" */
  invoiceNotificationId: string;
  /** @example "pending" */
  state: InvoiceNotificationStatus;
  /** Number of the client. @example "78956562" */
  senderIdentifier: string;
  /** @example "http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  invoiceUrl: string;
  /** Short name of the DFSP that issued the invoice. @example "dfsp2" */
  issuer?: string;
  /** @example "Lunch" */
  memo: string;
  /** Of the payment in progress, or of the one that paid it. @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  paymentId?: string;
  /** @example "2026-11-21T04:00:00.000Z" */
  createdAt: string;
  /** @example "2030-01-01T00:00:00.000Z" */
  expiresAt?: string;
}

/** A page of notifications. */
export class NotificationsPageDto extends PageDto {
  invoiceNotifications: NotificationRecordDto[];
}

/** A quote, as one side of it is kept here. */
export class QuoteRecordDto extends QuoteDto {
  /** `debit`: the own customer would pay; `credit`: the own customer would be paid. */
  side: QuoteSide;
  /** @example "2026-11-21T04:00:00.000Z" */
  createdAt: string;
}

/** A page of quotes. */
export class QuotesPageDto extends PageDto {
  quotes: QuoteRecordDto[];
}

/** A list of payments, without its rows. */
export class BulkPaymentRecordDto {
  /** @example "2d4c9a1b-7e30-4f68-9c55-b08a6f1e3d72" */
  bulkPaymentId: string;
  /** @example "checked" */
  state: BulkStatus;
  /** @example "78956562" */
  sourceIdentifier: string;
  /** @example "alice" */
  sourceAccount: string;
  /** @example "2026-11-21T04:00:00.000Z" */
  createdAt: string;
}

/** A page of bulk payments. */
export class BulkPaymentsPageDto extends PageDto {
  bulkPayments: BulkPaymentRecordDto[];
}

/** A row of a list of payments that was not paid: no payment has its paymentId, or that payment failed. */
export class RefusedRowDto {
  /** @example "2d4c9a1b-7e30-4f68-9c55-b08a6f1e3d72" */
  bulkPaymentId: string;
  /** Line in the file, from 1. @example 2 */
  line: number;
  /** `refused` or `failed`. @example "refused" */
  state: RowStatus;
  /** Number of the client who pays. @example "78956562" */
  sourceIdentifier: string;
  /** Number of the payee. @example "26547070" */
  identifier: string;
  /** As given. @example "10.4" */
  amount: string;
  /** As given. @example "USD" */
  currency?: string;
  /** @example "1f0d7c3a-90b2-4e6d-8f57-3ac21be94d60" */
  paymentId: string;
  /** Id of the error. @example "UserNotFound" */
  error?: string;
  message?: string;
  /** When the list was handed in. @example "2026-11-21T04:00:00.000Z" */
  createdAt: string;
}

/** A page of such rows. */
export class RefusedRowsPageDto extends PageDto {
  rows: RefusedRowDto[];
}
