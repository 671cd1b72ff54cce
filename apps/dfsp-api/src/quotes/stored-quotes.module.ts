import { Module } from '@nestjs/common';
import { StoresModule } from '../stores/stores.module.js';
import { QuoteHolds } from './quote-holds.js';
import { QuoteKeeper } from './quote-keeper.js';
import { StoredQuotesController } from './stored-quotes.controller.js';
import { StoredQuotes } from './stored-quotes.service.js';

/** Stored quotes, for both sides: reads, holds and expires them. */
@Module({
  imports: [StoresModule],
  controllers: [StoredQuotesController],
  providers: [QuoteHolds, QuoteKeeper, StoredQuotes],
  exports: [QuoteHolds, QuoteKeeper],
})
export class StoredQuotesModule {}
