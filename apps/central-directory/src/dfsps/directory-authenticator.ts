import { Injectable } from '@nestjs/common';
import {
  type BasicCredentials,
  basicCredentials,
  type CallerKind,
  CommonErrorId,
  commonError,
  CredentialsAuthenticator,
  LoginGuard,
  PasswordVerifier,
  RequestAuthenticator,
  type StoredCredential,
} from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { CentralDirectorySettings } from '../central-directory.settings.js';
import type { Dfsp } from './dfsp.entity.js';
import { DfspsService } from './dfsps.service.js';

/** Authenticates DFSPs by key and secret, and admins by name and password. */
@Injectable()
export class DirectoryAuthenticator extends RequestAuthenticator {
  override readonly countsFailures = true;
  private readonly admins: CredentialsAuthenticator;
  private readonly senders = new WeakMap<FastifyRequest, Dfsp>();
  private readonly verifier: PasswordVerifier<Dfsp>;

  constructor(
    settings: CentralDirectorySettings,
    private readonly dfsps: DfspsService,
    private readonly guard: LoginGuard,
  ) {
    super();
    this.verifier = new PasswordVerifier(guard, (key) => this.storedFor(key));
    dfsps.registeredKeys.subscribe((key) => this.verifier.dropCached(key));
    this.admins = new CredentialsAuthenticator({ admin: settings.directoryAdmin });
  }

  async callersOf(request: FastifyRequest): Promise<readonly CallerKind[]> {
    const admin = this.admins.callersOf(request);
    if (admin.length > 0) return admin;
    const given = basicCredentials(request.headers.authorization);
    const dfsp = given && (await this.verifyCredentials(given, this.guard.addressOf(request)));
    if (!dfsp) return [];
    this.senders.set(request, dfsp);
    return ['dfsp'];
  }

  /** The DFSP that sent this request; undefined for an admin. */
  dfspAsking(request: FastifyRequest): Dfsp | undefined {
    return this.senders.get(request);
  }

  /** The DFSP that sent this request. @throws ContractError 401 Unauthorized if the caller is no DFSP */
  dfspOf(request: FastifyRequest): Dfsp {
    const dfsp = this.dfspAsking(request);
    if (dfsp) return dfsp;
    throw commonError(CommonErrorId.Unauthorized, { message: 'Only a DFSP may do this, with its own key and secret' });
  }

  /** Forgets refusals of this key, because its DFSP is registered now. */
  forgetKey(key: string): void {
    this.verifier.dropCached(key);
  }

  private verifyCredentials({ name, password }: BasicCredentials, address: string): Promise<Dfsp | undefined> {
    return this.verifier.verifyLogin({ name, secret: password, address });
  }

  private async storedFor(key: string): Promise<StoredCredential<Dfsp> | undefined> {
    const dfsp = canBeStored(key) ? await this.dfsps.dfspOfKey(key) : null;
    return dfsp === null ? undefined : { secretHash: dfsp.secretHash, owner: dfsp };
  }
}

/** Whether the database can store the text: PostgreSQL takes no NUL. */
function canBeStored(key: string): boolean {
  return !key.includes('\0');
}
