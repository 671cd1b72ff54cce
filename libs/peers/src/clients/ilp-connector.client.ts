import { ConnectorQuoteDto, type ConnectorQuoteQuery } from '../wire/quotes/connector-quote.dto.js';
import { Peer } from '../http/peer.js';

/** Calls the DFSP's own ILP connector. */
export class IlpConnectorClient {
  constructor(private readonly peer: Peer) {}

  /** Hop P.C when the payment is about to begin, row 25 while it is being set up. */
  quote(hop: 'P.C' | 'row-25', query: ConnectorQuoteQuery): Promise<ConnectorQuoteDto> {
    return this.peer.call(hop, { path: '/quote', query: { ...query } }, { shape: { of: ConnectorQuoteDto } });
  }
}
