import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '@level-one/platform';
import { ALICE, BASE, BOB, TestDfspLedger } from './dfsp-ledger.fixture.js';

let ledger: TestDfspLedger;
let call: TestDfspLedger['call'];

beforeAll(async () => {
  ledger = await TestDfspLedger.open();
  ({ call } = ledger);
});

afterAll(() => ledger?.close());

describe('the ledger shows', () => {
  it('its metadata without credentials (ruling 20)', async () => {
    const { status, json } = await call('GET', '', undefined, { as: null });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      currency_code: 'USD',
      currency_symbol: '$',
      ilp_prefix: 'levelone.dfsp1.',
      precision: 10,
      scale: 2,
      connectors: [{ id: `${BASE}/accounts/connector`, name: 'connector', connector: 'levelone.dfsp1.connector' }],
      urls: { transfer: `${BASE}/transfers/:id`, websocket: 'ws://localhost/ledger/websocket' },
    });
    for (const url of Object.values(json.urls)) expect(url).toMatch(/^(http|ws):\/\/localhost\/ledger\//);
    expect((await call('GET', '/health', undefined, { as: null })).json).toEqual({ status: 'OK' });
    expect((await call('GET', '/connectors', undefined, { as: null })).json).toEqual(json.connectors);
  });

  it('an account to its owner, and its name to anyone (N76)', async () => {
    const mine = await call('GET', '/accounts/bob', undefined, { as: BOB });
    expect(mine.json).toMatchObject({ balance: expect.stringMatching(/^\d+\.\d\d$/), minimum_allowed_balance: '0.00' });
    const shown = { id: `${BASE}/accounts/bob`, name: 'bob', ledger: BASE };
    expect((await call('GET', '/accounts/bob', undefined, { as: ALICE })).json).toEqual(shown);
    expect((await call('GET', '/accounts/bob', undefined, { as: null })).json).toEqual(shown);
    const unknown = { status: 404, json: { id: 'NotFoundError', message: 'Unknown account' } };
    for (const name of ['nobody', 'x'.repeat(300)]) {
      expect(await call('GET', `/accounts/${name}`)).toMatchObject(unknown);
    }
    expect(await call('GET', '/accounts/%00')).toMatchObject({ status: 400, json: { id: 'InvalidUriParameterError' } });
  });
});

describe('credentials', () => {
  it.each([
    ['none', null],
    ['a wrong password', basicAuthorization('alice', 'wrong')],
    ['an unknown name', basicAuthorization('nobody', 'x')],
    ['an account without password', basicAuthorization('issuance', '')],
    ['a forged token', 'Bearer abc.def.ghi'],
  ])('%s: 401 before the body is read (N76)', async (_, as) => {
    const answer = await call('PUT', '/transfers/123', 'nonsense', { as, type: 'application/json' });
    expect(answer).toMatchObject({ status: 401, json: { id: 'Unauthorized', message: 'Unauthorized' } });
  });

  it('can be a token, valid for a week', async () => {
    const { json } = await call('GET', '/auth_token', undefined, { as: ALICE });
    expect(json).toMatchObject({ token: expect.any(String), token_max_age: 604_800_000 });
    const asAlice = { as: `Bearer ${json.token}` };
    expect((await call('GET', '/accounts/alice', undefined, asAlice)).json).toHaveProperty('balance');
  });

  it('are refused as soon as the account is disabled', async () => {
    const erin = basicAuthorization('erin', 'erin');
    await call('PUT', '/accounts/erin', { name: 'erin', password: 'erin' });
    expect((await call('GET', '/auth_token', undefined, { as: erin })).status).toBe(200);
    await call('PUT', '/accounts/erin', { name: 'erin', is_disabled: true });
    expect((await call('GET', '/auth_token', undefined, { as: erin })).status).toBe(401);
  });
});

