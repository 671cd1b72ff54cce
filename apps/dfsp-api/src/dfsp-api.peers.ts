import {
  directoryClients,
  ledgerAccountCheck,
  ledgerClient,
  ledgerUnitCheck,
  roleClient,
  RolePeersModule,
  SchemeAdapterClient,
  SpspClientProxyClient,
} from '@level-one/peers';
import { credentialsAuthenticator } from '@level-one/platform';
import { Right } from '@level-one/transfer';
import type { DynamicModule } from '@nestjs/common';
import { DfspApiSettings } from './dfsp-api.settings.js';

/** What its account on the DFSP's ledger must be able to do. */
const LEDGER_RIGHTS = [Right.Read, Right.Charge, Right.Void];

/** Clients and callers of one DFSP API. */
export function dfspApiPeers(settings: DfspApiSettings): DynamicModule {
  return RolePeersModule.forRole({
    settings,
    clients: [
      ...directoryClients(settings),
      roleClient(SpspClientProxyClient, settings.spspClientProxyUrl, settings),
      roleClient(SchemeAdapterClient, settings.schemeAdapterUrl, settings),
      ledgerClient(settings, { role: 'dfsp-ledger', baseUrl: settings.ledgerUrl }),
    ],
    checks: [
      credentialsAuthenticator({
        roles: settings.callers,
        channel: settings.apiCredentials,
        admin: settings.adminCredentials,
      }),
      ledgerUnitCheck(settings),
      ledgerAccountCheck(LEDGER_RIGHTS),
    ],
  });
}
