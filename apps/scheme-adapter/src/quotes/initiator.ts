import { INITIATOR_HEADER, isOfProxy } from '@level-one/peers';
import { routeOf } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';

/**
 * Whether the request is from another DFSP: a quote with `initiator: PROXY` (row 44), the only request that other DFSPs
 * may send.
 */
export function isOfAnotherDfsp(request: FastifyRequest): boolean {
  const isQuote = request.method === 'POST' && (routeOf(request)?.endsWith('/quotes') ?? false);
  return isQuote && isOfProxy(request.headers[INITIATOR_HEADER]);
}
