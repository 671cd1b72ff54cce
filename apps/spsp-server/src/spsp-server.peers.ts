import {
  dfspAuthenticator,
  directoryClients,
  ledgerClient,
  ledgerUnitCheck,
  roleClient,
  RolePeersModule,
  SchemeAdapterClient,
  SpspBackendClient,
} from '@level-one/peers';
import type { DynamicModule } from '@nestjs/common';
import { SpspServerSettings } from './spsp-server.settings.js';

/** Clients and callers of one SPSP server. */
export function spspServerPeers(settings: SpspServerSettings): DynamicModule {
  return RolePeersModule.forRole({
    settings,
    clients: [
      ...directoryClients(settings),
      roleClient(SpspBackendClient, settings.spspBackendUrl, settings),
      roleClient(SchemeAdapterClient, settings.schemeAdapterUrl, settings),
      ledgerClient(settings),
    ],
    checks: [...dfspAuthenticator(settings), ledgerUnitCheck(settings)],
  });
}
