import type { Provider } from '@nestjs/common';
import {
  type CallerKind,
  callersOfRoute,
  CredentialsAuthenticator,
  RequestAuthenticator,
  RoleLogger,
} from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { DataSource } from 'typeorm';
import { RegisteredOrigins } from './registered-origins.js';
import { DfspCallers } from './dfsp-callers.js';
import { FROM_DFSP_HEADER } from '../signing/from-dfsp.js';
import { signatureLifetimeMs } from '../signing/signature-verifier.js';
import { UsedSignatures } from '../signing/used-signatures.js';
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

  async callersOf(request: FastifyRequest): Promise<readonly CallerKind[]> {
    delete request.headers[FROM_DFSP_HEADER];
    const isForDfsps = request.is404 || callersOfRoute(request).includes('dfsp');
    if (!isForDfsps || !this.isOfAnotherDfsp(request)) return this.own.callersOf(request);
    await this.dfsps.admit(request);
    return ['dfsp'];
  }
}

/**
 * Provides the authenticator of a role that other DFSPs call, and {@link DfspCallers}; needs {@link RegisteredOrigins}, and a
 * database with {@link UsedSignature}.
 * @param isOfAnotherDfsp tells requests of other DFSPs from those of own roles, where both may call.
 */
export function dfspAuthenticator(
  settings: DfspCallersSettings & {
    publicUrl: string;
    demoNetwork: boolean;
    callers: string;
    operatorCredentials?: string | undefined;
  },
  isOfAnotherDfsp?: (request: FastifyRequest) => boolean,
): Provider[] {
  return [
    {
      provide: UsedSignatures,
      useFactory: (dataSource: DataSource, logger: RoleLogger) =>
        new UsedSignatures(dataSource, signatureLifetimeMs(settings.signatureWindowS), logger),
      inject: [DataSource, RoleLogger],
    },
    {
      provide: DfspCallers,
      useFactory: (origins: RegisteredOrigins, used: UsedSignatures) => new DfspCallers(origins, used, settings),
      inject: [RegisteredOrigins, UsedSignatures],
    },
    {
      provide: RequestAuthenticator,
      useFactory: (dfsps: DfspCallers) =>
        new DfspAuthenticator(
          dfsps,
          new CredentialsAuthenticator({ roles: settings.callers, admin: settings.operatorCredentials }),
          isOfAnotherDfsp,
        ),
      inject: [DfspCallers],
    },
  ];
}
