import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { basicAuthorization, HopRecorder, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { eventually, FakePeers } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { spspClientProxyRole } from './spsp-client-proxy.role.js';
import { SpspClientProxySettings } from './spsp-client-proxy.settings.js';

const BASES = ['/spsp/client/v1', '/v1', ''];
const RECEIVER = 'http://dfsp2.test/v1/receivers/1';
const NOTIFICATION = {
  invoiceId: 'a/1',
  submissionUrl: 'http://dfsp1.test/v1/invoices',
  senderIdentifier: '78956562',
  memo: 'Lunch',
};
const ECHO = {
  sourceAccount: 'alice',
  sourceAmount: '10.40',
  destinationAmount: '10.40',
  address: 'levelone.dfsp2.bob.token',
  expiresAt: '2030-01-01T00:01:00.000Z',
  execution_condition: 'ni:x',
  additionalHeaders: 'AA',
};

describe('the SPSP client proxy', () => {
  let peers: FakePeers;
  let proxy: RunningRole;
  const hops: string[] = [];

  beforeAll(async () => {
    peers = await FakePeers.start();
    const recorder = new HopRecorder();
    recorder.records$.subscribe(({ hop, traceId }) => hops.push(`${hop} ${traceId}`));
    proxy = await startRole(
      spspClientProxyRole,
      settingsOf(SpspClientProxySettings, {
        port: 0,
        logLevel: 'silent',
        demoNetwork: true,
        dfsp: 'dfsp1',
        rolePassword: 'the-proxy',
        callers: 'dfsp-api:the-api',
        apiCredentials: 'channel:the-channel',
        spspClientUrl: `${peers.url}/client/v1`,
        schemeAdapterUrl: `${peers.url}/scheme/adapter/v1`,
        spspServerUrl: 'http://dfsp1.test/v1',
        ledgerAdapterUrl: `${peers.url}/ledger`,
        ledgerName: 'admin',
        ledgerPassword: 'admin',
      }),
      { hops: recorder },
    );
    await eventually(() => proxy.assertReady());
  });

  beforeEach(() => {
    peers.clearCalls();
    hops.length = 0;
  });

  afterAll(async () => {
    await proxy.close();
    await peers.stop();
  });

  const ask = async (method: 'GET' | 'POST' | 'PUT', url: string, body?: object, type = 'application/json') => {
    const answer = await proxy.app.inject({
      method,
      url,
      headers: {
        authorization: url.includes('/quotes')
          ? basicAuthorization('channel', 'the-channel')
          : basicAuthorization('dfsp-api', 'the-api'),
        ...(body && { 'content-type': type }),
      },
      ...(body && { payload: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, json: answer.body === '' ? undefined : answer.json() };
  };

  it.each(BASES)('passes everything on from %s', async (base) => {
    const url = encodeURIComponent(RECEIVER);
    peers.on(/^GET \/client\/v1\/query$/, { json: { name: 'Bob' } });
    peers.on(/^GET \/client\/v1\/invoices$/, { json: { type: 'invoice' } });
    peers.on(/^GET \/client\/v1\/quoteSourceAmount$/, { json: { destinationAmount: '1.00' } });
    peers.on(/^GET \/client\/v1\/quoteDestinationAmount$/, { json: { sourceAmount: '1.00' } });
    peers.on(/^POST \/client\/v1\/setup$/, { status: 201, json: { id: '1' } });
    expect((await ask('GET', `${base}/query?receiver=${url}`)).json).toEqual({ name: 'Bob' });
    expect((await ask('GET', `${base}/invoices?invoiceUrl=${url}`)).json).toEqual({ type: 'invoice' });
    expect((await ask('GET', `${base}/invoice?invoiceUrl=${url}`)).json).toEqual({ type: 'invoice' });
    const quotes = [
      `quoteSourceAmount?receiver=${url}&sourceAmount=1`,
      `quoteDestinationAmount?receiver=${url}&destinationAmount=1`,
    ];
    expect((await ask('GET', `${base}/${quotes[0]}`)).json).toEqual({ destinationAmount: '1.00' });
    expect((await ask('GET', `${base}/${quotes[1]}`)).json).toEqual({ sourceAmount: '1.00' });
    const setup = { receiver: RECEIVER, sourceAccount: 'alice', sourceIdentifier: '1', destinationAmount: '1' };
    expect(await ask('POST', `${base}/setup`, setup)).toEqual({ status: 201, json: { id: '1' } });
    expect(peers.callsTo(/setup/)[0]!.body).toEqual(setup);
  });

  it('adds the URL of an invoice, and leaves a given one unchanged', async () => {
    const result = { invoiceNotificationId: '1', status: 'pending' };
    peers.on(/^POST \/client\/v1\/invoices$/, { status: 201, json: result });
    for (const base of BASES) {
      expect(await ask('POST', `${base}/invoices`, NOTIFICATION)).toEqual({ status: 201, json: result });
    }
    const invoiceUrl = 'http://elsewhere.test/v1/invoices/1';
    await ask('POST', '/v1/invoices', { ...NOTIFICATION, invoiceUrl });
    const urls = peers.callsTo(/invoices/).map(({ body }) => body.invoiceUrl);
    expect(urls).toEqual([...BASES.map(() => 'http://dfsp1.test/v1/invoices/a%2F1'), invoiceUrl]);
  });

  it('pays in the trace of the payment; passes on 201 and 200 of the SPSP client, and answers 200 to PUT', async () => {
    const id = randomUUID();
    const result = { id, status: 'executed' };
    peers.on(/^POST \/client\/v1\/transfers\//, { status: 201, json: result });
    expect(await ask('POST', `/spsp/client/v1/transfers/${id.toUpperCase()}`, ECHO)).toEqual({
      status: 201,
      json: result,
    });
    for (const path of ['payments', 'transfers']) {
      expect(await ask('PUT', `/spsp/client/v1/${path}/${id}`, ECHO)).toEqual({ status: 200, json: result });
    }
    peers.on(/^POST \/client\/v1\/transfers\//, { status: 200, json: result });
    expect(await ask('POST', `/v1/transfers/${id}`, ECHO)).toEqual({ status: 200, json: result });
    expect(peers.calls.map(({ route, body }) => [route, body])).toEqual(
      Array.from({ length: 4 }, () => [`POST /client/v1/transfers/${id}`, ECHO]),
    );
    expect(new Set(hops)).toEqual(new Set([`P.B ${id}`]));

    peers.on(/^GET \/client\/v1\/payments\//, { json: result });
    for (const path of ['payments', 'transfers']) {
      expect(await ask('GET', `/v1/${path}/${id}`)).toEqual({ status: 200, json: result });
    }
  });

  it('logs executed payments of its own (V.H), and no others', async () => {
    const [own, another] = [randomUUID(), randomUUID()];
    peers.on(/^POST \/client\/v1\/transfers\//, { status: 201, json: {} });
    await ask('POST', `/v1/transfers/${own}`, ECHO);
    const transfer = (id: string, state: string) => ({ id: `${peers.url}/ledger/transfers/${id}`, state });
    peers.sendEvent('transfer.update', transfer(another, 'executed'));
    peers.sendEvent('transfer.update', transfer(own, 'rejected'));
    peers.sendEvent('transfer.update', transfer(own, 'executed'));
    await eventually(() => expect(hops.filter((hop) => hop.startsWith('V.H'))).toEqual([`V.H ${own}`]));
  });

  it('relays refusals, and answers 502 if the SPSP client fails', async () => {
    const id = randomUUID();
    const refusal = { id: 'InsufficientFundsError', message: 'Sender has insufficient funds.' };
    peers.on(/^POST \/client\/v1\/transfers\//, { status: 422, json: refusal });
    expect(await ask('POST', `/v1/transfers/${id}`, ECHO)).toEqual({ status: 422, json: refusal });
    peers.on(/^POST \/client\/v1\/transfers\//, { status: 500, json: { id: 'Error', message: 'stack' } });
    expect(await ask('POST', `/v1/transfers/${id}`, ECHO)).toMatchObject({
      status: 502,
      json: { id: 'ExternalError' },
    });
  });

  it.each([
    ['GET', '/v1/query', undefined, 400, 'InvalidUriParameterError'],
    ['GET', '/v1/query?receiver=x', undefined, 400, 'InvalidUriParameterError'],
    ['GET', '/v1/invoices?invoiceUrl=x', undefined, 400, 'InvalidUriParameterError'],
    ['GET', '/v1/payments/123', undefined, 400, 'InvalidUriParameterError'],
    ['POST', '/v1/transfers/123', ECHO, 400, 'InvalidUriParameterError'],
    ['POST', `/v1/transfers/${randomUUID()}`, {}, 400, 'InvalidBodyError'],
    ['POST', '/v1/setup', { receiver: RECEIVER }, 400, 'InvalidBodyError'],
    ['POST', '/v1/invoices', {}, 400, 'InvalidBodyError'],
    ['GET', '/v1/invoiceXXX', undefined, 404, 'NotFoundError'],
    ['POST', '/v1/invoiceBad', NOTIFICATION, 404, 'NotFoundError'],
  ] as const)('%s %s with %j is %d %s, without a call', async (method, url, body, status, id) => {
    expect(await ask(method, url, body)).toMatchObject({ status, json: { id } });
    expect(peers.calls).toEqual([]);
  });

  it('N26: refuses content that is no JSON', async () => {
    expect(await ask('POST', '/v1/invoices', NOTIFICATION, 'application/xml')).toMatchObject({ status: 415 });
  });
});
