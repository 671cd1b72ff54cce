import type {
  InvoiceNotificationOutDto,
  InvoiceNotificationResultDto,
} from '../wire/invoices/invoice-notification.dto.js';
import type { InvoiceViewDto } from '../wire/invoices/invoice.dto.js';
import type { IprQuoteDto, PaidIprDto, PayIprDto } from '../wire/quotes/ipr.dto.js';
import { PaymentResultDto } from '../wire/payments/payment.dto.js';
import { assertShape, type PeerAnswer } from '../http/peer-answer.js';
import { EMPTY_TOO } from '../http/peer-http.js';
import { Peer } from '../http/peer.js';
import type { ReceiverDto } from '../wire/lookup/receiver.dto.js';
import type { SetupRequestDto, SetupResponseDto } from '../wire/payments/setup.dto.js';
import type { PaymentRequestBody } from './spsp-client-proxy.client.js';

/** Calls the DFSP's own SPSP client; `baseUrl` ends with `/v1`. */
export class SpspClientClient {
  constructor(private readonly peer: Peer) {}

  /** Hop I.D. */
  query(receiver: string): Promise<ReceiverDto | InvoiceViewDto> {
    return this.peer.call('I.D', { path: '/query', query: { receiver } });
  }

  /** Hop III.B. */
  postInvoice(notification: InvoiceNotificationOutDto): Promise<InvoiceNotificationResultDto | undefined> {
    return this.peer.call('III.B', { path: '/invoices', method: 'POST', json: notification }, EMPTY_TOO);
  }

  /** Row 14. */
  invoice(invoiceUrl: string): Promise<InvoiceViewDto> {
    return this.peer.call('row-14b', { path: '/invoices', query: { invoiceUrl } });
  }

  /** Hop S.B. */
  setup(request: SetupRequestDto): Promise<SetupResponseDto> {
    return this.peer.call('S.B', { path: '/setup', method: 'POST', json: request });
  }

  /** Hop P.B; the status tells a first answer (201) from a replay (200). */
  async pay(id: string, request: PaymentRequestBody): Promise<{ status: number; result: PaymentResultDto }> {
    const answer: PeerAnswer = await this.peer.request('P.B', {
      path: `/transfers/${id}`,
      method: 'POST',
      json: request,
    });
    assertShape('P.B', this.peer.success('P.B', answer).json, { of: PaymentResultDto });
    return { status: answer.status, result: answer.json as PaymentResultDto };
  }

  /** Row 23b. */
  payment(id: string): Promise<PaymentResultDto> {
    return this.peer.call('row-23c', { path: `/payments/${id}` });
  }

  /** Row 45, payer's leg: what a payment request costs here. */
  quoteIpr(ipr: string): Promise<IprQuoteDto> {
    return this.peer.call('row-45b', { path: '/quoteIPR', query: { ipr } });
  }

  /** Row 47, second leg; answers when the payment is final, or `pending` when that takes too long. */
  payIpr(request: PayIprDto): Promise<PaidIprDto> {
    return this.peer.call('row-47b', { path: '/payIPR', method: 'POST', json: request });
  }

  /** What arrives of a source amount (row 25). */
  quoteSourceAmount(receiver: string, sourceAmount: string): Promise<{ destinationAmount: string }> {
    return this.peer.call('row-25c', {
      path: '/quoteSourceAmount',
      query: { receiver, sourceAmount },
    });
  }

  /** What has to be sent for a destination amount (row 25). */
  quoteDestinationAmount(receiver: string, destinationAmount: string): Promise<{ sourceAmount: string }> {
    return this.peer.call('row-25d', {
      path: '/quoteDestinationAmount',
      query: { receiver, destinationAmount },
    });
  }
}
