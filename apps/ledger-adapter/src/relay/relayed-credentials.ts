import { type CallerKind, RequestAuthenticator } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';

/** Accepts every request with credentials: the ledger behind the adapter checks them. */
export class RelayedCredentials extends RequestAuthenticator {
  callersOf(request: FastifyRequest): readonly CallerKind[] {
    return request.headers.authorization === undefined ? [] : ['account', 'admin'];
  }
}
