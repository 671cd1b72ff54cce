import { HTTP_URL } from '@level-one/platform';
import { IsOptional, IsString, IsUrl, Length, MaxLength } from 'class-validator';

const MEMO_LENGTH_MAX = 2_048;
const URL_LENGTH_MAX = 1_024;

/** What the merchant's side sends (hops III.A, III.B). */
export class InvoiceNotificationOutDto {
  /** @example "8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  @IsString()
  @Length(1, 64)
  invoiceId: string;

  /** The client's SPSP server. @example "http://127.0.0.1:3103/v1/invoices" */
  @IsUrl(HTTP_URL)
  @MaxLength(URL_LENGTH_MAX)
  submissionUrl: string;

  /** Number of the client who is to pay. @example "78956562" */
  @IsString()
  @Length(1, 32)
  senderIdentifier: string;

  /** @example "Invoice from Bob Diaz for 10.40 USD" */
  @IsOptional()
  @IsString()
  @MaxLength(MEMO_LENGTH_MAX)
  memo: string = '';

  /** Filled in by the proxy when absent. @example "http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  @IsOptional()
  @IsUrl(HTTP_URL)
  @MaxLength(URL_LENGTH_MAX)
  invoiceUrl?: string;
}

/** What the client's side receives (hops III.C to III.E). */
export class InvoiceNotificationInDto {
  /** @example "http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  @IsUrl(HTTP_URL)
  @MaxLength(URL_LENGTH_MAX)
  invoiceUrl: string;

  /** @example "78956562" */
  @IsString()
  @Length(1, 32)
  senderIdentifier: string;

  /** Text, or `{"status":"cancelled"}` / `{"status":"rejected"}`. @example "Invoice from Bob Diaz for 10.40 USD" */
  @IsOptional()
  @IsString()
  @MaxLength(MEMO_LENGTH_MAX)
  memo: string = '';
}

/** Answer to hop III.E. */
export class InvoiceNotificationResultDto {
  /** @example "79cb1a1a-04a7-50a2-ae37-d9ff03334353" */
  invoiceNotificationId: string;
  /** @example "pending" */
  status: string;
}
