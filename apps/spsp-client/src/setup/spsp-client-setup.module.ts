import { Module } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { type OldRows, Retention } from '@level-one/work';
import { DataSource } from 'typeorm';
import { PayerAccountsModule } from '../accounts/payer-accounts.module.js';
import { OutsideModule } from '../outside/outside.module.js';
import { SpspClientSettings } from '../spsp-client.settings.js';
import { SpspClientQuotesModule } from '../quotes/spsp-client-quotes.module.js';
import { SpspClientSetupController } from './setup.controller.js';
import { SpspClientSetupService } from './setup.service.js';
import { SetupsRepository } from './setups.repository.js';

/** Payments are kept, so that none is made twice; what their setups answered is needed while they are open. */
const OLD_ROWS: readonly OldRows[] = [
  {
    table: 'setups',
    key: 'payment_id',
    isOld: `created_at < $1 AND NOT EXISTS (SELECT FROM payments WHERE id = setups.payment_id AND status = 'pending')`,
  },
];

/** Payments set up with the payee's DFSP (hop S.B). */
@Module({
  imports: [OutsideModule, PayerAccountsModule, SpspClientQuotesModule],
  controllers: [SpspClientSetupController],
  providers: [
    SetupsRepository,
    SpspClientSetupService,
    {
      provide: Retention,
      useFactory: (dataSource: DataSource, { retentionDays: days }: SpspClientSettings, logger: RoleLogger) =>
        new Retention({ dataSource, days, rows: OLD_ROWS, logger }),
      inject: [DataSource, SpspClientSettings, RoleLogger],
    },
  ],
  exports: [SpspClientSetupService],
})
export class SpspClientSetupModule {}
