import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { basicCredentials, credentialPairs, secretDigest } from './basic-auth.js';
import { type Caller, callersOfRoute } from '../roles/callers.js';
import { CommonErrorId, commonError, sendError, toContractError } from '../errors/errors.js';
import { isRole } from '../roles/identity.js';
import type { Refusals } from './refusals.js';

/** Finds out who sends a request, before its body is read. A role provides one, or only `anyone` may call it. */
export abstract class RequestAuthenticator {
  /** Whether it counts failed logins itself; those of others are counted for them. */
  readonly countsFailures: boolean = false;

  /**
   * Who sent this request by the credentials it carries; empty when they are nobody's.
   * @throws ContractError 401 Unauthorized, 429 TooManyRequestsError.
   */
  abstract callersOf(request: FastifyRequest): Promise<readonly Caller[]> | readonly Caller[];
}

/** Whose `name:password` pairs a role knows. */
export interface KnownCredentials {
  /** Of roles: the names are theirs. */
  roles?: string;
  channel?: string;
  admin?: string;
}

/** Knows callers by HTTP Basic, from lists of `name:password` pairs. */
export class CredentialsAuthenticator extends RequestAuthenticator {
  private readonly known: { caller: Caller; digest: Buffer }[];

  constructor({ roles, channel, admin }: KnownCredentials) {
    super();
    this.known = [
      ...pairsOf(roles).flatMap(({ name, password }) => (isRole(name) ? [knownAs(name, name, password)] : [])),
      ...pairsOf(channel).map(({ name, password }) => knownAs('channel', name, password)),
      ...pairsOf(admin).map(({ name, password }) => knownAs('admin', name, password)),
    ];
  }

  callersOf(request: FastifyRequest): readonly Caller[] {
    const given = basicCredentials(request.headers.authorization);
    const digest = secretDigest(given ? `${given.name}:${given.password}` : '');
    // Every pair is compared, so that the time taken does not tell which name exists.
    const matching = this.known.filter((one) => timingSafeEqual(one.digest, digest));
    return matching.map(({ caller }) => caller);
  }
}

function pairsOf(pairs: string | undefined): ReturnType<typeof credentialPairs> {
  return pairs ? credentialPairs(pairs) : [];
}

function knownAs(caller: Caller, name: string, password: string): { caller: Caller; digest: Buffer } {
  return { caller, digest: secretDigest(`${name}:${password}`) };
}

/**
 * Where anyone may call, credentials are optional, but wrong ones are refused if the route tells known callers more.
 * @throws ContractError 401 Unauthorized, 403 UnauthorizedError when the sender may not call the route.
 */
async function admit(request: FastifyRequest, authenticator: RequestAuthenticator | undefined): Promise<void> {
  const allowed = callersOfRoute(request);
  const isOpen = allowed.includes('anyone');
  if (isOpen && (allowed.length === 1 || request.headers.authorization === undefined)) return;
  request.callers = (await authenticator?.callersOf(request)) ?? [];
  if (request.callers.length === 0) throw commonError(CommonErrorId.Unauthorized);
  // Where there is no route, whoever is known is told so.
  if (request.is404 || isOpen) return;
  if (!request.callers.some((caller) => allowed.includes(caller))) throw commonError(CommonErrorId.Forbidden);
}

/**
 * Lets a request through to its body and its route only when the route names one of its senders among its callers.
 */
export function requireCallers(
  fastify: Pick<FastifyInstance, 'addHook'>,
  authenticator: RequestAuthenticator | undefined,
  refusals: Refusals,
): void {
  fastify.addHook('onRequest', async (request, reply) => {
    try {
      await admit(request, authenticator);
      return undefined;
    } catch (error) {
      const isCounted = authenticator?.countsFailures ?? false;
      sendError(reply, await refusals.refusalOf(request, toContractError(error), isCounted));
      return reply;
    }
  });
}
