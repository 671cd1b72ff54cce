import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningRole } from '@level-one/platform';
import { callerOf, createTestDatabase, type RoleCaller, type TestDatabase } from '@level-one/testing';
import { BASE, startDfspLedger } from './dfsp-ledger.fixture.js';

const ZOFIE = 'Žofie 🦊/1';
const PATH = `/accounts/${encodeURIComponent(ZOFIE)}`;

let database: TestDatabase;
let ledger: RunningRole;
let call: RoleCaller;

beforeAll(async () => {
  database = await createTestDatabase();
  ledger = await startDfspLedger(database);
  call = callerOf(ledger, '/ledger');
  await call('PUT', PATH, { name: ZOFIE, password: ZOFIE, balance: '100.00' });
  await call('PUT', '/accounts/bob', { name: 'bob', password: 'bob' });
  await call('PUT', '/accounts/auditor', { name: 'auditor', password: 'auditor', rights: ['read'] });
  for (const amount of ['1.00', '2.00', '3.00', '4.00']) await pay(amount);
});

afterAll(async () => {
  await ledger.close();
  await database.drop();
});

/** Žofie pays bob without a condition. @returns URI of the transfer. */
async function pay(amount: string): Promise<string> {
  const { status, json } = await call('PUT', `/transfers/${randomUUID()}`, {
    debits: [{ account: ZOFIE, amount, authorized: true }],
    credits: [{ account: 'bob', amount }],
  });
  expect(status).toBe(201);
  return json.id;
}

describe('GET /accounts/{name}/entries', () => {
  it('lists each entry with its counterparty and the balance after it', async () => {
    const transfer = await pay('0.50');
    const { status, json } = await call('GET', `${PATH}/entries?limit=1`);
    expect(status).toBe(200);
    expect(json).toEqual({
      account: BASE + PATH,
      entries: [
        {
          id: expect.stringMatching(/^\d+$/),
          transfer,
          counterparty: `${BASE}/accounts/bob`,
          kind: 'transfer',
          amount: '-0.50',
          balance: '89.50',
          booked_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        },
      ],
      next: `${BASE}${PATH}/entries?limit=1&before=${json.entries[0].id}`,
    });
    const [theirs] = (await call('GET', '/accounts/bob/entries?limit=1')).json.entries;
    expect(theirs).toMatchObject({ transfer, counterparty: BASE + PATH, amount: '0.50', balance: '10.50' });
  });

  it('leads by `next` through all entries, each once, and keeps `from` and `to`', async () => {
    const from = '2026-01-01T00:00:00.000Z';
    const to = new Date(Date.now() + 60_000).toISOString();
    const balances: number[] = [];
    let path: string | undefined = `${PATH}/entries?limit=2&from=${from}&to=${to}`;
    while (path) {
      const { status, json } = await call('GET', path);
      expect(status).toBe(200);
      balances.push(...json.entries.map(({ balance }: { balance: string }) => Number(balance)));
      const { searchParams } = new URL(json.next ?? BASE + path);
      expect(Object.fromEntries(searchParams)).toMatchObject({ limit: '2', from, to });
      path = json.next?.replace(BASE, '');
    }
    expect(balances).toEqual([89.5, 90, 94, 97, 99, 100]);
  });

  it('is for the owner, administrators and holders of the right to read', async () => {
    for (const as of ['admin', 'auditor'])
      expect((await call('GET', `${PATH}/entries`, undefined, as)).status).toBe(200);
    expect((await call('GET', '/accounts/bob/entries', undefined, 'bob')).status).toBe(200);
    for (const route of ['entries', 'balance']) {
      expect(await call('GET', `${PATH}/${route}`, undefined, 'bob')).toMatchObject({ status: 403 });
      expect(await call('GET', `${PATH}/${route}`, undefined, null)).toMatchObject({ status: 401 });
      expect(await call('GET', `/accounts/nobody/${route}`)).toMatchObject({
        status: 404,
        json: { id: 'NotFoundError', message: 'Unknown account' },
      });
    }
  });

  it.each([
    'limit=0',
    'limit=501',
    'limit=-1',
    'limit=1e2',
    'limit=1&limit=2',
    'before=x',
    'before=-1',
    'before=99999999999999999999',
    'from=yesterday',
    'to=2026-02-30T00:00:00Z',
    'to=2026-W01-1',
    'from=2026-001',
    'from=2026-01-01T00:00:00',
    'from=%00',
  ])('answers 400 to ?%s', async (query) => {
    expect(await call('GET', `${PATH}/entries?${query}`)).toMatchObject({
      status: 400,
      json: { id: 'InvalidUriParameterError' },
    });
  });
});

