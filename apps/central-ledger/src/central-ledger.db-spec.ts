import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization, type RunningRole } from '@level-one/platform';
import {
  closeLedger,
  CONDITION,
  createTestDatabase,
  eventually,
  FULFILLMENT,
  type TestDatabase,
} from '@level-one/testing';
import { BASE, startCentralLedger } from './central-ledger.fixture.js';

const ADMIN = basicAuthorization('admin', 'admin');
const DFSP1 = basicAuthorization('dfsp1', 'dfsp1');
const DFSP2 = basicAuthorization('dfsp2', 'dfsp2');

let database: TestDatabase;
let ledger: RunningRole;

async function call(method: string, url: string, body?: object | string, as: string | null = ADMIN) {
  const answer = await ledger.app.inject({
    method: method as 'GET',
    url,
    headers: {
      ...(as !== null && { authorization: as }),
      ...(body !== undefined && { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' }),
    },
    ...(body !== undefined && { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const isJson = String(answer.headers['content-type']).startsWith('application/json');
  return { status: answer.statusCode, text: answer.payload, json: isJson ? answer.json() : undefined };
}

/** A transfer from dfsp1 to dfsp2, in a currency with three decimals. */
function transfer(amount: string, expiresAt = new Date(Date.now() + 60_000)): object {
  return {
    debits: [{ account: `${BASE}/accounts/dfsp1`, amount, authorized: true }],
    credits: [{ account: `${BASE}/accounts/dfsp2`, amount }],
    execution_condition: CONDITION,
    expires_at: expiresAt.toISOString(),
  };
}

beforeAll(async () => {
  database = await createTestDatabase();
  ledger = await startCentralLedger(database, { currency: 'TND', scale: 3 });
  for (const name of ['dfsp1', 'dfsp2']) {
    await call('PUT', `/accounts/${name}`, { name, password: name, minimum_allowed_balance: '-1000000.00' });
  }
});

afterAll(() => closeLedger(ledger, database));

describe('the central ledger', () => {
  it('answers at the root, in its own currency (ruling 15)', async () => {
    const { json } = await call('GET', '/', undefined, null);
    expect(json).toMatchObject({
      currency_code: 'TND',
      scale: 3,
      ledger: BASE,
      connectors: [],
      urls: { transfer: `${BASE}/transfers/:id`, websocket: 'ws://localhost/websocket' },
    });
    const path = `/transfers/${randomUUID()}`;
    expect(await call('PUT', path, transfer('1.005'), DFSP1)).toMatchObject({
      status: 201,
      json: { id: BASE + path, debits: [{ amount: '1.005' }] },
    });
    expect(await call('PUT', `/transfers/${randomUUID()}`, transfer('1.0005'), DFSP1)).toMatchObject({ status: 422 });
  });

  it('opens an account once by POST (N79)', async () => {
    const account = { name: 'dfsp3', password: 'dfsp3' };
    expect(await call('POST', '/accounts', account)).toMatchObject({
      status: 201,
      json: { id: `${BASE}/accounts/dfsp3`, balance: '0.000' },
    });
    expect(await call('POST', '/accounts', account)).toMatchObject({
      status: 422,
      json: { id: 'RecordExistsError', message: 'The account has already been registered' },
    });
    expect(await call('POST', '/accounts', { name: 'dfsp4' })).toMatchObject({ status: 400 });
    expect(await call('POST', '/accounts', account, DFSP1)).toMatchObject({ status: 403 });
  });

  it('answers the positions that result from executed transfers', async () => {
    const path = `/transfers/${randomUUID()}`;
    await call('PUT', path, transfer('10.40'), DFSP1);
    expect((await call('PUT', `${path}/fulfillment`, FULFILLMENT, DFSP1)).status).toBe(200);
    const none = { payments: '0.000', receipts: '0.000', net: '0.000' };
    const position = {
      account: `${BASE}/accounts/dfsp1`,
      fees: none,
      transfers: { payments: '10.400', receipts: '0.000', net: '-10.400' },
      net: '-10.400',
      unsettled: '-10.400',
      held: '1.005',
      net_debit_cap: null,
      used_percent: null,
    };
    expect((await call('GET', '/positions/dfsp1', undefined, DFSP1)).json).toEqual(position);
    const { positions } = (await call('GET', '/positions')).json;
    expect(positions).toContainEqual(position);
    expect(positions.map(({ net }: { net: string }) => Number(net)).reduce((a: number, b: number) => a + b)).toBe(0);
    expect(await call('GET', '/positions', undefined, DFSP1)).toMatchObject({ status: 403 });
    expect(await call('GET', '/positions/dfsp2', undefined, DFSP1)).toMatchObject({ status: 403 });
    expect(await call('GET', '/positions/nobody')).toMatchObject({ status: 404 });
  });

  it('rejects expired transfers, by itself or on request, but for those in the grace of their DFSP', async () => {
    const inGrace = `/transfers/${randomUUID()}`;
    expect((await call('PUT', inGrace, transfer('1', new Date(Date.now() + 1_000)), DFSP1)).status).toBe(201);
    expect((await call('PUT', '/accounts/dfsp2', { name: 'dfsp2', grace_s: 0 })).json).toMatchObject({ grace_s: 0 });
    const path = `/transfers/${randomUUID()}`;
    expect((await call('PUT', path, transfer('1', new Date(Date.now() + 2_000)), DFSP1)).status).toBe(201);
    await eventually(async () => {
      expect(await call('POST', '/webhooks/reject-expired-transfers')).toMatchObject({ status: 200 });
      expect((await call('GET', path)).json).toMatchObject({ state: 'rejected', rejection_reason: 'expired' });
    });
    expect((await call('GET', inGrace)).json).toMatchObject({ state: 'prepared' });
    const { json: grace } = await call('GET', `${inGrace}/grace`);
    expect(Date.parse(grace.open_until) - Date.parse(grace.expires_at)).toBe(300_000);
    expect(await call('POST', '/webhooks/reject-expired-transfers', undefined, DFSP1)).toMatchObject({ status: 403 });
  });

  it('takes no transfer whose id the payer voided for itself, and no void by others', async () => {
    const path = `/transfers/${randomUUID()}`;
    const voided = { id: `${BASE}${path}`, state: 'void' };
    expect(await call('PUT', `${path}/void`, undefined, DFSP2)).toMatchObject({ status: 200, json: voided });
    expect(await call('PUT', path, transfer('1'), DFSP1)).toMatchObject({ status: 201 });
    expect(await call('PUT', `${path}/void`, undefined, DFSP1)).toMatchObject({ json: { state: 'prepared' } });
    // Who is no payer learns nothing of it.
    expect(await call('PUT', `${path}/void`, undefined, DFSP2)).toMatchObject({ status: 200, json: voided });
    const other = `/transfers/${randomUUID()}`;
    expect(await call('PUT', `${other}/void`, undefined, DFSP1)).toMatchObject({ json: { state: 'void' } });
    const refused = { status: 422, json: { id: 'ExpiredTransferError' } };
    expect(await call('PUT', other, transfer('1'), DFSP1)).toMatchObject(refused);
    expect(await call('PUT', `${other}/void`, undefined, null)).toMatchObject({ status: 401 });
  });
});
