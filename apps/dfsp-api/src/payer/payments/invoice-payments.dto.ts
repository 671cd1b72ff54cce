import { HTTP_URL } from '@level-one/platform';
import { IsString, IsUrl, Length, MaxLength } from 'class-validator';

const URL_LENGTH_MAX = 1_024;

/** `POST /invoice/pay`: pays an invoice by its URL. */
export class PayInvoiceDto {
  /** @example "http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  @IsUrl(HTTP_URL)
  @MaxLength(URL_LENGTH_MAX)
  invoiceUrl: string;

  /** Number of the client who pays. @example "78956562" */
  @IsString({ message: 'IdentifierMissingError' })
  @Length(1, 32, { message: 'identifier must have 1 to 32 characters' })
  identifier: string;

  /** The client's account: name, URI or label. @example "alice" */
  @IsString({ message: 'AccountMissingError' })
  @Length(1, URL_LENGTH_MAX, { message: 'account must have 1 to 1024 characters' })
  account: string;
}

/** The payment of an invoice and its status. */
export class PaidInvoiceDto {
  /** @example "8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  invoiceId: string;
  /** Also the trace id of the answer. @example "c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520" */
  paymentId: string;
  /** `pending` while the payment is not final: `GET /v1/payments/{paymentId}` tells its end. @example "paid" */
  status: 'paid' | 'pending';
}

/** `GET /invoice` */
export class PayableInvoiceQueryDto {
  /** @example "http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  @IsUrl(HTTP_URL)
  @MaxLength(URL_LENGTH_MAX)
  invoiceUrl: string;
}

/** Path of `GET /invoiceFees/{invoiceUrl}/{identifier}/{account}` */
export class InvoiceFeesParamsDto extends PayableInvoiceQueryDto {
  /** @example "78956562" */
  @IsString()
  @Length(1, 32)
  identifier: string;

  /** @example "alice" */
  @IsString()
  @Length(1, URL_LENGTH_MAX)
  account: string;
}

/** Fees for paying an invoice, on top of its amount. */
export class InvoiceFeesDto {
  /** Fee of the payer's DFSP. @example "0.00" */
  fee: string;
  /** Fee of the connectors on the way; 0 between two currencies. @example "0.00" */
  connectorFee: string;
}
