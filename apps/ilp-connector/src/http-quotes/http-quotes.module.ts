import { Module } from '@nestjs/common';
import { ConnectorQuotesModule } from '../quotes/connector-quotes.module.js';
import { LedgerLinksModule } from '../subscriptions/ledger-links.module.js';
import { QuoteController } from './quote.controller.js';

/** Quotes over HTTP (hop P.C, row 25). */
@Module({
  imports: [ConnectorQuotesModule, LedgerLinksModule],
  controllers: [QuoteController],
})
export class HttpQuotesModule {}
