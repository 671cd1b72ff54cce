import { type DynamicModule, Module } from '@nestjs/common';
import { LedgerEngineModule, SchemeTariff, Settlements } from '@level-one/ledger';
import { DataSource } from 'typeorm';
import { AccountType } from '@level-one/transfer';
import { CentralLedgerSettings } from './central-ledger.settings.js';
import { NewAccountsController } from './accounts/new-accounts.controller.js';
import { PositionsController } from './positions/positions.controller.js';
import { SchemeChargesController } from './scheme-charges/scheme-charges.controller.js';
import { SettlementsController } from './settlements/settlements.controller.js';
import { WebhooksController } from './settlements/webhooks.controller.js';

const CONTROLLERS = [
  NewAccountsController,
  PositionsController,
  SettlementsController,
  SchemeChargesController,
  WebhooksController,
];

const PROVIDERS = [
  { provide: Settlements, useFactory: (dataSource: DataSource) => new Settlements(dataSource), inject: [DataSource] },
  { provide: SchemeTariff, useFactory: (dataSource: DataSource) => new SchemeTariff(dataSource), inject: [DataSource] },
];

/** The ledger between the DFSPs, with one account for each. */
@Module({})
export class CentralLedgerModule {
  static forRoot(settings: CentralLedgerSettings): DynamicModule {
    return {
      module: CentralLedgerModule,
      imports: [
        LedgerEngineModule.forRoot({
          settings,
          basePath: '',
          settles: true,
          customerKind: AccountType.Dfsp,
          controllers: CONTROLLERS,
          providers: PROVIDERS,
        }),
      ],
    };
  }
}
