import type { ConnectorQuoteDto, ConnectorQuoteQuery } from './connector-quote.dto.js';
import { ConnectorQuoteAnswer } from './answers.js';
import { PeerHttp } from './peer-http.js';

/** Calls the DFSP's own ILP connector. */
export class IlpConnectorClient {
  constructor(
    private readonly http: PeerHttp,
    private readonly baseUrl: string,
  ) {}

  /** Hop P.C when the payment is about to begin, row 25 while it is being set up. */
  quote(hop: 'P.C' | 'row-25', query: ConnectorQuoteQuery): Promise<ConnectorQuoteDto> {
    return this.http.call(
      hop,
      { baseUrl: this.baseUrl, path: '/quote', query: { ...query } },
      { shape: { of: ConnectorQuoteAnswer } },
    );
  }
}
