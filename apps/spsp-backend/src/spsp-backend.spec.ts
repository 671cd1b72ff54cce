import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { basicAuthorization, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { FakePeers } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { spspBackendRole } from './spsp-backend.role.js';
import { SpspBackendSettings } from './spsp-backend.settings.js';

const BASES = ['/spsp/backend/v1', '/v1'];
const PAYMENT = { status: 'prepared', destinationAmount: '10.40', senderIdentifier: '78956562', memo: 'Lunch' };

const MONEY = { currencyCode: 'USD', currencySymbol: '$' };
const BOB = {
  type: 'payee',
  name: 'Bob',
  account: 'http://dfsp2.test/accounts/bob',
  imageUrl: 'http://b.test/',
  ...MONEY,
};
const INVOICE = {
  type: 'invoice',
  invoiceId: '1',
  account: BOB.account,
  name: 'Bob',
  amount: '1.00',
  status: 'unpaid',
  invoiceType: 'standard',
  merchantIdentifier: '1',
  invoiceInfo: 'Lunch',
  ...MONEY,
};

describe('the SPSP backend', () => {
  let peers: FakePeers;
  let backend: RunningRole;

  beforeAll(async () => {
    peers = await FakePeers.start();
    backend = await startRole(
      spspBackendRole,
      settingsOf(SpspBackendSettings, {
        port: 0,
        publicUrl: 'http://localhost',
        logLevel: 'silent',
        demoNetwork: true,
        dfsp: 'dfsp2',
        dfspApiUrl: `${peers.url}/api/v1`,
        rolePassword: 'the-backend',
        callers: 'spsp-server:the-server',
      }),
    );
  });

  beforeEach(() => peers.clearCalls());

  afterAll(async () => {
    await backend.close();
    await peers.stop();
  });

  const ask = async (method: 'GET' | 'POST' | 'PUT', url: string, body?: object, hop?: string) => {
    const answer = await backend.app.inject({
      method,
      url,
      headers: {
        authorization: basicAuthorization('spsp-server', 'the-server'),
        ...(body && { 'content-type': 'application/json' }),
        ...(hop && { 'l1p-hop': hop }),
      },
      ...(body && { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, json: answer.json() };
  };

  it.each(BASES)('calls the DFSP API with its credentials, from %s', async (base) => {
    peers.on(/^GET \/api\/v1\/receivers\/1$/, { json: BOB });
    peers.on(/^GET \/api\/v1\/invoices\/1$/, { json: INVOICE });
    peers.on(/^POST \/api\/v1\/invoices$/, { status: 201, json: { status: 'pending' } });
    const paymentsUrl = 'http://localhost/spsp/backend/v1/receivers/1/payments';
    for (const path of ['receivers/1', 'query?identifier=1', 'query?receiver=http://dfsp2.test/v1/receivers/1']) {
      expect(await ask('GET', `${base}/${path}`)).toEqual({ status: 200, json: { ...BOB, paymentsUrl } });
    }
    expect(await ask('GET', `${base}/invoices/1`)).toEqual({ status: 200, json: INVOICE });
    const notification = { invoiceUrl: 'http://dfsp2.test/v1/invoices/1', senderIdentifier: '1', memo: '' };
    expect(await ask('POST', `${base}/invoices`, notification)).toEqual({ status: 201, json: { status: 'pending' } });
    expect(peers.callsTo(/^POST/)[0]!.body).toEqual(notification);
    const credentials = peers.calls.map(({ headers }) => headers.authorization);
    expect(new Set(credentials)).toEqual(new Set([basicAuthorization('spsp-backend', 'the-backend')]));
  });

  it('records a repeated setup as S.F, and a first one as S.E', async () => {
    peers.on(/^POST \/api\/v1\/setup$/, { status: 201, json: { status: 'proposed' } });
    const request = { identifier: '1', senderIdentifier: '2', amount: '1.00', paymentId: randomUUID() };
    for (const hop of ['S.D', 'S.F']) {
      expect((await ask('POST', '/spsp/backend/v1/setup', request, hop)).status).toBe(201);
    }
    expect(peers.calls.map(({ headers, body }) => [headers['l1p-hop'], body])).toEqual([
      ['S.E', request],
      ['S.F', request],
    ]);
  });

  it.each([
    ['/spsp/backend/v1/invoices/7/payments', '/api/v1/receivers/invoices/7/payments'],
    ['/v1/invoices/7/payments', '/api/v1/receivers/invoices/7/payments'],
    ['/spsp/backend/v1/receivers/invoices/7/payments', '/api/v1/receivers/invoices/7/payments'],
    ['/spsp/backend/v1/receivers/7/payments', '/api/v1/receivers/7/payments'],
    ['/v1/receivers/a%2Fb/payments', '/api/v1/receivers/a%2Fb/payments'],
  ])('passes news of payments on: %s', async (path, called) => {
    peers.on(/^PUT \/api\/v1\/receivers\//, { json: {} });
    const id = randomUUID();
    const body = { ...PAYMENT, transferId: id, paymentid: id };
    expect(await ask('PUT', `${path}/${id}`, body)).toEqual({ status: 200, json: {} });
    expect(peers.calls).toMatchObject([{ route: `PUT ${called}/${id}`, body }]);
  });

  it('relays refusals of the DFSP, and answers 502 if it fails', async () => {
    const refusal = { id: 'InvoiceNotPendingError', message: 'Invoice is not in pending status' };
    const id = randomUUID();
    const body = { ...PAYMENT, transferId: id, paymentid: id };
    peers.on(/^PUT \/api\//, { status: 422, json: refusal });
    expect(await ask('PUT', `/v1/invoices/7/payments/${id}`, body)).toEqual({ status: 422, json: refusal });
    peers.on(/^PUT \/api\//, { status: 500 });
    expect(await ask('PUT', `/v1/invoices/7/payments/${id}`, body)).toMatchObject({ status: 502 });
    expect(await ask('GET', '/v1/receivers/2')).toMatchObject({ status: 404, json: { id: 'NotFoundError' } });
  });

  it('refuses requests that it cannot pass on', async () => {
    const id = randomUUID();
    const body = { ...PAYMENT, transferId: id, paymentid: id };
    expect((await ask('PUT', `/v1/invoices/7/payments/${randomUUID()}`, body)).status).toBe(400);
    expect((await ask('PUT', '/v1/invoices/7/payments/1', body)).status).toBe(400);
    expect((await ask('PUT', `/v1/invoices/7/payments/${id}`, { ...body, status: 'paid' })).status).toBe(400);
    expect((await ask('GET', '/v1/query')).status).toBe(400);
    expect((await ask('POST', '/v1/setup', {})).status).toBe(400);
    expect((await ask('GET', '/v1/receivers/%2e%2e')).status).toBe(404);
    expect(peers.calls).toEqual([]);
    // A slash in a number stays part of the number.
    expect((await ask('GET', '/v1/receivers/..%2F..%2Fadmin')).status).toBe(404);
    expect(peers.calls).toMatchObject([{ route: 'GET /api/v1/receivers/..%2F..%2Fadmin' }]);
  });
});
