import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization, type RunningRole } from '@level-one/platform';
import { createTestDatabase, eventually, type TestDatabase } from '@level-one/testing';
import { WebSocket } from 'ws';
import { ADMIN, startDfspLedger } from './dfsp-ledger.fixture.js';

const HOME = '192.0.2.1';
const ATTACKER = '198.51.100.66';

let database: TestDatabase;
let ledger: RunningRole;
let another: RunningRole;

interface Answer {
  status: number;
  json: any;
  headers: Record<string, unknown>;
}

async function call(
  request: string,
  as: string | null,
  { address = HOME, body, at = ledger }: { address?: string; body?: object; at?: RunningRole } = {},
): Promise<Answer> {
  const [method, path] = request.split(' ');
  const answer = await at.app.inject({
    method: method as 'GET',
    url: `/ledger${path}`,
    remoteAddress: address,
    headers: {
      ...(as !== null && { authorization: as }),
      ...(body && { 'content-type': 'application/json' }),
    },
    ...(body && { payload: JSON.stringify(body) }),
  });
  return { status: answer.statusCode, json: answer.json(), headers: answer.headers };
}

function putAccount(name: string, body: object): Promise<Answer> {
  return call(`PUT /accounts/${name}`, ADMIN, { body: { name, ...body } });
}

async function tokenOf(name: string, password: string): Promise<string> {
  const { json } = await call('GET /auth_token', basicAuthorization(name, password));
  return `Bearer ${json.token as string}`;
}

/** Opens a websocket. `closed` resolves to its close code. */
async function openWebsocket(authorization: string, at = ledger): Promise<{ closed: Promise<number> }> {
  const { port } = at.app.getHttpServer().address() as { port: number };
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ledger/websocket`, { headers: { authorization } });
  const closed = once(socket, 'close').then(([code]) => code as number);
  await once(socket, 'message');
  return { closed };
}

beforeAll(async () => {
  database = await createTestDatabase();
  ledger = await startDfspLedger(database);
  another = await startDfspLedger(database);
  for (const name of ['alice', 'bob', 'carol', 'dave', 'erin']) await putAccount(name, { password: name });
});

afterAll(async () => {
  await another?.close();
  await ledger?.close();
  await database?.drop();
});

describe('A4: guesses at passwords of a ledger', () => {
  it('are answered 429 with Retry-After, while the account can log in elsewhere and where it did before', async () => {
    const alice = basicAuthorization('alice', 'alice');
    const statuses = [];
    for (let i = 0; i < 12; i++) {
      const wrong = basicAuthorization('alice', `guess ${i}`);
      statuses.push((await call('GET /auth_token', wrong, { address: ATTACKER })).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 401), 429, 429]);
    const refused = await call('GET /accounts/bob', basicAuthorization('alice', 'more'), { address: ATTACKER });
    expect(refused).toMatchObject({ status: 429, json: { id: 'TooManyRequestsError' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await call('GET /auth_token', alice)).status).toBe(200);
  });

  it('are not what wrong tokens are: each is answered 401, and its caller can log in again', async () => {
    const address = '198.51.100.67';
    const statuses = new Set<number>();
    for (let i = 0; i < 150; i++) {
      statuses.add((await call('GET /accounts/bob/entries', `Bearer a.b.${i}`, { address })).status);
    }
    expect(statuses).toEqual(new Set([401]));
    expect((await call('GET /auth_token', basicAuthorization('bob', 'bob'), { address })).status).toBe(200);
  });

  it('do not block routes that are open to anyone', async () => {
    const wrong = basicAuthorization('alice', 'yet another guess');
    expect((await call('GET /health', wrong, { address: ATTACKER })).status).toBe(200);
  });
});

describe('A9: a token', () => {
  it('is not issued for a token', async () => {
    const token = await tokenOf('carol', 'carol');
    expect(await call('GET /auth_token', token)).toMatchObject({ status: 401, json: { id: 'Unauthorized' } });
    expect((await call('GET /accounts/carol', token)).json).toHaveProperty('balance');
  });

  it('is invalid after a change of its password, and its websockets are closed', async () => {
    const token = await tokenOf('carol', 'carol');
    expect((await call('GET /accounts/carol/entries', token)).status).toBe(200);
    const { closed } = await openWebsocket(token);
    await putAccount('carol', { password: 'carol again' });
    expect((await call('GET /accounts/carol/entries', token)).status).toBe(401);
    expect(await closed).toBe(1008);
    expect((await call('GET /accounts/carol/entries', await tokenOf('carol', 'carol again'))).status).toBe(200);
  });

  it('is invalid when its account is disabled or closed', async () => {
    const [dave, erin] = [await tokenOf('dave', 'dave'), await tokenOf('erin', 'erin')];
    await putAccount('dave', { is_disabled: true });
    await call('DELETE /accounts/erin', ADMIN);
    expect((await call('GET /accounts/dave/entries', dave)).status).toBe(401);
    expect((await call('GET /accounts/erin/entries', erin)).status).toBe(401);
  });

  it('stays invalid when its account is enabled again with the same password', async () => {
    await putAccount('grace', { password: 'grace' });
    const before = await tokenOf('grace', 'grace');
    expect((await call('GET /accounts/grace/entries', before)).status).toBe(200);
    await putAccount('grace', { is_disabled: true });
    await putAccount('grace', { is_disabled: false });
    expect((await call('GET /accounts/grace/entries', before)).status).toBe(401);
    const after = await tokenOf('grace', 'grace');
    expect((await call('GET /accounts/grace/entries', after)).status).toBe(200);
    // Enabling an enabled account, or changing something else, invalidates nothing.
    await putAccount('grace', { is_disabled: false, minimum_allowed_balance: '-1' });
    expect((await call('GET /accounts/grace/entries', after)).status).toBe(200);
  });

  it('is invalid at another instance of the ledger within seconds, and its websockets are closed', async () => {
    await putAccount('frank', { password: 'frank' });
    const token = await tokenOf('frank', 'frank');
    expect((await call('GET /accounts/frank/entries', token, { at: another })).status).toBe(200);
    const { closed } = await openWebsocket(token, another);
    await putAccount('frank', { password: 'frank again' });
    await eventually(
      async () => expect((await call('GET /accounts/frank/entries', token, { at: another })).status).toBe(401),
      { timeoutMs: 30_000 },
    );
    expect(await closed).toBe(1008);
  });

  it('stays valid when a ledger is restarted with the same password of its admin', async () => {
    const token = await tokenOf('admin', 'admin');
    const third = await startDfspLedger(database);
    expect((await call('GET /accounts', token, { at: third })).status).toBe(200);
    await third.close();
  });
});
