import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkInvariants } from '@level-one/ledger';
import { basicAuthorization, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { CONDITION, createTestDatabase, eventually, FULFILLMENT, type TestDatabase } from '@level-one/testing';
import { DataSource } from 'typeorm';
import { WebSocket } from 'ws';
import { dfspLedgerRole } from './dfsp-ledger.role.js';
import { DfspLedgerSettings } from './dfsp-ledger.settings.js';

const BASE = 'http://localhost/ledger';
const ADMIN = basicAuthorization('admin', 'admin');
const ALICE = basicAuthorization('alice', 'alice');
const BOB = basicAuthorization('bob', 'bob');

let database: TestDatabase;
let ledger: RunningRole;

interface Answer {
  status: number;
  text: string;
  json: any;
}

interface Options {
  as?: string | null;
  type?: string;
}

async function call(method: string, path: string, body?: unknown, { as = ADMIN, type }: Options = {}): Promise<Answer> {
  const isText = typeof body === 'string';
  const answer = await ledger.app.inject({
    method: method as 'GET',
    url: `/ledger${path}`,
    headers: {
      ...(as !== null && { authorization: as }),
      ...(body !== undefined && { 'content-type': type ?? (isText ? 'text/plain' : 'application/json') }),
    },
    ...(body !== undefined && { payload: isText ? body : JSON.stringify(body) }),
  });
  const isJson = String(answer.headers['content-type']).startsWith('application/json');
  return { status: answer.statusCode, text: answer.payload, json: isJson ? answer.json() : undefined };
}

function transfer(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    debits: [{ account: `${BASE}/accounts/alice`, amount: '10.40', authorized: true, memo: { note: 'Žofie 🦊' } }],
    credits: [{ account: `${BASE}/accounts/bob`, amount: '10.40', memo: { ilp: 'packet' } }],
    execution_condition: CONDITION,
    expires_at: new Date(Date.now() + 60_000).toISOString(),
    ...change,
  };
}

/** @returns path and body of a new prepared transfer. */
async function prepared(change: Record<string, unknown> = {}): Promise<[string, Record<string, unknown>]> {
  const path = `/transfers/${randomUUID()}`;
  const body = transfer(change);
  expect((await call('PUT', path, body, { as: ALICE })).status).toBe(201);
  return [path, body];
}

beforeAll(async () => {
  database = await createTestDatabase();
  ledger = await startRole(
    dfspLedgerRole,
    settingsOf(DfspLedgerSettings, {
      // More than any test sends.
      requestsPerCustomer: 1_000,
      port: 0,
      publicUrl: 'http://localhost',
      logLevel: 'silent',
      demoNetwork: true,
      dfsp: 'dfsp1',
      databaseUrl: database.url,
      databaseSchema: 'dfsp1_ledger',
      ilpPrefix: 'levelone.dfsp1.',
      ledgerAdminPassword: 'admin',
      tokenSecret: 'a secret of the tests',
    }),
  );
  await call('PUT', '/accounts/alice', {
    name: 'alice',
    password: 'alice',
    balance: '1000.00',
    accountType: 'mw',
    direct_use: true,
  });
  await call('PUT', '/accounts/bob', { name: 'bob', password: 'bob' });
  await call('PUT', '/accounts/carol', { name: 'carol', password: 'carol' });
  await call('PUT', '/accounts/connector', {
    name: 'connector',
    password: 'connector',
    minimum_allowed_balance: '-1000000.00',
    accountType: 'con',
  });
});

afterAll(async () => {
  const violations = await checkInvariants(ledger.app.get(DataSource, { strict: false }));
  await ledger.close();
  await database.drop();
  if (violations.length > 0) throw new Error(`Invariants do not hold: ${JSON.stringify(violations)}`);
});

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

