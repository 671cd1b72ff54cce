import { type Caller, RequestAuthenticator } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';

/** Who calls, and what they may do, is for the ledger to say: whoever brings credentials is passed on to it. */
export class RelayedCredentials extends RequestAuthenticator {
  callersOf(request: FastifyRequest): readonly Caller[] {
    return request.headers.authorization === undefined ? [] : ['account', 'admin'];
  }
}
