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
    const route = routeOf(request);
    const isAdmin = this.isAdmin(request);
    if (!isAdmin) this.systems.authenticate(request);
    // Where there is no route there is nothing to protect.
    if (route === undefined) return;
    const isReading = ['GET', 'HEAD'].includes(request.method);
    const isOfRules = RULE_ROUTE.test(route);
    const mayBe = isOfRules ? isAdmin || isReading : !isAdmin || this.isSystem(request);
    if (!mayBe) throw accessError(AccessErrorId.Forbidden);
  }

  private isSystem(request: FastifyRequest): boolean {
    try {
      this.systems.authenticate(request);
      return true;
    } catch {
      return false;
    }
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
