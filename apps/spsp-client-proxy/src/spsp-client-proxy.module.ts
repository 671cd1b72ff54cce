import { type DynamicModule, Module } from '@nestjs/common';
import { LedgerClient, Peer, PeerHttp, SchemeAdapterClient, SpspClientClient } from '@level-one/peers';
import { CredentialsAuthenticator, RequestAuthenticator } from '@level-one/platform';
import { SpspClientProxyInvoicesController } from './invoices.controller.js';
import { SpspClientProxyLedgerEvents } from './ledger-events.js';
import { OwnPayments } from './own-payments.js';
import { SpspClientProxyPaymentsController } from './payments.controller.js';
import { SpspClientProxyQueryController } from './query.controller.js';
import { SpspClientProxyQuotesController } from './quotes.controller.js';
import { SpspClientProxySettings } from './spsp-client-proxy.settings.js';

@Module({})
export class SpspClientProxyModule {
  static forRoot(settings: SpspClientProxySettings): DynamicModule {
    return {
      module: SpspClientProxyModule,
      controllers: [
        SpspClientProxyQueryController,
        SpspClientProxyInvoicesController,
        SpspClientProxyPaymentsController,
        SpspClientProxyQuotesController,
      ],
      providers: [
        PeerHttp,
        OwnPayments,
        SpspClientProxyLedgerEvents,
        { provide: SpspClientProxySettings, useValue: settings },
        {
          provide: RequestAuthenticator,
          useFactory: () => new CredentialsAuthenticator({ roles: settings.callers, channel: settings.apiCredentials }),
        },
        {
          provide: SpspClientClient,
          useFactory: (http: PeerHttp) => new SpspClientClient(Peer.ofRole(http, settings.spspClientUrl, settings)),
          inject: [PeerHttp],
        },
        {
          provide: SchemeAdapterClient,
          useFactory: (http: PeerHttp) =>
            new SchemeAdapterClient(Peer.ofRole(http, settings.schemeAdapterUrl, settings)),
          inject: [PeerHttp],
        },
        {
          provide: LedgerClient,
          useFactory: (http: PeerHttp) =>
            new LedgerClient(http, {
              role: 'ledger-adapter',
              baseUrl: settings.ledgerAdapterUrl,
              name: settings.ledgerName,
              password: settings.ledgerPassword,
            }),
          inject: [PeerHttp],
        },
      ],
    };
  }
}
