import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '@level-one/platform';
import { CONDITION, FULFILLMENT } from '@level-one/testing';
import { ALICE, BASE, BOB, TestDfspLedger, transfer } from './dfsp-ledger.fixture.js';

let ledger: TestDfspLedger;
let call: TestDfspLedger['call'];
let prepared: TestDfspLedger['prepared'];

beforeAll(async () => {
  ledger = await TestDfspLedger.open();
  ({ call, prepared } = ledger);
});

afterAll(() => ledger?.close());

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
