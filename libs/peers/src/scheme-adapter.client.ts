import type { PaidIprDto, PayIprDto } from './ipr.dto.js';
import { PeerHttp } from './peer-http.js';
import {
  INITIATOR_HEADER,
  INITIATOR_PROXY,
  type OfferedQuoteDto,
  type QuoteDto,
  type QuoteRequestDto,
  type QuoteResponseDto,
} from './quote.dto.js';
import type { RequestSigner } from './signing/request-signer.js';
import type { PaymentAcknowledgementDto, PaymentNotificationDto } from './quoted-payment.dto.js';

/** Calls the DFSP's own scheme adapter; `baseUrl` ends with `/scheme/adapter/v1`. */
export class SchemeAdapterClient {
  constructor(
    private readonly http: PeerHttp,
    private readonly baseUrl: string,
    /** `Bearer …` of the DFSP's roles, where they have one. */
    private readonly authorization?: string,
  ) {}

  /** Hop Q.1. */
  quote(request: QuoteRequestDto): Promise<QuoteResponseDto> {
    return this.http.call('Q.1', this.to({ path: '/quotes', method: 'POST' as const, json: request }));
  }

  /** Row 46. */
  storedQuote(paymentId: string): Promise<QuoteDto> {
    return this.http.call('row-46a', this.to({ path: `/quotes/${encodeURIComponent(paymentId)}` }));
  }

  /** Row 47; answers when the payment is final, or `pending` when that takes too long. */
  pay(request: PayIprDto): Promise<PaidIprDto> {
    return this.http.call('row-47', this.to({ path: '/payments', method: 'POST' as const, json: request }));
  }

  /** Row 48. */
  notify(notification: PaymentNotificationDto): Promise<PaymentAcknowledgementDto> {
    return this.http.call('row-48', this.to({ path: '/notifications', method: 'POST' as const, json: notification }));
  }

  private to<T extends object>(call: T) {
    const { baseUrl, authorization } = this;
    return { baseUrl, ...(authorization === undefined ? {} : { authorization }), ...call };
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
