import type { PaidIprDto, PayIprDto } from '../wire/quotes/ipr.dto.js';
import { PeerHttp } from '../http/peer-http.js';
import { Peer } from '../http/peer.js';
import {
  INITIATOR_HEADER,
  INITIATOR_PROXY,
  type OfferedQuoteDto,
  type QuoteDto,
  type QuoteRequestDto,
  type QuoteResponseDto,
} from '../wire/quotes/quote.dto.js';
import type { RequestSigner } from '../signing/request-signer.js';
import type { PaymentAcknowledgementDto, PaymentNotificationDto } from '../wire/quotes/quoted-payment.dto.js';

/** Calls the DFSP's own scheme adapter; `baseUrl` ends with `/scheme/adapter/v1`. */
export class SchemeAdapterClient {
  constructor(private readonly peer: Peer) {}

  /** Hop Q.1. */
  quote(request: QuoteRequestDto): Promise<QuoteResponseDto> {
    return this.peer.call('Q.1', { path: '/quotes', method: 'POST', json: request });
  }

  /** Row 46. */
  storedQuote(paymentId: string): Promise<QuoteDto> {
    return this.peer.call('row-46a', { path: `/quotes/${encodeURIComponent(paymentId)}` });
  }

  /** Row 47; answers when the payment is final, or `pending` when that takes too long. */
  pay(request: PayIprDto): Promise<PaidIprDto> {
    return this.peer.call('row-47', { path: '/payments', method: 'POST', json: request });
  }

  /** Row 48. */
  notify(notification: PaymentNotificationDto): Promise<PaymentAcknowledgementDto> {
    return this.peer.call('row-48', { path: '/notifications', method: 'POST', json: notification });
  }
}

/**
 * Calls another DFSP's scheme adapter. Its URL comes from outside: check it with `RegisteredOrigins` before it reaches
 * this class (ruling 2).
 */
export class RemoteSchemeAdapterClient {
  constructor(
    private readonly http: PeerHttp,
    private readonly signer?: RequestSigner,
  ) {}

  /** Row 44, second leg. */
  quote(url: string, request: QuoteRequestDto): Promise<OfferedQuoteDto> {
    return this.http.call('row-44', {
      baseUrl: url,
      path: '/quotes',
      method: 'POST',
      json: request,
      headers: { [INITIATOR_HEADER]: INITIATOR_PROXY },
      ...(this.signer && { signer: this.signer }),
    });
  }
}
