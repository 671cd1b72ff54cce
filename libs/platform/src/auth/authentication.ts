import type { FactoryProvider } from '@nestjs/common';
import { timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { basicCredentials, credentialPairs, secretDigest } from './basic-auth.js';
import { type CallerKind, callersOfRoute } from '../roles/callers.js';
import { CommonErrorId, commonError, sendError, toContractError } from '../errors/errors.js';
import { isRole } from '../roles/identity.js';
import { leaveNamedTrace, type TracedRequest } from '../tracing/trace.js';
import type { Monitors } from './monitors.js';
import type { Refusals } from './refusals.js';

/** Authenticates the sender of a request before its body is read. A role without one serves `anyone` only. */
export abstract class RequestAuthenticator {
  /** Whether it counts failed logins itself. If not, {@link requireCallers} counts them. */
  readonly countsFailures: boolean = false;

  /**
   * The kinds of caller of the request, by its credentials; empty without valid credentials.
   * @throws ContractError 401 Unauthorized, 429 TooManyRequestsError.
   */
  abstract callersOf(request: FastifyRequest): Promise<readonly CallerKind[]> | readonly CallerKind[];
}

/** Lists of `name:password` pairs that a role accepts, by kind of caller. */
export interface KnownCredentials {
  /** Pairs of roles; each name is a role's. */
  roles?: string;
  channel?: string;
  admin?: string | undefined;
}

/** Authenticates by HTTP Basic against lists of `name:password` pairs. */
export class CredentialsAuthenticator extends RequestAuthenticator {
  private readonly known: { caller: CallerKind; digest: Buffer }[];

  constructor({ roles, channel, admin }: KnownCredentials) {
    super();
    this.known = [
      ...pairsOf(roles).flatMap(({ name, password }) => (isRole(name) ? [knownAs(name, name, password)] : [])),
      ...pairsOf(channel).map(({ name, password }) => knownAs('channel', name, password)),
      ...pairsOf(admin).map(({ name, password }) => knownAs('admin', name, password)),
    ];
  }

  callersOf(request: FastifyRequest): readonly CallerKind[] {
    const given = basicCredentials(request.headers.authorization);
    const digest = secretDigest(given ? `${given.name}:${given.password}` : '');
    // All pairs are compared, so that the duration does not show which names exist.
    const matching = this.known.filter((one) => timingSafeEqual(one.digest, digest));
    return matching.map(({ caller }) => caller);
  }
}

/** Provides the authenticator of a role whose callers have names and passwords. */
export function credentialsAuthenticator(known: KnownCredentials): FactoryProvider<RequestAuthenticator> {
  return { provide: RequestAuthenticator, useFactory: () => new CredentialsAuthenticator(known) };
}

function pairsOf(pairs: string | undefined): ReturnType<typeof credentialPairs> {
  return pairs ? credentialPairs(pairs) : [];
}

function knownAs(caller: CallerKind, name: string, password: string): { caller: CallerKind; digest: Buffer } {
  return { caller, digest: secretDigest(`${name}:${password}`) };
}

/**
 * On routes for anyone credentials are optional, but wrong ones are refused if the route shows more to known callers.
 * @throws ContractError 401 Unauthorized, 403 UnauthorizedError if the sender may not call the route.
 */
async function admitRequest(
  request: FastifyRequest,
  authenticator: RequestAuthenticator | undefined,
  monitors: Monitors,
): Promise<void> {
  const allowed = callersOfRoute(request);
  if (allowed.includes('monitor') && monitors.include(request)) {
    request.callers = ['monitor'];
    return;
  }
  const isOpen = allowed.includes('anyone');
  if (isOpen && (allowed.length === 1 || request.headers.authorization === undefined)) return;
  request.callers = (await authenticator?.callersOf(request)) ?? [];
  if (request.callers.length === 0) throw commonError(CommonErrorId.Unauthorized);
  // For a path without a route, a known caller gets 404 from the router.
  if (request.is404 || isOpen) return;
  if (!request.callers.some((caller) => allowed.includes(caller))) throw commonError(CommonErrorId.Forbidden);
}

/** What a sender that is not known says of traces is not believed. */
function doubtUnknown(request: FastifyRequest & TracedRequest): void {
  const { callers = [] } = request;
  if (callers.length === 0) leaveNamedTrace(request);
}

/** Refuses a request before its body is read, unless the route allows its sender. */
export function requireCallers(
  fastify: Pick<FastifyInstance, 'addHook'>,
  authenticator: RequestAuthenticator | undefined,
  refusals: Refusals,
  monitors: Monitors,
): void {
  fastify.addHook('onRequest', async (request, reply) => {
    try {
      await admitRequest(request, authenticator, monitors);
      doubtUnknown(request);
      return undefined;
    } catch (error) {
      doubtUnknown(request);
      const isCounted = authenticator?.countsFailures ?? false;
      sendError(reply, await refusals.refusalOf(request, toContractError(error), isCounted));
      return reply;
    }
  });
}