describe('A10: a transfer', () => {
  it('can be read by its parties and by roles; others get 404', async () => {
    const id = randomUUID();
    await call('PUT', `/transfers/${id}`, transfer({}), { as: ALICE });
    await call('PUT', `/transfers/${id}/fulfillment`, FULFILLMENT, { as: BOB });
    for (const as of [ALICE, BOB, undefined]) {
      const asked = as === undefined ? {} : { as };
      expect((await call('GET', `/transfers/${id}`, undefined, asked)).status).toBe(200);
      expect((await call('GET', `/transfers/${id}/fulfillment`, undefined, asked)).text).toBe(FULFILLMENT);
    }
    const carol = { as: basicAuthorization('carol', 'carol') };
    for (const path of ['', '/state']) {
      expect(await call('GET', `/transfers/${id}${path}`, undefined, carol)).toMatchObject({
        status: 404,
        json: { id: 'NotFoundError' },
      });
    }
    expect(await call('GET', `/transfers/${id}/fulfillment`, undefined, carol)).toMatchObject({ status: 404 });
  });
});

describe('A8: the data that an account holder can store', () => {
  it('is limited in size for proposals and messages', async () => {
    const large = { text: 'x'.repeat(9_000) };
    const proposal = transfer({ additional_info: large, debits: [{ account: 'alice', amount: '10.40' }] });
    expect(await call('PUT', `/transfers/${randomUUID()}`, proposal, { as: BOB })).toMatchObject({
      status: 413,
      json: { id: 'PayloadTooLargeError' },
    });
    const message = { from: 'bob', to: 'alice', data: { text: 'x'.repeat(17_000) } };
    expect(await call('POST', '/messages', message, { as: BOB })).toMatchObject({ status: 413 });
  });

  it('is limited per minute for messages, which every subscriber reads', async () => {
    await call('PUT', '/accounts/chatty', { name: 'chatty', password: 'chatty' });
    const as = basicAuthorization('chatty', 'chatty');
    const sent = (text: string, caller = as) =>
      call('POST', '/messages', { account: 'nobody-listens', data: { text } }, { as: caller });
    // There is no subscriber, which is checked after the message is counted.
    expect(await sent('short')).toMatchObject({ status: 422, json: { id: 'NoSubscriptionsError' } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => sent('x'.repeat(16_000))));
    expect(answers).toContainEqual(
      expect.objectContaining({ status: 429, json: expect.objectContaining({ id: 'TooManyRequestsError' }) }),
    );
    expect(await sent('x'.repeat(16_000), BOB)).toMatchObject({ status: 422 });
  });

  it('is limited in number for proposals', async () => {
    await call('PUT', '/accounts/busy', { name: 'busy', password: 'busy' });
    const as = basicAuthorization('busy', 'busy');
    const statuses = new Set<number>();
    for (let count = 0; count < 11; count += 1) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () =>
          call(
            'PUT',
            `/transfers/${randomUUID()}`,
            { debits: [{ account: 'alice', amount: '1' }], credits: [{ account: 'busy', amount: '1' }] },
            { as },
          ),
        ),
      );
      for (const { status } of answers) statuses.add(status);
    }
    expect(statuses).toEqual(new Set([201, 429]));
  });
});

