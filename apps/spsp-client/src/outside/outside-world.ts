import { Injectable } from '@nestjs/common';
import {
  type InvoiceNotificationInDto,
  type InvoiceNotificationResultDto,
  type InvoiceViewDto,
  notFoundAs,
  type ReceiverDto,
  SpspServerClient,
} from '@level-one/peers';
import { OutsideUrls } from './outside-urls.js';
import { invalidReceiverId, invoiceNotFound } from './spsp-client-errors.js';

/** Calls SPSP servers of other DFSPs, if their URLs are registered. */
@Injectable()
export class OutsideWorld {
  constructor(
    private readonly urls: OutsideUrls,
    private readonly spspServer: SpspServerClient,
  ) {}

  /**
   * The receiver or invoice of a URL (hop I.E, row 15).
   * @throws ContractError 400, 404 InvalidReceiverIdError or InvoiceNotFoundError, 422 NoAccount, 502.
   */
  async readReceiverOrInvoice(receiver: string): Promise<ReceiverDto | InvoiceViewDto> {
    const { kind, url } = await this.urls.receiverUrlOf(receiver);
    return kind === 'invoice'
      ? notFoundAs(invoiceNotFound, () => this.spspServer.invoice(url))
      : notFoundAs(invalidReceiverId, () => this.spspServer.receiver(url));
  }

  /** Row 15. @throws ContractError 400, 404 InvoiceNotFoundError, 502. */
  async readInvoice(invoiceUrl: string): Promise<InvoiceViewDto> {
    const { url } = await this.urls.invoiceUrlOf(invoiceUrl);
    return notFoundAs(invoiceNotFound, () => this.spspServer.invoice(url));
  }

  /** Hop III.C. @throws ContractError 400, 404 UserNotFound or InvoiceNotificationNotFoundError, 502. */
  async notifyInvoice(
    submissionUrl: string,
    notification: InvoiceNotificationInDto,
  ): Promise<InvoiceNotificationResultDto | undefined> {
    return this.spspServer.postInvoice(await this.urls.submissionUrlOf(submissionUrl), notification);
  }
}
