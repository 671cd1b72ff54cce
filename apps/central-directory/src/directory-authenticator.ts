import { Injectable } from '@nestjs/common';
import {
  type BasicCredentials,
  basicCredentials,
  CommonErrorId,
  commonError,
  credentialPairs,
  isOpenRoute,
  LoginGuard,
  PasswordVerifier,
  RequestAuthenticator,
  routeOf,
  sameSecret,
  type StoredCredential,
} from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { CentralDirectorySettings } from './central-directory.settings.js';
import type { Dfsp } from './dfsp.entity.js';
import { DfspsService } from './dfsps.service.js';

/** Who asks the directory. */
export type Caller = Dfsp | 'admin';

const REGISTER_DFSP = /\/commands\/register$/;
const METADATA = /^\/(directory\/v1\/?)?$/;

/**
 * A DFSP comes with its key and secret, the operator with an admin's name and password. The metadata, health and
 * documentation are open; registering a DFSP is the admin's; everything else is for both.
 */
@Injectable()
export class DirectoryAuthenticator extends RequestAuthenticator {
  override readonly countsFailures = true;
  private readonly admins: BasicCredentials[];
  private readonly callers = new WeakMap<FastifyRequest, Caller>();
  private readonly verifier: PasswordVerifier<Dfsp>;

  constructor(
    settings: CentralDirectorySettings,
    private readonly dfsps: DfspsService,
    private readonly guard: LoginGuard,
  ) {
    super();
    this.verifier = new PasswordVerifier(guard, (key) => this.storedFor(key));
    this.admins = credentialPairs(settings.directoryAdmin);
  }

  async authenticate(request: FastifyRequest): Promise<void> {
    const route = routeOf(request) ?? '';
    if (METADATA.test(route) || isOpenRoute(request)) return;
    const given = basicCredentials(request.headers.authorization);
    const caller = given && (await this.callerOf(given, this.guard.addressOf(request)));
    if (!caller || (caller !== 'admin' && REGISTER_DFSP.test(route))) throw commonError(CommonErrorId.Unauthorized);
    this.callers.set(request, caller);
  }

  /** The DFSP that sent this request; undefined for an admin. */
  dfspAsking(request: FastifyRequest): Dfsp | undefined {
    const caller = this.callers.get(request);
    return caller === 'admin' ? undefined : caller;
  }

  /** The DFSP that sent this request. @throws ContractError 401 Unauthorized when it was not a DFSP. */
  dfspOf(request: FastifyRequest): Dfsp {
    const caller = this.callers.get(request);
    if (caller && caller !== 'admin') return caller;
    throw commonError(CommonErrorId.Unauthorized, { message: 'Only a DFSP, by its own key and secret, may do this' });
  }

  private async callerOf({ name, password }: BasicCredentials, address: string): Promise<Caller | undefined> {
    const isAdmin = this.admins.some((admin) => sameSecret(admin.password, password) && sameSecret(admin.name, name));
    return isAdmin ? 'admin' : this.verifier.verify({ name, secret: password, address });
  }

  private async storedFor(key: string): Promise<StoredCredential<Dfsp> | undefined> {
    const dfsp = canBeStored(key) ? await this.dfsps.ofKey(key) : null;
    return dfsp === null ? undefined : { secretHash: dfsp.secretHash, owner: dfsp };
  }
}

/** A text with NUL is no key, and no database takes it. */
function canBeStored(key: string): boolean {
  return !key.includes('\0');
}
