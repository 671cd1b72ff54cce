import { Module } from '@nestjs/common';
import { ConnectedLedgersModule } from '../ledgers/connected-ledgers.module.js';
import { BinaryQuotes } from './binary-quotes.js';
import { QuoteMessages } from './quote-messages.js';
import { QuoteOffers } from './quote-offers.js';
import { RemoteMarket } from './remote-market.js';

/** Offers of the connector for payments, and quotes over messages of both ledgers. */
@Module({
  imports: [ConnectedLedgersModule],
  providers: [RemoteMarket, QuoteOffers, BinaryQuotes, QuoteMessages],
  exports: [QuoteOffers, QuoteMessages],
})
export class ConnectorQuotesModule {}
