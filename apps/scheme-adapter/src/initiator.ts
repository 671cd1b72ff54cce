import { INITIATOR_HEADER, INITIATOR_PROXY } from '@level-one/peers';
import { routeOf } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';

/** Whether a header says that another DFSP's scheme adapter asks. */
export function isProxy(initiator: string | string[] | undefined): boolean {
  return typeof initiator === 'string' && initiator.toUpperCase() === INITIATOR_PROXY;
}

/** The one thing that other DFSPs may ask of a scheme adapter: a quote of its own DFSP (row 45). */
export function isOfAnotherDfsp(request: FastifyRequest): boolean {
  const isQuote = request.method === 'POST' && (routeOf(request)?.endsWith('/quotes') ?? false);
  return isQuote && isProxy(request.headers[INITIATOR_HEADER]);
}
