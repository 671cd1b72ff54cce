import { checkInvariants } from '@level-one/ledger';
import { type CallableRoute, CallableRoutes, type CallerKind, type RoleName, ROLES } from '@level-one/platform';
import { createTestDatabase, type DatabaseTemplate } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { DataSource } from 'typeorm';
import { credentialsFor } from '../../src/plan/credentials.js';
import type { NetworkHop } from '../../src/pages/hop-log.js';
import { migrateRole } from '../../src/migrate/migrate-role.js';
import { demoSecrets, type NetworkSecrets } from '../../src/plan/secrets.js';
import { type RunningNetwork, startNetwork } from '../../src/start-network.js';
import {
  type DfspName,
  instanceNamed,
  type NetworkPlan,
  planNetwork,
  type PlanOptions,
} from '../../src/plan/topology.js';

/** Those of the roles, and again where they listen behind proxies, up to 400 further. */
const PORTS_OF_A_NETWORK = 640;
/** With all blocks below the ports that the system hands out for connections. */
const FIRST_PORT = 10_000;
const BLOCKS = 34;
/** Blocks are shared out among the workers of a run: between the look at a port and its use another one cannot take it. */
const WORKERS = 4;
const ATTEMPTS = 50;
const PROBED = [0, 10, 11, 12, ...Array.from({ length: 9 }, (_, role) => [100 + role, 200 + role]).flat()];

/** Answer of a role, whatever its status. */
export interface Answer<T = any> {
  status: number;
  body: T;
  text: string;
  headers: Headers;
}

export interface Ask {
  body?: unknown;
  /** `name:password`; null sends no credentials. */
  auth?: string | null;
  headers?: Record<string, string>;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });
}

/** Blocks that were given to the tests of this file, the last one at the end: who asked for one may not use it yet. */
const given: number[] = [];
const GIVEN_MAX = 2;

/** First port of a block that nobody uses; chance keeps parallel runs apart. */
export async function freePortBase(): Promise<number> {
  const worker = Number(process.env['JEST_WORKER_ID'] ?? 0) % WORKERS;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const block = worker + WORKERS * Math.floor(Math.random() * Math.floor(BLOCKS / WORKERS));
    const base = FIRST_PORT + block * PORTS_OF_A_NETWORK;
    const probes = await Promise.all(PROBED.map((offset) => isFree(base + offset)));
    if (!probes.every(Boolean) || given.includes(block)) continue;
    given.push(block);
    if (given.length > GIVEN_MAX) given.shift();
    return base;
  }
  throw new Error('no free ports');
}

