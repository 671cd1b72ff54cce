import { INITIATOR_HEADER, isOfProxy } from '@level-one/peers';
import { routeOf } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';

/** The one thing that other DFSPs may ask of a scheme adapter: a quote of its own DFSP (row 44). */
export function isOfAnotherDfsp(request: FastifyRequest): boolean {
  const isQuote = request.method === 'POST' && (routeOf(request)?.endsWith('/quotes') ?? false);
  return isQuote && isOfProxy(request.headers[INITIATOR_HEADER]);
}
