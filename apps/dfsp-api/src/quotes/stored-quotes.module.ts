import { Module } from '@nestjs/common';
import { StoresModule } from '../stores/stores.module.js';
import { QuoteKeeper } from './quote-keeper.js';
import { StoredQuotesController } from './stored-quotes.controller.js';
import { StoredQuotes } from './stored-quotes.service.js';

/** Stored quotes, for both sides: reads and expires them. */
@Module({
  imports: [StoresModule],
  controllers: [StoredQuotesController],
  providers: [QuoteKeeper, StoredQuotes],
  exports: [QuoteKeeper],
})
export class StoredQuotesModule {}
