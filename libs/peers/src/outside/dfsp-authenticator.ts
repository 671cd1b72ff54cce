import type { Provider } from '@nestjs/common';
import { basicAuthorization, type Caller, callersOfRoute, RequestAuthenticator } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { CentralDirectoryClient } from '../clients/central-directory.client.js';
import { PeerHttp } from '../http/peer-http.js';
import { RegisteredOrigins } from './registered-origins.js';
import { DfspCallers } from './dfsp-callers.js';
import { FROM_DFSP_HEADER } from '../signing/from-dfsp.js';
import { RequestSigner } from '../signing/request-signer.js';
import { SigningKey } from '../signing/signing-key.js';
import type { CentralDirectorySettings } from '../settings/peer.settings.js';
import type { DfspCallersSettings } from './signing.settings.js';

/** Lets other DFSPs in where they may call, and everywhere else whom the role's own authenticator knows. */
export class DfspAuthenticator extends RequestAuthenticator {
  constructor(
    private readonly dfsps: DfspCallers,
    private readonly own: RequestAuthenticator,
    /** Tells other DFSPs' requests from those of own roles where both may call. */
    private readonly isOfAnotherDfsp: (request: FastifyRequest) => boolean = () => true,
  ) {
    super();
  }

  async callersOf(request: FastifyRequest): Promise<readonly Caller[]> {
    delete request.headers[FROM_DFSP_HEADER];
    const isForDfsps = request.is404 || callersOfRoute(request).includes('dfsp');
    if (!isForDfsps || !this.isOfAnotherDfsp(request)) return this.own.callersOf(request);
    await this.dfsps.admit(request);
    return ['dfsp'];
  }
}

/** Provides {@link RegisteredOrigins}. */
export function registeredOrigins(settings: CentralDirectorySettings): Provider {
  const { centralDirectoryUrl, centralDirectoryKey, centralDirectorySecret } = settings;
  const authorization = basicAuthorization(centralDirectoryKey, centralDirectorySecret);
  return {
    provide: RegisteredOrigins,
    useFactory: (http: PeerHttp) =>
      new RegisteredOrigins(new CentralDirectoryClient(http, centralDirectoryUrl, authorization)),
    inject: [PeerHttp],
  };
}

/** Provides {@link DfspCallers}; needs {@link RegisteredOrigins}. */
export function dfspCallers(settings: DfspCallersSettings & { publicUrl: string; demoNetwork: boolean }): Provider[] {
  return [
    {
      provide: DfspCallers,
      useFactory: (origins: RegisteredOrigins) => new DfspCallers(origins, settings),
      inject: [RegisteredOrigins],
    },
  ];
}

/** What signs this DFSP's requests to others. */
export function requestSigner({
  signingKey,
  signingKeyId,
}: {
  signingKey: string;
  signingKeyId: string;
}): RequestSigner {
  return new RequestSigner(SigningKey.of(signingKeyId, signingKey));
}
