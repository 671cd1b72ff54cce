import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type RunningRole } from '@level-one/platform';
import {
  closeLedger,
  callerOf,
  CONDITION,
  createTestDatabase,
  FULFILLMENT,
  type RoleCaller,
  type TestDatabase,
} from '@level-one/testing';
import { DataSource } from 'typeorm';
import { BASE, startDfspLedger } from './dfsp-ledger.fixture.js';

let database: TestDatabase;
let ledger: RunningRole;
let call: RoleCaller;

beforeAll(async () => {
  database = await createTestDatabase();
  ledger = await startDfspLedger(database);
  call = callerOf(ledger, '/ledger');
  await call('PUT', '/accounts/alice', { name: 'alice', password: 'alice', balance: '1000.00' });
  await call('PUT', `/accounts/${encodeURIComponent('Žofie 🦊')}`, { name: 'Žofie 🦊', accountType: 'f' });
  await call('PUT', '/accounts/bob', { name: 'bob', password: 'bob' });
  await call('PUT', '/accounts/fee', { name: 'fee', password: 'fee', accountType: 'f' });
});

afterAll(() => closeLedger(ledger, database));

const FEE = { from: 'alice', to: 'fee', amount: '0.25', kind: 'fee' };
const newPath = (): string => `/transfers/${randomUUID()}`;

function transfer(change: object = {}): object {
  return {
    debits: [{ account: 'alice', amount: '10.00', authorized: true }],
    credits: [{ account: 'bob', amount: '10.00' }],
    execution_condition: CONDITION,
    expires_at: new Date(Date.now() + 60_000).toISOString(),
    ...change,
  };
}