describe('PUT /transfers/{id}', () => {
  it('prepares, and answers a repeated PUT with 200 (N55)', async () => {
    const id = randomUUID();
    const body = transfer({ id: `${BASE}/transfers/${id.toUpperCase()}`, ledger: BASE, state: 'executed' });
    const first = await call('PUT', `/transfers/${id.toUpperCase()}`, body, { as: ALICE });
    expect(first.status).toBe(201);
    expect(first.json).toEqual({
      id: `${BASE}/transfers/${id}`,
      ledger: BASE,
      debits: [{ account: `${BASE}/accounts/alice`, amount: '10.40', authorized: true, memo: { note: 'Žofie 🦊' } }],
      credits: [{ account: `${BASE}/accounts/bob`, amount: '10.40', memo: { ilp: 'packet' } }],
      execution_condition: CONDITION,
      expires_at: body['expires_at'],
      state: 'prepared',
      timeline: { proposed_at: expect.any(String), prepared_at: expect.any(String) },
    });
    const again = await call('POST', `/transfers/${id}`, body, { as: ALICE });
    expect(again).toMatchObject({ status: 200, json: first.json });
    const otherAmount = transfer({ credits: [{ account: 'bob', amount: '10.41' }] });
    otherAmount['debits'] = [{ account: 'alice', amount: '10.41', authorized: true }];
    expect((await call('PUT', `/transfers/${id}`, otherAmount, { as: ALICE })).json.id).toBe(
      'InvalidModificationError',
    );
  });

  it('accepts the flat form (row 27)', async () => {
    const uuid = randomUUID();
    const flat = {
      uuid,
      debitAccount: `${BASE}/accounts/alice`,
      creditAccount: 'bob',
      amount: '1',
      authorized: true,
      executionCondition: CONDITION,
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
    };
    expect(await call('PUT', `/transfers/${uuid}`, flat)).toMatchObject({ status: 201, json: { state: 'prepared' } });
  });

  it('answers 400 to an id that is not a UUID (N57, N59)', async () => {
    const refusal = { status: 400, json: { id: 'InvalidUriParameterError', message: 'id is not a valid Uuid' } };
    expect(await call('PUT', '/transfers/123', transfer())).toMatchObject(refusal);
    expect(await call('GET', '/transfers/123')).toMatchObject(refusal);
    expect(await call('PUT', '/transfers/123/fulfillment', FULFILLMENT)).toMatchObject(refusal);
    expect(await call('GET', '/transfers/123/fulfillment')).toMatchObject(refusal);
  });

  it.each([
    ['not JSON', 'Not a valid request'],
    ['no debits', transfer({ debits: undefined })],
    ['no credits', transfer({ credits: undefined })],
    ['another id', transfer({ id: randomUUID() })],
    ['an amount that is not a number', transfer({ debits: [{ account: 'alice', amount: 'abc' }] })],
    ['another ledger', transfer({ ledger: 'http://elsewhere' })],
    ['a malformed condition', transfer({ execution_condition: 'cc:nonsense' })],
    [
      'a NUL in a reason',
      transfer({ credits: [{ account: 'bob', amount: '1', rejected: true, rejection_message: { message: '\0' } }] }),
    ],
  ])('answers 400 InvalidBodyError to %s (N58, N70, N72, N77)', async (_, body) => {
    const answer = await call('PUT', `/transfers/${randomUUID()}`, body, { type: 'application/json' });
    expect(answer).toMatchObject({ status: 400, json: { id: 'InvalidBodyError' } });
  });

  it('answers 415 to a body of another type, 413 to a body that is too large', async () => {
    const path = `/transfers/${randomUUID()}`;
    expect(await call('PUT', path, '{}', { type: 'text/plain' })).toMatchObject({ status: 415 });
    const large = transfer({ debits: [{ account: 'alice', amount: '1', memo: { text: 'x'.repeat(50_000) } }] });
    expect(await call('PUT', path, large)).toMatchObject({ status: 413, json: { id: 'PayloadTooLargeError' } });
    const larger = transfer({ additional_info: { text: 'x'.repeat(200_000) } });
    expect(await call('PUT', path, larger)).toMatchObject({ status: 413, json: { id: 'PayloadTooLargeError' } });
  });

  it('proposes without authorization, and prepares once authorized (N60)', async () => {
    const path = `/transfers/${randomUUID()}`;
    const body = transfer();
    const proposal = { ...body, debits: [{ account: 'alice', amount: '10.40', memo: { note: 'Žofie 🦊' } }] };
    expect(await call('PUT', path, proposal, { as: BOB })).toMatchObject({ status: 201, json: { state: 'proposed' } });
    expect(await call('PUT', path, body, { as: BOB })).toMatchObject({
      status: 403,
      json: { id: 'UnauthorizedError', message: 'Invalid attempt to authorize debit' },
    });
    expect(await call('PUT', `${path}/fulfillment`, FULFILLMENT)).toMatchObject({
      status: 400,
      json: { id: 'InvalidModificationError' },
    });
    expect(await call('PUT', path, body, { as: ALICE })).toMatchObject({ status: 200, json: { state: 'prepared' } });
  });

  it('answers 422 if the funds do not suffice', async () => {
    const all = { debits: [{ account: 'alice', amount: '1000.01', authorized: true }] };
    const body = transfer({ ...all, credits: [{ account: 'bob', amount: '1000.01' }] });
    expect(await call('PUT', `/transfers/${randomUUID()}`, body, { as: ALICE })).toMatchObject({
      status: 422,
      json: { id: 'InsufficientFundsError', message: 'Sender has insufficient funds.', owner: 'alice' },
    });
  });

  it('is refused to callers who are not a party', async () => {
    const as = basicAuthorization('carol', 'carol');
    expect(await call('PUT', `/transfers/${randomUUID()}`, transfer(), { as })).toMatchObject({ status: 403 });
  });
});

