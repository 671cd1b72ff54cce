import { type DynamicModule, Module } from '@nestjs/common';
import { UPGRADE_GUARD, WebsocketLimits } from '@level-one/notifications';
import { PeerHttp } from '@level-one/peers';
import { RequestAuthenticator } from '@level-one/platform';
import { LedgerAdapterAccountsController } from './routes/accounts.controller.js';
import { ADAPTER_BASE_PATHS } from './relay/adapter-path.js';
import { LedgerAdapterSettings } from './ledger-adapter.settings.js';
import { LedgerRelay } from './relay/ledger-relay.js';
import { UriTranslation } from './relay/uri-translation.js';
import { LedgerAdapterClaimsController } from './routes/claims.controller.js';
import { LedgerAdapterGracesController } from './routes/graces.controller.js';
import { LedgerAdapterMetadataController } from './routes/metadata.controller.js';
import { RelayedCredentials } from './relay/relayed-credentials.js';
import { LedgerAdapterTransfersController } from './routes/transfers.controller.js';
import { relayGateways, WebsocketRelayGuard } from './relay/websocket-relay.js';

/** A DFSP's ledger adapter, which relays all requests and stores nothing. */
@Module({})
export class LedgerAdapterModule {
  static forRoot(settings: LedgerAdapterSettings): DynamicModule {
    const bases = ADAPTER_BASE_PATHS.map((path) => `${settings.publicUrl}/${path}`);
    return {
      module: LedgerAdapterModule,
      controllers: [
        LedgerAdapterMetadataController,
        LedgerAdapterAccountsController,
        LedgerAdapterTransfersController,
        LedgerAdapterGracesController,
        LedgerAdapterClaimsController,
      ],
      providers: [
        PeerHttp,
        LedgerRelay,
        WebsocketLimits,
        { provide: RequestAuthenticator, useClass: RelayedCredentials },
        { provide: LedgerAdapterSettings, useValue: settings },
        { provide: UriTranslation, useValue: new UriTranslation(bases, settings.ledgerUrl) },
        { provide: UPGRADE_GUARD, useClass: WebsocketRelayGuard },
        ...relayGateways(['', ...ADAPTER_BASE_PATHS.map((path) => `/${path}`)]),
      ],
    };
  }
}