describe('PUT /accounts/{name}', () => {
  it('is for administrators (N79)', async () => {
    expect(await call('PUT', '/accounts/mallory', { name: 'mallory', password: 'm' }, { as: ALICE })).toMatchObject({
      status: 403,
    });
    expect(await call('GET', '/accounts', undefined, { as: ALICE })).toMatchObject({ status: 403 });
    expect((await call('GET', '/accounts')).json.map(({ name }: { name: string }) => name)).toContain('alice');
  });

  it('accepts any Unicode name', async () => {
    const path = `/accounts/${encodeURIComponent('Žofie 🦊/1')}`;
    const { status, json } = await call('PUT', path, { name: 'Žofie 🦊/1', balance: 5.5 });
    expect([status, json.name, json.balance]).toEqual([201, 'Žofie 🦊/1', '5.50']);
    expect(json.id).toBe(`${BASE}${path}`);
    expect((await call('PUT', path, { id: BASE + path, is_disabled: true })).status).toBe(200);
    expect((await call('GET', path)).json).toMatchObject({ is_disabled: true, balance: '5.50' });
  });

  it.each([
    ['another name', { name: 'other' }, 400],
    ['F7: the id of another account', { name: 'frank', id: `${BASE}/accounts/alice` }, 400],
    ['F7: neither name nor id', { balance: '1.00' }, 400],
    ['a balance that is not a number', { name: 'frank', balance: 'abc' }, 400],
    ['a balance below the floor', { name: 'frank', balance: '-1.00' }, 422],
    ['a balance with too many decimals', { name: 'frank', balance: '1.001' }, 422],
    ['an unknown right', { name: 'frank', rights: ['everything'] }, 400],
    ['an unknown kind', { name: 'frank', accountType: 'x' }, 400],
    ['A1: the kind of the issuance account', { name: 'frank', accountType: 'issuance' }, 422],
  ])('refuses %s', async (_, body, status) => {
    expect((await call('PUT', '/accounts/frank', body)).status).toBe(status);
    expect((await call('GET', '/accounts/frank')).status).toBe(404);
  });
});

describe('POST /accounts/{name}/funds', () => {
  const funds = (change: object = {}): object => ({
    id: randomUUID(),
    amount: '10.00',
    direction: 'in',
    reference: 'bank statement 117',
    ...change,
  });

  it('A1: three parallel movements of 10 on 100 give 130', async () => {
    await call('PUT', '/accounts/dora', { name: 'dora', password: 'dora', balance: '100.00', accountType: 'mw' });
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', '/accounts/dora/funds', funds())));
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect((await call('GET', '/accounts/dora')).json).toMatchObject({
      balance: '130.00',
      accountType: 'mw',
      direct_use: false,
    });
  });

  it('answers the balance, a repeated request with 200, and other content under the id with 400', async () => {
    await call('PUT', '/accounts/dean', { name: 'dean' });
    const body = funds();
    const first = await call('POST', '/accounts/dean/funds', body);
    expect(first).toMatchObject({ status: 201, json: { id: `${BASE}/accounts/dean`, balance: '10.00' } });
    expect(await call('POST', '/accounts/dean/funds', body)).toMatchObject({ status: 200, json: first.json });
    for (const change of [{ amount: '10.01' }, { direction: 'out' }, { reference: 'another' }]) {
      expect(await call('POST', '/accounts/dean/funds', { ...body, ...change })).toMatchObject({
        status: 400,
        json: { id: 'InvalidModificationError' },
      });
    }
    expect((await call('POST', '/accounts/dean/funds', funds({ direction: 'out' }))).json).toMatchObject({
      balance: '0.00',
    });
    expect(await call('PUT', '/accounts/dean', { name: 'dean', balance: '5.00' })).toMatchObject({
      status: 422,
      json: { id: 'UnprocessableEntityError' },
    });
    expect((await call('PUT', '/accounts/dean', { name: 'dean', balance: '0' })).status).toBe(200);
  });

  it.each([
    ['no id', { id: undefined }, 400],
    ['an id that is not a UUID', { id: 'one' }, 400],
    ['an amount that is not a number', { amount: 'much' }, 400],
    ['no direction', { direction: undefined }, 400],
    ['field A: another currency', { currency: 'EUR' }, 422],
    ['field A: another scale', { scale: 0 }, 422],
    ['no reference', { reference: '' }, 400],
    ['an amount of zero', { amount: '0' }, 422],
    ['an amount with too many decimals', { amount: '0.001' }, 422],
    ['more than there is', { amount: '99999.00', direction: 'out' }, 422],
  ])('refuses %s', async (_, change, status) => {
    expect((await call('POST', '/accounts/bob/funds', funds(change))).status).toBe(status);
  });

  it('is for administrators', async () => {
    expect((await call('POST', '/accounts/bob/funds', funds(), { as: BOB })).status).toBe(403);
    expect((await call('POST', '/accounts/bob/funds', funds(), { as: null })).status).toBe(401);
    expect((await call('POST', '/accounts/nobody/funds', funds())).status).toBe(404);
  });
});
