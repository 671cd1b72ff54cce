import { type DynamicModule, Module } from '@nestjs/common';
import {
  CentralDirectoryClient,
  DfspApiClient,
  DfspAuthenticator,
  DfspCallers,
  dfspCallers,
  OwnSpspServerClient,
  Peer,
  PeerHttp,
  RegisteredOrigins,
  RemoteSchemeAdapterClient,
  requestSigner,
  SpspClientClient,
} from '@level-one/peers';
import { basicAuthorization, CredentialsAuthenticator, RequestAuthenticator } from '@level-one/platform';
import { isOfAnotherDfsp } from './quotes/initiator.js';
import { SchemeAdapterInvoicesController } from './invoices/invoices.controller.js';
import { SchemeAdapterPaymentsController } from './payments/payments.controller.js';
import { SchemeAdapterQuotesController } from './quotes/quotes.controller.js';
import { SchemeAdapterQuotesService } from './quotes/quotes.service.js';
import { RecentQuotes } from './quotes/recent-quotes.js';
import { SchemeAdapterSettings } from './scheme-adapter.settings.js';

@Module({})
export class SchemeAdapterModule {
  static forRoot(settings: SchemeAdapterSettings): DynamicModule {
    return {
      module: SchemeAdapterModule,
      controllers: [SchemeAdapterInvoicesController, SchemeAdapterQuotesController, SchemeAdapterPaymentsController],
      providers: [
        PeerHttp,
        SchemeAdapterQuotesService,
        RecentQuotes,
        { provide: SchemeAdapterSettings, useValue: settings },
        {
          provide: RequestAuthenticator,
          useFactory: (dfsps: DfspCallers) =>
            new DfspAuthenticator(dfsps, new CredentialsAuthenticator({ roles: settings.callers }), isOfAnotherDfsp),
          inject: [DfspCallers],
        },
        ...dfspCallers(settings),
        ...peerProviders(settings),
      ],
    };
  }
}

function peerProviders(settings: SchemeAdapterSettings) {
  const { centralDirectoryKey, centralDirectorySecret } = settings;
  const withHttp = <T>(provide: new (...args: never[]) => T, create: (http: PeerHttp) => T) => ({
    provide,
    useFactory: create,
    inject: [PeerHttp],
  });
  return [
    withHttp(SpspClientClient, (http) => new SpspClientClient(Peer.ofRole(http, settings.spspClientUrl, settings))),
    withHttp(
      OwnSpspServerClient,
      (http) => new OwnSpspServerClient(Peer.ofRole(http, settings.spspServerUrl, settings)),
    ),
    withHttp(RemoteSchemeAdapterClient, (http) => new RemoteSchemeAdapterClient(http, requestSigner(settings))),
    withHttp(DfspApiClient, (http) => new DfspApiClient(Peer.ofRole(http, settings.dfspApiUrl, settings))),
    withHttp(
      RegisteredOrigins,
      (http) =>
        new RegisteredOrigins(
          new CentralDirectoryClient(
            http,
            settings.centralDirectoryUrl,
            basicAuthorization(centralDirectoryKey, centralDirectorySecret),
          ),
        ),
    ),
  ];
}
