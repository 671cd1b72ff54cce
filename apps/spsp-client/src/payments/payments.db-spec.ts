import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { FULFILLMENT, iprReply, type Json, SpspClientTestBed } from '../../test/test-bed.js';

describe('a payment of an SPSP client', () => {
  let bed: SpspClientTestBed;

  beforeAll(async () => {
    bed = await SpspClientTestBed.start();
  });

  beforeEach(() => bed.reset());

  afterAll(() => bed?.stop());

  it('answers 201 when the payment is executed, and 200 the same afterwards', async () => {
    const setup = await bed.newSetup();
    const first = bed.pay(setup);
    await bed.prepared(setup['id']);
    bed.execute(setup['id']);
    expect(await first).toMatchObject({
      status: 201,
      json: { ...setup, status: 'executed', fulfillment: FULFILLMENT },
    });
    expect(await bed.pay(setup)).toMatchObject({ status: 200, json: (await first).json });
    for (const path of ['payments', 'transfers']) {
      expect((await bed.ask('GET', `/v1/${path}/${setup['id'].toUpperCase()}`)).json).toEqual((await first).json);
    }
    expect(bed.sent(setup['id'])).toHaveLength(1);
    await eventually(() => expect(bed.hops.filter((hop) => /^[PV]\./.test(hop))).toEqual(['P.C', 'P.D', 'V.H']));
    expect(bed.sent(setup['id'])[0]!.body).toEqual({
      id: `${bed.peers.url}/ledger/transfers/${setup['id']}`,
      ledger: `${bed.peers.url}/ledger`,
      debits: [{ account: `${bed.peers.url}/ledger/accounts/alice`, amount: '10.40', authorized: true, memo: {} }],
      credits: [
        {
          account: `${bed.peers.url}/ledger/accounts/dfsp1-testconnector`,
          amount: '10.40',
          memo: { ilp: setup['additionalHeaders'] },
        },
      ],
      execution_condition: setup['condition'],
      expires_at: setup['expiresAt'],
    });
  });

  it('is told as it ended at once, also while its end is written with those of others', async () => {
    const setups = await Promise.all(Array.from({ length: 20 }, () => bed.newSetup()));
    const answers = Promise.all(setups.map((setup) => bed.pay(setup)));
    await Promise.all(setups.map(({ id }) => bed.prepared(id)));
    for (const { id } of setups) bed.execute(id);
    for (const { status, json } of await answers) {
      expect([status, json.status]).toEqual([201, 'executed']);
      expect((await bed.ask('GET', `/v1/payments/${json.id}`)).json).toEqual(json);
    }
    const ids = setups.map(({ id }) => `'${id}'`).join();
    await eventually(async () =>
      expect(
        await bed.rows(`SELECT status, fulfillment, count(*)::int FROM payments WHERE id IN (${ids}) GROUP BY 1, 2`),
      ).toEqual([{ status: 'executed', fulfillment: FULFILLMENT, count: 20 }]),
    );
  });

  it('is paid once, also if another instance has begun it and this one has only set it up', async () => {
    const setup = await bed.newSetup();
    const first = bed.pay(setup);
    await bed.prepared(setup['id']);
    bed.execute(setup['id']);
    expect((await first).status).toBe(201);
    await bed.rows(`DELETE FROM setups WHERE payment_id = '${setup['id']}'`);
    const again = await bed.newSetup({ paymentId: setup['id'] });
    expect(again['id']).toBe(setup['id']);
    expect(await bed.pay(setup)).toMatchObject({ status: 200, json: (await first).json });
    expect(bed.sent(setup['id'])).toHaveLength(1);
  });

  it.each([
    [
      'costs more by now',
      { json: { source_connector_account: 'levelone.dfsp1.dfsp1-testconnector', source_amount: '11' } },
    ],
    ['cannot be planned', { status: 500, json: {} }],
  ])('has one answer at the instance that set it up, also if another one has begun it and it %s', async (_, quote) => {
    const other = await bed.besides();
    try {
      const setup = await bed.newSetup();
      const first = other.pay(setup);
      await bed.prepared(setup['id']);
      bed.execute(setup['id']);
      expect((await first).status).toBe(201);
      bed.peers.on(/^GET \/connector\/quote$/, quote);
      expect(await bed.pay(setup)).toMatchObject({ status: 200, json: (await first).json });
      expect(bed.sent(setup['id'])).toHaveLength(1);
    } finally {
      await other.client.close();
    }
  });

  it('stores the payment before it is sent', async () => {
    const setup = await bed.newSetup();
    let stored: Json[] = [];
    bed.peers.on(/^PUT \/ledger\/transfers\/[^/]+$/, async () => {
      stored = await bed.rows(`SELECT status FROM payments WHERE id = '${setup['id']}'`);
      return { status: 422, json: { id: 'InsufficientFundsError', message: 'Sender has insufficient funds.' } };
    });
    await bed.pay(setup);
    expect(stored).toEqual([{ status: 'pending' }]);
  });

  it('relays what the ledger refuses, every time; the payment is rejected with it', async () => {
    const setup = await bed.newSetup();
    const error = { id: 'InsufficientFundsError', message: 'Sender has insufficient funds.', owner: 'alice' };
    bed.peers.on(/^PUT \/ledger\/transfers\/[^/]+$/, { status: 422, json: error });
    for (const _ of [1, 2]) expect(await bed.pay(setup)).toMatchObject({ status: 422, json: error });
    expect(bed.sent(setup['id'])).toHaveLength(1);
    expect(await bed.ask('GET', `/v1/payments/${setup['id']}`)).toMatchObject({
      status: 200,
      json: { status: 'rejected', rejectionMessage: { additional_info: { id: 'InsufficientFundsError' } } },
    });
  });

  it("passes the payee's reason on as it is (R4), and knows an expiry (R5)", async () => {
    const [refused, late] = [await bed.newSetup(), await bed.newSetup()];
    const reason = { code: 'F99', name: 'Application Error', message: 'no', additional_info: { id: 'X', more: [1] } };
    const answers = [bed.pay(refused), bed.pay(late)];
    await Promise.all([bed.prepared(refused['id']), bed.prepared(late['id'])]);
    const credit = bed.ledger.get(refused['id'])!['credits'][0];
    bed.settle(refused['id'], {
      state: 'rejected',
      rejection_reason: 'no',
      credits: [{ ...credit, rejected: true, rejection_message: reason }],
    });
    bed.settle(late['id'], { state: 'rejected', rejection_reason: 'expired' });
    const [first, second] = await Promise.all(answers);
    expect(first).toMatchObject({ status: 201, json: { status: 'rejected' } });
    expect(first!.json['rejectionMessage']).toEqual(reason);
    expect(second).toMatchObject({ status: 201, json: { status: 'expired' } });
    expect(second!.json).not.toHaveProperty('rejectionMessage');
    await eventually(() => expect(bed.hops).toEqual(expect.arrayContaining(['R4', 'R5'])));
  });

  it('pays once when it is asked several times at once', async () => {
    const setup = await bed.newSetup();
    const answers = [0, 1, 2].map(() => bed.pay(setup));
    await bed.prepared(setup['id']);
    bed.execute(setup['id']);
    const statuses = (await Promise.all(answers)).map(({ status, json }) => `${status} ${json['status']}`);
    expect(statuses.toSorted()).toEqual(['200 executed', '200 executed', '201 executed']);
    expect(bed.sent(setup['id'])).toHaveLength(1);
  });

  it('refuses another payment under the same id', async () => {
    const setup = await bed.newSetup();
    const first = bed.pay(setup);
    await bed.prepared(setup['id']);
    bed.execute(setup['id']);
    await first;
    expect(await bed.pay({ ...setup, sourceAmount: '11.00' })).toMatchObject({
      status: 422,
      json: { id: 'AlreadyExistsError' },
    });
  });

  it('N42, N43: refuses wrong ids and what is too late, and sends nothing', async () => {
    const setup = await bed.newSetup();
    expect((await bed.ask('POST', `/v1/transfers/${randomUUID()}`, setup)).status).toBe(400);
    expect(await bed.ask('POST', '/v1/transfers/123', setup)).toMatchObject({
      status: 400,
      json: { id: 'InvalidUriParameterError' },
    });
    const late = { ...setup, expiresAt: new Date(Date.now() - 1).toISOString() };
    expect(await bed.pay(late)).toMatchObject({ status: 422, json: { id: 'ExpiredTransferError' } });
    expect(bed.sent(setup['id'])).toEqual([]);
    expect((await bed.ask('GET', `/v1/payments/${setup['id']}`)).status).toBe(404);
  });

  it('refuses to pay more than was offered', async () => {
    const setup = await bed.newSetup();
    bed.peers.on(/^GET \/connector\/quote$/, {
      json: { source_connector_account: 'levelone.dfsp1.dfsp1-testconnector', source_amount: '10.41' },
    });
    expect(await bed.pay(setup)).toMatchObject({ status: 422, json: { id: 'UnacceptableRateError' } });
    expect(bed.sent(setup['id'])).toEqual([]);
  });

  it('sets up by itself in the older form', async () => {
    const id = randomUUID();
    const answer = bed.ask('PUT', `/v1/payments/${id}`, bed.request());
    await bed.prepared(id);
    bed.execute(id);
    expect(await answer).toMatchObject({ status: 200, json: { id, status: 'executed', name: 'Bob Diaz' } });
    expect(
      (await bed.ask('PUT', `/v1/payments/${randomUUID()}`, bed.request({ sourceIdentifier: undefined }))).status,
    ).toBe(400);
  });

  it('credits the payee directly inside the own DFSP', async () => {
    bed.peers.on(/^POST \/v1\/setup$/, ({ body }) => ({ status: 201, json: iprReply(body, 'dfsp1') }));
    const setup = await bed.newSetup();
    const answer = bed.pay(setup);
    await bed.prepared(setup['id']);
    bed.execute(setup['id']);
    expect((await answer).status).toBe(201);
    expect(bed.sent(setup['id'])[0]!.body.credits[0].account).toBe(`${bed.peers.url}/ledger/accounts/bob`);
    expect(bed.peers.callsTo(/quote/)).toEqual([]);
  });
});
