import { type DynamicModule, Module } from '@nestjs/common';
import { CreateSubscriptionCursors1700000000001, SubscriptionCursorEntity } from '@level-one/notifications';
import { PeerHttp } from '@level-one/peers';
import { CredentialsAuthenticator, DatabaseModule, RequestAuthenticator } from '@level-one/platform';
import { BinaryQuotes } from './quotes/binary-quotes.js';
import { Forwarder } from './forwarding/forwarder.js';
import { IlpConnectorSettings } from './ilp-connector.settings.js';
import { CentralLedgerClient, OwnLedgerClient } from './ledgers/ledger-clients.js';
import { LedgerLinks } from './subscriptions/ledger-links.js';
import { LedgerUnits } from './ledgers/ledger-units.js';
import { Payees } from './ledgers/payees.js';
import { QuoteController } from './http-quotes/quote.controller.js';
import { QuoteMessages } from './quotes/quote-messages.js';
import { QuoteOffers } from './quotes/quote-offers.js';
import { RemoteMarket } from './quotes/remote-market.js';
import { Routes } from './ledgers/routes.js';

@Module({})
export class IlpConnectorModule {
  static forRoot(settings: IlpConnectorSettings): DynamicModule {
    return {
      module: IlpConnectorModule,
      imports: [
        DatabaseModule.forRole({
          settings,
          entities: [SubscriptionCursorEntity],
          migrations: [CreateSubscriptionCursors1700000000001],
        }),
      ],
      controllers: [QuoteController],
      providers: [
        { provide: IlpConnectorSettings, useValue: settings },
        {
          provide: RequestAuthenticator,
          useFactory: () => new CredentialsAuthenticator({ roles: settings.callers }),
        },
        { provide: Routes, useValue: new Routes(settings.ilpPrefix, settings.routes) },
        PeerHttp,
        OwnLedgerClient,
        CentralLedgerClient,
        LedgerUnits,
        Payees,
        RemoteMarket,
        QuoteOffers,
        BinaryQuotes,
        QuoteMessages,
        Forwarder,
        LedgerLinks,
      ],
    };
  }
}
