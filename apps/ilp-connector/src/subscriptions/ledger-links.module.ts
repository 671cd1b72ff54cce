import { Module } from '@nestjs/common';
import { ForwardingModule } from '../forwarding/forwarding.module.js';
import { ConnectedLedgersModule } from '../ledgers/connected-ledgers.module.js';
import { ConnectorQuotesModule } from '../quotes/connector-quotes.module.js';
import { LedgerLinks } from './ledger-links.js';

/** Subscriptions of the connector to both ledgers. */
@Module({
  imports: [ConnectedLedgersModule, ConnectorQuotesModule, ForwardingModule],
  providers: [LedgerLinks],
  exports: [LedgerLinks],
})
export class LedgerLinksModule {}
