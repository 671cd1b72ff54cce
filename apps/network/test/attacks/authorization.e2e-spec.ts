import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CallableRoute, CallableRoutes, type CallerKind, type RoleName, ROLES } from '@level-one/platform';
import { openApiOperations } from '../support/open-api-operations.js';
import { credentialsFor } from '../../src/plan/credentials.js';
import { type InstancePlan, instanceName } from '../../src/plan/topology.js';
import { ask, TestNetwork } from '../support/test-network.js';

/** Of whom a request is, and whether its sender is one of the callers of a route. */
interface Sender {
  who: string;
  auth: string | null;
  is: readonly CallerKind[];
}

const REFUSED = new Set([401, 403]);
const LEDGERS: ReadonlySet<RoleName> = new Set(['dfsp-ledger', 'central-ledger', 'ledger-adapter']);

/** A path that the route answers, with something in the place of each parameter. */
function pathOf(path: string): string {
  return path.replaceAll(/\{[^}]+\}/g, '7c0e4a52-3d1b-4f7e-9a86-0b5d2e1c8f43');
}

describe('A2: who may call which route', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    // Nobody signs here, and nobody is kept out for asking often.
    network = await TestNetwork.start({
      REQUESTS_UNSIGNED: '10000',
      LOGIN_FAILURES_PER_ADDRESS: '10000',
      LOGIN_FAILURES_PER_ACCOUNT: '1000',
    });
  });

  afterAll(async () => {
    await network.close();
  });

  /** Everybody who is somebody somewhere in the network, as this instance should see them. */
  function sendersTo(instance: InstancePlan): Sender[] {
    const { plan } = network.running;
    const { role, dfsp } = instance;
    const other = dfsp === 'dfsp1' ? 'dfsp2' : 'dfsp1';
    const isLedger = LEDGERS.has(role);
    const nobody = (who: string, auth: string | null): Sender => ({ who, auth, is: [] });
    const own = (who: string, auth: string | null, is: readonly CallerKind[]): Sender => ({ who, auth, is });
    const roles = ROLES.flatMap((caller) => {
      const auth = credentialsFor(plan, instance, caller);
      const isKnown = instance.environment['CALLERS']?.includes(`${caller}:`) === true;
      return auth ? [own(caller, auth, isKnown ? [caller] : [])] : [];
    });
    return [
      // Everybody here is on loopback in a demo network.
      own('nobody', null, ['monitor']),
      own('the monitoring system', `prometheus:${plan.secrets.metrics}`, ['monitor']),
      nobody('a wrong password', 'admin:wrong'),
      nobody('a role by a wrong password', 'dfsp-api:wrong'),
      // At a ledger each wrong password costs a hash.
      ...(isLedger ? ROLES.slice(0, 2) : ROLES).map((caller) =>
        nobody(`${other}'s ${caller}`, `${caller}:${plan.secrets.rolePassword(other, caller)}`),
      ),
      ...(isLedger ? [] : roles),
      ...(isLedger
        ? []
        : [nobody('a customer', 'alice:alice'), nobody('a connector', 'dfsp1-testconnector:dfsp1-testconnector')]),
      ...(dfsp === null || isLedger
        ? []
        : [
            nobody(`${other}'s channel`, `${other}:${plan.secrets.api[other]}`),
            own('the channel', `${dfsp}:${plan.secrets.api[dfsp]}`, ['channel']),
          ]),
      own('the admin', `admin:${plan.secrets.admin}`, isLedger ? ['admin', 'account'] : ['admin']),
      ...(dfsp !== null && isLedger
        ? [own('a customer', dfsp === 'dfsp1' ? 'alice:alice' : 'bob:bob', ['account'])]
        : []),
      ...(role === 'central-directory' ? [own('a DFSP', 'dfsp1:dfsp1', ['dfsp'])] : []),
      ...(role === 'central-ledger' ? [own('a DFSP', 'dfsp1:dfsp1', ['account'])] : []),
    ];
  }

  /** Whether the role knows anybody of that name; the unsigned share one allowance, and are let in in the demo. */
  function isCaller({ is, auth }: Sender, callers: readonly CallerKind[], role: RoleName): boolean {
    if (callers.includes('anyone'))
      return auth === null || callers.length === 1 || is.some((caller) => caller !== 'monitor');
    if (callers.includes('dfsp') && role !== 'central-directory') return true;
    return is.some((caller) => callers.includes(caller));
  }

  it('is said of every route of every role', () => {
    for (const { role, dfsp } of network.running.plan.instances) {
      const routes = network.running.role(role, dfsp).app.get(CallableRoutes, { strict: false }).all;
      const silent = routes.filter(({ callers }: CallableRoute) => callers.length === 0);
      expect([role, silent.map(({ method, path }) => `${method} ${path}`)]).toEqual([role, []]);
    }
  });

  it('holds at every operation of every OpenAPI document, for everybody in the network', async () => {
    const wrong: string[] = [];
    for (const instance of network.running.plan.instances) {
      const operations = await openApiOperations(instance.baseUrl);
      expect([instanceName(instance), operations.length > 1]).toEqual([instanceName(instance), true]);
      for (const { method, path, callers } of operations) {
        for (const sender of sendersTo(instance)) {
          // A quote of another DFSP is told from one of the own by its header, which is not sent here.
          const named = instance.role === 'scheme-adapter' ? callers.filter((caller) => caller !== 'dfsp') : callers;
          const { status } = await ask(`${method} ${instance.baseUrl}${pathOf(path)}`, {
            auth: sender.auth,
            ...(method === 'GET' || method === 'DELETE'
              ? {}
              : { body: '{', headers: { 'content-type': 'application/json' } }),
          });
          const isAllowed = isCaller(sender, named, instance.role);
          if (REFUSED.has(status) === isAllowed && !isDecidedByRights(instance, sender, status)) {
            wrong.push(`${instanceName(instance)} ${method} ${path}: ${sender.who} got ${status}`);
          }
        }
      }
    }
    expect(wrong).toEqual([]);
  }, 600_000);
});

/** What an account holder may do at a ledger follows from the account's rights, behind the door. */
function isDecidedByRights({ role }: InstancePlan, { is }: Sender, status: number): boolean {
  return LEDGERS.has(role) && is.includes('account') && status === 403;
}
