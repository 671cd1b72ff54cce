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
import { DfspCredentialsService } from './dfsp-credentials.service.js';
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
    private readonly credentials: DfspCredentialsService,
    private readonly guard: LoginGuard,
  ) {
    super();
    this.verifier = new PasswordVerifier(guard, (key) => this.storedFor(key));
    credentials.changedKeys.subscribe((key) => this.verifier.dropCached(key));
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

  /**
   * The DFSP of a path, if the caller is that DFSP or an admin.
   * @throws ContractError 404 NotFoundError otherwise
   */
  async ownDfsp(shortName: string, request: FastifyRequest): Promise<Dfsp> {
    const caller = this.dfspAsking(request);
    const dfsp = caller ?? (await this.dfsps.dfspOfShortName(shortName));
    if (dfsp?.shortName === shortName) return dfsp;
    throw commonError(CommonErrorId.NotFound);
  }

  /** @throws ContractError 403 UnauthorizedError if a suspended DFSP sent this request */
  async assertActive(request: FastifyRequest): Promise<void> {
    const asking = this.dfspAsking(request);
    const dfsp = asking && (await this.dfsps.dfspOfShortName(asking.shortName));
    if (!dfsp || dfsp.status === 'active') return;
    throw commonError(CommonErrorId.Forbidden, { message: `${dfsp.shortName} is suspended` });
  }

  private verifyCredentials({ name, password }: BasicCredentials, address: string): Promise<Dfsp | undefined> {
    return this.verifier.verifyLogin({ name, secret: password, address });
  }

  private async storedFor(key: string): Promise<StoredCredential<Dfsp> | undefined> {
    const credential = canBeStored(key) ? await this.credentials.findValid(key) : null;
    const [owner] = credential === null ? [] : await this.dfsps.dfspsOfNumbers([credential.dfspNumber]);
    return credential === null || !owner ? undefined : { secretHash: credential.secretHash, owner };
  }
}

/** Whether the database can store the text: PostgreSQL takes no NUL. */
function canBeStored(key: string): boolean {
  return !key.includes('\0');
}
