import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PeerHttp } from '@level-one/peers';
import { HopRecorder, RoleIdentity } from '@level-one/platform';
import { createTestDatabase, eventually, type TestDatabase } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { demoSecrets, randomSecrets } from '../../src/plan/secrets.js';
import { Seed } from '../../src/seed/seed.js';
import { type RunningNetwork, startNetwork } from '../../src/start-network.js';
import { type InstancePlan, instanceNamed, type NetworkPlan, planNetwork } from '../../src/plan/topology.js';
import { ALICE, BOB, CAROL, DAVE, notifiedInvoice, pay, pending } from '../support/people.js';
import { exampleOf, mainOf, RoleProcess } from '../support/role-process.js';
import { type Answer, ask, freePortBase, TestNetwork } from '../support/test-network.js';

const START_TIMEOUT_MS = 240_000;

describe('Every role in a process of its own', () => {
  let database: TestDatabase;
  let plan: NetworkPlan;
  const processes: RoleProcess[] = [];

  beforeAll(async () => {
    expect(existsSync(mainOf('dfsp-api'))).toBe(true);
    database = await createTestDatabase();
    plan = planNetwork({
      portBase: await freePortBase(),
      databaseUrl: database.url,
      secrets: randomSecrets(),
      logLevel: 'warn',
      environment: { DATABASE_POOL_SIZE: '3' },
    });
    for (const { role, environment } of plan.instances) processes.push(new RoleProcess(role, environment));
    const http = new PeerHttp(new RoleIdentity('dfsp-api', null), new HopRecorder());
    await eventually(
      async () => {
        for (const { role, baseUrl } of withoutWebsockets(plan.instances)) {
          expect([role, (await ask(`GET ${baseUrl}/health`)).status]).toEqual([role, 200]);
        }
      },
      { timeoutMs: START_TIMEOUT_MS, intervalMs: 250 },
    );
    await new Seed(http, plan).seedNetwork();
    await http.onApplicationShutdown();
    await eventually(
      async () => {
        for (const { role, baseUrl } of plan.instances) {
          expect([role, (await ask(`GET ${baseUrl}/health`)).status]).toEqual([role, 200]);
        }
      },
      { timeoutMs: START_TIMEOUT_MS, intervalMs: 250 },
    );
  }, 2 * START_TIMEOUT_MS);

  afterAll(async () => {
    expect(new Set(await Promise.all(processes.map((one) => one.stop())))).toEqual(new Set([0]));
    await database.drop();
  });

  const api = (dfsp: 'dfsp1' | 'dfsp2', request: string, body?: unknown): Promise<Answer> => {
    const [method, path = ''] = request.split(' ');
    const { baseUrl } = plan.instances.find((one) => one.role === 'dfsp-api' && one.dfsp === dfsp)!;
    return ask(`${method} ${baseUrl}${path}`, { body, auth: `${dfsp}:${plan.secrets.api[dfsp]}` });
  };

  it('pays an invoice, with secrets of its own and no role that borrows the admin', async () => {
    expect(processes).toHaveLength(21);
    const created = await api('dfsp2', 'POST /v1/merchantInvoice', {
      account: 'bob',
      amount: '10.40',
      identifier: ALICE,
      merchantIdentifier: BOB,
    });
    expect([created.status, created.text]).toEqual([201, created.text]);
    const { invoices } = (await api('dfsp1', `GET /v1/invoiceNotifications/pending/${ALICE}`)).body;
    const paid = await api('dfsp1', 'PUT /v1/invoiceNotifications/pay', {
      account: 'alice',
      invoiceNotificationId: invoices[0].invoiceNotificationId,
    });
    expect([paid.status, paid.text]).toEqual([200, paid.text]);
    expect(paid.body).toMatchObject({ status: 'paid' });
    await eventually(async () => {
      const read = await api('dfsp2', `GET /v1/invoices/${created.body.invoiceId}`);
      expect(read.body).toMatchObject({ status: 'paid' });
    });
  });
});

/** Those with subscriptions are ready only when the ledgers know their accounts. */
function withoutWebsockets(instances: readonly InstancePlan[]): InstancePlan[] {
  const waiting = new Set(['spsp-client-proxy', 'spsp-client', 'spsp-server', 'ilp-connector']);
  return instances.filter(({ role }) => !waiting.has(role));
}

