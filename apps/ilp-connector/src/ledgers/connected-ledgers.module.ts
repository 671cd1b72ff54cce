import { Module } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { CentralLedgerClient, OwnLedgerClient } from './ledger-clients.js';
import { LearnedRoutes } from './learned-routes.js';
import { LedgerUnits } from './ledger-units.js';
import { Payees } from './payees.js';
import { Routes } from './routes.js';

/** The two ledgers that the connector joins: clients, units, routes, and payees on the DFSP's own. */
@Module({
  providers: [
    {
      provide: Routes,
      useFactory: ({ ilpPrefix, routes, centralDirectoryUrl }: IlpConnectorSettings, logger: RoleLogger) =>
        new Routes(ilpPrefix, routes, {
          learns: centralDirectoryUrl !== undefined,
          onMissing: (ledger) => logger.warn({ ledger }, 'There is no route to this ledger'),
        }),
      inject: [IlpConnectorSettings, RoleLogger],
    },
    LearnedRoutes,
    OwnLedgerClient,
    CentralLedgerClient,
    LedgerUnits,
    Payees,
  ],
  exports: [Routes, LearnedRoutes, OwnLedgerClient, CentralLedgerClient, LedgerUnits, Payees],
})
export class ConnectedLedgersModule {}
