import {
  directoryClients,
  ledgerClient,
  ledgerUnitCheck,
  RolePeersModule,
  signedClient,
  SpspServerClient,
} from '@level-one/peers';
import { credentialsAuthenticator } from '@level-one/platform';
import type { DynamicModule } from '@nestjs/common';
import { SpspClientSettings } from './spsp-client.settings.js';

/** Clients and callers of one SPSP client. */
export function spspClientPeers(settings: SpspClientSettings): DynamicModule {
  return RolePeersModule.forRole({
    settings,
    clients: [...directoryClients(settings), signedClient(SpspServerClient, settings), ledgerClient(settings)],
    checks: [
      credentialsAuthenticator({ roles: settings.callers, admin: settings.operatorCredentials }),
      ledgerUnitCheck(settings),
    ],
  });
}
