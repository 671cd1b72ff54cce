import { Injectable } from '@nestjs/common';
import { InvoiceErrorId, invoiceError, InvoiceRepository } from '@level-one/invoice';
import { type InvoiceNotificationInDto, type InvoiceNotificationResultDto, RegisteredOrigins } from '@level-one/peers';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { MerchantInvoicesService } from './merchant-invoices.service.js';
import { ownInvoiceId } from './own-invoice-urls.js';

/** Takes rejections of this DFSP's own invoices by clients of any DFSP (hop III.E). */
@Injectable()
export class InvoiceRejectionsService {
  constructor(
    private readonly settings: DfspApiSettings,
    private readonly invoices: InvoiceRepository,
    private readonly merchantInvoices: MerchantInvoicesService,
    private readonly origins: RegisteredOrigins,
  ) {}

  /**
   * Rejects an invoice for its client. Only the DFSP that was notified of the invoice may do so: knowing the invoice's
   * URL and the client's number proves nothing.
   * @throws ContractError 404 InvoiceNotificationNotFoundError, InvoiceNotFoundError; 422 InvoiceNotStandardError,
   * InvoiceNotPendingError; 503 ServiceUnavailableError while a payment holds the invoice
   */
  async receiveRejection(
    { invoiceUrl, senderIdentifier }: InvoiceNotificationInDto,
    from: string | undefined,
  ): Promise<InvoiceNotificationResultDto> {
    const invoiceId = ownInvoiceId(this.settings, invoiceUrl);
    if (!invoiceId) throw invoiceError(InvoiceErrorId.NotificationNotFound);
    const invoice = await this.invoices.findInvoice(invoiceId);
    const notified = invoice?.submissionUrl ? await this.origins.ownerOf(invoice.submissionUrl) : undefined;
    if (!invoice || from === undefined || notified?.shortName !== from) throw invoiceError(InvoiceErrorId.NotFound);
    await this.merchantInvoices.rejectInvoice(invoice, senderIdentifier);
    return { invoiceNotificationId: invoiceId, status: 'rejected' };
  }
}
