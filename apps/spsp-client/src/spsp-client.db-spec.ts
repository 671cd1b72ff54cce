import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { conditionOf, encodePacket, packetToText } from '@level-one/ilp';
import { basicAuthorization, HopRecorder, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { createTestDatabase, eventually, FakePeers, type TestDatabase } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { spspClientRole } from './spsp-client.role.js';
import { SpspClientSettings } from './spsp-client.settings.js';

const ALICE = '78956562';
const FULFILLMENT = 'oCKAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
const LIFETIME_MS = 30_000;

type Json = Record<string, any>;

/** What the payee's SPSP server answers. */
function iprReply({ paymentId, amount = '10.40', senderIdentifier }: Json, dfsp = 'dfsp2'): Json {
  const address = `levelone.${dfsp}.bob.token`;
  const minorUnits = BigInt(Math.round(Number(amount) * 100));
  return {
    id: paymentId,
    name: 'Bob Diaz',
    destinationAccount: 'http://dfsp2.test/accounts/bob',
    address,
    destinationAmount: amount,
    expiresAt: new Date(Date.now() + LIFETIME_MS).toISOString(),
    data: { senderIdentifier },
    additionalHeaders: packetToText(encodePacket({ amount: minorUnits, address, data: Buffer.from(paymentId) })),
    condition: conditionOf(Buffer.from(String(paymentId))),
  };
}

const RECEIVER = { type: 'payee', name: 'Bob', account: 'http://dfsp2.test/accounts/bob', currencyCode: 'USD' };
const INVOICE = {
  type: 'invoice',
  invoiceId: '1',
  account: 'http://dfsp2.test/accounts/bob',
  currencyCode: 'USD',
  amount: '10.40',
  status: 'unpaid',
};

describe('the SPSP client', () => {
  let database: TestDatabase;
  let peers: FakePeers;
  let client: RunningRole;
  let hops: string[];
  /** T1s as the fake ledger knows them. */
  let ledger: Map<string, Json>;

  const start = async (changes: Partial<SpspClientSettings> = {}): Promise<RunningRole> => {
    const recorder = new HopRecorder();
    hops = [];
    recorder.records$.subscribe(({ hop }) => hops.push(hop));
    const role = await startRole(
      spspClientRole,
      settingsOf(SpspClientSettings, {
        port: 0,
        dfsp: 'dfsp1',
        rolePassword: 'the-client',
        callers: 'spsp-client-proxy:the-proxy,scheme-adapter:the-adapter',
        logLevel: 'silent',
        demoNetwork: true,
        databaseUrl: database.url,
        databaseSchema: 'spsp_client',
        centralDirectoryUrl: `${peers.url}/directory`,
        centralDirectoryKey: 'dfsp1',
        centralDirectorySecret: 'dfsp1',
        signingKey: '01'.repeat(32),
        signingKeyId: 'dfsp1-key-1',
        ilpConnectorUrl: `${peers.url}/connector`,
        ledgerAdapterUrl: `${peers.url}/ledger`,
        ledgerName: 'admin',
        ledgerPassword: 'admin',
        ilpPrefix: 'levelone.dfsp1.',
        ...changes,
      }),
      { hops: recorder },
    );
    await eventually(() => role.assertReady());
    return role;
  };

  beforeAll(async () => {
    [database, peers] = await Promise.all([createTestDatabase(), FakePeers.start()]);
    client = await start();
  });

  beforeEach(() => {
    ledger = new Map();
    peers.forgetCalls();
    hops.length = 0;
    peers.on(/^GET \/directory\/dfsps$/, {
      json: [{ shortName: 'dfsp2', providerUrl: `${peers.url}/v1`, origins: [peers.url] }],
    });
    peers.on(/^POST \/v1\/setup$/, ({ body }) => ({ status: 201, json: iprReply(body) }));
    peers.on(/^GET \/connector\/quote$/, ({ query }) => ({
      json: {
        source_connector_account: 'levelone.dfsp1.dfsp1-testconnector',
        source_ledger: 'levelone.dfsp1.',
        source_amount: query['source_amount'] ?? query['destination_amount'],
        destination_amount: query['destination_amount'] ?? query['source_amount'],
      },
    }));
    peers.on(/^PUT \/ledger\/transfers\/[^/]+$/, ({ body, route }) => {
      const id = route.split('/').at(-1)!;
      ledger.set(id, ledger.get(id) ?? { ...body, state: 'prepared' });
      return { status: 201, json: ledger.get(id) };
    });
    peers.on(/^GET \/ledger\/transfers\/[^/]+$/, ({ route }) => {
      const transfer = ledger.get(route.split('/').at(-1)!);
      return transfer
        ? { json: transfer }
        : { status: 404, json: { id: 'NotFoundError', message: 'Unknown transfer' } };
    });
    peers.on(/^GET \/ledger\/transfers\/[^/]+\/fulfillment$/, { text: FULFILLMENT });
  });

  afterAll(async () => {
    await client.close();
    await peers.stop();
    await database.drop();
  });

  const ask = async (method: 'GET' | 'POST' | 'PUT', url: string, body?: object) => {
    const answer = await client.app.inject({
      method,
      url,
      headers: {
        authorization: url.includes('IPR')
          ? basicAuthorization('scheme-adapter', 'the-adapter')
          : basicAuthorization('spsp-client-proxy', 'the-proxy'),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { payload: JSON.stringify(body) }),
    });
    const json: Json = answer.body === '' ? {} : answer.json();
    return { status: answer.statusCode, json, text: answer.body };
  };
  const receiver = () => `${peers.url}/v1/receivers/26547070`;
  const request = (changes: Json = {}): Json => ({
    receiver: receiver(),
    sourceAccount: `${peers.url}/ledger/accounts/alice`,
    sourceIdentifier: ALICE,
    destinationAmount: '10.40',
    ...changes,
  });
  const newSetup = async (changes: Json = {}): Promise<Json> => {
    const answer = await ask('POST', '/v1/setup', request(changes));
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
    return answer.json;
  };
  const pay = (setup: Json) => ask('POST', `/v1/transfers/${setup['id']}`, setup);
  const sent = (id: string) => peers.callsTo(new RegExp(`^PUT /ledger/transfers/${id}$`));
  const prepared = (id: string) => eventually(() => expect(ledger.has(id)).toBe(true));
  const settle = (id: string, changes: Json, related?: object): void => {
    const transfer = { ...ledger.get(id), ...changes };
    ledger.set(id, transfer);
    peers.notify('transfer.update', transfer, related);
  };
  const execute = (id: string): void =>
    settle(id, { state: 'executed' }, { execution_condition_fulfillment: FULFILLMENT });
  const rows = (sql: string) => client.app.get(DataSource, { strict: false }).query<Json[]>(sql);

  describe('looking up', () => {
    it('asks the SPSP server, and relays what it says', async () => {
      peers.on(/^GET \/v1\/receivers\/1$/, { json: RECEIVER });
      peers.on(/^GET \/v1\/receivers\/2$/, { status: 404, json: { id: 'NotFoundError', message: 'nobody' } });
      peers.on(/^GET \/v1\/receivers\/3$/, { status: 500, json: { id: 'Error', message: 'stack' } });
      peers.on(/^GET \/v1\/invoices\/1$/, { json: INVOICE });
      const query = (path: string) => ask('GET', `/v1/query?receiver=${encodeURIComponent(peers.url + path)}`);
      expect(await query('/v1/receivers/1')).toMatchObject({ status: 200, json: { name: 'Bob' } });
      expect(await query('/v1/invoices/1')).toMatchObject({ status: 200, json: { invoiceId: '1' } });
      expect(await query('/v1/receivers/2')).toMatchObject({ status: 404, json: { id: 'InvalidReceiverIdError' } });
      expect(await query('/v1/invoices/2')).toMatchObject({ status: 404, json: { id: 'InvoiceNotFoundError' } });
      expect(await query('/v1/receivers/3')).toMatchObject({ status: 502, json: { id: 'ExternalError' } });
    });

    it('delivers notifications', async () => {
      peers.on(/^POST \/v1\/invoices$/, { status: 201, json: { invoiceNotificationId: '1', status: 'pending' } });
      const body = {
        invoiceId: '1',
        invoiceUrl: 'http://dfsp1.test/v1/invoices/1',
        submissionUrl: `${peers.url}/v1/invoices`,
        senderIdentifier: ALICE,
        memo: 'Lunch',
      };
      expect(await ask('POST', '/v1/invoices', body)).toMatchObject({ status: 201, json: { status: 'pending' } });
      const { invoiceUrl, senderIdentifier, memo } = body;
      expect(peers.callsTo(/^POST \/v1\/invoices$/)[0]!.body).toEqual({ invoiceUrl, senderIdentifier, memo });
      expect((await ask('POST', '/v1/invoices', { ...body, invoiceUrl: undefined })).status).toBe(400);
    });

    it('quotes for a receiver, with the ILP address that follows from its account', async () => {
      peers.on(/^GET \/v1\/receivers\/1$/, { json: RECEIVER });
      const where = `receiver=${encodeURIComponent(`${peers.url}/v1/receivers/1`)}`;
      expect((await ask('GET', `/v1/quoteSourceAmount?${where}&sourceAmount=10`)).json).toEqual({
        destinationAmount: '10.00',
      });
      // field A: decimals that are asked for.
      const inWhole = await ask('GET', `/v1/quoteSourceAmount?${where}&sourceAmount=10&destinationScale=0`);
      expect(inWhole.json).toEqual({ destinationAmount: '10' });
      expect((await ask('GET', `/quoteDestinationAmount?${where}&destinationAmount=10`)).json).toEqual({
        sourceAmount: '10.00',
      });
      expect(peers.callsTo(/quote/)[0]!.query).toMatchObject({ destination_address: 'levelone.dfsp2.bob' });
      for (const [amount, status, id] of [
        ['', 400, 'NoAmountSpecifiedError'],
        ['0', 400, 'InvalidAmountSpecifiedError'],
        ['NaN', 400, 'InvalidAmountSpecifiedError'],
        ['1.001', 422, 'UnacceptableAmountError'],
      ] as const) {
        const answer = await ask('GET', `/v1/quoteSourceAmount?${where}&sourceAmount=${amount}`);
        expect([amount, answer.status, answer.json['id']]).toEqual([amount, status, id]);
      }
    });
  });

  describe('setting up', () => {
    it('gives the same answer again, whether the payee can still be asked or not', async () => {
      const paymentId = randomUUID();
      const first = await ask('POST', '/v1/setup', request({ paymentId, memo: 'Lunch' }));
      expect(first.status).toBe(201);
      expect(peers.callsTo(/setup/)[0]!.body).toEqual({
        receiver: receiver(),
        amount: '10.40',
        senderIdentifier: ALICE,
        memo: 'Lunch',
        paymentId,
      });
      peers.on(/^POST \/v1\/setup$/, { status: 503 });
      const again = await ask('POST', '/v1/setup', request({ paymentId, memo: 'Lunch' }));
      expect([again.status, again.text]).toEqual([201, first.text]);
      expect(peers.callsTo(/setup/)).toHaveLength(2);
      expect(await ask('POST', '/v1/setup', request({ paymentId }))).toMatchObject({
        status: 422,
        json: { id: 'AlreadyExistsError' },
      });
    });

    it('gives one answer to requests at the same time', async () => {
      const paymentId = randomUUID();
      const answers = await Promise.all([0, 1, 2].map(() => ask('POST', '/v1/setup', request({ paymentId }))));
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    });

    it('N40: knows the amount of an invoice before the payee keeps it for the payment', async () => {
      peers.on(/^GET \/v1\/invoices\/1$/, { json: INVOICE });
      const invoice = { receiver: `${peers.url}/v1/invoices/1` };
      expect(await ask('POST', '/v1/setup', request({ ...invoice, destinationAmount: '9.00' }))).toMatchObject({
        status: 422,
        json: { id: 'UnprocessableEntityError' },
      });
      expect(peers.callsTo(/setup/)).toEqual([]);
      await newSetup(invoice);
      await newSetup({ ...invoice, destinationAmount: undefined });
      expect(peers.callsTo(/setup/)[1]!.body).not.toHaveProperty('amount');
    });

    it('asks no connector inside the own DFSP', async () => {
      peers.on(/^POST \/v1\/setup$/, ({ body }) => ({ status: 201, json: iprReply(body, 'dfsp1') }));
      expect(await newSetup()).toMatchObject({ sourceAmount: '10.40' });
      expect(peers.callsTo(/quote/)).toEqual([]);
    });

    it('refuses an answer that wants another amount', async () => {
      peers.on(/^POST \/v1\/setup$/, ({ body }) => ({ status: 201, json: iprReply({ ...body, amount: '99.00' }) }));
      expect(await ask('POST', '/v1/setup', request())).toMatchObject({ status: 502, json: { id: 'ExternalError' } });
    });
  });

  describe('paying', () => {
    it('answers 201 when the payment is executed, and 200 the same afterwards', async () => {
      const setup = await newSetup();
      const first = pay(setup);
      await prepared(setup['id']);
      execute(setup['id']);
      expect(await first).toMatchObject({
        status: 201,
        json: { ...setup, status: 'executed', fulfillment: FULFILLMENT },
      });
      expect(await pay(setup)).toMatchObject({ status: 200, json: (await first).json });
      for (const path of ['payments', 'transfers']) {
        expect((await ask('GET', `/v1/${path}/${setup['id'].toUpperCase()}`)).json).toEqual((await first).json);
      }
      expect(sent(setup['id'])).toHaveLength(1);
      await eventually(() => expect(hops.filter((hop) => /^[PV]\./.test(hop))).toEqual(['P.C', 'P.D', 'V.H']));
      expect(sent(setup['id'])[0]!.body).toEqual({
        id: `${peers.url}/ledger/transfers/${setup['id']}`,
        ledger: `${peers.url}/ledger`,
        debits: [{ account: `${peers.url}/ledger/accounts/alice`, amount: '10.40', authorized: true, memo: {} }],
        credits: [
          {
            account: `${peers.url}/ledger/accounts/dfsp1-testconnector`,
            amount: '10.40',
            memo: { ilp: setup['additionalHeaders'] },
          },
        ],
        execution_condition: setup['condition'],
        expires_at: setup['expiresAt'],
      });
    });

    it('stores the payment before it is sent', async () => {
      const setup = await newSetup();
      let stored: Json[] = [];
      peers.on(/^PUT \/ledger\/transfers\/[^/]+$/, async () => {
        stored = await rows(`SELECT status FROM payments WHERE id = '${setup['id']}'`);
        return { status: 422, json: { id: 'InsufficientFundsError', message: 'Sender has insufficient funds.' } };
      });
      await pay(setup);
      expect(stored).toEqual([{ status: 'pending' }]);
    });

    it('relays what the ledger refuses, every time; the payment is rejected with it', async () => {
      const setup = await newSetup();
      const error = { id: 'InsufficientFundsError', message: 'Sender has insufficient funds.', owner: 'alice' };
      peers.on(/^PUT \/ledger\/transfers\/[^/]+$/, { status: 422, json: error });
      for (const _ of [1, 2]) expect(await pay(setup)).toMatchObject({ status: 422, json: error });
      expect(sent(setup['id'])).toHaveLength(1);
      expect(await ask('GET', `/v1/payments/${setup['id']}`)).toMatchObject({
        status: 200,
        json: { status: 'rejected', rejectionMessage: { additional_info: { id: 'InsufficientFundsError' } } },
      });
    });

    it("passes the payee's reason on as it is (R4), and knows an expiry (R5)", async () => {
      const [refused, late] = [await newSetup(), await newSetup()];
      const reason = { code: 'F99', name: 'Application Error', message: 'no', additional_info: { id: 'X', more: [1] } };
      const answers = [pay(refused), pay(late)];
      await Promise.all([prepared(refused['id']), prepared(late['id'])]);
      const credit = ledger.get(refused['id'])!['credits'][0];
      settle(refused['id'], {
        state: 'rejected',
        rejection_reason: 'no',
        credits: [{ ...credit, rejected: true, rejection_message: reason }],
      });
      settle(late['id'], { state: 'rejected', rejection_reason: 'expired' });
      const [first, second] = await Promise.all(answers);
      expect(first).toMatchObject({ status: 201, json: { status: 'rejected' } });
      expect(first!.json['rejectionMessage']).toEqual(reason);
      expect(second).toMatchObject({ status: 201, json: { status: 'expired' } });
      expect(second!.json).not.toHaveProperty('rejectionMessage');
      await eventually(() => expect(hops).toEqual(expect.arrayContaining(['R4', 'R5'])));
    });

    it('pays once when it is asked several times at once', async () => {
      const setup = await newSetup();
      const answers = [0, 1, 2].map(() => pay(setup));
      await prepared(setup['id']);
      execute(setup['id']);
      const statuses = (await Promise.all(answers)).map(({ status, json }) => `${status} ${json['status']}`);
      expect(statuses.toSorted()).toEqual(['200 executed', '200 executed', '201 executed']);
      expect(sent(setup['id'])).toHaveLength(1);
    });

    it('refuses another payment under the same id', async () => {
      const setup = await newSetup();
      const first = pay(setup);
      await prepared(setup['id']);
      execute(setup['id']);
      await first;
      expect(await pay({ ...setup, sourceAmount: '11.00' })).toMatchObject({
        status: 422,
        json: { id: 'AlreadyExistsError' },
      });
    });

    it('N42, N43: refuses wrong ids and what is too late, and sends nothing', async () => {
      const setup = await newSetup();
      expect((await ask('POST', `/v1/transfers/${randomUUID()}`, setup)).status).toBe(400);
      expect(await ask('POST', '/v1/transfers/123', setup)).toMatchObject({
        status: 400,
        json: { id: 'InvalidUriParameterError' },
      });
      const late = { ...setup, expiresAt: new Date(Date.now() - 1).toISOString() };
      expect(await pay(late)).toMatchObject({ status: 422, json: { id: 'ExpiredTransferError' } });
      expect(sent(setup['id'])).toEqual([]);
      expect((await ask('GET', `/v1/payments/${setup['id']}`)).status).toBe(404);
    });

    it('refuses to pay more than was offered', async () => {
      const setup = await newSetup();
      peers.on(/^GET \/connector\/quote$/, {
        json: { source_connector_account: 'levelone.dfsp1.dfsp1-testconnector', source_amount: '10.41' },
      });
      expect(await pay(setup)).toMatchObject({ status: 422, json: { id: 'UnacceptableRateError' } });
      expect(sent(setup['id'])).toEqual([]);
    });

    it('sets up by itself in the older form', async () => {
      const id = randomUUID();
      const answer = ask('PUT', `/v1/payments/${id}`, request());
      await prepared(id);
      execute(id);
      expect(await answer).toMatchObject({ status: 200, json: { id, status: 'executed', name: 'Bob Diaz' } });
      expect((await ask('PUT', `/v1/payments/${randomUUID()}`, request({ sourceIdentifier: undefined }))).status).toBe(
        400,
      );
    });

    it('credits the payee directly inside the own DFSP', async () => {
      peers.on(/^POST \/v1\/setup$/, ({ body }) => ({ status: 201, json: iprReply(body, 'dfsp1') }));
      const setup = await newSetup();
      const answer = pay(setup);
      await prepared(setup['id']);
      execute(setup['id']);
      expect((await answer).status).toBe(201);
      expect(sent(setup['id'])[0]!.body.credits[0].account).toBe(`${peers.url}/ledger/accounts/bob`);
      expect(peers.callsTo(/quote/)).toEqual([]);
    });
  });

  describe('when something goes wrong', () => {
    it('asks the ledger after an answer that never came, and does not pay twice', async () => {
      const setup = await newSetup();
      peers.on(/^PUT \/ledger\/transfers\/[^/]+$/, ({ body }) => {
        ledger.set(setup['id'], { ...body, state: 'executed' });
        return { status: 500 };
      });
      expect(await pay(setup)).toMatchObject({ status: 201, json: { status: 'executed', fulfillment: FULFILLMENT } });
      expect(sent(setup['id'])).toHaveLength(1);
    });

    it('answers 502 while the ledger is down, and ends the payment later', async () => {
      const setup = await newSetup();
      peers.on(/^(PUT|GET) \/ledger\/transfers\/[^/]+$/, { status: 503 });
      expect(await pay(setup)).toMatchObject({ status: 502, json: { id: 'ExternalError' } });
      expect((await ask('GET', `/v1/payments/${setup['id']}`)).json).toMatchObject({ status: 'pending' });
      peers.on(/^GET \/ledger\/transfers\/[^/]+$/, { status: 404, json: { id: 'NotFoundError', message: 'no' } });
      // Its time is over, and so is the pause before the next look.
      await rows(
        `UPDATE payments SET check_at = now(), expires_at = now() - interval '6 s' WHERE id = '${setup['id']}'`,
      );
      await eventually(async () =>
        expect((await ask('GET', `/v1/payments/${setup['id']}`)).json).toMatchObject({ status: 'expired' }),
      );
    });

    it('finds out by itself what no event told', async () => {
      const setup = await newSetup();
      const answer = pay(setup);
      await prepared(setup['id']);
      ledger.set(setup['id'], { ...ledger.get(setup['id']), state: 'executed' });
      await rows(`UPDATE payments SET check_at = now() WHERE id = '${setup['id']}'`);
      expect(await answer).toMatchObject({ status: 201, json: { status: 'executed', fulfillment: FULFILLMENT } });
    });

    it('does not take another transfer under its id for its own', async () => {
      const setup = await newSetup();
      const answer = pay(setup);
      await prepared(setup['id']);
      const own = ledger.get(setup['id'])!;
      peers.notify('transfer.update', { ...own, state: 'executed', execution_condition: 'ni:other' }, {});
      settle(setup['id'], { state: 'rejected', rejection_reason: 'no' });
      expect(await answer).toMatchObject({ status: 201, json: { status: 'rejected' } });
    });

    it('takes over a payment that died before it was sent', async () => {
      const setup = await newSetup();
      peers.on(/^PUT \/ledger\/transfers\/[^/]+$/, { status: 503 });
      expect((await pay(setup)).status).toBe(502);
      await rows(`UPDATE payments SET created_at = now() - interval '1 minute' WHERE id = '${setup['id']}'`);
      peers.on(/^PUT \/ledger\/transfers\/[^/]+$/, ({ body }) => {
        ledger.set(setup['id'], { ...body, state: 'executed' });
        return { status: 201, json: ledger.get(setup['id']) };
      });
      expect(await pay(setup)).toMatchObject({ status: 200, json: { status: 'executed' } });
    });

    it('answers pending when it takes too long, hears of the end after a restart, and tells it then', async () => {
      await client.close();
      client = await start({ waitMs: 50 });
      const setup = await newSetup();
      expect(await pay(setup)).toMatchObject({ status: 201, json: { status: 'pending' } });
      await client.close();
      execute(setup['id']);
      client = await start();
      await eventually(async () =>
        expect((await ask('GET', `/v1/payments/${setup['id']}`)).json).toMatchObject({
          status: 'executed',
          fulfillment: FULFILLMENT,
        }),
      );
    });
  });
});
