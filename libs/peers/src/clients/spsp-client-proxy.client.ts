import type {
  InvoiceNotificationOutDto,
  InvoiceNotificationResultDto,
} from '../wire/invoices/invoice-notification.dto.js';
import type { InvoiceViewDto } from '../wire/invoices/invoice.dto.js';
import type { PaymentRequestDto, PaymentResultDto } from '../wire/payments/payment.dto.js';
import { EMPTY_TOO } from '../http/peer-http.js';
import { Peer } from '../http/peer.js';
import type { ReceiverDto } from '../wire/lookup/receiver.dto.js';
import type { SetupRequestDto, SetupResponseDto } from '../wire/payments/setup.dto.js';

/** Members of a DTO that are data, not methods. */
export type PaymentRequestBody = Omit<PaymentRequestDto, 'isEcho'>;

/** Calls the DFSP's own SPSP client proxy; `baseUrl` ends with `/spsp/client/v1`. */
export class SpspClientProxyClient {
  constructor(private readonly peer: Peer) {}

  /** Hop I.C. */
  query(receiver: string): Promise<ReceiverDto | InvoiceViewDto> {
    return this.peer.call('I.C', { path: '/query', query: { receiver } });
  }

  /** Hop III.A. */
  postInvoice(notification: InvoiceNotificationOutDto): Promise<InvoiceNotificationResultDto | undefined> {
    return this.peer.call('III.A', { path: '/invoices', method: 'POST', json: notification }, EMPTY_TOO);
  }

  /** Row 14. */
  invoice(invoiceUrl: string): Promise<InvoiceViewDto> {
    return this.peer.call('row-14', { path: '/invoices', query: { invoiceUrl } });
  }

  /** Hop S.A. */
  setup(request: SetupRequestDto): Promise<SetupResponseDto> {
    return this.peer.call('S.A', { path: '/setup', method: 'POST', json: request });
  }

  /** Hop P.A; answers when the payment is final, or `pending` when that takes too long. */
  pay(id: string, request: PaymentRequestBody): Promise<PaymentResultDto> {
    return this.peer.call('P.A', { path: `/transfers/${id}`, method: 'POST', json: request });
  }

  /** Row 23b. */
  payment(id: string): Promise<PaymentResultDto> {
    return this.peer.call('row-23b', { path: `/payments/${id}` });
  }

  /** Row 25: what arrives of a source amount. Decimal texts, each of its own ledger. */
  quoteSourceAmount(receiver: string, sourceAmount: string): Promise<{ destinationAmount: string }> {
    const query = { receiver, sourceAmount };
    return this.peer.call('row-25a', { path: '/quoteSourceAmount', query });
  }

  /** Row 25: what has to be sent for a destination amount. Decimal texts, each of its own ledger. */
  quoteDestinationAmount(receiver: string, destinationAmount: string): Promise<{ sourceAmount: string }> {
    const query = { receiver, destinationAmount };
    return this.peer.call('row-25b', { path: '/quoteDestinationAmount', query });
  }
}
