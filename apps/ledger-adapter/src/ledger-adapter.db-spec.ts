import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LEDGER_TEXT_ROUTES, LedgerEngineModule, WithLedger } from '@level-one/ledger';
import { jsonRpcWebsockets, LedgerSubscriber, MemoryCursorStore, type Notification } from '@level-one/notifications';
import {
  basicAuthorization,
  DfspRoleSettings,
  HopRecorder,
  type HopRecord,
  RoleLogger,
  type RunningRole,
  settingsOf,
  startRole,
  WithDatabase,
} from '@level-one/platform';
import { CONDITION, createTestDatabase, eventually, FULFILLMENT, type TestDatabase } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { WebSocket } from 'ws';
import { ledgerAdapterRole } from './ledger-adapter.role.js';
import { LedgerAdapterSettings } from './ledger-adapter.settings.js';

class LedgerSettings extends WithLedger(WithDatabase(DfspRoleSettings)) {}

const ADMIN = basicAuthorization('admin', 'admin');
const ALICE = basicAuthorization('alice', 'alice');
const BOB = basicAuthorization('bob', 'bob');
const quiet = RoleLogger.create({ role: 'test', dfsp: null }, 'silent');

let database: TestDatabase;
let ledger: RunningRole;
let adapter: RunningRole;
let ledgerUrl: string;
let base: string;
const hops: HopRecord[] = [];

interface Answer {
  status: number;
  type: string;
  text: string;
  json: any;
}

interface Options {
  as?: string | null;
  type?: string;
  headers?: Record<string, string>;
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function startLedger(): Promise<RunningRole> {
  const { port } = new URL(ledgerUrl);
  return startRole(
    {
      role: 'dfsp-ledger',
      takesText: LEDGER_TEXT_ROUTES,
      description: 'Test',
      settings: LedgerSettings,
      basePaths: ['ledger'],
      module: (settings) => LedgerEngineModule.forRoot({ settings, basePath: 'ledger' }),
      webSocketAdapter: jsonRpcWebsockets,
    },
    settingsOf(LedgerSettings, {
      port: Number(port),
      logLevel: 'silent',
      demoNetwork: true,
      dfsp: 'dfsp1',
      databaseUrl: database.url,
      databaseSchema: 'ledger',
      ilpPrefix: 'levelone.dfsp1.',
      ledgerAdminPassword: 'admin',
      tokenSecret: 'a secret of the tests',
    }),
  );
}

/** One HTTP request to the adapter, at the primary base path unless `path` begins with `//`. */
async function call(method: string, path: string, body?: unknown, options: Options = {}): Promise<Answer> {
  const { as = ADMIN, type, headers = {} } = options;
  const isText = typeof body === 'string';
  const url = path.startsWith('//') ? new URL(base).origin + path.slice(1) : base + path;
  const request = httpRequest(url, {
    method,
    headers: {
      ...(as !== null && { authorization: as }),
      ...(body !== undefined && { 'content-type': type ?? (isText ? 'text/plain' : 'application/json') }),
      ...headers,
    },
  });
  request.end(body === undefined ? undefined : isText ? body : JSON.stringify(body));
  const [response] = (await once(request, 'response')) as [
    NodeJS.ReadableStream & { statusCode: number; headers: any },
  ];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  const contentType = String(response.headers['content-type'] ?? '');
  return {
    status: response.statusCode,
    type: contentType,
    text,
    json: text !== '' && contentType.startsWith('application/json') ? JSON.parse(text) : undefined,
  };
}

function transfer(from = base): Record<string, unknown> {
  return {
    ledger: from,
    debits: [{ account: `${from}/accounts/alice`, amount: '10.40', authorized: true, memo: { url: from } }],
    credits: [{ account: `${from}/accounts/bob`, amount: '10.40', memo: { ilp: 'packet', ledger: ledgerUrl } }],
    execution_condition: CONDITION,
    expires_at: new Date(Date.now() + 60_000).toISOString(),
  };
}

async function upgradeRefusal(
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; body: unknown }> {
  const socket = new WebSocket(url, { headers });
  socket.on('error', () => undefined);
  const [, response] = (await once(socket, 'unexpected-response')) as [
    unknown,
    NodeJS.ReadableStream & { statusCode: number },
  ];
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, body: JSON.parse(text) };
}

