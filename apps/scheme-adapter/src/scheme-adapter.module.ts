import { type DynamicModule, Module } from '@nestjs/common';
import {
  dfspAuthenticator,
  DfspApiClient,
  directoryClients,
  OwnSpspServerClient,
  PeerHttp,
  RemoteSchemeAdapterClient,
  roleClient,
  signedClient,
  SpspClientClient,
} from '@level-one/peers';
import { isOfAnotherDfsp } from './quotes/initiator.js';
import { SchemeAdapterInvoicesController } from './invoices/invoices.controller.js';
import { SchemeAdapterPaymentsController } from './payments/payments.controller.js';
import { SchemeAdapterQuotesController } from './quotes/quotes.controller.js';
import { SchemeAdapterQuotesService } from './quotes/quotes.service.js';
import { RecentQuotes, RecentQuotesSweeper } from './quotes/recent-quotes.js';
import { schemeAdapterDatabase } from './scheme-adapter.database.js';
import { SchemeAdapterSettings } from './scheme-adapter.settings.js';

@Module({})
export class SchemeAdapterModule {
  static forRoot(settings: SchemeAdapterSettings): DynamicModule {
    return {
      module: SchemeAdapterModule,
      imports: [schemeAdapterDatabase(settings)],
      controllers: [SchemeAdapterInvoicesController, SchemeAdapterQuotesController, SchemeAdapterPaymentsController],
      providers: [
        PeerHttp,
        SchemeAdapterQuotesService,
        RecentQuotes,
        RecentQuotesSweeper,
        { provide: SchemeAdapterSettings, useValue: settings },
        ...dfspAuthenticator(settings, isOfAnotherDfsp),
        ...directoryClients(settings),
        roleClient(SpspClientClient, settings.spspClientUrl, settings),
        roleClient(OwnSpspServerClient, settings.spspServerUrl, settings),
        signedClient(RemoteSchemeAdapterClient, settings),
        roleClient(DfspApiClient, settings.dfspApiUrl, settings),
      ],
    };
  }
}
