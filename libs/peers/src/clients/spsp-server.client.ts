import type {
  InvoiceNotificationInDto,
  InvoiceNotificationResultDto,
} from '../wire/invoices/invoice-notification.dto.js';
import { InvoiceViewDto } from '../wire/invoices/invoice.dto.js';
import type { CreateIprDto, IprDto } from '../wire/quotes/ipr.dto.js';
import { EMPTY_TOO, PeerHttp } from '../http/peer-http.js';
import { Peer } from '../http/peer.js';
import { ReceiverDto } from '../wire/lookup/receiver.dto.js';
import type { RequestSigner } from '../signing/request-signer.js';
import type { IprReplyDto, ReceiverSetupRequestDto } from '../wire/payments/setup.dto.js';

/**
 * Calls another DFSP's SPSP server. Every URL comes from outside: check it with `RegisteredOrigins` before it
 * reaches this class (ruling 2).
 */
export class SpspServerClient {
  constructor(
    private readonly http: PeerHttp,
    private readonly signer?: RequestSigner,
  ) {}

  /** Hop I.E: dereferences a receiver URL. */
  receiver(url: string): Promise<ReceiverDto> {
    return this.http.call('I.E', this.signed({ baseUrl: url, path: '' }), { shape: { of: ReceiverDto } });
  }

  /** Row 15: dereferences an invoice URL. */
  invoice(url: string): Promise<InvoiceViewDto> {
    return this.http.call('row-15', this.signed({ baseUrl: url, path: '' }), { shape: { of: InvoiceViewDto } });
  }

  /** Hop III.C. */
  postInvoice(
    submissionUrl: string,
    notification: InvoiceNotificationInDto,
  ): Promise<InvoiceNotificationResultDto | undefined> {
    const call = { baseUrl: submissionUrl, path: '', method: 'POST' as const, json: notification };
    return this.http.call('III.C', this.signed(call), EMPTY_TOO);
  }

  /** Hop S.C; `providerUrl` is what the payee's DFSP registered. */
  setup(providerUrl: string, request: ReceiverSetupRequestDto): Promise<IprReplyDto> {
    const call = { baseUrl: providerUrl, path: '/setup', method: 'POST' as const, json: request };
    return this.http.call('S.C', this.signed(call));
  }

  private signed<T extends object>(call: T) {
    return { ...call, ...(this.signer && { signer: this.signer }) };
  }
}

/** Calls the DFSP's own SPSP server; `baseUrl` ends with `/v1`. */
export class OwnSpspServerClient {
  constructor(private readonly peer: Peer) {}

  /** Row 45, payee's leg: makes the payment request of a quote. */
  createIpr(request: CreateIprDto): Promise<IprDto> {
    return this.peer.call('row-45', { path: '/createIPR', method: 'POST', json: request });
  }
}