/** Asks any URL as a client would, and never throws for a status. */
export async function ask<T = any>(request: string, { body, auth, headers = {} }: Ask = {}): Promise<Answer<T>> {
  const [method = 'GET', url = ''] = request.split(' ');
  const answer = await fetch(url, {
    method,
    redirect: 'manual',
    headers: {
      ...(auth ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {}),
      ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(90_000),
  });
  const text = await answer.text();
  const isJson = (answer.headers.get('content-type') ?? '').includes('json');
  return {
    status: answer.status,
    text,
    headers: answer.headers,
    body: (isJson && text ? JSON.parse(text) : undefined) as T,
  };
}

function matches({ path: pattern }: CallableRoute, path: string): boolean {
  const segments = pattern.split('/').map((part) => (part.startsWith(':') ? '[^/]*' : part));
  return new RegExp(`^${segments.join('/')}/?$`).test(path.split(/[?#]/)[0]!);
}

function parametersOf({ path }: CallableRoute): number {
  return path.split(':').length;
}

/** The tables of all roles, so that not each network makes them. */
const migrated: DatabaseTemplate = {
  name: 'network',
  fill: async (databaseUrl) => {
    const plan = planNetwork({
      portBase: FIRST_PORT,
      databaseUrl,
      secrets: demoSecrets(),
      logLevel: 'silent',
      // Of a busy machine, too.
      environment: { DATABASE_CONNECT_TIMEOUT_MS: '60000', DATABASE_ANSWER_TIMEOUT_MS: '60000' },
    });
    for (const { role, environment } of plan.instances) await migrateRole(role, environment);
  },
};

/** The database is waited for where other tests take the machine. */
const OF_BUSY_MACHINE = { DATABASE_WAIT_S: '240' };

/** A whole network in this process, on a database of its own. */
export class TestNetwork {
  private constructor(
    readonly running: RunningNetwork,
    private readonly databaseUrl: string,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  /**
   * `environment` overrides settings of every role that knows them, `environmentAt` those of one place; `except` names
   * instances that are left out. `serverUrl` is another PostgreSQL than the tests' common one. `place` says where the
   * instances are, and what is set up before they start.
   */
  static async start(
    environment: Record<string, string> = {},
    except: readonly string[] = [],
    secrets: NetworkSecrets = demoSecrets(),
    environmentAt: PlanOptions['environmentAt'] = {},
    serverUrl?: string,
    place: Pick<PlanOptions, 'pathOf' | 'listenOffset'> & { before?: (plan: NetworkPlan) => Promise<void> } = {},
  ): Promise<TestNetwork> {
    const database = await createTestDatabase(serverUrl, serverUrl === undefined ? migrated : undefined);
    const plan = planNetwork({
      portBase: await freePortBase(),
      databaseUrl: database.url,
      secrets,
      logLevel: process.env['TEST_LOG_LEVEL'] ?? 'silent',
      environment: { ...OF_BUSY_MACHINE, ...environment },
      environmentAt,
      ...place,
    });
    try {
      await place.before?.(plan);
      const others = except.map((name) => instanceNamed(plan, name));
      return new TestNetwork(await startNetwork(plan, { except: others }), database.url, () => database.drop());
    } catch (error) {
      await database.drop();
      throw error;
    }
  }

  /** URL of a role's route. */
  url(role: RoleName, dfsp: DfspName | null, path = ''): string {
    const instance = this.running.plan.instances.find((one) => one.role === role && one.dfsp === dfsp);
    return `${instance!.baseUrl}${path}`;
  }

  /**
   * Asks one role; `request` is `METHOD /path`. Unless told otherwise a DFSP API is asked as its channel where that may
   * call the route, and every route of roles alone as the first role that may call it.
   */
  ask<T = any>(role: RoleName, dfsp: DfspName | null, request: string, options: Ask = {}): Promise<Answer<T>> {
    const [method, path = ''] = request.split(' ');
    const auth = options.auth === undefined ? this.usualCredentials(role, dfsp, request) : options.auth;
    return ask(`${method} ${this.url(role, dfsp, path)}`, { ...options, auth: auth ?? null });
  }

  /** Who may call the route that a request would reach; nobody where there is none. */
  callersOf(role: RoleName, dfsp: DfspName | null, request: string): readonly CallerKind[] {
    const [method, path = ''] = request.split(' ');
    const routes = this.running.role(role, dfsp).app.get(CallableRoutes, { strict: false }).all;
    const matching = routes.filter((route) => route.method === method && matches(route, path));
    const withFewestParameters = matching.toSorted((a, b) => parametersOf(a) - parametersOf(b))[0];
    return withFewestParameters?.callers ?? [];
  }

  /** Those with which {@link ask} asks unless told otherwise; null for none. */
  usualCredentials(role: RoleName, dfsp: DfspName | null, request: string): string | null {
    if (this.running.except.some((one) => one.role === role && one.dfsp === dfsp)) return null;
    const callers = this.callersOf(role, dfsp, request);
    const own = callers.find((caller) => (ROLES as readonly string[]).includes(caller));
    const usual = callers.includes('channel') || (role === 'dfsp-api' && !own) ? 'channel' : own;
    return (usual && credentialsFor(this.running.plan, { role, dfsp }, usual)) ?? null;
  }

  /** Balance on a ledger: `alice` at dfsp1, or a DFSP's name at null, the central ledger. */
  async balance(dfsp: DfspName | null, name: string): Promise<string> {
    const answer =
      dfsp === null
        ? await this.ask('central-ledger', null, `GET /accounts/${name}`, { auth: 'admin:admin' })
        : await this.ask('dfsp-ledger', dfsp, `GET /ledger/accounts/${name}`, { auth: 'admin:admin' });
    return answer.body.balance;
  }

  /** All balances that a payment between the two DFSPs can touch. */
  async balances(): Promise<Record<string, string>> {
    const at = (dfsp: DfspName | null, name: string) => this.balance(dfsp, name);
    return {
      alice: await at('dfsp1', 'alice'),
      dave: await at('dfsp1', 'dave'),
      connector1: await at('dfsp1', 'dfsp1-testconnector'),
      central1: await at(null, 'dfsp1'),
      central2: await at(null, 'dfsp2'),
      connector2: await at('dfsp2', 'dfsp2-testconnector'),
      bob: await at('dfsp2', 'bob'),
      carol: await at('dfsp2', 'carol'),
    };
  }

  /** Moves money in or out until an account of a DFSP has this balance. */
  async bringTo(dfsp: DfspName, account: string, balance: string): Promise<void> {
    const cents = (text: string): number => Math.round(Number(text) * 100);
    const difference = cents(balance) - cents(await this.balance(dfsp, account));
    if (difference === 0) return;
    const amount = (Math.abs(difference) / 100).toFixed(2);
    const body = { id: randomUUID(), amount, direction: difference > 0 ? 'in' : 'out', reference: 'a test' };
    const answer = await this.ask('dfsp-ledger', dfsp, `POST /ledger/accounts/${account}/funds`, {
      auth: 'admin:admin',
      body,
    });
    if (answer.status !== 201) throw new Error(`${account} was not brought to ${balance}: ${answer.text}`);
  }

  /** Lets the owner of a customer's account prepare and fulfil at the ledger himself. */
  async allowDirectUse(dfsp: DfspName, name: string): Promise<void> {
    const body = { name, direct_use: true };
    const answer = await this.ask('dfsp-ledger', dfsp, `PUT /ledger/accounts/${name}`, { auth: 'admin:admin', body });
    if (answer.status !== 200) throw new Error(`${name} was not given direct use: ${answer.text}`);
  }

  /** A transfer on one ledger. */
  transfer(dfsp: DfspName | null, id: string): Promise<Answer> {
    return dfsp === null
      ? this.ask('central-ledger', null, `GET /transfers/${id}`, { auth: 'admin:admin' })
      : this.ask('dfsp-ledger', dfsp, `GET /ledger/transfers/${id}`, { auth: 'admin:admin' });
  }

  /** Hops since `from`, or of one trace. */
  hops(traceId?: string): NetworkHop[] {
    return this.running.hops.listHops(traceId);
  }

  /** Every way in which a ledger's books are wrong; none, if all is well. */
  async violations(): Promise<unknown[]> {
    const ledgers = [
      this.running.role('dfsp-ledger', 'dfsp1'),
      this.running.role('dfsp-ledger', 'dfsp2'),
      this.running.role('central-ledger'),
    ];
    const found = await Promise.all(
      ledgers.map((ledger) => checkInvariants(ledger.app.get(DataSource, { strict: false }))),
    );
    return found.flat();
  }

  /** The same network at other addresses, on the same database, in which `change` is made before. This one has ended. */
  async moveElsewhere(change: (databaseUrl: string) => Promise<void>): Promise<TestNetwork> {
    const { plan } = this.running;
    // While this one has its own ports, which would be free afterwards.
    const portBase = await freePortBase();
    await this.running.close();
    await change(this.databaseUrl);
    const moved = planNetwork({
      portBase,
      databaseUrl: this.databaseUrl,
      secrets: plan.secrets,
      logLevel: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    });
    return new TestNetwork(await startNetwork(moved), this.databaseUrl, this.dropDatabase);
  }

  /** Stops everything. @throws Error when the books of a ledger are wrong: every test of money ends with that check. */
  async close(): Promise<void> {
    const violations = await this.violations();
    await this.running.close();
    await this.dropDatabase();
    if (violations.length > 0) throw new Error(`The books are wrong: ${JSON.stringify(violations)}`);
  }
}
