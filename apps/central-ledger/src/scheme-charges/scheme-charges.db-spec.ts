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
import { startCentralLedger } from '../central-ledger.fixture.js';

let database: TestDatabase;
let ledger: RunningRole;
let call: RoleCaller;

beforeAll(async () => {
  database = await createTestDatabase();
  ledger = await startCentralLedger(database);
  call = callerOf(ledger);
  for (const name of ['dfsp1', 'dfsp2']) {
    await call('PUT', `/accounts/${name}`, { name, password: name, minimum_allowed_balance: '-1000000.00' });
  }
});

afterAll(() => closeLedger(ledger, database));

const INTERCHANGE = {
  name: 'interchange',
  charge_type: 'fee',
  rate_type: 'percent',
  rate: '0.0025',
  minimum: '1.00',
  maximum: '100.00',
  code: '001',
  is_active: true,
  payer: 'sender',
  payee: 'ledger',
};

const prepare = (path: string, amount: string) => {
  const body = {
    debits: [{ account: 'dfsp1', amount, authorized: true }],
    credits: [{ account: 'dfsp2', amount }],
    execution_condition: CONDITION,
    expires_at: new Date(Date.now() + 60_000).toISOString(),
  };
  return call('PUT', path, body, 'dfsp1');
};

async function pay(amount: string): Promise<void> {
  const path = `/transfers/${randomUUID()}`;
  expect((await prepare(path, amount)).status).toBe(201);
  expect((await call('PUT', `${path}/fulfillment`, FULFILLMENT, 'dfsp2')).status).toBe(200);
}

/** Net of the fees in each position. */
async function fees(): Promise<Record<string, string>> {
  const { positions } = (await call('GET', '/positions')).json;
  return Object.fromEntries(
    positions.map((one: { account: string; fees: { net: string } }) => [one.account.split('/').at(-1), one.fees.net]),
  );
}

async function switchOff(...names: string[]): Promise<void> {
  for (const name of names) expect((await call('PUT', `/charges/${name}`, { is_active: false })).status).toBe(200);
}

