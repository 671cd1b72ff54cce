import { type DynamicModule, Module } from '@nestjs/common';
import { RolePeersModule } from '@level-one/peers';
import { credentialsAuthenticator } from '@level-one/platform';
import { HttpQuotesModule } from './http-quotes/http-quotes.module.js';
import { ilpConnectorDatabase } from './ilp-connector.database.js';
import { IlpConnectorSettings } from './ilp-connector.settings.js';
import { LedgerLinksModule } from './subscriptions/ledger-links.module.js';

/** One connector: subscriptions to both ledgers, by which it forwards and quotes, and quotes over HTTP. */
@Module({})
export class IlpConnectorModule {
  static forRoot(settings: IlpConnectorSettings): DynamicModule {
    return {
      module: IlpConnectorModule,
      imports: [
        RolePeersModule.forRole({
          settings,
          clients: [],
          checks: [credentialsAuthenticator({ roles: settings.callers, admin: settings.operatorCredentials })],
        }),
        ilpConnectorDatabase(settings),
        LedgerLinksModule,
        HttpQuotesModule,
      ],
    };
  }
}
