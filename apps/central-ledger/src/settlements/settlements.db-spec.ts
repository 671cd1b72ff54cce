import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningRole } from '@level-one/platform';
import {
  callerOf,
  closeLedger,
  CONDITION,
  createTestDatabase,
  FULFILLMENT,
  type RoleCaller,
  type TestDatabase,
} from '@level-one/testing';
import { BASE, startCentralLedger } from '../central-ledger.fixture.js';

let database: TestDatabase;
let ledger: RunningRole;
let call: RoleCaller;

beforeAll(async () => {
  database = await createTestDatabase();
  ledger = await startCentralLedger(database, { currency: 'TND', scale: 3 });
  call = callerOf(ledger);
  for (const name of ['dfsp1', 'dfsp2', 'dfsp3']) {
    await call('PUT', `/accounts/${name}`, { name, password: name, minimum_allowed_balance: '-1000000.00' });
  }
  await call('PUT', '/accounts/auditor', { name: 'auditor', password: 'auditor', rights: ['read'] });
});

afterAll(() => closeLedger(ledger, database));

/** @returns URI of an executed transfer. */
async function pay(from: string, to: string, amount: string): Promise<string> {
  const path = `/transfers/${randomUUID()}`;
  const body = {
    debits: [{ account: from, amount, authorized: true }],
    credits: [{ account: to, amount }],
    execution_condition: CONDITION,
    expires_at: new Date(Date.now() + 60_000).toISOString(),
  };
  const prepared = await call('PUT', path, body, from);
  expect(prepared.status).toBe(201);
  expect((await call('PUT', `${path}/fulfillment`, FULFILLMENT, to)).status).toBe(200);
  return BASE + path;
}

const settle = async () => {
  const { status, json } = await call('POST', '/webhooks/settle-transfers');
  expect(status).toBe(200);
  return json;
};

const none = { payments: '0.000', receipts: '0.000', net: '0.000' };
const position = (name: string, payments: string, receipts: string, net: string) => ({
  account: `${BASE}/accounts/${name}`,
  fees: none,
  transfers: { payments, receipts, net },
  net,
});

describe('POST /webhooks/settle-transfers', () => {
  it('settles the transfers since the last settlement, and resets the positions', async () => {
    const transfers = [await pay('dfsp1', 'dfsp2', '10.4'), await pay('dfsp2', 'dfsp1', '3.005')];
    const settlement = await settle();
    expect(settlement).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      settled_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      transfer_count: 2,
      positions: [position('dfsp1', '10.400', '3.005', '-7.395'), position('dfsp2', '3.005', '10.400', '7.395')],
      transfers,
    });
    const { transfers: _, ...recorded } = settlement;
    expect((await call('GET', `/settlements/${settlement.id}`)).json).toEqual(recorded);
    expect((await call('GET', '/positions/dfsp1')).json).toEqual(position('dfsp1', '0.000', '0.000', '0.000'));
    expect((await call('GET', '/accounts/dfsp1')).json.balance).toBe('-7.395');
    expect(await settle()).toMatchObject({ transfer_count: 0, positions: [], transfers: [] });
  });

  it('is for administrators', async () => {
    for (const as of ['dfsp1', 'auditor']) {
      expect(await call('POST', '/webhooks/settle-transfers', undefined, as)).toMatchObject({ status: 403 });
    }
    expect(await call('POST', '/webhooks/settle-transfers', undefined, null)).toMatchObject({ status: 401 });
  });
});

