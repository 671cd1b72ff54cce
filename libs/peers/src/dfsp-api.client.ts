import { currentTrace } from '@level-one/platform';
import type { InvoiceNotificationInDto, InvoiceNotificationResultDto } from './invoice-notification.dto.js';
import type { InvoiceViewDto } from './invoice.dto.js';
import type { ReceiverPaymentDto } from './payment.dto.js';
import { InvoiceAnswer, ReceiverAnswer } from './answers.js';
import { EMPTY_TOO, PeerHttp } from './peer-http.js';
import {
  INITIATOR_HEADER,
  INITIATOR_PROXY,
  type QuoteDto,
  type QuoteRequestDto,
  type ReservedQuoteDto,
} from './quote.dto.js';
import type { PaymentAcknowledgementDto, PaymentNewsDto } from './quoted-payment.dto.js';
import type { ReceiverDto } from './receiver.dto.js';
import { fromDfspHeaders } from './signing/from-dfsp.js';
import type { ApprovalRequestDto, SetupApprovalDto } from './setup.dto.js';
import type { PaymentTarget } from './spsp-backend.client.js';

/** Calls the DFSP's own API from its SPSP backend and scheme adapter; `baseUrl` ends with `/v1`. */
export class DfspApiClient {
  constructor(
    private readonly http: PeerHttp,
    private readonly baseUrl: string,
    private readonly authorization: string,
  ) {}

  /** Hop I.G. */
  receiver(identifier: string): Promise<ReceiverDto> {
    return this.http.call('I.G', this.to({ path: `/receivers/${encodeURIComponent(identifier)}` }), {
      shape: { of: ReceiverAnswer },
    });
  }

  /** Hop III.E; `from` is the DFSP that is proven to notify. */
  postInvoice(notification: InvoiceNotificationInDto, from: string | undefined): Promise<InvoiceNotificationResultDto> {
    const headers = fromDfspHeaders(from);
    return this.http.call(
      'III.E',
      this.to({ path: '/invoices', method: 'POST' as const, json: notification, headers }),
      EMPTY_TOO,
    );
  }

  /** Row 16. */
  invoice(invoiceId: string): Promise<InvoiceViewDto> {
    return this.http.call('row-16', this.to({ path: `/invoices/${encodeURIComponent(invoiceId)}` }), {
      shape: { of: InvoiceAnswer },
    });
  }

  /** Hop S.E, or S.F when the setup is a repeated one; `from` is the DFSP that is proven to ask. */
  setup(request: ApprovalRequestDto, from: string | undefined): Promise<SetupApprovalDto> {
    const hop = currentTrace()?.hop === 'S.F' ? 'S.F' : 'S.E';
    const headers = fromDfspHeaders(from);
    return this.http.call(hop, this.to({ path: '/setup', method: 'POST' as const, json: request, headers }));
  }

  /** Row 35. */
  payment(target: PaymentTarget, payment: ReceiverPaymentDto): Promise<object> {
    const of =
      'invoiceId' in target
        ? `/receivers/invoices/${encodeURIComponent(target.invoiceId)}`
        : `/receivers/${encodeURIComponent(target.identifier)}`;
    return this.http.call(
      'row-35',
      this.to({ path: `${of}/payments/${payment.paymentid}`, method: 'PUT' as const, json: payment }),
      EMPTY_TOO,
    );
  }

  /** Hop Q.2; `isForeign`: the payer is another DFSP's; `from` is the DFSP that is proven to ask. */
  quote(
    request: QuoteRequestDto,
    { isForeign, from }: { isForeign: boolean; from?: string | undefined },
  ): Promise<ReservedQuoteDto> {
    const headers = { ...(isForeign ? { [INITIATOR_HEADER]: INITIATOR_PROXY } : {}), ...fromDfspHeaders(from) };
    return this.http.call('Q.2', this.to({ path: '/quotes', method: 'POST' as const, json: request, headers }));
  }

  /** Row 46. */
  storedQuote(paymentId: string): Promise<QuoteDto> {
    return this.http.call('row-46b', this.to({ path: `/quotes/${encodeURIComponent(paymentId)}` }));
  }

  /** Row 48, second leg. */
  tellOfQuoted(paymentId: string, news: PaymentNewsDto): Promise<PaymentAcknowledgementDto> {
    return this.http.call('row-48b', this.to({ path: `/payments/${paymentId}`, method: 'PUT' as const, json: news }));
  }

  private to<T extends object>(call: T) {
    return { baseUrl: this.baseUrl, authorization: this.authorization, ...call };
  }
}
