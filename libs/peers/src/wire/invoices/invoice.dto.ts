import { HTTP_URL, IsAmount } from '@level-one/platform';
import { IsOptional, IsUrl, MaxLength } from 'class-validator';
import { IsCurrencyCode, IsOneOf, IsText, IsTextOrEmpty } from '../answer-checks.js';
import { IsTimestamp } from '../timestamp.decorator.js';

const INVOICE_STATUSES = ['unpaid', 'paid', 'rejected', 'cancelled', 'expired'] as const;
const INVOICE_TYPES = ['standard', 'pending', 'product', 'cashOut'] as const;
const INFO_LENGTH_MAX = 8_192;

export type InvoiceWireStatus = (typeof INVOICE_STATUSES)[number];
export type InvoiceTypeName = (typeof INVOICE_TYPES)[number];

/** An invoice as other DFSPs see it (contract 2.0). */
export class InvoiceViewDto {
  /** @example "invoice" */
  type: 'invoice';
  /** @example "8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  @IsText(64)
  invoiceId: string;
  /** @example "http://127.0.0.1:3206/ilp/ledger/v1/accounts/bob" */
  @IsText()
  account: string;
  /** Who issued it. @example "Bob Diaz" */
  @IsOptional()
  @IsTextOrEmpty()
  name: string;
  /** @example "USD" */
  @IsCurrencyCode()
  currencyCode: string;
  /** @example "$" */
  @IsOptional()
  @IsTextOrEmpty(16)
  currencySymbol: string;
  /** @example "10.40" */
  @IsAmount({ allowZero: true })
  amount: string;
  /** Only on the payer's side. @example "0.00" */
  @IsOptional()
  @IsAmount({ allowZero: true })
  fee?: string;
  /** @example "unpaid" */
  @IsOneOf(INVOICE_STATUSES)
  status: InvoiceWireStatus;
  /** @example "standard" */
  @IsOptional()
  @IsOneOf(INVOICE_TYPES)
  invoiceType: InvoiceTypeName;
  /** @example "26547070" */
  @IsOptional()
  @IsTextOrEmpty(64)
  merchantIdentifier: string;
  /** @example "Invoice from Bob Diaz for 10.40 USD" */
  @IsOptional()
  @IsTextOrEmpty(INFO_LENGTH_MAX)
  invoiceInfo: string;
  /** Number of the client it is for, where one is named: by it their DFSP knows whom to show it to. @example "78956562" */
  @IsOptional()
  @IsTextOrEmpty(64)
  identifier?: string;
  /** @example "2030-01-01T00:00:00.000Z" */
  @IsOptional()
  @IsTimestamp()
  expiresAt?: string;
}

/** `GET /invoices` of the SPSP client and its proxy. */
export class InvoiceByUrlQueryDto {
  /** URL of the invoice at the merchant's SPSP server. @example "http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  @IsUrl(HTTP_URL, { message: 'invoiceUrl must be an http(s) URL' })
  @MaxLength(1_024)
  invoiceUrl: string;
}
