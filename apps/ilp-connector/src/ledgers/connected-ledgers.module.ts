import { Module } from '@nestjs/common';
import { RoleLogger } from '@level-one/platform';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { CentralLedgerClient, OwnLedgerClient } from './ledger-clients.js';
import { LedgerUnits } from './ledger-units.js';
import { Payees } from './payees.js';
import { Routes } from './routes.js';

/** The two ledgers that the connector joins: clients, units, routes, and payees on the DFSP's own. */
@Module({
  providers: [
    {
      provide: Routes,
      useFactory: ({ ilpPrefix, routes }: IlpConnectorSettings, logger: RoleLogger) =>
        new Routes(ilpPrefix, routes, (ledger) => logger.warn({ ledger }, 'There is no route to this ledger')),
      inject: [IlpConnectorSettings, RoleLogger],
    },
    OwnLedgerClient,
    CentralLedgerClient,
    LedgerUnits,
    Payees,
  ],
  exports: [Routes, OwnLedgerClient, CentralLedgerClient, LedgerUnits, Payees],
})
export class ConnectedLedgersModule {}
