import { currentTrace } from '@level-one/platform';
import type {
  InvoiceNotificationInDto,
  InvoiceNotificationResultDto,
} from '../wire/invoices/invoice-notification.dto.js';
import { InvoiceViewDto } from '../wire/invoices/invoice.dto.js';
import type { ReceiverPaymentDto } from '../wire/payments/payment.dto.js';
import { EMPTY_TOO } from '../http/peer-http.js';
import { Peer } from '../http/peer.js';
import {
  INITIATOR_HEADER,
  INITIATOR_PROXY,
  type QuoteDto,
  type QuoteRequestDto,
  type ReservedQuoteDto,
} from '../wire/quotes/quote.dto.js';
import type { PaymentAcknowledgementDto, PaymentNewsDto } from '../wire/quotes/quoted-payment.dto.js';
import { ReceiverDto } from '../wire/lookup/receiver.dto.js';
import { fromDfspHeaders } from '../signing/from-dfsp.js';
import type { ApprovalRequestDto, SetupApprovalDto } from '../wire/payments/setup.dto.js';
import type { PaymentTarget } from './spsp-backend.client.js';

/** Calls the DFSP's own API from its SPSP backend and scheme adapter; `baseUrl` ends with `/v1`. */
export class DfspApiClient {
  constructor(private readonly peer: Peer) {}

  /** Hop I.G. */
  receiver(identifier: string): Promise<ReceiverDto> {
    return this.peer.call(
      'I.G',
      { path: `/receivers/${encodeURIComponent(identifier)}` },
      {
        shape: { of: ReceiverDto },
      },
    );
  }

  /** Hop III.E; `from` is the DFSP that is proven to notify. */
  postInvoice(notification: InvoiceNotificationInDto, from: string | undefined): Promise<InvoiceNotificationResultDto> {
    const headers = fromDfspHeaders(from);
    return this.peer.call('III.E', { path: '/invoices', method: 'POST', json: notification, headers }, EMPTY_TOO);
  }

  /** Row 16. */
  invoice(invoiceId: string): Promise<InvoiceViewDto> {
    return this.peer.call(
      'row-16',
      { path: `/invoices/${encodeURIComponent(invoiceId)}` },
      {
        shape: { of: InvoiceViewDto },
      },
    );
  }

  /** Hop S.E, or S.F when the setup is a repeated one; `from` is the DFSP that is proven to ask. */
  setup(request: ApprovalRequestDto, from: string | undefined): Promise<SetupApprovalDto> {
    const hop = currentTrace()?.hop === 'S.F' ? 'S.F' : 'S.E';
    return this.peer.call(hop, { path: '/setup', method: 'POST', json: request, headers: fromDfspHeaders(from) });
  }

  /** Row 35. */
  payment(target: PaymentTarget, payment: ReceiverPaymentDto): Promise<object> {
    const of =
      'invoiceId' in target
        ? `/receivers/invoices/${encodeURIComponent(target.invoiceId)}`
        : `/receivers/${encodeURIComponent(target.identifier)}`;
    return this.peer.call(
      'row-35',
      { path: `${of}/payments/${payment.paymentid}`, method: 'PUT', json: payment },
      EMPTY_TOO,
    );
  }

  /** Hop Q.2; `isForeign`: the payer is another DFSP's; `from` is the DFSP that is proven to ask. */
  quote(
    request: QuoteRequestDto,
    { isForeign, from }: { isForeign: boolean; from?: string | undefined },
  ): Promise<ReservedQuoteDto> {
    const headers = { ...(isForeign ? { [INITIATOR_HEADER]: INITIATOR_PROXY } : {}), ...fromDfspHeaders(from) };
    return this.peer.call('Q.2', { path: '/quotes', method: 'POST', json: request, headers });
  }

  /** Row 46. */
  storedQuote(paymentId: string): Promise<QuoteDto> {
    return this.peer.call('row-46b', { path: `/quotes/${encodeURIComponent(paymentId)}` });
  }

  /** Row 48, second leg. */
  tellOfQuoted(paymentId: string, news: PaymentNewsDto): Promise<PaymentAcknowledgementDto> {
    return this.peer.call('row-48b', { path: `/payments/${paymentId}`, method: 'PUT', json: news });
  }
}
