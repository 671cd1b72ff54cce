import { Module } from '@nestjs/common';
import { IlpConnectorClient } from '@level-one/peers';
import { PayerAccountsModule } from '../accounts/payer-accounts.module.js';
import { OutsideModule } from '../outside/outside.module.js';
import { ConnectorMessages } from './connector-messages.js';
import { ConnectorQuotes } from './connector-quotes.js';
import { SpspClientQuotesService } from './quotes.service.js';

/** Cost of a payment on the DFSP's own ledger (hop P.C, row 25). */
@Module({
  imports: [OutsideModule, PayerAccountsModule],
  providers: [ConnectorMessages, { provide: IlpConnectorClient, useClass: ConnectorQuotes }, SpspClientQuotesService],
  exports: [ConnectorMessages, IlpConnectorClient, SpspClientQuotesService],
})
export class SpspClientQuotesModule {}
