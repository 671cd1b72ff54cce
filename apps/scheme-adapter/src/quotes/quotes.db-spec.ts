import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { encodeIpr, encodePacket, encodePskData, IPR_HEADERS } from '@level-one/ilp';
import { basicAuthorization, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { createTestDatabase, FakePeers, type TestDatabase } from '@level-one/testing';
import { randomBytes, randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { schemeAdapterRole } from '../scheme-adapter.role.js';
import { SchemeAdapterSettings } from '../scheme-adapter.settings.js';
import { RecentQuotes } from './recent-quotes.js';

type Json = Record<string, any>;

const passwordOf = (role: string): string => `${role} of the tests`.replaceAll(' ', '-');
/** A quote for the proxy, which keeps none. */
const AS_PROXY = { authorization: basicAuthorization('spsp-client-proxy', passwordOf('spsp-client-proxy')) };
const CALLERS = ['dfsp-api', 'spsp-client-proxy', 'spsp-server'];

const money = (amount: string) => ({ amount, currency: 'USD' });
const PRICE = { receiveAmount: money('9.25'), payeeFee: money('1'), payeeCommission: money('1') };

/** A payment request in the form of another DFSP's SPSP server. */
function iprOf(paymentId: string, expiresAt = new Date(Date.now() + 60_000)): string {
  const data = encodePskData({
    paymentId,
    nonce: randomBytes(16),
    privateHeaders: { [IPR_HEADERS.amount]: '10.00', [IPR_HEADERS.expiresAt]: expiresAt.toISOString() },
    body: '{}',
  });
  const packet = encodePacket({ amount: 1_000n, address: 'levelone.dfsp2.frank.token', data });
  return encodeIpr({ condition: randomBytes(32), packet });
}

describe('quotes at the scheme adapter', () => {
  let database: TestDatabase;
  let peers: FakePeers;
  let adapter: RunningRole;
  let otherInstance: RunningRole;

  const settings = (more: Partial<SchemeAdapterSettings> = {}): SchemeAdapterSettings =>
    settingsOf(SchemeAdapterSettings, {
      port: 0,
      logLevel: 'silent',
      dfsp: 'dfsp1',
      databaseUrl: database.url,
      databaseSchema: 'scheme_adapter',
      spspClientUrl: `${peers.url}/client`,
      spspServerUrl: `${peers.url}/server`,
      dfspApiUrl: `${peers.url}/api`,
      rolePassword: 'long-enough-and-secret',
      callers: 'dfsp-api:long-enough-and-secret-too',
      centralDirectoryUrl: `${peers.url}/directory`,
      centralDirectoryKey: 'dfsp1',
      centralDirectorySecret: 'long-enough-and-secret',
      signingKey: '0f1e2d3c4b5a69788796a5b4c3d2e1f000112233445566778899aabbccddeeff',
      signingKeyId: 'dfsp1-key-1',
      unsignedRequests: 'limited',
      ...more,
    });

  beforeAll(async () => {
    [database, peers] = await Promise.all([createTestDatabase(), FakePeers.start()]);
    const callers = CALLERS.map((role) => `${role}:${passwordOf(role)}`).join(',');
    adapter = await startRole(schemeAdapterRole, settings({ callers }));
    otherInstance = await startRole(schemeAdapterRole, settings({ callers }));
  });

  beforeEach(() => {
    peers.clearCalls();
    peers.on(/^GET \/directory\/dfsps$/, {
      json: [
        {
          shortName: 'dfsp2',
          providerUrl: `${peers.url}/v1`,
          origins: [peers.url],
          schemeAdapterUrl: `${peers.url}/other`,
        },
      ],
    });
    peers.on(/^POST \/other\/quotes$/, ({ body }) => ({
      json: { paymentId: body.paymentId, ...PRICE, ipr: iprOf(body.paymentId) },
    }));
    peers.on(/^GET \/client\/quoteIPR$/, {
      json: {
        sourceAmount: '10.00',
        connectorAccount: 'http://ledger.test/accounts/connector',
        sourceExpiryDuration: 10,
      },
    });
    peers.on(/^GET \/api\/quotes\//, { status: 404, json: { id: 'QuoteNotFoundError', message: 'Quote not found' } });
  });

  afterAll(async () => {
    await adapter?.close();
    await otherInstance?.close();
    await peers?.stop();
    await database?.drop();
  });

  const roleFor = (path: string): string =>
    path.startsWith('/quotes/') ? 'spsp-client-proxy' : path === '/notifications' ? 'spsp-server' : 'dfsp-api';
  const call = (method: 'GET' | 'POST', path: string, body?: object, headers: Json = {}) =>
    callAt(adapter, method, path, body, headers);
  const callAt = async (
    instance: RunningRole,
    method: 'GET' | 'POST',
    path: string,
    body?: object,
    headers: Json = {},
  ) => {
    const role = roleFor(path);
    const answer = await instance.app.inject({
      method,
      url: `/scheme/adapter/v1${path}`,
      headers: {
        authorization: basicAuthorization(role, passwordOf(role)),
        'content-type': 'application/json',
        ...headers,
      },
      ...(body ? { payload: JSON.stringify(body) } : {}),
    });
    return { status: answer.statusCode, json: answer.json() as Json };
  };
  const request = (changes: Json = {}): Json => ({
    paymentId: randomUUID(),
    payer: { identifier: '92806391', identifierType: 'eur' },
    payee: { identifier: '30754016', identifierType: 'eur', url: `${peers.url}/anything` },
    transferType: 'p2p',
    amountType: 'SEND',
    amount: money('10'),
    ...changes,
  });
  const ask = (changes: Json = {}) => call('POST', '/quotes', request(changes));

  it('are asked for at the registered adapter of the payee’s DFSP, and priced at the own ledger (row 44)', async () => {
    const body = request({ unknown: 'member' });
    const { status, json } = await call('POST', '/quotes', body);
    expect(status).toBe(200);
    expect(json).toEqual({
      paymentId: body['paymentId'],
      ...PRICE,
      ipr: expect.any(String),
      sourceExpiryDuration: 10,
      connectorAccount: 'http://ledger.test/accounts/connector',
      sourceAmount: '10',
    });
    const [asked] = peers.callsTo(/^POST \/other\/quotes$/);
    expect(asked?.headers['initiator']).toBe('PROXY');
    expect(asked?.headers.authorization).toBeUndefined();
    expect(asked?.headers['l1p-trace-id']).toBe(body['paymentId']);
  });

  it('that were got here can be read here, also if the DFSP’s API does not have them (row 46)', async () => {
    const body = request({ fees: money('0.25') });
    const { json: quoted } = await call('POST', '/quotes', body, AS_PROXY);
    const { sourceAmount: _internal, ...answer } = quoted;
    // At another instance than the one that got it.
    const read = async () => (await callAt(otherInstance, 'GET', `/quotes/${body['paymentId'].toUpperCase()}`)).json;
    expect(await read()).toEqual({ ...body, ...answer, status: 'reserved', expiresAt: expect.any(String) });

    const paid = { paymentId: body['paymentId'], connectorAccount: 'c', status: 'executed', fulfillment: 'x' };
    peers.on(/^POST \/client\/payIPR$/, { json: paid });
    expect((await call('POST', '/payments', { ipr: quoted['ipr'] })).json).toEqual(paid);
    expect((await read())['status']).toBe('used');
    // A repeated request gets the same quote.
    await call('POST', '/quotes', body, AS_PROXY);
    expect((await read())['status']).toBe('used');
  });

  it('are paid, and that is told, also if it cannot be kept that they were used', async () => {
    const body = request();
    const { json: quoted } = await call('POST', '/quotes', body, AS_PROXY);
    const paid = { paymentId: body['paymentId'], connectorAccount: 'c', status: 'executed', fulfillment: 'x' };
    peers.on(/^POST \/client\/payIPR$/, { json: paid });
    const source = adapter.app.get(DataSource, { strict: false });
    await source.query('ALTER TABLE recent_quotes RENAME TO away');
    try {
      expect((await call('POST', '/payments', { ipr: quoted['ipr'] })).json).toEqual(paid);
    } finally {
      await source.query('ALTER TABLE away RENAME TO recent_quotes');
    }
  });

  it.each(['none', '..%2F..%2Fadmin'])('with the id %s are not found', async (id) => {
    expect(await call('GET', `/quotes/${id}`)).toMatchObject({ status: 404, json: { id: 'QuoteNotFoundError' } });
  });

  it('that the DFSP’s API asked for are kept there, not here', async () => {
    const { json } = await ask();
    expect((await call('GET', `/quotes/${json['paymentId']}`)).status).toBe(404);
  });

  it('expire when their payment request does', async () => {
    peers.on(/^POST \/other\/quotes$/, ({ body }) => ({
      json: { paymentId: body.paymentId, ...PRICE, ipr: iprOf(body.paymentId, new Date(Date.now() - 1)) },
    }));
    const { json } = await call('POST', '/quotes', request(), AS_PROXY);
    expect((await call('GET', `/quotes/${json['paymentId']}`)).json['status']).toBe('expired');
    const source = adapter.app.get(DataSource, { strict: false });
    await source.query(`UPDATE recent_quotes SET expires_at = now() - interval '25 h' WHERE payment_id = $1`, [
      json['paymentId'],
    ]);
    expect(await adapter.app.get(RecentQuotes, { strict: false }).deleteOld(100)).toBe(1);
    expect((await call('GET', `/quotes/${json['paymentId']}`)).status).toBe(404);
  });

  it.each<[string, Json | undefined]>([
    ['nothing', undefined],
    ['no amounts', { receiveAmount: undefined }],
    ['no payment request', { ipr: undefined }],
    ['an invalid payment request', { ipr: 'c29tZSBpcHIgaGVyZQ==' }],
    ['the request of another payment', { ipr: iprOf(randomUUID()) }],
  ])('are refused if the payee’s DFSP answers %s', async (_name, changes) => {
    peers.on(/^POST \/other\/quotes$/, ({ body }) => ({
      json:
        changes === undefined ? null : { paymentId: body.paymentId, ...PRICE, ipr: iprOf(body.paymentId), ...changes },
    }));
    const { status, json } = await ask();
    expect([status, json['id']]).toEqual([502, 'ExternalError']);
    expect(peers.callsTo(/quoteIPR/)).toEqual([]);
  });

  it('pass on refusals of the payee’s DFSP', async () => {
    const refusal = { id: 'LimitExceededError', message: 'Too much', type: 'maxAmount' };
    peers.on(/^POST \/other\/quotes$/, { status: 422, json: refusal });
    expect(await ask()).toEqual({ status: 422, json: refusal });
  });

  it.each(['http://169.254.169.254/latest', 'http://nobody.test/v1', 'ftp://dfsp2.test'])(
    'are not sent to %s, which no DFSP registered (N97)',
    async (url) => {
      const payee = { identifier: '30754016', identifierType: 'eur', url };
      const { status } = await ask({ payee });
      expect([400, 404]).toContain(status);
      expect(peers.callsTo(/quotes/)).toEqual([]);
    },
  );

  describe('for another DFSP', () => {
    beforeEach(() => {
      peers.on(/^POST \/api\/quotes$/, ({ body }) => ({
        json: { paymentId: body.paymentId, ...PRICE, expiresAt: '2100-01-01T00:00:00.000Z' },
      }));
      peers.on(/^GET \/api\/receivers\/30754016$/, {
        json: {
          type: 'payee',
          name: 'Frank Fall',
          account: 'http://ledger.test/accounts/frank',
          currencyCode: 'USD',
          currencySymbol: '$',
          imageUrl: 'https://images.example/frank.png',
        },
      });
      peers.on(/^POST \/server\/createIPR$/, ({ body }) => ({ json: { ipr: iprOf(body.paymentId) } }));
    });
    const offer = (changes: Json = {}, headers: Json = { initiator: 'PROXY', authorization: '' }) =>
      call('POST', '/quotes', request(changes), headers);

    it('are made from the price of a DFSP API that answers only the members of the seed (row 45)', async () => {
      const { status, json } = await offer({ transferType: 'PROXY' });
      expect([status, json]).toEqual([200, { paymentId: json['paymentId'], ...PRICE, ipr: expect.any(String) }]);
      expect(peers.callsTo(/createIPR/)[0]).toMatchObject({
        headers: { authorization: basicAuthorization('scheme-adapter', 'long-enough-and-secret') },
        body: {
          paymentId: json['paymentId'],
          destinationAccount: 'http://ledger.test/accounts/frank',
          destinationAmount: '10',
          expiresAt: '2100-01-01T00:00:00.000Z',
          data: { transferType: 'p2p', currency: 'USD', payer: { identifier: '92806391' } },
        },
      });
    });

    it('need no credentials, unlike every other route', async () => {
      expect((await offer()).status).toBe(200);
      for (const authorization of ['', 'Bearer x', 'Basic eDp5']) {
        for (const [method, path] of [
          ['POST', '/quotes'],
          ['POST', '/payments'],
          ['POST', '/notifications'],
          ['GET', `/quotes/${randomUUID()}`],
          ['POST', '/invoices'],
        ] as const) {
          expect(await call(method, path, method === 'GET' ? undefined : request(), { authorization })).toMatchObject({
            status: 401,
            json: { id: 'Unauthorized' },
          });
        }
      }
      const notification = { paymentId: randomUUID(), status: 'executed' };
      const headers = { authorization: '', initiator: 'PROXY' };
      expect((await call('POST', '/notifications', notification, headers)).status).toBe(401);
      expect(peers.callsTo(/PUT \/api|payIPR/)).toEqual([]);
    });
  });

  it('are refused to callers with weak secrets', () => {
    expect(() => settings({ rolePassword: 'short' })).toThrow('ROLE_PASSWORD');
    expect(() => settings({ callers: 'dfsp-api:short' })).toThrow('CALLERS');
    expect(() => settings({ callers: 'somebody:long-enough-and-secret' })).toThrow('CALLERS');
  });
});
