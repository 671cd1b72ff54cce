import { Module } from '@nestjs/common';
import { PayerAccountsModule } from '../accounts/payer-accounts.module.js';
import { SpspClientPaymentsModule } from '../payments/spsp-client-payments.module.js';
import { SpspClientQuotesModule } from '../quotes/spsp-client-quotes.module.js';
import { SpspClientIprController } from './ipr.controller.js';
import { IprQuotesService } from './ipr-quotes.service.js';

/** Payment requests: quoted and paid (rows 45 and 47). */
@Module({
  imports: [PayerAccountsModule, SpspClientQuotesModule, SpspClientPaymentsModule],
  controllers: [SpspClientIprController],
  providers: [IprQuotesService],
  exports: [IprQuotesService],
})
export class SpspClientIprModule {}