describe('GET /settlements', () => {
  it('lists them, the newest first', async () => {
    const [first, second] = [await settle(), await settle()];
    const { json } = await call('GET', '/settlements?limit=2', undefined, 'dfsp1');
    expect(json.map(({ id }: { id: string }) => id)).toEqual([second.id, first.id]);
    expect(json[0]).toEqual({ id: second.id, settled_at: second.settled_at, transfer_count: 0 });
    expect((await call('GET', '/settlements')).json.length).toBeGreaterThan(2);
    expect((await call('GET', '/settlements', undefined, null)).status).toBe(401);
    for (const limit of ['0', '501', 'x', ''])
      expect((await call('GET', `/settlements?limit=${limit}`)).status).toBe(400);
  });

  it('answers each DFSP its own position, and all positions to readers of balances', async () => {
    await pay('dfsp1', 'dfsp2', '1');
    const { id } = await settle();
    const seenBy = async (as: string) =>
      (await call('GET', `/settlements/${id}`, undefined, as)).json.positions.map(({ account }: { account: string }) =>
        account.split('/').at(-1),
      );
    expect(await seenBy('admin')).toEqual(['dfsp1', 'dfsp2']);
    expect(await seenBy('auditor')).toEqual(['dfsp1', 'dfsp2']);
    expect(await seenBy('dfsp2')).toEqual(['dfsp2']);
    expect(await seenBy('dfsp3')).toEqual([]);
  });

  it('answers 404 for an unknown settlement, 400 for an id that is no UUID', async () => {
    for (const path of ['', '/transfers']) {
      expect(await call('GET', `/settlements/${randomUUID()}${path}`)).toMatchObject({ status: 404 });
      expect(await call('GET', `/settlements/1${path}`)).toMatchObject({
        status: 400,
        json: { id: 'InvalidUriParameterError' },
      });
    }
  });
});

describe('GET /settlements/{id}/transfers', () => {
  it('`next` leads through all transfers, each once, in the order of execution', async () => {
    const paid: string[] = [];
    for (const amount of ['1', '2', '3', '4', '5']) paid.push(await pay('dfsp1', 'dfsp2', amount));
    const { id, transfers } = await settle();
    expect(transfers).toEqual(paid);
    const covered: string[] = [];
    let path: string | undefined = `/settlements/${id}/transfers?limit=2`;
    while (path) {
      const { status, json } = await call('GET', path, undefined, 'auditor');
      expect(status).toBe(200);
      expect(json.transfers.length).toBeLessThanOrEqual(2);
      covered.push(...json.transfers);
      path = json.next?.replace(BASE, '');
    }
    expect(covered).toEqual(paid);
    expect((await call('GET', `/settlements/${id}/transfers`)).json).toEqual({ transfers: paid, next: null });
    for (const query of ['limit=0', 'limit=1001', 'after=x', 'after=-1']) {
      expect((await call('GET', `/settlements/${id}/transfers?${query}`)).status).toBe(400);
    }
  });

  it('is for administrators and readers of balances', async () => {
    const { id } = await settle();
    expect((await call('GET', `/settlements/${id}/transfers`, undefined, 'dfsp1')).status).toBe(403);
    expect((await call('GET', `/settlements/${id}/transfers`, undefined, null)).status).toBe(401);
  });
});

describe('a statement', () => {
  it('is available at the central ledger too', async () => {
    await pay('dfsp3', 'dfsp2', '0.001');
    const { json } = await call('GET', '/accounts/dfsp3/entries?limit=1', undefined, 'dfsp3');
    expect(json).toMatchObject({
      account: `${BASE}/accounts/dfsp3`,
      entries: [{ counterparty: `${BASE}/accounts/dfsp2`, amount: '-0.001', balance: '-0.001', kind: 'transfer' }],
    });
    expect(json.next).toMatch(new RegExp(`^${BASE}/accounts/dfsp3/entries\\?limit=1&before=\\d+$`));
    expect((await call('GET', json.next.replace(BASE, ''), undefined, 'dfsp3')).json).toMatchObject({
      entries: [],
      next: null,
    });
    expect((await call('GET', '/accounts/dfsp3/entries', undefined, 'dfsp1')).status).toBe(403);
    expect((await call('GET', '/invariants')).json.hold).toBe(true);
    expect((await call('GET', '/invariants', undefined, 'dfsp1')).status).toBe(403);
  });
});

describe('DELETE /accounts/{name}', () => {
  it('is refused for a DFSP until its position is settled', async () => {
    await call('PUT', '/accounts/dfsp4', { name: 'dfsp4', password: 'dfsp4', balance: '1.000' });
    await pay('dfsp4', 'dfsp3', '1');
    expect(await call('DELETE', '/accounts/dfsp4')).toMatchObject({
      status: 422,
      json: { id: 'UnprocessableEntityError', message: 'The position of the account is not settled' },
    });
    await settle();
    expect(await call('DELETE', '/accounts/dfsp4')).toMatchObject({ status: 200, json: { is_disabled: true } });
  });
});
