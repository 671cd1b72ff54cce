import { Module } from '@nestjs/common';
import { CustomersModule } from '../../customers/customers.module.js';
import { OwnLedgerModule } from '../../ledger/own-ledger.module.js';
import { LookupModule } from '../../lookup/lookup.module.js';
import { StoresModule } from '../../stores/stores.module.js';
import { ChannelQuotesService } from './channel-quotes.service.js';
import { OutgoingQuotesService } from './outgoing-quotes.service.js';
import { QuoteTermsService } from './quote-terms.service.js';
import { QuotedPayees } from './quoted-payees.service.js';
import { PayerQuotesController } from './quotes.controller.js';

/** Quotes that this DFSP's clients get from the payees' DFSPs (hop Q.1). */
@Module({
  imports: [CustomersModule, OwnLedgerModule, LookupModule, StoresModule],
  controllers: [PayerQuotesController],
  providers: [QuotedPayees, QuoteTermsService, OutgoingQuotesService, ChannelQuotesService],
  exports: [QuotedPayees, OutgoingQuotesService, ChannelQuotesService],
})
export class PayerQuotesModule {}
