import { IsOptional, IsString, MinLength } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { isOpenRoute, RequestAuthenticator, sameSecret } from './basic-auth.js';
import { CommonErrorId, commonError } from './errors.js';
import { type RoleSettings, Setting, StartupError } from './settings.js';

type Constructor<T> = new (...args: any[]) => T;

/** Adds the secret that the roles of one DFSP show each other where other DFSPs may reach a role too. */
export function WithInternalToken<Base extends Constructor<RoleSettings>>(base: Base) {
  class InternalSettings extends base {
    @Setting({
      env: 'INTERNAL_TOKEN',
      meaning:
        "secret that this DFSP's roles show its scheme adapter and SPSP server; only in a demo network may it be absent, " +
        'and their routes open',
      secret: true,
      defaultText: 'none',
    })
    @IsOptional()
    @IsString()
    @MinLength(1)
    internalToken: string;
  }
  return InternalSettings;
}

/** `Bearer …` of the token, where there is one. */
export function internalAuthorization({ internalToken }: { internalToken?: string }): string | undefined {
  return internalToken === undefined ? undefined : `Bearer ${internalToken}`;
}

/** Lets only the DFSP's own roles in, but for what is open to everybody. */
export class InternalAuthenticator extends RequestAuthenticator {
  private readonly expected: string | undefined;

  /** @throws StartupError when there is no token outside a demo network */
  constructor(
    settings: { internalToken?: string; demoNetwork: boolean },
    /** Whether a request may come from anybody. */
    private readonly isOpen: (request: FastifyRequest) => boolean,
  ) {
    super();
    this.expected = internalAuthorization(settings);
    if (this.expected === undefined && !settings.demoNetwork) {
      throw new StartupError('INTERNAL_TOKEN is missing; only a demo network is open without it');
    }
  }

  authenticate(request: FastifyRequest): void {
    if (this.expected === undefined || isOpenRoute(request) || this.isOpen(request)) return;
    if (sameSecret(this.expected, request.headers.authorization ?? '')) return;
    throw commonError(CommonErrorId.Unauthorized);
  }
}