describe('a charge of the scheme', () => {
  it('is held and booked with every transfer within its bounds, and shows in the positions', async () => {
    const created = await call('POST', '/charges', INTERCHANGE);
    expect(created).toMatchObject({ status: 201, json: { ...INTERCHANGE, created: expect.stringMatching(/Z$/) } });
    expect((await call('GET', '/charges')).json).toEqual([created.json]);
    expect((await call('GET', '/accounts/fees')).json).toMatchObject({ balance: '0.00' });

    await pay('10.00');
    await pay('100.01');
    await pay('0.99');
    expect(await fees()).toMatchObject({ dfsp1: '-0.03', dfsp2: '0.00', fees: '0.03' });
    expect((await call('GET', '/positions/dfsp1', undefined, 'dfsp1')).json).toMatchObject({
      fees: { payments: '0.03', receipts: '0.00', net: '-0.03' },
      transfers: { payments: '111.00', receipts: '0.00', net: '-111.00' },
      net: '-111.03',
    });
    const path = `/transfers/${randomUUID()}`;
    await prepare(path, '10.00');
    expect((await call('GET', '/accounts/dfsp1')).json.held).toBe('10.03');
    await call('PUT', `${path}/rejection`, 'no', 'dfsp2');
    expect((await call('GET', '/accounts/dfsp1')).json.held).toBe('0.00');
    await switchOff('interchange');
  });

  it('that is changed or switched off is applied to the next prepare, not to prepared transfers', async () => {
    const before = await fees();
    const path = `/transfers/${randomUUID()}`;
    await call('PUT', '/charges/interchange', { is_active: true });
    await prepare(path, '100.00');
    await switchOff('interchange');
    await pay('100.00');
    expect(await fees()).toEqual(before);
    await call('PUT', `${path}/fulfillment`, FULFILLMENT, 'dfsp2');
    expect((Number((await fees())['fees']) - Number(before['fees'])).toFixed(2)).toBe('0.25');
  });

  it.each([
    ['sender', 'receiver', { dfsp1: -0.5, dfsp2: 0.5 }],
    ['receiver', 'sender', { dfsp1: 0.5, dfsp2: -0.5 }],
    ['receiver', 'ledger', { dfsp2: -0.5, fees: 0.5 }],
  ])('is paid by the %s to the %s', async (payer, payee, expected) => {
    const before = await fees();
    const name = `${payer} to ${payee}`;
    const body = { name, rate_type: 'flat', rate: '0.50', code: 'AB1', payer, payee };
    expect((await call('POST', '/charges', body)).json).toMatchObject({ rate: '0.50', minimum: '0.00', maximum: null });
    await pay('1.00');
    const after = await fees();
    const moved = Object.keys(after)
      .map((account) => [account, Math.round(Number(after[account]) * 100 - Number(before[account]) * 100) / 100])
      .filter(([, net]) => net !== 0);
    expect(Object.fromEntries(moved)).toEqual(expected);
    await switchOff(encodeURIComponent(name));
  });

  it('that the scheme pays is refused while the scheme has no funds', async () => {
    const moveFees = (amount: string, direction: 'in' | 'out') =>
      call('POST', '/accounts/fees/funds', { id: randomUUID(), amount, direction, reference: 'a test' });
    const { balance } = (await call('GET', '/accounts/fees')).json;
    expect((await moveFees(balance, 'out')).json).toMatchObject({ accountType: 'f', balance: '0.00' });
    const body = { name: 'rebate', rate_type: 'flat', rate: '0.50', code: '009', payer: 'ledger', payee: 'receiver' };
    await call('POST', '/charges', body);
    expect(await prepare(`/transfers/${randomUUID()}`, '1.00')).toMatchObject({
      status: 422,
      json: { id: 'InsufficientFundsError', owner: 'fees' },
    });
    await moveFees('1.00', 'in');
    await pay('1.00');
    await switchOff('rebate');
  });

  it('keeps its rate and its parties when it is changed', async () => {
    const change = { rate: '1', payer: 'ledger', minimum: '2', maximum: '3', code: '002' };
    expect((await call('PUT', '/charges/interchange', change)).json).toMatchObject({
      rate: '0.0025',
      payer: 'sender',
      minimum: '2.00',
      maximum: '3.00',
      code: '002',
    });
    expect(await call('PUT', '/charges/interchange', { minimum: '3.01' })).toMatchObject({ status: 422 });
    expect(await call('PUT', '/charges/interchange', { code: 'long' })).toMatchObject({ status: 400 });
    expect(await call('PUT', '/charges/nothing', { code: '003' })).toMatchObject({ status: 404 });
    expect((await call('PUT', '/charges/interchange', { maximum: null })).json).toMatchObject({ maximum: null });
  });

  it('F7: refuses nulls and another name in a change', async () => {
    for (const change of [
      { code: null },
      { is_active: null },
      { minimum: null },
      { name: 'another' },
      { name: null },
    ]) {
      expect(await call('PUT', '/charges/interchange', change)).toMatchObject({
        status: 400,
        json: { id: 'InvalidBodyError' },
      });
    }
    expect((await call('PUT', '/charges/interchange', { name: 'interchange', code: '004' })).status).toBe(200);
  });

  it('has a unique name', async () => {
    expect(await call('POST', '/charges', INTERCHANGE)).toMatchObject({
      status: 422,
      json: { id: 'RecordExistsError', message: 'The charge has already been created' },
    });
  });

  it.each<[string, object, number]>([
    ['no name', { name: undefined }, 400],
    ['an empty name', { name: '' }, 400],
    ['another charge_type', { charge_type: 'tax' }, 400],
    ['another rate_type', { rate_type: 'share' }, 400],
    ['a rate that is no number', { rate: 'much' }, 400],
    ['a code of four letters', { code: 'ABCD' }, 400],
    ['an unknown payer', { payer: 'somebody' }, 400],
    ['is_active that is no flag', { is_active: 'yes' }, 400],
    ['a bound that is no number', { minimum: 'low' }, 400],
    ['payer and payee alike', { payee: 'sender' }, 422],
    ['a rate of zero', { rate: '0' }, 422],
    ['a negative rate', { rate: '-0.1' }, 422],
    ['a rate too fine', { rate: '0.0000001' }, 422],
    ['a flat rate finer than the currency', { rate_type: 'flat', rate: '0.001' }, 422],
    ['bounds that exclude each other', { minimum: '2', maximum: '1' }, 422],
    ['a negative bound', { minimum: '-1' }, 422],
  ])('is refused with %s', async (_, change, status) => {
    expect(await call('POST', '/charges', { ...INTERCHANGE, name: 'refused', ...change })).toMatchObject({ status });
    expect((await call('GET', '/charges')).json.map(({ name }: { name: string }) => name)).not.toContain('refused');
  });

  it('is changed only by administrators', async () => {
    for (const [method, path, body] of [
      ['GET', '/charges'],
      ['POST', '/charges', INTERCHANGE],
      ['PUT', '/charges/interchange', {}],
    ] as const) {
      expect(await call(method, path, body, 'dfsp1')).toMatchObject({ status: 403, json: { id: 'UnauthorizedError' } });
      expect(await call(method, path, body, null)).toMatchObject({ status: 401 });
    }
  });
});

describe('POST /charges/quote', () => {
  it('answers every caller the charges that the sender of an amount would pay', async () => {
    await call('PUT', '/charges/interchange', { is_active: true, minimum: '1', maximum: '100' });
    const flat = { rate_type: 'flat', rate: '0.10', code: '00F', payer: 'receiver', payee: 'ledger' };
    await call('POST', '/charges', { ...flat, name: 'of the receiver' });
    const quote = async (amount: unknown) => call('POST', '/charges/quote', { amount }, 'dfsp1');
    expect(await quote('10')).toMatchObject({ status: 200 });
    expect((await quote('10')).json).toEqual([
      {
        name: 'interchange',
        charge_type: 'fee',
        code: '004',
        amount: '0.03',
        currency_code: 'USD',
        currency_symbol: '$',
      },
    ]);
    expect((await quote('100.01')).json).toEqual([]);
    expect((await quote('abc')).status).toBe(400);
    expect((await quote(undefined)).status).toBe(400);
    expect((await quote('0')).status).toBe(422);
    expect((await quote('1.001')).status).toBe(422);
    expect((await call('POST', '/charges/quote', { amount: '1' }, null)).status).toBe(401);
    await switchOff('interchange', encodeURIComponent('of the receiver'));
  });
});

describe('charges of single transfers (ruling 10)', () => {
  it('exist at the DFSP ledgers only', async () => {
    const path = `/transfers/${randomUUID()}/charges`;
    expect((await call('PUT', path, [{ from: 'dfsp1', to: 'dfsp2', amount: '1', kind: 'fee' }])).status).toBe(404);
    expect((await call('GET', path)).status).toBe(404);
  });
});