describe('GET /transfers/{id}', () => {
  it('answers 404 for an unknown transfer (N59)', async () => {
    expect(await call('GET', `/transfers/${randomUUID()}`)).toMatchObject({
      status: 404,
      json: { id: 'NotFoundError', message: 'Unknown transfer' },
    });
  });

  it('answers the transfer and its state', async () => {
    const [path] = await prepared();
    expect((await call('GET', path)).json).toMatchObject({ id: BASE + path, state: 'prepared' });
    expect((await call('GET', `${path}/state`)).json).toEqual({ id: BASE + path, state: 'prepared' });
  });
});

describe('PUT /transfers/{id}/fulfillment', () => {
  it('executes with any form of the body, and by the aliases of the seeds', async () => {
    for (const [method, alias, body] of [
      ['PUT', 'transfers', FULFILLMENT],
      ['POST', 'transfers', { fulfillment: FULFILLMENT }],
      ['POST', 'transfer', FULFILLMENT],
    ] as const) {
      const [path] = await prepared();
      const answer = await call(method, `${path.replace('transfers', alias)}/fulfillment`, body, { as: BOB });
      expect(answer).toMatchObject({ status: 200, text: FULFILLMENT });
      expect((await call('GET', path)).json.state).toBe('executed');
      expect(await call('GET', `${path}/fulfillment`)).toMatchObject({ status: 200, text: FULFILLMENT });
    }
    const [path] = await prepared();
    const quoted = JSON.stringify(FULFILLMENT);
    expect((await call('PUT', `${path}/fulfillment`, quoted, { type: 'application/json' })).text).toBe(FULFILLMENT);
  });

  it('answers 422 to another preimage (N61)', async () => {
    const [path] = await prepared();
    const other = 'oCKAIIYvEbZPFojkJML-W6Xl60qEY-NWz10fHN4X5-Yv-s8k';
    expect(await call('PUT', `${path}/fulfillment`, other)).toMatchObject({
      status: 422,
      json: { id: 'UnmetConditionError', message: 'Fulfillment does not match any condition' },
    });
  });

  it.each([
    ['garbage', 'garbage!', 'text/plain'],
    ['nothing', undefined, undefined],
    ['empty text', '', 'text/plain'],
    ['an empty object', '{}', 'application/json'],
  ])('answers 400 to %s (N62)', async (_, body, type) => {
    const [path] = await prepared();
    const answer = await call('PUT', `${path}/fulfillment`, body, type ? { type } : {});
    expect(answer).toMatchObject({ status: 400, json: { id: 'InvalidBodyError' } });
    expect(answer.json.message).toMatch(/^Invalid fulfillment: /);
  });

  it('answers 404 for an unknown transfer (N63)', async () => {
    expect(await call('PUT', `/transfers/${randomUUID()}/fulfillment`, 'garbage')).toMatchObject({
      status: 404,
      json: { id: 'NotFoundError' },
    });
    expect(await call('GET', `/transfers/${randomUUID()}/fulfillment`)).toMatchObject({
      status: 404,
      json: { id: 'TransferNotFoundError' },
    });
  });
});