async function subscribe(name: string): Promise<{ received: Notification[]; subscriber: LedgerSubscriber }> {
  const received: Notification[] = [];
  const subscriber = new LedgerSubscriber({
    name: 'test',
    websocketUrl: `${base.replace('http', 'ws')}/websocket`,
    accounts: [`${base}/accounts/${name}`],
    authorize: async () => basicAuthorization(name, name),
    cursor: new MemoryCursorStore(),
    handle: async (notification) => void received.push(notification),
    logger: quiet,
    limits: { firstReconnectDelayMs: 5, maxReconnectDelayMs: 50 },
  });
  subscriber.start();
  await subscriber.ready();
  return { received, subscriber };
}

beforeAll(async () => {
  database = await createTestDatabase();
  ledgerUrl = `http://127.0.0.1:${await freePort()}/ledger`;
  ledger = await startLedger();
  const recorder = new HopRecorder();
  recorder.records$.subscribe((record) => void hops.push(record));
  const port = await freePort();
  adapter = await startRole(
    ledgerAdapterRole,
    settingsOf(LedgerAdapterSettings, { port, dfsp: 'dfsp1', logLevel: 'silent', ledgerUrl }),
    { hops: recorder },
  );
  base = `http://127.0.0.1:${port}/ilp/ledger/v1`;
  await call('PUT', '/accounts/alice', { name: 'alice', password: 'alice', balance: '1000.00' });
  await call('PUT', '/accounts/bob', { name: 'bob', password: 'bob' });
  await call('PUT', '/accounts/dfsp1-testconnector', {
    name: 'dfsp1-testconnector',
    password: 'c',
    accountType: 'con',
  });
});

afterAll(async () => {
  await adapter.close();
  await ledger.close();
  await database.drop();
});

