import { Injectable } from '@nestjs/common';
import {
  type BasicCredentials,
  basicCredentials,
  type Caller,
  CommonErrorId,
  commonError,
  CredentialsAuthenticator,
  hashSecret,
  matchesHash,
  RequestAuthenticator,
  VerifiedCredentials,
} from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { CentralDirectorySettings } from './central-directory.settings.js';
import type { Dfsp } from './dfsp.entity.js';
import { DfspsService } from './dfsps.service.js';

/** Knows a DFSP by its key and secret, and the operator by an admin's name and password. */
@Injectable()
export class DirectoryAuthenticator extends RequestAuthenticator {
  private readonly admins: CredentialsAuthenticator;
  private readonly senders = new WeakMap<FastifyRequest, Dfsp>();
  private readonly verified = new VerifiedCredentials<Dfsp>();
  private readonly hashOfNobody = hashSecret('nobody');

  constructor(
    settings: CentralDirectorySettings,
    private readonly dfsps: DfspsService,
  ) {
    super();
    this.admins = new CredentialsAuthenticator({ admin: settings.directoryAdmin });
  }

  async callersOf(request: FastifyRequest): Promise<readonly Caller[]> {
    const admin = this.admins.callersOf(request);
    if (admin.length > 0) return admin;
    const given = basicCredentials(request.headers.authorization);
    const dfsp = given && (await this.dfspWith(given));
    if (!dfsp) return [];
    this.senders.set(request, dfsp);
    return ['dfsp'];
  }

  /** The DFSP that sent this request; undefined for an admin. */
  dfspAsking(request: FastifyRequest): Dfsp | undefined {
    return this.senders.get(request);
  }

  /** The DFSP that sent this request. @throws ContractError 401 Unauthorized when it was not a DFSP. */
  dfspOf(request: FastifyRequest): Dfsp {
    const dfsp = this.dfspAsking(request);
    if (dfsp) return dfsp;
    throw commonError(CommonErrorId.Unauthorized, { message: 'Only a DFSP, by its own key and secret, may do this' });
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
