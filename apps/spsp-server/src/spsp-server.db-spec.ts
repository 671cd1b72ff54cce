import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  conditionOf,
  encodePacket,
  fulfillmentPreimage,
  fulfills,
  packetFromText,
  packetToText,
  parseCondition,
  parseFulfillment,
} from '@level-one/ilp';
import type { IprReplyDto } from '@level-one/peers';
import { basicAuthorization, HopRecorder, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { createTestDatabase, eventually, FakePeers, type TestDatabase } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { IssuedPaymentsRepository } from './issuing/store/issued-payments.repository.js';
import { spspServerRole } from './spsp-server.role.js';
import { SpspServerSettings } from './spsp-server.settings.js';

const OWN = 'http://localhost';
const BOB = '26547070';
const ALICE = '78956562';
const LIFETIME_MS = 30_000;
const OTHER_CONDITION = conditionOf(Buffer.alloc(32, 7));

const requestFor = (changes: Record<string, unknown> = {}) => ({
  receiver: `${OWN}/v1/receivers/${BOB}`,
  amount: '10.40',
  senderIdentifier: ALICE,
  paymentId: randomUUID(),
  ...changes,
});

describe('the SPSP server', () => {
  let database: TestDatabase;
  let peers: FakePeers;
  let server: RunningRole;
  let hops: string[];

  const start = async (changes: Partial<SpspServerSettings> = {}): Promise<RunningRole> => {
    const recorder = new HopRecorder();
    hops = [];
    recorder.records$.subscribe(({ hop, traceId }) => hops.push(`${hop} ${traceId}`));
    const role = await startRole(
      spspServerRole,
      settingsOf(SpspServerSettings, {
        port: 0,
        publicUrl: OWN,
        dfsp: 'dfsp2',
        rolePassword: 'the-server',
        callers: 'scheme-adapter:the-adapter',
        logLevel: 'silent',
        demoNetwork: true,
        databaseUrl: database.url,
        databaseSchema: 'spsp_server',
        spspBackendUrl: `${peers.url}/backend`,
        schemeAdapterUrl: `${peers.url}/scheme`,
        ledgerAdapterUrl: `${peers.url}/ledger`,
        ledgerName: 'admin',
        ledgerPassword: 'admin',
        ilpPrefix: 'levelone.dfsp2.',
        receiverSecret: '11'.repeat(32),
        centralDirectoryUrl: `${peers.url}/directory`,
        centralDirectoryKey: 'dfsp2',
        centralDirectorySecret: 'dfsp2',
        requestsUnsigned: 1_000,
        ...changes,
      }),
      { hops: recorder },
    );
    await eventually(() => role.assertReady());
    return role;
  };

  beforeAll(async () => {
    [database, peers] = await Promise.all([createTestDatabase(), FakePeers.start()]);
    // What the ledger tells of its accounts.
    peers.on(/^GET \/ledger\/accounts\/(bob|eve)$/, { json: { accountType: 'mw', direct_use: false } });
    peers.on(/^GET \/ledger\/accounts\/(yb|dfsp2-testconnector)$/, { json: { direct_use: true } });
    peers.on(/^PUT \/ledger\/transfers\/[^/]+\/fulfillment$/, ({ body }) => ({ text: String(body) }));
    peers.on(/^PUT \/ledger\/transfers\/[^/]+\/rejection$/, { json: { state: 'rejected' } });
    server = await start();
  });

  beforeEach(() => {
    peers.forgetCalls();
    hops.length = 0;
    peers.on(/^POST \/backend\/setup$/, ({ body }) => ({
      status: 201,
      json: {
        id: body.paymentId,
        name: 'Bob Diaz',
        destinationAccount: `${peers.url}/ledger/accounts/bob`,
        currencyCode: 'USD',
        currencySymbol: '$',
        destinationAmount: body.amount ?? '10.40',
        expiresAt: new Date(Date.now() + LIFETIME_MS).toISOString(),
        data: { senderIdentifier: body.senderIdentifier },
        status: 'proposed',
      },
    }));
    peers.on(/^PUT \/backend\/(invoices|receivers)\/[^/]+\/payments\/[^/]+$/, { json: {} });
  });

  afterAll(async () => {
    await server.close();
    await peers.stop();
    await database.drop();
  });

  const ask = async (method: 'GET' | 'POST', url: string, body?: object) => {
    const answer = await server.app.inject({
      method,
      url,
      headers: {
        authorization: basicAuthorization('scheme-adapter', 'the-adapter'),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, json: answer.json(), text: answer.body };
  };
  const newSetup = async (changes: Record<string, unknown> = {}): Promise<IprReplyDto> => {
    const answer = await ask('POST', '/v1/setup', requestFor(changes));
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
    return answer.json;
  };
  const transferOf = (setup: IprReplyDto, changes: Record<string, unknown> = {}) => ({
    id: `${peers.url}/ledger/transfers/${setup.id}`,
    ledger: `${peers.url}/ledger`,
    debits: [
      {
        account: `${peers.url}/ledger/accounts/dfsp2-testconnector`,
        amount: setup.amount,
        authorized: true,
        memo: { source_transfer_amount: setup.amount },
      },
    ],
    credits: [
      { account: `${peers.url}/ledger/accounts/bob`, amount: setup.amount, memo: { ilp: setup.additionalHeaders } },
    ],
    execution_condition: setup.condition,
    expires_at: new Date(Date.now() + LIFETIME_MS).toISOString(),
    state: 'prepared',
    ...changes,
  });
  const refuse = (status: number, id: string) =>
    peers.on(/^POST \/backend\/setup$/, { status, json: { id, message: 'no' } });
  const told = () => peers.callsTo(/\/payments\//).map(({ body }) => body.status);
  const callsOf = (id: string, what: string) => peers.callsTo(new RegExp(`/ledger/transfers/${id}/${what}$`));
  const rejectionOf = (id: string) =>
    eventually(() => {
      expect(callsOf(id, 'rejection')).toHaveLength(1);
      return callsOf(id, 'rejection')[0]!.body;
    });
  const fulfilmentOf = (id: string) =>
    eventually(() => {
      expect(callsOf(id, 'fulfillment')).toHaveLength(1);
      return String(callsOf(id, 'fulfillment')[0]!.body);
    });

  describe('reading', () => {
    it('gives receivers, and its own id to one that is unknown or cannot be', async () => {
      peers.on(/^GET \/backend\/receivers\/1$/, { json: { type: 'payee', name: 'Bob' } });
      peers.on(/^GET \/backend\/receivers\/2$/, {
        status: 404,
        json: { id: 'UserNotFound', message: 'User not found' },
      });
      peers.on(/^GET \/backend\/receivers\/3$/, { status: 422, json: { id: 'NoAccount', message: 'no' } });
      for (const path of ['/v1/receivers/1', '/v1/query?identifier=1', `/v1/query?receiver=${OWN}/v1/receivers/1`]) {
        expect(await ask('GET', path)).toMatchObject({ status: 200, json: { name: 'Bob' } });
      }
      for (const path of [
        '/v1/receivers/2',
        '/v1/receivers/..%2Fx',
        '/v1/query?receiver=http://x.test/v1/receivers/1',
      ]) {
        expect(await ask('GET', path)).toMatchObject({
          status: 404,
          json: { id: 'InvalidReceiverIdError', message: 'Invalid receiver ID' },
        });
      }
      expect(await ask('GET', '/v1/receivers/3')).toMatchObject({ status: 422, json: { id: 'NoAccount' } });
      expect((await ask('GET', '/v1/query')).status).toBe(400);
      expect((await ask('GET', '/v1/query?receiver=x')).status).toBe(400);
    });

    it('gives invoices under every spelling', async () => {
      peers.on(/^GET \/backend\/invoices\/1$/, { json: { type: 'invoice', invoiceId: '1' } });
      for (const path of ['/v1/invoices/1', '/v1/invoice/1', '/v1/receivers/invoices/1', '/invoice/1']) {
        expect(await ask('GET', path)).toMatchObject({ status: 200, json: { invoiceId: '1' } });
      }
      expect(await ask('GET', '/v1/invoices/2')).toMatchObject({ status: 404, json: { id: 'InvoiceNotFoundError' } });
    });

    it('hands notifications on', async () => {
      peers.on(/^POST \/backend\/invoices$/, { status: 201, json: { invoiceNotificationId: '1', status: 'pending' } });
      const body = { invoiceUrl: 'http://dfsp1.test/v1/invoices/1', senderIdentifier: ALICE, memo: 'Lunch' };
      for (const path of ['/v1/invoices', '/receiver/invoice', '/receiver/invoice/']) {
        expect([path, (await ask('POST', path, body)).status]).toEqual([path, 201]);
      }
      expect((await ask('POST', '/v1/invoices', { ...body, invoiceUrl: 'x' })).status).toBe(400);
    });
  });

  describe('setting up', () => {
    it('answers a repeated request with the same bytes, and asks its backend again (S.F)', async () => {
      const request = requestFor({ memo: { text: 'Lunch', a: 1 } });
      const first = await ask('POST', '/v1/setup', request);
      const again = await ask('POST', '/v1/setup', { ...request, paymentId: request.paymentId.toUpperCase() });
      expect(first.status).toBe(201);
      expect([again.status, again.text]).toEqual([201, first.text]);
      expect(peers.callsTo(/setup/).map(({ headers }) => headers['l1p-hop'])).toEqual(['S.D', 'S.F']);
      expect(first.json).toMatchObject({
        id: request.paymentId,
        amount: '10.40',
        data: { sender_identifier: ALICE, senderIdentifier: ALICE, memo: { text: 'Lunch', a: 1 } },
        additional_headers: first.json.additionalHeaders,
        execution_condition: first.json.condition,
        expires_at: first.json.expiresAt,
      });
    });

    it('refuses another request under the same id', async () => {
      const request = requestFor();
      expect((await ask('POST', '/v1/setup', request)).status).toBe(201);
      for (const change of [
        { amount: '10.41' },
        { memo: 'x' },
        { senderIdentifier: '1' },
        { receiver: `${OWN}/v1/receivers/1` },
      ]) {
        expect(await ask('POST', '/v1/setup', { ...request, ...change })).toMatchObject({
          status: 422,
          json: { id: 'AlreadyExistsError' },
        });
      }
      // Numerically the same.
      expect((await ask('POST', '/v1/setup', { ...request, amount: '10.400' })).status).toBe(201);
    });

    it('gives one answer to requests at the same time', async () => {
      const request = requestFor();
      const answers = await Promise.all([0, 1, 2, 3].map(() => ask('POST', '/v1/setup', request)));
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    });

    it('is also asked at the URL of the receiver or the invoice', async () => {
      const request = requestFor({ receiver: undefined });
      expect(await ask('POST', `/v1/receivers/${BOB}`, request)).toMatchObject({
        status: 201,
        json: { receiver: `${OWN}/v1/receivers/${BOB}` },
      });
      const invoice = { senderIdentifier: ALICE, paymentId: randomUUID() };
      expect(await ask('POST', '/v1/invoices/12345', invoice)).toMatchObject({
        status: 201,
        json: { amount: '10.40' },
      });
      expect(peers.callsTo(/setup/)[1]!.body).toEqual({ ...invoice, invoiceId: '12345' });
    });

    it('relays what the DFSP refuses, with the ids that other DFSPs know', async () => {
      refuse(404, 'UserNotFound');
      expect(await ask('POST', '/v1/setup', requestFor())).toMatchObject({
        status: 404,
        json: { id: 'InvalidReceiverIdError' },
      });
      refuse(422, 'InvoiceNotPendingError');
      const invoice = requestFor({ receiver: `${OWN}/v1/invoices/1`, amount: undefined });
      expect(await ask('POST', '/v1/setup', invoice)).toMatchObject({
        status: 422,
        json: { id: 'InvoiceNotPendingError' },
      });
      refuse(500, 'InternalServerError');
      expect(await ask('POST', '/v1/setup', invoice)).toMatchObject({ status: 502, json: { id: 'ExternalError' } });
      expect((await ask('POST', '/v1/setup', requestFor({ amount: undefined }))).status).toBe(400);
      expect((await ask('POST', '/v1/setup', requestFor({ memo: 7 }))).status).toBe(400);
    });
  });

  describe('when a transfer arrives', () => {
    it('verifies it, asks its DFSP, fulfils it, and tells that it was executed', async () => {
      const setup = await newSetup({ memo: 'Lunch' });
      peers.notify('transfer.create', transferOf(setup));
      const fulfillment = await fulfilmentOf(setup.id);
      expect(fulfills(parseCondition(setup.condition), parseFulfillment(fulfillment))).toBe(true);
      expect(peers.callsTo(/\/backend\/receivers\/26547070\/payments\//)[0]!.body).toEqual({
        status: 'prepared',
        transferId: setup.id,
        paymentid: setup.id,
        senderIdentifier: ALICE,
        destinationAmount: '10.40',
        memo: 'Lunch',
      });
      peers.notify('transfer.update', transferOf(setup, { state: 'executed' }), {
        execution_condition_fulfillment: fulfillment,
      });
      await eventually(() => expect(told()).toEqual(['prepared', 'executed']));
      await eventually(() =>
        expect(hops.filter((hop) => /^(P|V|row)/.test(hop))).toEqual(
          ['P.J', 'row-34', 'V.A', 'V.C', 'row-34'].map((hop) => `${hop} ${setup.id}`),
        ),
      );
    });

    it('passes the reason of its DFSP on when that refuses', async () => {
      const setup = await newSetup({ receiver: `${OWN}/v1/invoices/12345`, amount: undefined });
      const error = { id: 'InvoiceNotPendingError', message: 'Invoice is not in pending status' };
      peers.on(/^PUT \/backend\/invoices\/12345\/payments\//, { status: 422, json: error });
      peers.notify('transfer.create', transferOf(setup));
      expect(await rejectionOf(setup.id)).toMatchObject({
        code: 'F99',
        name: 'Application Error',
        message: error.message,
        triggered_by: 'levelone.dfsp2.bob',
        additional_info: error,
      });
      expect(callsOf(setup.id, 'fulfillment')).toEqual([]);
    });

    it('rejects what was tampered with, and does not even ask its DFSP', async () => {
      const [setup, other] = [await newSetup(), await newSetup()];
      peers.notify('transfer.create', transferOf(setup, { execution_condition: other.condition }));
      expect(await rejectionOf(setup.id)).toMatchObject({
        code: 'F05',
        additional_info: { id: 'UnmetConditionError' },
      });
      const unknown = Object.assign({}, setup, { id: randomUUID() });
      peers.notify('transfer.create', transferOf(unknown));
      expect(await rejectionOf(unknown.id)).toMatchObject({
        code: 'F06',
        additional_info: { id: 'QuoteNotFoundError' },
      });
      expect(told()).toEqual([]);
    });

    it('asks again while its DFSP is down', async () => {
      const setup = await newSetup();
      let asked = 0;
      peers.on(/^PUT \/backend\/.*\/payments\//, () => ({ status: ++asked < 3 ? 500 : 200 }));
      peers.notify('transfer.create', transferOf(setup));
      await fulfilmentOf(setup.id);
      expect(asked).toBe(3);
    });

    it('rejects with T00 when its DFSP cannot be asked in time', async () => {
      const setup = await newSetup();
      peers.on(/^PUT \/backend\/.*\/payments\//, { status: 500 });
      peers.notify('transfer.create', transferOf(setup, { expires_at: new Date(Date.now() + 5_000).toISOString() }));
      expect(await rejectionOf(setup.id)).toMatchObject({ code: 'T00', additional_info: { id: 'ExternalError' } });
    });

    it('leaves alone what is not for its customers, is not conditional, or is over', async () => {
      const setup = await newSetup();
      const credit = transferOf(setup).credits[0]!;
      const toConnector = { ...credit, account: `${peers.url}/ledger/accounts/dfsp2-testconnector` };
      peers.notify('transfer.create', transferOf(setup, { credits: [toConnector] }));
      peers.notify('transfer.create', transferOf(setup, { execution_condition: undefined }));
      peers.notify('transfer.create', transferOf(setup, { expires_at: new Date(Date.now() - 1).toISOString() }));
      peers.notify('message.send', { id: '1', data: {} });
      // Events of one transfer are handled in their order.
      peers.notify('transfer.create', transferOf(setup));
      await fulfilmentOf(setup.id);
      expect(callsOf(setup.id, 'rejection')).toEqual([]);
      expect(told()).toEqual(['prepared']);
    });

    const PSK_ADDRESS = 'levelone.dfsp2.NAME.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
    const packetTo = (address: string) =>
      packetToText(encodePacket({ amount: 1_040n, address, data: Buffer.from('PSK/1.0\nNonce: x\n\n') }));
    const foreign = (account: string, memo: object | undefined) => {
      const id = randomUUID();
      const transfer = transferOf({ id, amount: '10.40', condition: OTHER_CONDITION } as IprReplyDto, {
        credits: [{ account: `${peers.url}/ledger/accounts/${account}`, amount: '10.40', memo }],
      });
      return { id, transfer };
    };

    it.each([
      ['without a packet', () => undefined],
      ['with a packet that cannot be read', () => ({ ilp: 'AQ' })],
      ['for a payment by a shared key', (name: string) => ({ ilp: packetTo(PSK_ADDRESS.replace('NAME', name)) })],
      ["for another ledger's account", () => ({ ilp: packetTo('levelone.dfsp1.alice') })],
      ['that is no text', () => ({ ilp: 7 })],
    ])('F1: leaves a transfer of others %s to whom it is for', async (_what, memoFor) => {
      const { id, transfer } = foreign('yb', memoFor('yb'));
      peers.notify('transfer.create', transfer);
      // Nobody but this DFSP could execute this one.
      const hopeless = foreign('bob', memoFor('bob'));
      peers.notify('transfer.create', hopeless.transfer);
      expect(await rejectionOf(hopeless.id)).toMatchObject({ code: 'F06' });
      const after = await newSetup();
      peers.notify('transfer.create', transferOf(after));
      await fulfilmentOf(after.id);
      expect(peers.callsTo(new RegExp(id))).toEqual([]);
      expect(told()).toEqual(['prepared']);
    });

    it('F1: leaves its own packet alone where it credits somebody else who may execute it', async () => {
      const setup = await newSetup();
      const credit = transferOf(setup).credits[0]!;
      const id = randomUUID();
      const toOther = { ...credit, account: `${peers.url}/ledger/accounts/yb` };
      peers.notify('transfer.create', transferOf(Object.assign({}, setup, { id }), { credits: [toOther] }));
      const toEve = { ...credit, account: `${peers.url}/ledger/accounts/eve` };
      peers.notify('transfer.create', transferOf(setup, { credits: [toEve] }));
      expect(await rejectionOf(setup.id)).toMatchObject({ code: 'F06' });
      expect(peers.callsTo(new RegExp(id))).toEqual([]);
    });

    it('F1: takes payments whose address was issued before tokens were verifiable', async () => {
      const setup = await newSetup();
      const packet = packetTo('levelone.dfsp2.bob.NuilFWTj3N8K6uM3');
      const condition = conditionOf(fulfillmentPreimage(Buffer.from('11'.repeat(32), 'hex'), packetFromText(packet)));
      await server.app
        .get(DataSource, { strict: false })
        .query('UPDATE issued_payments SET packet = $2, condition = $3 WHERE payment_id = $1', [
          setup.id,
          packet,
          condition,
        ]);
      const old = Object.assign(setup, { additionalHeaders: packet, condition });
      peers.notify('transfer.create', transferOf(old));
      expect(fulfills(parseCondition(condition), parseFulfillment(await fulfilmentOf(setup.id)))).toBe(true);
    });

    it('F1: asks the ledger once for an account, not for each transfer', async () => {
      const many = Array.from({ length: 20 }, () => foreign('yb', { ilp: 'AQ' }).transfer);
      for (const transfer of many) peers.notify('transfer.create', transfer);
      const after = await newSetup();
      peers.notify('transfer.create', transferOf(after));
      await fulfilmentOf(after.id);
      expect(peers.callsTo(/^GET \/ledger\/accounts\/yb$/).length).toBeLessThanOrEqual(1);
    });

    it.each([
      ['rejected', 'no'],
      ['expired', 'expired'],
    ])('tells its DFSP once that a payment was %s', async (status, reason) => {
      const setup = await newSetup();
      const update = transferOf(setup, { state: 'rejected', rejection_reason: reason });
      peers.notify('transfer.update', update);
      await eventually(() => expect(told()).toEqual([status]));
      // Heard again, and something that must not follow: nothing happens.
      peers.notify('transfer.update', update);
      peers.notify('transfer.create', transferOf(setup));
      const after = await newSetup();
      peers.notify('transfer.create', transferOf(after));
      await fulfilmentOf(after.id);
      expect(callsOf(setup.id, 'fulfillment')).toEqual([]);
      expect(told()).toEqual([status, 'prepared']);
    });

    it('does not take an executed transfer of somebody else for the payment', async () => {
      const setup = await newSetup();
      peers.notify(
        'transfer.update',
        transferOf(setup, { state: 'executed', credits: [{ ...transferOf(setup).credits[0], amount: '0.01' }] }),
      );
      const after = await newSetup();
      peers.notify('transfer.update', transferOf(after, { state: 'executed' }));
      await eventually(() => expect(told()).toEqual(['executed']));
      expect(peers.callsTo(/\/payments\//)[0]!.body.paymentid).toBe(after.id);
    });

    it('keeps what it could not tell, and tells it later', async () => {
      const setup = await newSetup();
      peers.on(/^PUT \/backend\/.*\/payments\//, { status: 503 });
      peers.notify('transfer.update', transferOf(setup, { state: 'executed' }));
      await eventually(() => expect(told()).toEqual(['executed']));
      const payments = server.app.get(IssuedPaymentsRepository, { strict: false });
      expect(await payments.find(setup.id)).toMatchObject({ outcome: 'executed', toldAt: null });
      peers.on(/^PUT \/backend\/.*\/payments\//, { json: {} });
      // The time for the next attempt has come.
      await server.app
        .get(DataSource, { strict: false })
        .query('UPDATE issued_payments SET tell_after = now() WHERE told_at IS NULL AND outcome IS NOT NULL');
      await eventually(async () => expect((await payments.find(setup.id))?.toldAt).toBeInstanceOf(Date));
      expect(told()).toEqual(['executed', 'executed']);
    });

    it('handles after a restart what it missed', async () => {
      const setup = await newSetup();
      await server.close();
      peers.notify('transfer.create', transferOf(setup));
      server = await start();
      expect(await fulfilmentOf(setup.id)).toMatch(/^oCKAI/);
    });

    it('field E: does not start in another currency or scale than that of its amounts', async () => {
      await server.close();
      await expect(start({ currency: 'UGX', scale: 0 })).rejects.toThrow(
        'CURRENCY (is "UGX"): the amounts in this database are in USD; ' +
          'SCALE (is 0): the amounts in this database have 2 decimals',
      );
      server = await start();
    });
  });
});
