import { type DynamicModule, Module } from '@nestjs/common';
import { ledgerClient, PeerHttp, roleClient, SchemeAdapterClient, SpspClientClient } from '@level-one/peers';
import { credentialsAuthenticator } from '@level-one/platform';
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
        credentialsAuthenticator({ roles: settings.callers, channel: settings.apiCredentials }),
        roleClient(SpspClientClient, settings.spspClientUrl, settings),
        roleClient(SchemeAdapterClient, settings.schemeAdapterUrl, settings),
        ledgerClient(settings),
      ],
    };
  }
}