describe('ledger adapter', () => {
  it("shows the metadata of the ledger with the adapter's URLs", async () => {
    const { status, json } = await call('GET', '', undefined, { as: null });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      ledger: base,
      connectors: [{ id: `${base}/accounts/dfsp1-testconnector`, connector: 'levelone.dfsp1.dfsp1-testconnector' }],
    });
    for (const url of Object.values(json.urls as Record<string, string>)) {
      expect(url.replace(/^ws/, 'http')).toContain(`${base}/`);
    }
    expect((await call('GET', '/connectors', undefined, { as: null })).json).toEqual(json.connectors);
    expect((await call('GET', '/health', undefined, { as: null })).json).toEqual({ status: 'OK' });
  });

  it('shows accounts with the rights of the caller', async () => {
    expect((await call('GET', '/accounts/alice', undefined, { as: ALICE })).json).toMatchObject({
      id: `${base}/accounts/alice`,
      ledger: base,
      balance: '1000.00',
    });
    expect((await call('GET', '/accounts/alice', undefined, { as: BOB })).json).not.toHaveProperty('balance');
    expect((await call('GET', '/accounts', undefined, { as: BOB })).status).toBe(403);
    const names = (await call('GET', '/accounts')).json.map(({ id }: { id: string }) => id);
    expect(names).toContain(`${base}/accounts/bob`);
  });

  it('prepares, shows and executes a transfer', async () => {
    const id = randomUUID();
    const sent = transfer();
    const first = await call('PUT', `/transfers/${id}`, sent, { as: ALICE });
    expect(first).toMatchObject({ status: 201, json: { ...sent, id: `${base}/transfers/${id}`, state: 'prepared' } });
    expect(await call('PUT', `/transfers/${id}`, sent, { as: ALICE })).toMatchObject({ status: 200, json: first.json });
    expect((await call('GET', `/transfers/${id}`)).json).toEqual(first.json);
    const fulfilled = await call('PUT', `/transfers/${id}/fulfillment`, FULFILLMENT, { as: BOB });
    expect(fulfilled).toMatchObject({ status: 200, text: FULFILLMENT, type: 'text/plain; charset=utf-8' });
    expect(await call('GET', `/transfers/${id}/fulfillment`)).toMatchObject({ status: 200, text: FULFILLMENT });
    expect((await call('GET', `/transfers/${id}/state`)).json).toEqual({
      id: `${base}/transfers/${id}`,
      state: 'executed',
    });
  });

  it('answers the same at its alias and with the methods of the seeds', async () => {
    const id = randomUUID();
    const alias = base.replace('/ilp/ledger/v1', '/ledger');
    const prepared = await call('POST', `//ledger/transfers/${id}`, transfer(alias), { as: ALICE });
    expect(prepared).toMatchObject({ status: 201, json: { id: `${base}/transfers/${id}` } });
    const fulfilled = await call('POST', `/transfer/${id}/fulfillment`, { fulfillment: FULFILLMENT }, { as: BOB });
    expect(fulfilled).toMatchObject({ status: 200, text: FULFILLMENT });
    const other = randomUUID();
    await call('POST', `/transfers/${other}`, transfer(), { as: ALICE });
    expect((await call('POST', `/transfers/${other}/fulfillment`, FULFILLMENT, { as: BOB })).status).toBe(200);
  });

  it('rejects with a text or a message', async () => {
    const id = randomUUID();
    await call('PUT', `/transfers/${id}`, transfer(), { as: ALICE });
    expect(await call('PUT', `/transfers/${id}/rejection`, 'no thanks', { as: BOB })).toMatchObject({
      status: 200,
      json: { id: `${base}/transfers/${id}`, state: 'rejected', rejection_reason: 'no thanks' },
    });
  });

  it('relays refusals of the ledger (N80a)', async () => {
    const path = `/transfers/${randomUUID()}`;
    expect(await call('PUT', '/transfers/123', transfer())).toMatchObject({
      status: 400,
      json: { id: 'InvalidUriParameterError' },
    });
    expect(await call('GET', path)).toMatchObject({
      status: 404,
      json: { id: 'NotFoundError', message: 'Unknown transfer' },
    });
    const foreign = { ...transfer(), ledger: 'http://elsewhere' };
    expect(await call('PUT', path, foreign)).toMatchObject({ status: 400, json: { id: 'InvalidBodyError' } });
    expect(await call('PUT', path, 'Not a valid request', { type: 'application/json' })).toMatchObject({
      status: 400,
      json: { id: 'InvalidBodyError' },
    });
    expect(await call('PUT', path, '<x/>', { type: 'application/xml' })).toMatchObject({
      status: 415,
      json: { id: 'UnsupportedMediaTypeError' },
    });
    expect(await call('PUT', path, transfer(), { as: BOB })).toMatchObject({ status: 403 });
    expect(await call('GET', '/nowhere')).toMatchObject({ status: 404, json: { id: 'NotFoundError' } });
  });

  it('answers HEAD as GET, also with errors', async () => {
    const status = async (path: string): Promise<number> => (await call('HEAD', path)).status;
    expect(await status('/accounts/alice')).toBe(200);
    expect(await status('/accounts/nobody')).toBe(404);
    expect(await status(`/transfers/${randomUUID()}`)).toBe(404);
    expect(await status('/transfers/123/fulfillment')).toBe(400);
  });

  it('checks for credentials before it reads a body', async () => {
    const answer = await call('PUT', '/transfers/123', 'nonsense', { as: null, type: 'application/json' });
    expect(answer).toMatchObject({ status: 401, json: { id: 'Unauthorized' } });
  });

  it('refuses a body that is too large', async () => {
    const large = { ...transfer(), additional_info: { text: 'x'.repeat(200_000) } };
    expect(await call('PUT', `/transfers/${randomUUID()}`, large)).toMatchObject({
      status: 413,
      json: { id: 'PayloadTooLargeError' },
    });
  });

  it('issues a token that is valid at both', async () => {
    const { json } = await call('GET', '/auth_token', undefined, { as: ALICE });
    const as = `Bearer ${json.token}`;
    expect((await call('GET', '/accounts/alice', undefined, { as })).json).toHaveProperty('balance');
  });

  it.each([
    ['P.D', 'P.E'],
    ['P.H', 'P.I'],
    [undefined, 'P.E'],
  ])('continues hop %s as %s, in the same trace', async (incoming, outgoing) => {
    const id = randomUUID();
    const headers = { 'l1p-trace-id': id, ...(incoming && { 'l1p-hop': incoming }) };
    await call('PUT', `/transfers/${id}`, transfer(), { as: ALICE, headers });
    expect(hops.find((hop) => hop.traceId === id)).toMatchObject({
      hop: outgoing,
      from: 'ledger-adapter',
      to: 'dfsp-ledger',
      status: 201,
    });
  });
});

