import { type DynamicModule, Module } from '@nestjs/common';
import {
  CentralDirectoryClient,
  LedgerClient,
  ledgerUnitCheck,
  Peer,
  PeerHttp,
  RegisteredOrigins,
  SchemeAdapterClient,
  SpspClientProxyClient,
} from '@level-one/peers';
import { basicAuthorization, CredentialsAuthenticator, RequestAuthenticator } from '@level-one/platform';
import { DfspApiSettings } from '../dfsp-api.settings.js';

/** Settings of one DFSP API, its clients of other roles, and the callers it accepts; global for all features. */
@Module({})
export class PeersModule {
  static forRoot(settings: DfspApiSettings): DynamicModule {
    const clients = clientsOf(settings);
    return {
      module: PeersModule,
      global: true,
      providers: [
        { provide: DfspApiSettings, useValue: settings },
        {
          provide: RequestAuthenticator,
          useFactory: () =>
            new CredentialsAuthenticator({
              roles: settings.callers,
              channel: settings.apiCredentials,
              admin: settings.adminCredentials,
            }),
        },
        PeerHttp,
        ...clients,
        ledgerUnitCheck(settings),
      ],
      exports: [DfspApiSettings, PeerHttp, ...clients.map(({ provide }) => provide)],
    };
  }
}

function clientsOf(settings: DfspApiSettings) {
  const { centralDirectoryKey, centralDirectorySecret, ledgerUrl, ledgerName, ledgerPassword } = settings;
  return [
    {
      provide: CentralDirectoryClient,
      useFactory: (http: PeerHttp) =>
        new CentralDirectoryClient(
          http,
          settings.centralDirectoryUrl,
          basicAuthorization(centralDirectoryKey, centralDirectorySecret),
        ),
      inject: [PeerHttp],
    },
    {
      provide: RegisteredOrigins,
      useFactory: (directory: CentralDirectoryClient) => new RegisteredOrigins(directory),
      inject: [CentralDirectoryClient],
    },
    {
      provide: SpspClientProxyClient,
      useFactory: (http: PeerHttp) =>
        new SpspClientProxyClient(Peer.ofRole(http, settings.spspClientProxyUrl, settings)),
      inject: [PeerHttp],
    },
    {
      provide: SchemeAdapterClient,
      useFactory: (http: PeerHttp) => new SchemeAdapterClient(Peer.ofRole(http, settings.schemeAdapterUrl, settings)),
      inject: [PeerHttp],
    },
    {
      provide: LedgerClient,
      useFactory: (http: PeerHttp) =>
        new LedgerClient(http, { role: 'dfsp-ledger', baseUrl: ledgerUrl, name: ledgerName, password: ledgerPassword }),
      inject: [PeerHttp],
    },
  ];
}