describe('PUT /transfers/{id}/rejection', () => {
  it('rejects with a text or an object, and shows the reason', async () => {
    const [byText] = await prepared();
    const text = await call('PUT', `${byText}/rejection`, 'not today', { as: BOB });
    expect(text).toMatchObject({
      status: 200,
      json: {
        state: 'rejected',
        rejection_reason: 'not today',
        credits: [{ rejected: true, rejection_message: { message: 'not today' } }],
      },
    });
    const [byObject] = await prepared();
    const reason = { code: 'F99', name: 'Application Error', message: 'no', additional_info: { id: 'X' } };
    const object = await call('PUT', `${byObject}/rejection`, reason, { as: BOB });
    expect(object.json).toMatchObject({ rejection_reason: 'no', credits: [{ rejection_message: reason }] });
  });

  it.each([
    ['a reason that is too long', 'x'.repeat(2_049), 413],
    ['no reason', {}, 400],
    ['a reason that is not a text', { message: 1 }, 400],
  ])('refuses %s', async (_, body, status) => {
    const [path] = await prepared();
    expect((await call('PUT', `${path}/rejection`, body, { as: BOB })).status).toBe(status);
  });

  it('is refused to the debit side (N69)', async () => {
    const [path] = await prepared();
    expect(await call('PUT', `${path}/rejection`, 'no', { as: ALICE })).toMatchObject({
      status: 403,
      json: { id: 'UnauthorizedError', message: 'Invalid attempt to reject credit' },
    });
  });
});

/** Opens a websocket subscribed to bob's account, and collects its notifications. */
async function listenToBob(): Promise<{ socket: WebSocket; notifications: any[] }> {
  const { token } = (await call('GET', '/auth_token', undefined, { as: BOB })).json;
  const { port } = ledger.app.getHttpServer().address() as { port: number };
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ledger/websocket?token=${token}`);
  const frames: any[] = [];
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  await eventually(() => {
    if (frames[0]?.method !== 'connect') throw new Error('Not connected');
  });
  const params = { eventType: '*', accounts: [`${BASE}/accounts/bob`] };
  socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'subscribe_account', params }));
  const notifications: any[] = [];
  await eventually(() => {
    if (frames[1]?.result !== 1) throw new Error('Not subscribed');
  });
  socket.on('message', (data) => notifications.push(JSON.parse(String(data)).params));
  return { socket, notifications };
}

describe('the websocket', () => {
  it('notifies about an account in order, with the fulfillment', async () => {
    const { socket, notifications } = await listenToBob();
    const [path] = await prepared();
    await call('PUT', `${path}/fulfillment`, FULFILLMENT);
    await eventually(() => expect(notifications).toHaveLength(2));
    expect(notifications).toMatchObject([
      { event: 'transfer.create', resource: { id: BASE + path, state: 'prepared' } },
      {
        event: 'transfer.update',
        resource: { id: BASE + path, state: 'executed' },
        related_resources: { execution_condition_fulfillment: FULFILLMENT },
      },
    ]);
    socket.terminate();
  });
});

describe('POST /messages', () => {
  it('reaches the subscribers of the addressee unchanged', async () => {
    const { socket, notifications } = await listenToBob();
    const message = { ledger: BASE, from: `${BASE}/accounts/alice`, to: `${BASE}/accounts/bob` };
    const data = { method: 'quote_request', custom: { deep: ['Žofie', null, 1.5] } };
    expect(await call('POST', '/messages', { ...message, data }, { as: ALICE })).toMatchObject({
      status: 201,
      text: '',
    });
    await eventually(() => expect(notifications).toHaveLength(1));
    expect(notifications).toMatchObject([{ event: 'message.send', resource: { ...message, data } }]);
    socket.terminate();
  });

  it('is refused in the name of another account, and to an account without subscribers (N80)', async () => {
    const message = { from: 'bob', to: 'carol', data: {} };
    expect(await call('POST', '/messages', message, { as: ALICE })).toMatchObject({
      status: 400,
      json: { id: 'InvalidBodyError', message: 'You do not have permission to impersonate this user' },
    });
    expect(await call('POST', '/messages', message, { as: BOB })).toMatchObject({
      status: 422,
      json: { id: 'NoSubscriptionsError', message: 'Destination account could not be reached' },
    });
  });
});
