import { Injectable } from '@nestjs/common';
import {
  type BasicCredentials,
  basicCredentials,
  CommonErrorId,
  commonError,
  credentialPairs,
  hashSecret,
  isOpenRoute,
  matchesHash,
  RequestAuthenticator,
  routeOf,
  sameSecret,
  VerifiedCredentials,
} from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { CentralDirectorySettings } from './central-directory.settings.js';
import type { Dfsp } from './dfsp.entity.js';
import { DfspsService } from './dfsps.service.js';

/** Who asks the directory. */
export type Caller = Dfsp | 'admin';

const REGISTER_DFSP = '/commands/register';

/**
 * A DFSP comes with its key and secret, the operator with an admin's name and password. The metadata, health and
 * documentation are open; registering a DFSP is the admin's; everything else is for both.
 */
@Injectable()
export class DirectoryAuthenticator extends RequestAuthenticator {
  private readonly admins: BasicCredentials[];
  private readonly callers = new WeakMap<FastifyRequest, Caller>();
  private readonly verified = new VerifiedCredentials<Dfsp>();
  private readonly hashOfNobody = hashSecret('nobody');

  constructor(
    settings: CentralDirectorySettings,
    private readonly dfsps: DfspsService,
  ) {
    super();
    this.admins = credentialPairs(settings.directoryAdmin);
  }

  async authenticate(request: FastifyRequest): Promise<void> {
    if (routeOf(request) === '/' || isOpenRoute(request)) return;
    const given = basicCredentials(request.headers.authorization);
    const caller = given && (await this.callerOf(given, routeOf(request) === REGISTER_DFSP));
    if (!caller) throw commonError(CommonErrorId.Unauthorized);
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

  private async callerOf(given: BasicCredentials, isForAdmin: boolean): Promise<Caller | undefined> {
    const isAdmin = this.admins.some(
      (admin) => sameSecret(admin.password, given.password) && sameSecret(admin.name, given.name),
    );
    if (isAdmin) return 'admin';
    return isForAdmin ? undefined : this.dfspWith(given);
  }

  private async dfspWith({ name, password }: BasicCredentials): Promise<Dfsp | undefined> {
    const known = this.verified.find(name, password);
    if (known) return known;
    const dfsp = await this.dfsps.ofKey(name);
    // A key that nobody has takes as long as a wrong secret.
    const matches = await matchesHash(password, dfsp?.secretHash ?? (await this.hashOfNobody));
    if (!dfsp || !matches) return undefined;
    this.verified.remember(name, password, dfsp);
    return dfsp;
  }
}