describe('GET /accounts/{name}/balance', () => {
  it('returns the balance at a time, or now', async () => {
    expect(await call('GET', `${PATH}/balance?at=2001-01-01T00:00:00.000Z`)).toMatchObject({
      status: 200,
      json: { account: BASE + PATH, at: '2001-01-01T00:00:00.000Z', balance: '0.00' },
    });
    const { entries } = (await call('GET', `${PATH}/entries`)).json;
    for (const { booked_at: at } of entries) {
      const newest = entries.find((entry: { booked_at: string }) => entry.booked_at === at);
      expect((await call('GET', `${PATH}/balance?at=${at}`)).json.balance).toBe(newest.balance);
    }
    expect((await call('GET', `${PATH}/balance`)).json).toMatchObject({
      balance: entries[0].balance,
      at: expect.stringMatching(/Z$/),
    });
    const inZone = encodeURIComponent('2001-01-01T02:00:00+02:00');
    expect((await call('GET', `${PATH}/balance?at=${inZone}`)).json.at).toBe('2001-01-01T00:00:00.000Z');
  });

  it.each(['at=tomorrow', 'at=2026-W01-1', 'at=2026-01-01T00:00:00'])('answers 400 to ?%s', async (query) => {
    expect(await call('GET', `${PATH}/balance?${query}`)).toMatchObject({ status: 400 });
  });
});

describe('DELETE /accounts/{name}', () => {
  it('closes an empty account for good: no login, its name stays taken, its statement readable', async () => {
    const path = `/accounts/${encodeURIComponent('Erinn ✨')}`;
    await call('PUT', path, { name: 'Erinn ✨', password: 'Erinn ✨', balance: '5.00' });
    expect(await call('DELETE', path)).toMatchObject({
      status: 422,
      json: { id: 'UnprocessableEntityError', message: 'There is money on the account' },
    });
    expect((await call('GET', path, undefined, 'Erinn ✨')).status).toBe(200);
    const back = { id: randomUUID(), amount: '5.00', direction: 'out', reference: 'paid out' };
    expect(await call('POST', `${path}/funds`, back)).toMatchObject({ status: 201, json: { balance: '0.00' } });

    const closed = await call('DELETE', path);
    expect(closed).toMatchObject({
      status: 200,
      json: { name: 'Erinn ✨', balance: '0.00', is_disabled: true, closed_at: expect.any(String) },
    });
    expect(await call('DELETE', path)).toMatchObject({ status: 200, json: closed.json });
    expect((await call('GET', '/auth_token', undefined, 'Erinn ✨')).status).toBe(401);
    expect(await call('PUT', path, { name: 'Erinn ✨', is_disabled: false })).toMatchObject({
      status: 422,
      json: { message: 'Account `Erinn ✨` is closed' },
    });
    expect((await call('GET', `${path}/entries`)).json.entries).toHaveLength(2);
    expect((await call('GET', path)).json).toEqual(closed.json);
    const amount = '1.00';
    expect(
      await call('PUT', `/transfers/${randomUUID()}`, {
        debits: [{ account: ZOFIE, amount, authorized: true }],
        credits: [{ account: 'Erinn ✨', amount }],
      }),
    ).toMatchObject({ status: 422, json: { message: 'Account `Erinn ✨` is disabled' } });
  });

  it('is for administrators, and for existing accounts only', async () => {
    expect((await call('DELETE', '/accounts/bob', undefined, 'bob')).status).toBe(403);
    expect((await call('DELETE', '/accounts/bob', undefined, null)).status).toBe(401);
    expect((await call('DELETE', '/accounts/nobody')).status).toBe(404);
    expect((await call('DELETE', `/accounts/${'x'.repeat(300)}`)).status).toBe(404);
    expect((await call('DELETE', '/accounts/%00')).status).toBe(400);
    expect((await call('DELETE', '/accounts/issuance')).status).toBe(422);
    expect((await call('DELETE', '/accounts/admin')).status).toBe(422);
  });
});

describe('PUT /accounts/{name}', () => {
  it('sets a net debit cap and removes it', async () => {
    expect((await call('PUT', '/accounts/capped', { name: 'capped', net_debit_cap: '5' })).json).toMatchObject({
      net_debit_cap: '5.00',
    });
    expect((await call('PUT', '/accounts/capped', { name: 'capped' })).json).toMatchObject({ net_debit_cap: '5.00' });
    expect(
      (await call('PUT', '/accounts/capped', { name: 'capped', net_debit_cap: 'infinity' })).json,
    ).not.toHaveProperty('net_debit_cap');
    expect(await call('PUT', '/accounts/capped', { name: 'capped', net_debit_cap: '-1' })).toMatchObject({
      status: 422,
    });
    expect(await call('PUT', '/accounts/capped', { name: 'capped', net_debit_cap: '1.001' })).toMatchObject({
      status: 422,
    });
    expect(await call('PUT', '/accounts/capped', { name: 'capped', net_debit_cap: 'much' })).toMatchObject({
      status: 400,
    });
  });

  it.each(['password', 'is_disabled', 'accountType', 'connector', 'rights', 'balance', 'net_debit_cap'])(
    'treats null for %s as absent, or refuses it',
    async (member) => {
      const { status } = await call('PUT', '/accounts/nulls', { name: 'nulls', [member]: null });
      expect([200, 201, 400]).toContain(status);
      expect((await call('GET', '/accounts/nulls')).status).toBe(status === 400 ? 404 : 200);
    },
  );
});
