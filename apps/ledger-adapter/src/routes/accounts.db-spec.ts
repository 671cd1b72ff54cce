import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { ALICE, TestAdapter } from '../ledger-adapter.fixture.js';

let adapter: TestAdapter;
let call: TestAdapter['call'];
let base: TestAdapter['base'];

beforeAll(async () => {
  adapter = await TestAdapter.open();
  ({ call, base } = adapter);
});

afterAll(() => adapter?.close());

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

describe('many accounts through the adapter', () => {
  const COUNT = 6_000;
  const namesOf = ({ json }: { json: { name: string }[] }): string[] => json.map(({ name }) => name);

  beforeAll(() => adapter.addAccounts(COUNT));

  it('are all in one answer, each once, with URIs of the adapter', async () => {
    const answer = await call('GET', '/accounts');
    expect(answer.status).toBe(200);
    const names = namesOf(answer);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.startsWith('n-'))).toHaveLength(COUNT);
    expect(names).toEqual(expect.arrayContaining(['alice', 'bob', 'n-00001', 'n-06000']));
    expect(answer.json.every(({ id }: { id: string }) => id.startsWith(`${base}/accounts/`))).toBe(true);
  });

  it('are in pages with a limit', async () => {
    const all = namesOf(await call('GET', '/accounts'));
    const read: string[] = [];
    let page: string[];
    do {
      const after = read.length === 0 ? '' : `&after=${encodeURIComponent(read.at(-1)!)}`;
      page = namesOf(await call('GET', `/accounts?limit=1000${after}`));
      read.push(...page);
    } while (page.length === 1_000);
    expect(read).toEqual(all);
  });

  it.each(['limit=0', 'limit=1001', 'limit=x', 'limit=5&limit=6', 'after='])('refuses %s', async (query) => {
    expect(await call('GET', `/accounts?${query}`)).toMatchObject({
      status: 400,
      json: { id: 'InvalidUriParameterError' },
    });
  });

  it('are for administrators only', async () => {
    expect((await call('GET', '/accounts', undefined, { as: ALICE })).status).toBe(403);
    expect((await call('GET', '/accounts?limit=5', undefined, { as: ALICE })).status).toBe(403);
    expect((await call('GET', '/accounts', undefined, { as: null })).status).toBe(401);
  });
});
