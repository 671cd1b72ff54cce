import { Module } from '@nestjs/common';
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
      useFactory: ({ ilpPrefix, routes }: IlpConnectorSettings) => new Routes(ilpPrefix, routes),
      inject: [IlpConnectorSettings],
    },
    OwnLedgerClient,
    CentralLedgerClient,
    LedgerUnits,
    Payees,
  ],
  exports: [Routes, OwnLedgerClient, CentralLedgerClient, LedgerUnits, Payees],
})
export class ConnectedLedgersModule {}
