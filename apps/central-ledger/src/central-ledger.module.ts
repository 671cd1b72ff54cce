import { type DynamicModule, Module } from '@nestjs/common';
import {
  BankAccounts,
  Ledger,
  LedgerEngineModule,
  SchemeTariff,
  SettlementConfirmations,
  SettlementWindows,
} from '@level-one/ledger';
import { DataSource } from 'typeorm';
import { AccountType } from '@level-one/transfer';
import { CentralLedgerSettings } from './central-ledger.settings.js';
import { NewAccountsController } from './accounts/new-accounts.controller.js';
import { CapAlerts } from './positions/cap-alerts.js';
import { CapAlertsController } from './positions/cap-alerts.controller.js';
import { PositionMetrics } from './positions/position-metrics.js';
import { PositionsController } from './positions/positions.controller.js';
import { SchemeChargesController } from './scheme-charges/scheme-charges.controller.js';
import { BankAccountsController } from './settlements/payments/bank-accounts.controller.js';
import { PaymentFilesController } from './settlements/payments/payment-files.controller.js';
import { SettlementAdministrationController } from './settlements/settlement-administration.controller.js';
import { SettlementReportsController } from './settlements/settlement-reports.controller.js';
import { SettlementsController } from './settlements/settlements.controller.js';
import { WebhooksController } from './settlements/webhooks.controller.js';

const CONTROLLERS = [
  NewAccountsController,
  PositionsController,
  CapAlertsController,
  SettlementsController,
  SettlementAdministrationController,
  SettlementReportsController,
  PaymentFilesController,
  BankAccountsController,
  SchemeChargesController,
  WebhooksController,
];

const PROVIDERS = [
  {
    provide: SettlementWindows,
    useFactory: (dataSource: DataSource) => new SettlementWindows(dataSource),
    inject: [DataSource],
  },
  {
    provide: SettlementConfirmations,
    useFactory: (dataSource: DataSource, ledger: Ledger) =>
      new SettlementConfirmations(dataSource, (confirmations) => ledger.confirmSettlement(confirmations)),
    inject: [DataSource, Ledger],
  },
  { provide: BankAccounts, useFactory: (dataSource: DataSource) => new BankAccounts(dataSource), inject: [DataSource] },
  CapAlerts,
  PositionMetrics,
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
          providers: [...PROVIDERS, { provide: CentralLedgerSettings, useValue: settings }],
        }),
      ],
    };
  }
}
