import { type DynamicModule, Module } from '@nestjs/common';
import { LedgerClient, Peer, PeerHttp, SchemeAdapterClient, SpspClientClient } from '@level-one/peers';
import { CredentialsAuthenticator, RequestAuthenticator } from '@level-one/platform';
import { InvoicesController } from './invoices.controller.js';
import { LedgerEvents } from './ledger-events.js';
import { OwnPayments } from './own-payments.js';
import { PaymentsController } from './payments.controller.js';
import { QueryController } from './query.controller.js';
import { QuotesController } from './quotes.controller.js';
import { SpspClientProxySettings } from './spsp-client-proxy.settings.js';

@Module({})
export class SpspClientProxyModule {
  static forRoot(settings: SpspClientProxySettings): DynamicModule {
    return {
      module: SpspClientProxyModule,
      controllers: [QueryController, InvoicesController, PaymentsController, QuotesController],
      providers: [
        PeerHttp,
        OwnPayments,
        LedgerEvents,
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
