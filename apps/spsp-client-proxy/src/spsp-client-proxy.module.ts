import { type DynamicModule, Module } from '@nestjs/common';
import { LedgerClient, PeerHttp, SchemeAdapterClient, SpspClientClient } from '@level-one/peers';
import { internalAuthorization } from '@level-one/platform';
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
          provide: SpspClientClient,
          useFactory: (http: PeerHttp) => new SpspClientClient(http, settings.spspClientUrl),
          inject: [PeerHttp],
        },
        {
          provide: SchemeAdapterClient,
          useFactory: (http: PeerHttp) =>
            new SchemeAdapterClient(http, settings.schemeAdapterUrl, internalAuthorization(settings)),
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
