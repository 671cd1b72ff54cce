import type { FactoryProvider } from '@nestjs/common';
import { basicAuthorization } from '@level-one/platform';
import { CentralDirectoryClient } from '../clients/central-directory.client.js';
import { type DirectoryCredentialsCheck, directoryCredentialsCheck } from '../clients/directory-credentials-check.js';
import { LedgerClient, type LedgerPeer } from '../clients/ledger.client.js';
import { PeerHttp } from '../http/peer-http.js';
import { Peer } from '../http/peer.js';
import { RegisteredOrigins } from '../outside/registered-origins.js';
import type { SigningKeySettings } from '../outside/signing.settings.js';
import type { CentralDirectorySettings, LedgerAccountSettings } from '../settings/peer.settings.js';
import { RequestSigner } from '../signing/request-signer.js';
import { SigningKey } from '../signing/signing-key.js';

type Class<T, Arguments extends unknown[]> = new (...given: Arguments) => T;

/** Provides a client of a role that knows this one by its name and `ROLE_PASSWORD`; `baseUrl` is from the settings. */
export function roleClient<T>(
  client: Class<T, [Peer]>,
  baseUrl: string,
  settings: { rolePassword: string },
): FactoryProvider<T> {
  return {
    provide: client,
    useFactory: (http: PeerHttp) => new client(Peer.ofRole(http, baseUrl, settings)),
    inject: [PeerHttp],
  };
}

/** Provides a client of a role of other DFSPs: each call names its URL, and is signed. */
export function signedClient<T>(
  client: Class<T, [PeerHttp, RequestSigner]>,
  { signingKey, signingKeyId }: SigningKeySettings,
): FactoryProvider<T> {
  const signer = new RequestSigner(SigningKey.of(signingKeyId, signingKey));
  return { provide: client, useFactory: (http: PeerHttp) => new client(http, signer), inject: [PeerHttp] };
}

/**
 * Provides the {@link LedgerClient} of a role that has an account on its DFSP's ledger.
 * @param at the ledger itself, for a role that does not call it through the ledger adapter.
 */
export function ledgerClient(
  { ledgerAdapterUrl, ledgerName: name, ledgerPassword: password }: LedgerAccountSettings,
  at: Pick<LedgerPeer, 'role' | 'baseUrl'> = { role: 'ledger-adapter', baseUrl: ledgerAdapterUrl },
): FactoryProvider<LedgerClient> {
  return {
    provide: LedgerClient,
    useFactory: (http: PeerHttp) => new LedgerClient(http, { ...at, name, password }),
    inject: [PeerHttp],
  };
}

/**
 * Provides {@link CentralDirectoryClient}, called as the DFSP, the check of its credentials, and
 * {@link RegisteredOrigins}.
 */
export function directoryClients({
  centralDirectoryUrl,
  centralDirectoryKey,
  centralDirectorySecret,
}: CentralDirectorySettings): [
  FactoryProvider<CentralDirectoryClient>,
  FactoryProvider<DirectoryCredentialsCheck>,
  FactoryProvider<RegisteredOrigins>,
] {
  const authorization = basicAuthorization(centralDirectoryKey, centralDirectorySecret);
  return [
    {
      provide: CentralDirectoryClient,
      useFactory: (http: PeerHttp) => new CentralDirectoryClient(http, centralDirectoryUrl, authorization),
      inject: [PeerHttp],
    },
    directoryCredentialsCheck(),
    {
      provide: RegisteredOrigins,
      useFactory: (directory: CentralDirectoryClient) => new RegisteredOrigins(directory),
      inject: [CentralDirectoryClient],
    },
  ];
}
