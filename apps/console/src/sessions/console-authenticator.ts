import { Injectable } from '@nestjs/common';
import {
  basicCredentials,
  type CallerKind,
  CommonErrorId,
  commonError,
  CredentialsAuthenticator,
  LoginGuard,
  RequestAuthenticator,
} from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { ConsoleSettings } from '../console.settings.js';
import { sessionTokenOf } from './session-cookie.js';
import { SessionsService } from './sessions.service.js';
import { type ConsoleUser, DEMO_USERS, type UserRole } from './users.js';

/** Who may more may all that others may. */
const MAY_CALL: Readonly<Record<UserRole, readonly CallerKind[]>> = {
  viewer: ['viewer'],
  operator: ['viewer', 'operator'],
  admin: ['viewer', 'operator', 'admin'],
};

/** Authenticates people by their sessions, or programs by a user's name and password; senders of spans by their own. */
@Injectable()
export class ConsoleAuthenticator extends RequestAuthenticator {
  override readonly countsFailures = true;
  private readonly tracers: CredentialsAuthenticator;
  private readonly users = new WeakMap<FastifyRequest, ConsoleUser>();

  constructor(
    private readonly settings: ConsoleSettings,
    private readonly sessions: SessionsService,
    private readonly guard: LoginGuard,
  ) {
    super();
    this.tracers = new CredentialsAuthenticator({ channel: settings.traceCredentials });
  }

  async callersOf(request: FastifyRequest): Promise<readonly CallerKind[]> {
    if (this.isTracer(request) && !this.settings.demoNetwork) return ['tracer'];
    const tracer: CallerKind[] = this.settings.demoNetwork ? ['tracer'] : [];
    const user = await this.findUserOf(request);
    return [...(user ? MAY_CALL[user.role] : []), ...tracer];
  }

  /** The user that sent a request; undefined without a session. In the demo network everybody is a user. */
  async findUserOf(request: FastifyRequest): Promise<ConsoleUser | undefined> {
    const known = this.users.get(request);
    if (known) return known;
    const signedIn = await this.signedIn(request);
    const user = signedIn ?? (this.settings.demoNetwork ? DEMO_USERS[0] : undefined);
    if (user) this.users.set(request, user);
    return user;
  }

  /** The user that sent a request. @throws ContractError 401 Unauthorized without a session */
  async userOf(request: FastifyRequest): Promise<ConsoleUser> {
    const user = await this.findUserOf(request);
    if (user) return user;
    throw commonError(CommonErrorId.Unauthorized);
  }

  /** Whether the session or the credentials of a request that goes on are still good. It does not keep a session from ending. */
  async isStillUser(request: FastifyRequest, name: string): Promise<boolean> {
    const token = sessionTokenOf(request);
    if (token !== undefined) {
      const user = await this.sessions.findUserOf(token);
      if (user) return user.name === name;
    } else if (request.headers.authorization !== undefined) return (await this.signedIn(request))?.name === name;
    return this.settings.demoNetwork;
  }

  private async signedIn(request: FastifyRequest): Promise<ConsoleUser | undefined> {
    const token = sessionTokenOf(request);
    if (token !== undefined) return this.sessions.userOf(token);
    const given = basicCredentials(request.headers.authorization);
    return given && this.sessions.findUserWith(given.name, given.password, this.guard.addressOf(request));
  }

  /** A demo network listens on loopback only. */
  private isTracer(request: FastifyRequest): boolean {
    return this.settings.demoNetwork || this.tracers.callersOf(request).length > 0;
  }
}
