import { Module } from '@nestjs/common';
import { SpspClientIprModule } from '../ipr/spsp-client-ipr.module.js';
import { OutsideModule } from '../outside/outside.module.js';
import { SpspClientQuotesModule } from '../quotes/spsp-client-quotes.module.js';
import { SpspClientQueryController } from './query.controller.js';

/** Receivers and invoices by their URL (hop I.D), and quotes by amount. */
@Module({
  imports: [OutsideModule, SpspClientQuotesModule, SpspClientIprModule],
  controllers: [SpspClientQueryController],
})
export class SpspClientLookupModule {}
