import { HTTP_URL } from '@level-one/platform';
import { IsUrl } from 'class-validator';

/** `GET /invoices` */
export class InvoiceQueryDto {
  /** URL of the invoice at the merchant's SPSP server. @example "http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10" */
  @IsUrl(HTTP_URL, { message: 'invoiceUrl must be an http(s) URL' })
  invoiceUrl: string;
}