describe.each([
  ['our own in another process', mainOf],
  ['the example server', exampleOf],
])('In place of an SPSP backend of the demo network, %s', (_, programOf) => {
  let network: TestNetwork;
  let own: RoleProcess;

  beforeAll(async () => {
    network = await TestNetwork.start({}, ['dfsp2/spsp-backend']);
    const { environment } = instanceNamed(network.running.plan, 'dfsp2/spsp-backend');
    own = new RoleProcess('spsp-backend', environment, programOf('spsp-backend'));
    await eventually(async () => expect((await atBackend('GET', '/health')).status).toBe(200), {
      timeoutMs: START_TIMEOUT_MS,
      intervalMs: 100,
    });
  });

  afterAll(async () => {
    await own?.stop();
    await network?.close();
  });

  const atBackend = (method: string, path: string, body?: unknown): Promise<Answer> => {
    const { baseUrl, environment } = instanceNamed(network.running.plan, 'dfsp2/spsp-backend');
    return ask(`${method} ${baseUrl}/spsp/backend/v1${path}`, { body, auth: environment['CALLERS']! });
  };

  it('an invoice is paid, and marked as paid', async () => {
    const { invoiceId, invoiceNotificationId } = await notifiedInvoice(network);
    expect(await pay(network, invoiceNotificationId)).toMatchObject({ status: 200, body: { status: 'paid' } });
    await eventually(async () => {
      expect(await atBackend('GET', `/invoices/${invoiceId}`)).toMatchObject({ status: 200, body: { status: 'paid' } });
    });
  });

  it('a notification for a customer of its DFSP arrives', async () => {
    const issued = await network.ask('dfsp-api', 'dfsp1', 'POST /v1/merchantInvoice', {
      body: { account: 'dave', amount: '3.00', identifier: CAROL, merchantIdentifier: DAVE },
    });
    expect(issued.status).toBe(201);
    await eventually(async () => expect(await pending(network, CAROL, 'dfsp2')).toHaveLength(1), {
      timeoutMs: START_TIMEOUT_MS,
    });
  });

  it("a refusal has the contract's status and id", async () => {
    expect(await atBackend('GET', '/receivers/99999999')).toMatchObject({ status: 404, body: { id: 'UserNotFound' } });
    const unpaid = { status: 'prepared', paymentid: randomUUID(), transferId: randomUUID(), destinationAmount: '1.00' };
    expect(await atBackend('PUT', `/receivers/${BOB}/payments/${randomUUID()}`, unpaid)).toMatchObject({
      status: 400,
      body: { id: 'InvalidBodyError' },
    });
    const { baseUrl } = instanceNamed(network.running.plan, 'dfsp2/spsp-backend');
    const stranger = await ask(`GET ${baseUrl}/spsp/backend/v1/receivers/${BOB}`, { auth: 'spsp-server:wrong' });
    expect(stranger.status).toBe(401);
  });
});

describe('In place of a DFSP API, a system that is slow at first and serves none of the set-up', () => {
  let network: RunningNetwork;
  let database: TestDatabase;
  const asked: string[] = [];
  const own = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    // The first call gets no answer, as on a machine that is too busy, and the second one "not now".
    if (asked.length === 2) response.writeHead(503, { 'retry-after': '1' }).end();
    if (asked.length > 2) response.writeHead(404, { 'content-type': 'text/plain' }).end('no such page');
  });

  beforeAll(async () => {
    database = await createTestDatabase();
    const options = { databaseUrl: database.url, secrets: demoSecrets(), logLevel: 'silent' };
    const plan = planNetwork({ ...options, portBase: await freePortBase() });
    const instance = instanceNamed(plan, 'dfsp2/dfsp-api');
    await new Promise<void>((done) => {
      own.listen(instance.port, '127.0.0.1', done);
    });
    network = await startNetwork(plan, { except: [instance] });
  });

  afterAll(async () => {
    await network?.close();
    await new Promise((done) => {
      own.close(done);
    });
    await database.drop();
  });

  it('the network starts: accounts and numbers are set up, customers and tariff are its own', async () => {
    expect(asked.filter((request) => request === `PUT /v1/customers/${BOB}`)).toHaveLength(3);
    expect(asked).toContain('GET /v1/feeRules');
    const { baseUrl } = instanceNamed(network.plan, 'central-directory');
    const found = await ask(`GET ${baseUrl}/resources?identifier=eur:${BOB}`, { auth: 'dfsp1:dfsp1' });
    expect(found.body).toMatchObject([{ shortName: 'dfsp2', primary: true }]);
  });
});

describe('A start that cannot work', () => {
  const settings = (changes: Record<string, string>): Record<string, string> => ({
    PORT: '0',
    DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/none',
    DATABASE_WAIT_S: '0',
    DATABASE_SCHEMA: 'central_ledger',
    LEDGER_ADMIN_PASSWORD: 'a-password-of-my-own',
    TOKEN_SECRET: 'a-token-secret-of-my-own-0123456789',
    ILP_PREFIX: 'levelone.ist.',
    CURRENCY: 'USD',
    SCALE: '2',
    ...changes,
  });

  async function outcome(environment: Record<string, string>): Promise<{ code: number | null; lines: string[] }> {
    const started = new RoleProcess('central-ledger', environment);
    const code = await started.exited;
    return { code, lines: started.log.trim().split('\n') };
  }

  it.each([
    ['a missing setting', { DATABASE_URL: '' }, /DATABASE_URL is missing/],
    ['a setting that is no number', { PORT: 'many' }, /PORT/],
    ['an unusable database', {}, /the database at 127\.0\.0\.1:1\/none cannot be used/],
    [
      'a demo secret',
      { LEDGER_ADMIN_PASSWORD: 'admin' },
      /LEDGER_ADMIN_PASSWORD is a published secret of the demo network/,
    ],
  ])('%s is one clear line and exit code 1', async (_name, changes, line) => {
    const { code, lines } = await outcome(settings(changes));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(line);
    expect(code).toBe(1);
  });
});
