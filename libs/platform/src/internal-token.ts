import { IsString, MinLength, ValidateIf } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { isOpenRoute, RequestAuthenticator, sameSecret } from './basic-auth.js';
import { CommonErrorId, commonError } from './errors.js';
import { type RoleSettings, Setting } from './settings.js';

type Constructor<T> = new (...args: any[]) => T;

/** Adds the secret that the roles of one DFSP show each other where other DFSPs may reach a role too. */
export function WithInternalToken<Base extends Constructor<RoleSettings>>(base: Base) {
  class InternalSettings extends base {
    @Setting({
      env: 'INTERNAL_TOKEN',
      meaning:
        "secret that this DFSP's DFSP API, SPSP client proxy, scheme adapter and SPSP server show each other; without it, " +
        'in a demo network, those routes are open',
      secret: true,
      defaultText: '**required** outside a demo network',
    })
    @ValidateIf(({ demoNetwork, internalToken }: InternalSettings) => !demoNetwork || internalToken !== undefined)
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

  constructor(
    settings: { internalToken?: string },
    /** Whether a request may come from anybody. */
    private readonly isOpen: (request: FastifyRequest) => boolean,
  ) {
    super();
    this.expected = internalAuthorization(settings);
  }

  authenticate(request: FastifyRequest): void {
    if (this.expected === undefined || isOpenRoute(request) || this.isOpen(request)) return;
    if (sameSecret(this.expected, request.headers.authorization ?? '')) return;
    throw commonError(CommonErrorId.Unauthorized);
  }
}
