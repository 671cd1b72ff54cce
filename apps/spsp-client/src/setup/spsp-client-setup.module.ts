import { Module } from '@nestjs/common';
import { PayerAccountsModule } from '../accounts/payer-accounts.module.js';
import { OutsideModule } from '../outside/outside.module.js';
import { SpspClientQuotesModule } from '../quotes/spsp-client-quotes.module.js';
import { SpspClientSetupController } from './setup.controller.js';
import { SpspClientSetupService } from './setup.service.js';
import { SetupsRepository } from './setups.repository.js';

/** Payments set up with the payee's DFSP (hop S.B). */
@Module({
  imports: [OutsideModule, PayerAccountsModule, SpspClientQuotesModule],
  controllers: [SpspClientSetupController],
  providers: [SetupsRepository, SpspClientSetupService],
  exports: [SpspClientSetupService],
})
export class SpspClientSetupModule {}
