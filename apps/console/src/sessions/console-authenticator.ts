import { Injectable } from '@nestjs/common';
import {
  type CallerKind,
  CommonErrorId,
  commonError,
  CredentialsAuthenticator,
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

/** Authenticates people by their sessions, and senders of spans by name and password. */
@Injectable()
export class ConsoleAuthenticator extends RequestAuthenticator {
  private readonly tracers: CredentialsAuthenticator;
  private readonly users = new WeakMap<FastifyRequest, ConsoleUser>();

  constructor(
    private readonly settings: ConsoleSettings,
    private readonly sessions: SessionsService,
  ) {
    super();
    this.tracers = new CredentialsAuthenticator({ channel: settings.traceCredentials });
  }

  async callersOf(request: FastifyRequest): Promise<readonly CallerKind[]> {
    const tracer: CallerKind[] = this.isTracer(request) ? ['tracer'] : [];
    const user = await this.findUserOf(request);
    return [...(user ? MAY_CALL[user.role] : []), ...tracer];
  }

  /** The user that sent a request; undefined without a session. In the demo network everybody is a user. */
  async findUserOf(request: FastifyRequest): Promise<ConsoleUser | undefined> {
    const known = this.users.get(request);
    if (known) return known;
    const token = sessionTokenOf(request);
    const signedIn = token === undefined ? undefined : await this.sessions.userOf(token);
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

  /** A demo network listens on loopback only. */
  private isTracer(request: FastifyRequest): boolean {
    return this.settings.demoNetwork || this.tracers.callersOf(request).length > 0;
  }
}
