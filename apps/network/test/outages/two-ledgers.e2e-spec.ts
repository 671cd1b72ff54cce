import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkInvariants } from '@level-one/ledger';
import {
  CONDITION,
  createTestDatabase,
  eventually,
  FULFILLMENT,
  openTestDataSource,
  type TestDatabase,
} from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { RoleProcess } from '../support/role-process.js';
import { type Answer, ask, freePortBase } from '../support/test-network.js';

const SCHEMA = 'shared_ledger';
const ADMIN = 'admin:the password of the admin';
const WORKERS = 8;
const PAYMENTS = 400;
const START_TIMEOUT_MS = 240_000;
const ATTEMPTS_MAX = 50;

interface Instance {
  process: RoleProcess;
  url: string;
}

/** A ledger whose instances share one database and one public URL, as behind a load balancer. */
describe('Two instances of a ledger on one database', () => {
  let database: TestDatabase;
  let instances: [Instance, Instance];

  beforeAll(async () => {
    database = await createTestDatabase();
    const port = await freePortBase();
    const start = (own: number): Instance => ({
      url: `http://127.0.0.1:${own}/ledger`,
      process: new RoleProcess('dfsp-ledger', {
        PORT: String(own),
        PUBLIC_URL: `http://127.0.0.1:${port}`,
        DFSP: 'dfsp1',
        DATABASE_URL: database.url,
        DATABASE_SCHEMA: SCHEMA,
        LEDGER_ADMIN_PASSWORD: 'the password of the admin',
        TOKEN_SECRET: 'what signs the tokens of both',
        LOG_LEVEL: 'warn',
      }),
    });
    instances = [start(port), start(port + 1)];
    await eventually(
      async () => {
        for (const { url } of instances) expect((await ask(`GET ${url}/health`)).status).toBe(200);
      },
      { timeoutMs: START_TIMEOUT_MS, intervalMs: 250 },
    );
    const [{ url }] = instances;
    const open = (name: string, account: object): Promise<Answer> =>
      ask(`PUT ${url}/accounts/${name}`, { auth: ADMIN, body: { name, ...account } });
    expect((await open('alice', { balance: '1000.00' })).status).toBe(201);
    expect((await open('bob', {})).status).toBe(201);
  }, 2 * START_TIMEOUT_MS);

  afterAll(async () => {
    await Promise.all(instances.map(({ process }) => process.kill()));
    await database.drop();
  });

  /** Asks one instance, and the other one when that is gone or does not know what became of it. */
  async function persist(first: number, request: (url: string) => Promise<Answer>): Promise<Answer> {
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
      const { url } = instances[(first + attempt) % instances.length]!;
      const answer = await request(url).catch(() => undefined);
      if (answer && answer.status < 500) return answer;
    }
    throw new Error('Neither instance answered');
  }

  async function pay(number: number): Promise<void> {
    const id = randomUUID();
    const body = {
      debits: [{ account: 'alice', amount: '0.50', authorized: true }],
      credits: [{ account: 'bob', amount: '0.50' }],
      execution_condition: CONDITION,
      expires_at: new Date(Date.now() + 60_000).toISOString(),
    };
    const prepared = await persist(number, (url) => ask(`PUT ${url}/transfers/${id}`, { auth: ADMIN, body }));
    expect([200, 201]).toContain(prepared.status);
    const fulfilled = await persist(number + 1, (url) =>
      ask(`PUT ${url}/transfers/${id}/fulfillment`, {
        auth: ADMIN,
        body: FULFILLMENT,
        headers: { 'content-type': 'text/plain' },
      }),
    );
    expect([fulfilled.status, fulfilled.text]).toEqual([200, FULFILLMENT]);
  }

  /** Sequences of everything one instance tells of, from the first event of the ledger on. */
  async function subscribe(url: string): Promise<number[]> {
    const sequences: number[] = [];
    const { token } = (await ask(`GET ${url}/auth_token`, { auth: ADMIN })).body;
    const socket = new WebSocket(`${url.replace('http', 'ws')}/websocket?token=${token}`);
    await once(socket, 'open');
    socket.on('message', (data) => {
      const { method, params } = JSON.parse(String(data));
      if (method === 'notify') sequences.push(params.sequence);
    });
    const params = { eventType: '*', resumeFrom: 0 };
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscribe_all_accounts', params }));
    return sequences;
  }

  it('lose nothing, book nothing twice and tell everything in order when one is killed under load', async () => {
    const [first, second] = instances;
    const told = await subscribe(second.url);
    let begun = 0;
    let killed: Promise<unknown> | undefined;
    await Promise.all(
      Array.from({ length: WORKERS }, async () => {
        while (begun < PAYMENTS) {
          begun += 1;
          if (begun === PAYMENTS / 2) killed = first.process.kill();
          await pay(begun);
        }
      }),
    );
    await killed;

    const balanceOf = async (name: string): Promise<string> =>
      (await ask(`GET ${second.url}/accounts/${name}`, { auth: ADMIN })).body.balance;
    expect([await balanceOf('alice'), await balanceOf('bob')]).toEqual(['800.00', '200.00']);
    const events = 1 + 2 * PAYMENTS;
    await eventually(async () => expect(told).toHaveLength(events), { timeoutMs: 60_000 });
    expect(told).toEqual(Array.from({ length: events }, (_, index) => index + 1));
    await expectBooksInOrder();
  });

  async function expectBooksInOrder(): Promise<void> {
    const dataSource = await openTestDataSource(database, { schema: SCHEMA });
    try {
      expect(await checkInvariants(dataSource)).toEqual([]);
    } finally {
      await dataSource.destroy();
    }
  }
});