describe('websocket of the ledger adapter', () => {
  it.each(['/websocket', '/ilp/ledger/v1/websocket', '/ledger/websocket'])('answers 401 at %s (N81)', async (path) => {
    const url = base.replace('http', 'ws').replace('/ilp/ledger/v1', path);
    const refused = { status: 401, body: { id: 'Unauthorized', message: 'Unauthorized' } };
    expect(await upgradeRefusal(url, {})).toEqual(refused);
    expect(await upgradeRefusal(`${url}?token=nonsense`, {})).toEqual(refused);
    expect(await upgradeRefusal(url, { authorization: basicAuthorization('alice', 'wrong') })).toEqual(refused);
  });

  it('relays notifications with its own URIs, and the fulfillment as it was submitted (N86)', async () => {
    const { received, subscriber } = await subscribe('alice');
    const id = randomUUID();
    const { json } = await call('PUT', `/transfers/${id}`, transfer(), { as: ALICE });
    const { cancellation_condition: _none, rejection_reason: _neither, ...prepared } = json;
    await call('PUT', `/transfers/${id}/fulfillment`, FULFILLMENT, { as: BOB });
    await eventually(() => expect(received).toHaveLength(2));
    expect(received[0]).toMatchObject({ event: 'transfer.create', transferId: id, resource: prepared });
    expect(received[1]).toMatchObject({
      event: 'transfer.update',
      resource: { id: `${base}/transfers/${id}`, state: 'executed' },
      relatedResources: { execution_condition_fulfillment: FULFILLMENT },
    });
    await subscriber.close();
  });

  it('relays the errors of the ledger (N82, N83)', async () => {
    const socket = new WebSocket(`${base.replace('http', 'ws')}/websocket`, { headers: { authorization: ALICE } });
    const frames: any[] = [];
    socket.on('message', (data) => frames.push(JSON.parse(String(data))));
    await eventually(() => expect(frames).toEqual([{ jsonrpc: '2.0', id: null, method: 'connect' }]));
    socket.send('nonsense');
    socket.send(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'subscribe_account',
        params: { accounts: [`${base}/accounts/bob`] },
      }),
    );
    socket.send(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 2,
        method: 'subscribe_account',
        params: { accounts: [`${base}/accounts/alice`] },
      }),
    );
    await eventually(() => expect(frames).toHaveLength(4));
    expect(frames.slice(1)).toMatchObject([
      { id: null, error: { code: -32700 } },
      { id: 1, error: { code: 40300 } },
      { id: 2, result: 1 },
    ]);
    socket.terminate();
  });

  it('loses no event while the ledger is down, and answers 502 meanwhile', async () => {
    const { received, subscriber } = await subscribe('alice');
    const before = randomUUID();
    await call('PUT', `/transfers/${before}`, transfer(), { as: ALICE });
    await eventually(() => expect(received.map(({ transferId }) => transferId)).toEqual([before]));
    await ledger.close();
    expect(await call('GET', `/transfers/${before}`)).toMatchObject({ status: 502, json: { id: 'ExternalError' } });
    expect(await upgradeRefusal(`${base.replace('http', 'ws')}/websocket`, { authorization: ALICE })).toMatchObject({
      status: 502,
      body: { id: 'ExternalError' },
    });
    expect((await call('GET', '/health')).status).toBe(503);
    ledger = await startLedger();
    await eventually(async () => expect((await call('GET', '/health')).status).toBe(200));
    const after = randomUUID();
    await call('PUT', `/transfers/${after}`, transfer(), { as: ALICE });
    await eventually(() => expect(received.map(({ transferId }) => transferId)).toEqual([before, after]));
    await subscriber.close();
  });
});

