import { type DynamicModule, Module } from '@nestjs/common';
import { LedgerModule } from '@level-one/ledger';
import { CentralLedgerSettings } from './central-ledger.settings.js';
import { NewAccountsController } from './new-accounts.controller.js';
import { PositionsController } from './positions.controller.js';
import { WebhooksController } from './webhooks.controller.js';

/** The ledger between the DFSPs, with one account for each. */
@Module({})
export class CentralLedgerModule {
  static forRoot(settings: CentralLedgerSettings): DynamicModule {
    const controllers = [NewAccountsController, PositionsController, WebhooksController];
    return {
      module: CentralLedgerModule,
      imports: [LedgerModule.forRoot({ settings, basePath: '', controllers })],
    };
  }
}
