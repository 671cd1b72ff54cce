import { type DynamicModule, Module } from '@nestjs/common';
import { CreateSubscriptionCursors1700000000001, SubscriptionCursorEntity } from '@level-one/notifications';
import { PeerHttp } from '@level-one/peers';
import { CredentialsAuthenticator, DatabaseModule, RequestAuthenticator } from '@level-one/platform';
import { BinaryQuotes } from './binary-quotes.js';
import { Forwarder } from './forwarder.js';
import { IlpConnectorSettings } from './ilp-connector.settings.js';
import { CentralLedgerClient, OwnLedgerClient } from './ledger-clients.js';
import { LedgerLinks } from './ledger-links.js';
import { LedgerUnits } from './ledger-units.js';
import { Payees } from './payees.js';
import { QuoteController } from './quote.controller.js';
import { QuoteMessages } from './quote-messages.js';
import { QuoteOffers } from './quote-offers.js';
import { RemoteMarket } from './remote-market.js';
import { Routes } from './routes.js';

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