describe('a statement through the adapter', () => {
  const path = `/accounts/${encodeURIComponent('Žofie 🦊/1')}`;
  const as = basicAuthorization('Žofie 🦊/1', 'zofie');

  beforeAll(async () => {
    await call('PUT', path, { name: 'Žofie 🦊/1', password: 'zofie', balance: '10.00' });
    for (const amount of ['1.00', '2.00', '3.00']) {
      const answer = await call('PUT', `/transfers/${randomUUID()}`, {
        debits: [{ account: base + path, amount, authorized: true }],
        credits: [{ account: 'bob', amount }],
      });
      expect(answer.status).toBe(201);
    }
  });

  it.each(['', '//ledger'])(
    'has URIs of the adapter, and a `next` that leads through it (requested at %s)',
    async (prefix) => {
      const balances: string[] = [];
      let next: string | null = `${prefix}${path}/entries?limit=2`;
      while (next) {
        const { status, json } = await call('GET', next, undefined, { as });
        expect([status, json.account]).toEqual([200, base + path]);
        for (const entry of json.entries) {
          expect(entry.transfer).toMatch(new RegExp(`^${base}/transfers/[0-9a-f-]{36}$`));
          expect(entry.counterparty.startsWith(`${base}/accounts/`)).toBe(true);
          balances.push(entry.balance);
        }
        expect(json.next?.startsWith(`${base}${path}/entries?limit=2&before=`) ?? true).toBe(true);
        next = json.next?.slice(base.length) ?? null;
      }
      expect(balances).toEqual(['4.00', '7.00', '9.00', '10.00']);
    },
  );

  it('shows the balance at a time, and relays a refusal', async () => {
    expect(await call('GET', `${path}/balance?at=2001-01-01T00:00:00.000Z`, undefined, { as })).toMatchObject({
      status: 200,
      json: { account: base + path, balance: '0.00' },
    });
    for (const route of ['entries', 'balance']) {
      expect((await call('GET', `${path}/${route}`, undefined, { as: ALICE })).status).toBe(403);
      expect((await call('GET', `${path}/${route}`, undefined, { as: null })).status).toBe(401);
      expect((await call('GET', `${path}/${route}?at=x&limit=x`, undefined, { as })).status).toBe(400);
    }
  });

  it('closes an account for administrators', async () => {
    const closing = `/accounts/${encodeURIComponent('Erinn ✨')}`;
    await call('PUT', closing, { name: 'Erinn ✨' });
    expect((await call('DELETE', closing, undefined, { as: ALICE })).status).toBe(403);
    expect(await call('DELETE', closing)).toMatchObject({
      status: 200,
      json: { id: base + closing, is_disabled: true, closed_at: expect.any(String) },
    });
  });

  it('A1: books funds in and out, once per id', async () => {
    await call('PUT', '/accounts/funded', { name: 'funded', accountType: 'mw' });
    const funds = { id: randomUUID(), amount: '7.00', direction: 'in', reference: 'statement 1' };
    const answer = await call('POST', '/accounts/funded/funds', funds);
    expect(answer).toMatchObject({
      status: 201,
      json: { id: `${base}/accounts/funded`, ledger: base, balance: '7.00', direct_use: false },
    });
    expect(await call('POST', '/accounts/funded/funds', funds)).toMatchObject({ status: 200, json: answer.json });
    expect((await call('POST', '/accounts/funded/funds', { ...funds, amount: '8.00' })).status).toBe(400);
    expect((await call('POST', '/accounts/funded/funds', funds, { as })).status).toBe(403);
  });

  it('does not serve charges and invariants, which belong to the ledger itself', async () => {
    const charges = `/transfers/${randomUUID()}/charges`;
    expect((await call('PUT', charges, [{ from: 'alice', to: 'bob', amount: '1', kind: 'fee' }])).status).toBe(404);
    expect((await call('GET', charges)).status).toBe(404);
    expect((await call('GET', '/invariants')).status).toBe(404);
  });
});
