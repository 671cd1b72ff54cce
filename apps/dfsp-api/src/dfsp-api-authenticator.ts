import { errorsOf } from '@level-one/errors';
import {
  BasicAuthenticator,
  basicCredentials,
  CommonErrorId,
  commonError,
  credentialPairs,
  isOpenRoute,
  RequestAuthenticator,
  routeOf,
  sameSecret,
} from '@level-one/platform';
import type { FastifyRequest } from 'fastify';

enum AccessErrorId {
  Forbidden = 'UnauthorizedError',
}

const accessError = errorsOf<AccessErrorId>({
  [AccessErrorId.Forbidden]: { status: 403, message: 'You do not have permissions to access this resource' },
});

/** Routes about what payments cost and may be. */
const RULE_ROUTE = /\/(feeRules|limitRules)(\/|$)|\/(charges|limits\/:identifier)$/;

/**
 * The DFSP's own systems may use everything and read its rules; whoever administers the rules may change and read them,
 * and nothing else.
 */
export class DfspApiAuthenticator extends RequestAuthenticator {
  private readonly systems: BasicAuthenticator;
  private readonly admins: ReturnType<typeof credentialPairs>;

  constructor({ apiCredentials, adminCredentials }: { apiCredentials: string; adminCredentials: string }) {
    super();
    this.systems = new BasicAuthenticator(apiCredentials);
    this.admins = credentialPairs(adminCredentials);
  }

  authenticate(request: FastifyRequest): void {
    if (isOpenRoute(request)) return;
    const isOfRules = RULE_ROUTE.test(routeOf(request) ?? '');
    if (this.isAdmin(request)) {
      if (isOfRules) return;
      throw accessError(AccessErrorId.Forbidden);
    }
    this.systems.authenticate(request);
    const changes = !['GET', 'HEAD'].includes(request.method);
    if (isOfRules && changes) throw accessError(AccessErrorId.Forbidden);
  }

  private isAdmin(request: FastifyRequest): boolean {
    const given = basicCredentials(request.headers.authorization);
    if (!given) throw commonError(CommonErrorId.Unauthorized);
    const matches = this.admins.filter(
      (pair) => sameSecret(pair.password, given.password) && sameSecret(pair.name, given.name),
    );
    return matches.length > 0;
  }
}
