import { HTTP_URL } from '@level-one/platform';
import { IsUrl, MaxLength } from 'class-validator';

export type InvoiceWireStatus = 'unpaid' | 'paid' | 'rejected' | 'cancelled' | 'expired';
export type InvoiceTypeName = 'standard' | 'pending' | 'product' | 'cashOut';

/** An invoice as other DFSPs see it (contract 2.0). */
export class InvoiceViewDto {
  /** @example "invoice" */
  type: 'invoice';
  /** @example "8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  invoiceId: string;
  /** @example "http://127.0.0.1:3206/ilp/ledger/v1/accounts/bob" */
  account: string;
  /** Who issued it. @example "Bob Diaz" */
  name: string;
  /** @example "USD" */
  currencyCode: string;
  /** @example "$" */
  currencySymbol: string;
  /** @example "10.40" */
  amount: string;
  /** Only on the payer's side. @example "0.00" */
  fee?: string;
  /** @example "unpaid" */
  status: InvoiceWireStatus;
  /** @example "standard" */
  invoiceType: InvoiceTypeName;
  /** @example "26547070" */
  merchantIdentifier: string;
  /** @example "Invoice from Bob Diaz for 10.40 USD" */
  invoiceInfo: string;
  /** Number of the client it is for, where one is named: by it their DFSP knows whom to show it to. @example "78956562" */
  identifier?: string;
  /** @example "2030-01-01T00:00:00.000Z" */
  expiresAt?: string;
}

/** `GET /invoices` of the SPSP client and its proxy. */
export class InvoiceByUrlQueryDto {
  /** URL of the invoice at the merchant's SPSP server. @example "http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  @IsUrl(HTTP_URL, { message: 'invoiceUrl must be an http(s) URL' })
  @MaxLength(1_024)
  invoiceUrl: string;
}
