import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodePacket, encodePacket, packetFromText, packetToText } from '@level-one/ilp';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { ALICE, BOB, CAROL, DAVE, notifiedInvoice, pay } from '../support/people.js';
import { type Answer, TestNetwork } from '../support/test-network.js';

type Setup = Record<string, string>;

const CONDITION = 'ni:///sha-256;Yw3NKWbEM2aRElRIu7JbT_QSpJxzLbLIq8G4WBvXEN0?fpt=preimage-sha-256&cost=32';
const OTHER_CONDITION = { condition: CONDITION, execution_condition: CONDITION };

describe('Setting up, preparing and executing', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    await network.close();
  });

  const receiverOf = (number: string, dfsp: 'dfsp1' | 'dfsp2' = 'dfsp2') =>
    network.url('spsp-server', dfsp, `/v1/receivers/${number}`);
  const toBob = (changes: Record<string, unknown> = {}) => ({
    receiver: receiverOf(BOB),
    sourceAccount: network.url('ledger-adapter', 'dfsp1', '/ilp/ledger/v1/accounts/alice'),
    sourceIdentifier: ALICE,
    destinationAmount: '10.40',
    ...changes,
  });
  const setUp = (body: unknown): Promise<Answer> =>
    network.ask('spsp-client-proxy', 'dfsp1', 'POST /spsp/client/v1/setup', { body });
  const transfer = (id: string, body: unknown): Promise<Answer> =>
    network.ask('spsp-client-proxy', 'dfsp1', `POST /spsp/client/v1/transfers/${id}`, { body });
  const everywhere = async (id: string) =>
    Promise.all([network.transfer('dfsp1', id), network.transfer(null, id), network.transfer('dfsp2', id)]);
  const statesOf = async (id: string) => (await everywhere(id)).map((answer) => answer.body.state ?? answer.status);

  async function newSetup(changes: Record<string, unknown> = {}): Promise<Setup> {
    const answer = await setUp(toBob(changes));
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
    return answer.body;
  }

  it('gives everything that is needed to pay, in both spellings', async () => {
    const before = Date.now();
    const setup = await newSetup();
    expect(setup).toMatchObject({
      id: expect.any(String),
      name: 'Bob Diaz',
      receiver: receiverOf(BOB),
      destinationAccount: network.url('ledger-adapter', 'dfsp2', '/ilp/ledger/v1/accounts/bob'),
      address: expect.stringMatching(/^levelone\.dfsp2\.bob\./),
      destinationAmount: '10.40',
      sourceAmount: '10.40',
      data: { senderIdentifier: ALICE },
      additionalHeaders: expect.any(String),
    });
    expect(setup['condition']).toBe(setup['execution_condition']);
    const expiresAt = Date.parse(setup['expiresAt']!);
    expect(expiresAt).toBeGreaterThanOrEqual(before + 60_000);
    expect(expiresAt).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  it('pays a person; a repeated request is answered 200 with the same result', async () => {
    const setup = await newSetup({ destinationAmount: '4.00' });
    const before = await network.balances();
    const first = await transfer(setup['id']!, setup);
    expect(first).toMatchObject({
      status: 201,
      body: { status: 'executed', fulfillment: expect.stringMatching(/^oCKAI/) },
    });
    const again = await transfer(setup['id']!, setup);
    expect(again).toMatchObject({ status: 200, body: first.body });
    const read = await network.ask('spsp-client-proxy', 'dfsp1', `GET /spsp/client/v1/payments/${setup['id']}`);
    expect(read).toMatchObject({ status: 200, body: { status: 'executed', fulfillment: first.body.fulfillment } });
    expect(Number(before['alice']) - Number((await network.balances())['alice'])).toBeCloseTo(4);
  });

  it('takes the older form, which sets up by itself', async () => {
    const id = randomUUID();
    const answer = await network.ask('spsp-client-proxy', 'dfsp1', `PUT /spsp/client/v1/payments/${id}`, {
      body: { receiver: receiverOf(BOB), sourceAccount: 'alice', sourceIdentifier: ALICE, destinationAmount: '1.00' },
    });
    expect(answer).toMatchObject({ status: 200, body: { id, status: 'executed' } });
  });

  it('N38 to N40: refuses what cannot be set up', async () => {
    expect(await setUp(toBob({ receiver: receiverOf('jane') }))).toMatchObject({
      status: 404,
      body: { id: 'InvalidReceiverIdError' },
    });
    for (const field of ['receiver', 'sourceAccount', 'sourceIdentifier']) {
      expect(await setUp(toBob({ [field]: undefined }))).toMatchObject({
        status: 400,
        body: { id: 'InvalidBodyError' },
      });
    }
    expect(await setUp(toBob({ destinationAmount: undefined }))).toMatchObject({ status: 400 });
    const { invoiceUrl } = await notifiedInvoice(network);
    expect(await setUp(toBob({ receiver: invoiceUrl, destinationAmount: '9.00' }))).toMatchObject({
      status: 422,
      body: { id: 'UnprocessableEntityError' },
    });
  });

  it('N41: a repeated setup (S.F) is the same setup, another under the same id is refused', async () => {
    const { invoiceUrl } = await notifiedInvoice(network);
    const request = { receiver: invoiceUrl, sourceAccount: 'alice', sourceIdentifier: ALICE, paymentId: randomUUID() };
    const first = await setUp(request);
    expect(first.status).toBe(201);
    expect(await setUp(request)).toMatchObject({ status: 201, body: first.body });
    expect(await setUp({ ...request, memo: 'other' })).toMatchObject({
      status: 422,
      body: { id: 'AlreadyExistsError' },
    });

    const atServer = {
      receiver: invoiceUrl,
      senderIdentifier: ALICE,
      paymentId: request.paymentId,
    };
    const replay = await network.ask('spsp-server', 'dfsp2', 'POST /v1/setup', { body: atServer });
    expect(replay).toMatchObject({
      status: 201,
      body: { condition: first.body.condition, additionalHeaders: first.body.additionalHeaders },
    });
    expect(network.hops().some((hop) => hop.hop === 'S.F')).toBe(true);
    const other = await network.ask('spsp-server', 'dfsp2', 'POST /v1/setup', {
      body: { ...atServer, senderIdentifier: CAROL },
    });
    expect(other).toMatchObject({ status: 422, body: { id: 'AlreadyExistsError' } });
  });

  it('N42: an id that is not the one of the path, or no UUID, is 400', async () => {
    const setup = await newSetup();
    expect(await transfer(randomUUID(), setup)).toMatchObject({ status: 400 });
    expect(await transfer('123', setup)).toMatchObject({ status: 400 });
  });

  it('N43: too late is 422 and touches no ledger', async () => {
    const setup = await newSetup();
    const late = { ...setup, expiresAt: new Date(Date.now() - 1_000).toISOString() };
    expect(await transfer(setup['id']!, late)).toMatchObject({ status: 422, body: { id: 'ExpiredTransferError' } });
    expect(await statesOf(setup['id']!)).toEqual([404, 404, 404]);
  });

  it.each([
    ['the condition', 'F05', (setup: Setup) => ({ ...setup, ...OTHER_CONDITION })],
    [
      'one spelling of the condition',
      'F05',
      (setup: Setup) => ({ ...setup, execution_condition: OTHER_CONDITION.execution_condition }),
    ],
    ['the amount in the packet', 'F03', (setup: Setup) => withPacket(setup, { amount: 100n })],
    ['the data in the packet', 'F01', (setup: Setup) => withPacket(setup, { data: Buffer.from('PSK/1.0\nnonsense') })],
    ['the amount', 'F03', (setup: Setup) => ({ ...setup, sourceAmount: '11.40', destinationAmount: '11.40' })],
  ])('N44: tampering with %s is rejected with %s, and every hold returns', async (_what, code, tamper) => {
    const setup = await newSetup();
    const before = await network.balances();
    const answer = await transfer(setup['id']!, tamper(setup));
    expect(answer).toMatchObject({ status: 201, body: { status: 'rejected', rejectionMessage: { code } } });
    await eventually(async () => expect(await statesOf(setup['id']!)).toEqual(['rejected', 'rejected', 'rejected']));
    expect(await network.balances()).toEqual(before);
  });

  it('N44: too little for the packet is rejected on the way', async () => {
    const setup = await newSetup();
    const before = await network.balances();
    const answer = await transfer(setup['id']!, { ...setup, sourceAmount: '1.00', destinationAmount: '1.00' });
    expect(answer).toMatchObject({ status: 201, body: { status: 'rejected', rejectionMessage: { code: 'F03' } } });
    expect(await network.balances()).toEqual(before);
  });

  it('N45: the reason of the payee reaches the payer, and the invoice can still be paid', async () => {
    const { invoiceId, invoiceNotificationId, invoiceUrl } = await notifiedInvoice(network);
    const setup = (await setUp({ receiver: invoiceUrl, sourceAccount: 'alice', sourceIdentifier: ALICE }))
      .body as Setup;
    // What the DFSP is told is not so at its ledger: nothing moves.
    const told = await network.ask(
      'dfsp-api',
      'dfsp2',
      `PUT /v1/receivers/invoices/${invoiceId}/payments/${setup['id']}`,
      {
        body: {
          status: 'rejected',
          transferId: setup['id'],
          paymentid: setup['id'],
          invoiceId,
          destinationAmount: '10.40',
        },
      },
    );
    expect(told).toMatchObject({ status: 422, body: { id: 'UnprocessableEntityError' } });
    // For the payee's DFSP the time of this payment is over, as the clock would have it; its late prepare is refused.
    const database = network.running.role('dfsp-api', 'dfsp2').app.get(DataSource, { strict: false });
    await database.query('UPDATE receiver_payments SET expires_at = now() WHERE payment_id = $1', [setup['id']]);
    const before = await network.balances();
    const answer = await transfer(setup['id']!, setup);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        status: 'rejected',
        rejectionMessage: {
          code: expect.stringMatching(/^F/),
          triggered_by: expect.stringContaining('levelone.dfsp2.bob'),
          additional_info: { id: 'InvoiceNotPendingError' },
        },
      },
    });
    await eventually(async () => expect(await statesOf(setup['id']!)).toEqual(['rejected', 'rejected', 'rejected']));
    expect(await network.balances()).toEqual(before);
    expect(await pay(network, invoiceNotificationId)).toMatchObject({ status: 200, body: { status: 'paid' } });
  });

  it('N46: a destination account that was disabled after the setup: all is rejected', async () => {
    const disable = (is_disabled: boolean) =>
      network.ask('dfsp-ledger', 'dfsp2', 'PUT /ledger/accounts/bob', {
        auth: 'admin:admin',
        body: { name: 'bob', is_disabled },
      });
    const setup = await newSetup();
    const before = await network.balances();
    expect((await disable(true)).status).toBe(200);
    const answer = await transfer(setup['id']!, setup);
    expect((await disable(false)).status).toBe(200);
    expect(answer).toMatchObject({ status: 201, body: { status: 'rejected' } });
    expect(await statesOf(setup['id']!)).toEqual(['rejected', 'rejected', 404]);
    expect(await network.balances()).toEqual(before);
  });

  it('N47: the centre refuses: T1 is rejected with its reason', async () => {
    const floor = (minimum_allowed_balance: string) =>
      network.ask('central-ledger', null, 'PUT /accounts/dfsp1', {
        auth: 'admin:admin',
        body: { name: 'dfsp1', minimum_allowed_balance },
      });
    const setup = await newSetup();
    const before = await network.balances();
    expect((await floor(before['central1']!)).status).toBe(200);
    const answer = await transfer(setup['id']!, setup);
    expect((await floor('-1000000.00')).status).toBe(200);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        status: 'rejected',
        rejectionMessage: { message: expect.stringContaining('destination transfer failed: ') },
      },
    });
    expect(await statesOf(setup['id']!)).toEqual(['rejected', 404, 404]);
    expect(await network.balances()).toEqual(before);
  });

  it('without money nothing is prepared', async () => {
    const setup = (await setUp(toBob({ sourceAccount: 'dave', sourceIdentifier: DAVE }))).body as Setup;
    expect(await transfer(setup['id']!, setup)).toMatchObject({ status: 422, body: { id: 'InsufficientFundsError' } });
    expect(await statesOf(setup['id']!)).toEqual([404, 404, 404]);
  });

  it('N52: every repeated request of a finished payment changes nothing', async () => {
    const setup = await newSetup({ destinationAmount: '2.00' });
    const id = setup['id']!;
    const paid = await transfer(id, setup);
    expect(paid.body.status).toBe('executed');
    const before = await network.balances();
    const admin = { auth: 'admin:admin' };
    for (const [role, dfsp, base] of [
      ['ledger-adapter', 'dfsp1', '/ilp/ledger/v1'],
      ['central-ledger', null, ''],
      ['ledger-adapter', 'dfsp2', '/ilp/ledger/v1'],
    ] as const) {
      const read = await network.ask(role, dfsp, `GET ${base}/transfers/${id}`, admin);
      const put = await network.ask(role, dfsp, `PUT ${base}/transfers/${id}`, { ...admin, body: read.body });
      expect([role, put.status, put.body.state]).toEqual([role, 200, 'executed']);
      const fulfilled = await network.ask(role, dfsp, `PUT ${base}/transfers/${id}/fulfillment`, {
        ...admin,
        body: paid.body.fulfillment,
        headers: { 'content-type': 'text/plain' },
      });
      expect([role, fulfilled.status, fulfilled.text]).toEqual([role, 200, paid.body.fulfillment]);
    }
    expect(await transfer(id, setup)).toMatchObject({ status: 200, body: { status: 'executed' } });
    expect(await network.balances()).toEqual(before);
  });

  it('concurrent requests for one payment are one payment', async () => {
    const setup = await newSetup({ destinationAmount: '3.00' });
    const before = Number(await network.balance('dfsp1', 'alice'));
    const answers = await Promise.all([0, 1, 2].map(() => transfer(setup['id']!, setup)));
    expect(new Set(answers.map((answer) => answer.body.status))).toEqual(new Set(['executed']));
    expect(before - Number(await network.balance('dfsp1', 'alice'))).toBeCloseTo(3);
  });

  it('N54: inside one DFSP money moves directly, and the centre never hears of it', async () => {
    const answer = await setUp(toBob({ receiver: receiverOf(DAVE, 'dfsp1'), destinationAmount: '5.00' }));
    const setup = answer.body as Setup;
    const before = await network.balances();
    expect(await transfer(setup['id']!, setup)).toMatchObject({ status: 201, body: { status: 'executed' } });
    const after = await network.balances();
    expect(Number(after['dave']) - Number(before['dave'])).toBeCloseTo(5);
    expect({ ...after, alice: '', dave: '' }).toEqual({ ...before, alice: '', dave: '' });
    expect(await statesOf(setup['id']!)).toEqual(['executed', 404, 404]);
  });

  it('two payments race for the last money: one is paid, the account stays above its floor', async () => {
    const balance = Number(await network.balance('dfsp2', 'carol'));
    const amount = (balance * 0.6).toFixed(2);
    const setups = await Promise.all(
      [0, 1].map(
        async () =>
          (
            await network.ask('spsp-client-proxy', 'dfsp2', 'POST /spsp/client/v1/setup', {
              body: {
                receiver: receiverOf(ALICE, 'dfsp1'),
                sourceAccount: 'carol',
                sourceIdentifier: CAROL,
                destinationAmount: amount,
              },
            })
          ).body as Setup,
      ),
    );
    const answers = await Promise.all(
      setups.map((setup) =>
        network.ask('spsp-client-proxy', 'dfsp2', `POST /spsp/client/v1/transfers/${setup['id']}`, { body: setup }),
      ),
    );
    expect(new Set(answers.map((answer) => answer.body.status ?? answer.body.id))).toEqual(
      new Set(['InsufficientFundsError', 'executed']),
    );
    expect(Number(await network.balance('dfsp2', 'carol'))).toBeCloseTo(balance - Number(amount));
  });
});

function withPacket(setup: Setup, changes: object): Setup {
  const packet = decodePacket(packetFromText(setup['additionalHeaders']!));
  return { ...setup, additionalHeaders: packetToText(encodePacket({ ...packet, ...changes })) };
}
