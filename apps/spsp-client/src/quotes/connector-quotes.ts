import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { type ConnectorQuoteDto, type ConnectorQuoteQuery, IlpConnectorClient, Peer, PeerHttp } from '@level-one/peers';
import { SpspClientSettings } from '../spsp-client.settings.js';
import { ConnectorMessages } from './connector-messages.js';

/** The DFSP's connector, over HTTP, or by messages where it serves none. */
@Injectable()
export class ConnectorQuotes extends IlpConnectorClient {
  constructor(
    http: PeerHttp,
    settings: SpspClientSettings,
    private readonly messages: ConnectorMessages,
  ) {
    super(Peer.ofRole(http, settings.ilpConnectorUrl, settings));
  }

  override async quote(hop: 'P.C' | 'row-25', query: ConnectorQuoteQuery): Promise<ConnectorQuoteDto> {
    try {
      return await super.quote(hop, query);
    } catch (error) {
      const isAway = error instanceof ContractError && error.status >= 500;
      const offer = isAway ? await this.messages.quotePayment(query).catch(() => undefined) : undefined;
      if (offer) return offer;
      throw error;
    }
  }
}