describe('ruling 10: PUT /transfers/{id}/charges', () => {
  it('stores them before the transfer exists, answers a repeated PUT with 200, and returns them by GET', async () => {
    const path = newPath();
    const charges = [
      { from: `${BASE}/accounts/alice`, to: 'Žofie 🦊', amount: 0.5, kind: 'fee' },
      { ...FEE, amount: '0.250' },
    ];
    const told = [
      {
        from: `${BASE}/accounts/alice`,
        to: `${BASE}/accounts/${encodeURIComponent('Žofie 🦊')}`,
        amount: '0.50',
        kind: 'fee',
      },
      { from: `${BASE}/accounts/alice`, to: `${BASE}/accounts/fee`, amount: '0.25', kind: 'fee' },
    ];
    expect((await call('GET', `${path}/charges`)).json).toEqual([]);
    expect(await call('PUT', `${path}/charges`, charges)).toMatchObject({ status: 201, json: told });
    expect(await call('PUT', `${path.toUpperCase().replace('/TRANSFERS', '/transfers')}/charges`, told)).toMatchObject({
      status: 200,
      json: told,
    });
    expect(await call('GET', `${path}/charges`)).toMatchObject({ status: 200, json: told });
    expect((await call('GET', path)).status).toBe(404);

    const before = (await call('GET', '/accounts/alice')).json;
    expect((await call('PUT', path, transfer(), 'alice')).status).toBe(201);
    expect((await call('GET', '/accounts/alice')).json.held).toBe('10.75');
    expect((await call('PUT', `${path}/fulfillment`, FULFILLMENT, 'bob')).status).toBe(200);
    expect((await call('GET', '/accounts/alice')).json).toMatchObject({ held: '0.00' });
    const after = (await call('GET', '/accounts/alice')).json;
    expect(Math.round((Number(before.balance) - Number(after.balance)) * 100)).toBe(1_075);
  });

  it('field A: answers 422 to charges in another unit, 400 to other charges, and 422 once the transfer is final', async () => {
    const path = newPath();
    await call('PUT', path, transfer(), 'alice');
    expect((await call('PUT', `${path}/charges`, [FEE])).status).toBe(201);
    for (const unit of [{ currency: 'EUR' }, { scale: 4 }]) {
      expect(await call('PUT', `${newPath()}/charges`, [{ ...FEE, ...unit }])).toMatchObject({ status: 422 });
    }
    expect(await call('PUT', `${path}/charges`, [{ ...FEE, amount: '0.26' }])).toMatchObject({
      status: 400,
      json: { id: 'InvalidModificationError', message: 'Charges may not be modified' },
    });
    await call('PUT', `${path}/rejection`, 'no', 'bob');
    expect((await call('PUT', `${path}/charges`, [FEE])).status).toBe(200);
    expect(await call('PUT', `${path}/charges`, [{ ...FEE, kind: 'commission' }])).toMatchObject({
      status: 422,
      json: { id: 'AlreadyExistsError' },
    });
  });

  it('answers 422 if an account is unknown', async () => {
    expect(await call('PUT', `${newPath()}/charges`, [{ ...FEE, from: 'nobody' }])).toMatchObject({
      status: 422,
      json: { id: 'UnprocessableEntityError', message: 'Account `nobody` does not exist' },
    });
    const path = newPath();
    await call('PUT', path, transfer(), 'alice');
    expect(await call('PUT', `${path}/charges`, [{ ...FEE, amount: '99999.00' }])).toMatchObject({
      status: 422,
      json: { id: 'InsufficientFundsError', owner: 'alice' },
    });
  });

  it.each<[string, unknown, number]>([
    ['a charge that is not in a list', FEE, 400],
    ['an empty list', [], 400],
    ['null', null, 400],
    ['more than 16 of them', Array.from({ length: 17 }, () => FEE), 400],
    ['a text instead of a charge', ['fee'], 400],
    ['no kind', [{ ...FEE, kind: undefined }], 400],
    ['an unknown kind', [{ ...FEE, kind: 'transfer' }], 400],
    ['no payer', [{ ...FEE, from: undefined }], 400],
    ['an account that is not a text', [{ ...FEE, to: 1 }], 400],
    ['an amount that is not a number', [{ ...FEE, amount: 'abc' }], 400],
    ['an account with a NUL', [{ ...FEE, to: 'a\0b' }], 400],
    ['an account of another ledger', [{ ...FEE, to: 'http://elsewhere/accounts/fee' }], 422],
    ['an amount of zero', [{ ...FEE, amount: '0' }], 422],
    ['a negative amount', [{ ...FEE, amount: '-1' }], 422],
    ['an amount with too many decimals', [{ ...FEE, amount: '0.001' }], 422],
    ['an amount too large', [{ ...FEE, amount: '100000000.00' }], 422],
    ['an account that pays itself', [{ ...FEE, to: `${BASE}/accounts/alice` }], 422],
  ])('refuses %s', async (_, body, status) => {
    const path = newPath();
    const answer = await call('PUT', `${path}/charges`, body);
    expect(answer).toMatchObject({
      status,
      json: { id: status === 400 ? 'InvalidBodyError' : 'UnprocessableEntityError' },
    });
    expect((await call('GET', `${path}/charges`)).json).toEqual([]);
  });

  it('accepts JSON only, and UUIDs as ids only', async () => {
    expect(await call('PUT', `${newPath()}/charges`, 'fee')).toMatchObject({ status: 415 });
    const refusal = { status: 400, json: { id: 'InvalidUriParameterError' } };
    expect(await call('PUT', '/transfers/123/charges', [FEE])).toMatchObject(refusal);
    expect(await call('GET', '/transfers/123/charges')).toMatchObject(refusal);
  });

  it('is for administrators', async () => {
    const path = `${newPath()}/charges`;
    for (const [method, body] of [['PUT', [FEE]], ['GET']] as const) {
      expect(await call(method, path, body, 'alice')).toMatchObject({ status: 403, json: { id: 'UnauthorizedError' } });
      expect(await call(method, path, body, null)).toMatchObject({ status: 401 });
    }
  });
});

describe('PUT /transfers/{id}', () => {
  it('answers 400 to a memo that the database cannot store', async () => {
    for (const text of ['\0', '\ud800']) {
      const body = transfer({ additional_info: { nested: [{ text }] } });
      expect([text, (await call('PUT', newPath(), body, 'alice')).status]).toEqual([text, 400]);
    }
  });
});

describe('GET /invariants', () => {
  it('reports to administrators only whether each invariant holds', async () => {
    const { status, json } = await call('GET', '/invariants');
    expect([status, json.hold]).toEqual([200, true]);
    expect(json.invariants).toContainEqual({ invariant: 'every transfer sums to zero', violations: [] });
    expect(await call('GET', '/invariants', undefined, 'alice')).toMatchObject({ status: 403 });
    expect(await call('GET', '/invariants', undefined, null)).toMatchObject({ status: 401 });
  });

  it('names a broken invariant', async () => {
    const dataSource = ledger.app.get(DataSource, { strict: false });
    await dataSource.query(`UPDATE ledger_head SET last_sequence = last_sequence + 1`);
    const { json } = await call('GET', '/invariants');
    await dataSource.query(`UPDATE ledger_head SET last_sequence = last_sequence - 1`);
    expect(json.hold).toBe(false);
    const broken = json.invariants.filter(({ violations }: { violations: unknown[] }) => violations.length > 0);
    expect(broken).toMatchObject([{ invariant: 'events are numbered without a gap', violations: [{}] }]);
  });
});
