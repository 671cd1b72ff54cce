import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { schemeAdapterRole } from '../scheme-adapter.role.js';
import { SchemeAdapterSettings } from '../scheme-adapter.settings.js';

const INVOICE_URL = 'http://127.0.0.1:3203/v1/invoices/1';
const NOTIFICATION = {
  invoiceId: 'a/1',
  submissionUrl: 'http://127.0.0.1:3103/v1/invoices',
  senderIdentifier: '78956562',
  memo: 'Lunch',
};

/** Fake SPSP client. */
class FakeSpspClient {
  answer: { status: number; json?: unknown } = { status: 200 };
  seen: { method: string; url: string; traceId: string; hop: string; body: unknown }[] = [];
  private readonly server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      this.seen.push({
        method: request.method ?? '',
        url: request.url ?? '',
        traceId: String(request.headers['l1p-trace-id']),
        hop: String(request.headers['l1p-hop']),
        body: text ? JSON.parse(text) : undefined,
      });
      const { status, json } = this.answer;
      reply.writeHead(status, json === undefined ? {} : { 'content-type': 'application/json' });
      reply.end(json === undefined ? '' : JSON.stringify(json));
    });
  });

  async start(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
}

const DFSP_API = basicAuthorization('dfsp-api', 'the-api');

describe('the scheme adapter', () => {
  const spspClient = new FakeSpspClient();
  let database: TestDatabase;
  let adapter: RunningRole;

  beforeAll(async () => {
    database = await createTestDatabase();
    adapter = await startRole(
      schemeAdapterRole,
      settingsOf(SchemeAdapterSettings, {
        port: 0,
        logLevel: 'silent',
        dfsp: 'dfsp2',
        databaseUrl: database.url,
        databaseSchema: 'scheme_adapter',
        spspClientUrl: `${await spspClient.start()}/v1`,
        spspServerUrl: 'http://127.0.0.1:3203/v1',
        demoNetwork: true,
        dfspApiUrl: 'http://127.0.0.1:3200/v1',
        rolePassword: 'the-adapter',
        callers: 'dfsp-api:the-api',
        centralDirectoryUrl: 'http://127.0.0.1:3010',
        centralDirectoryKey: 'dfsp2',
        centralDirectorySecret: 'dfsp2',
        signingKey: '02'.repeat(32),
        signingKeyId: 'dfsp2-key-1',
      }),
    );
  });

  afterEach(() => {
    spspClient.seen = [];
  });

  afterAll(async () => {
    await adapter?.close();
    await spspClient.stop();
    await database.drop();
  });

  const post = (url: string, payload: object | string, type = 'application/json') =>
    adapter.app.inject({
      method: 'POST',
      url,
      headers: {
        authorization: DFSP_API,
        'content-type': type,
        'l1p-trace-id': 'b9c4ceba-51e4-4a80-b1a7-2972383e98af',
      },
      payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
    });
  const get = (url: string) => adapter.app.inject({ method: 'GET', url, headers: { authorization: DFSP_API } });

  it.each(['/scheme/adapter/v1', '/v1'])('is healthy at %s', async (base) => {
    expect((await get(`${base}/health`)).json()).toEqual({ status: 'OK' });
  });

  it.each(['/scheme/adapter/v1/invoices', '/v1/invoices'])('passes a notification on from %s', async (url) => {
    const result = { invoiceNotificationId: '1', status: 'pending' };
    spspClient.answer = { status: 201, json: result };
    const answer = await post(url, NOTIFICATION);
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual(result);
    expect(spspClient.seen).toEqual([
      {
        method: 'POST',
        url: '/v1/invoices',
        traceId: 'b9c4ceba-51e4-4a80-b1a7-2972383e98af',
        hop: 'III.B',
        body: { ...NOTIFICATION, invoiceUrl: 'http://127.0.0.1:3203/v1/invoices/a%2F1' },
      },
    ]);
  });

  it('passes a given invoiceUrl on unchanged, and answers 201 without a body if the SPSP client does', async () => {
    spspClient.answer = { status: 201 };
    const answer = await post('/v1/invoices', { ...NOTIFICATION, invoiceUrl: INVOICE_URL });
    expect([answer.statusCode, answer.body]).toEqual([201, '']);
    expect(spspClient.seen[0]?.body).toMatchObject({ invoiceUrl: INVOICE_URL });
  });

  it.each(['/scheme/adapter/v1/invoices', '/v1/invoices'])('reads an invoice at %s', async (url) => {
    const invoice = { type: 'invoice', invoiceId: '1', amount: '10.40', status: 'unpaid' };
    spspClient.answer = { status: 200, json: invoice };
    const answer = await get(`${url}?invoiceUrl=${encodeURIComponent(INVOICE_URL)}`);
    expect([answer.statusCode, answer.json()]).toEqual([200, invoice]);
    expect(spspClient.seen).toMatchObject([
      { method: 'GET', url: `/v1/invoices?invoiceUrl=${encodeURIComponent(INVOICE_URL)}`, hop: 'row-14b' },
    ]);
  });

  it.each(['', '?invoiceUrl=', '?invoiceUrl=nothing', '?invoiceUrl=ftp://dfsp2.test/1', '?invoiceUrl=a&invoiceUrl=b'])(
    'N24: answers 400 to GET /v1/invoices%s',
    async (query) => {
      const answer = await get(`/v1/invoices${query}`);
      expect([answer.statusCode, answer.json().id]).toEqual([400, 'InvalidUriParameterError']);
      expect(spspClient.seen).toEqual([]);
    },
  );

  it.each([
    {},
    { ...NOTIFICATION, invoiceId: undefined },
    { ...NOTIFICATION, submissionUrl: 'nowhere' },
    { ...NOTIFICATION, senderIdentifier: 78_956_562 },
    '{',
  ])('answers 400 to a notification of %j', async (body) => {
    const answer = await post('/v1/invoices', body);
    expect([answer.statusCode, answer.json().id]).toEqual([400, 'InvalidBodyError']);
    expect(spspClient.seen).toEqual([]);
  });

  it('N25: answers 404 elsewhere', async () => {
    for (const url of ['/scheme/adapter/v1/invoiceXXX', '/v1/invoiceBAD', '/invoices']) {
      expect((await get(url)).json()).toMatchObject({ id: 'NotFoundError' });
    }
    expect((await post('/v1/invoiceBad', NOTIFICATION)).statusCode).toBe(404);
  });

  it('N26: answers 415 to content that is no JSON', async () => {
    const answer = await post('/scheme/adapter/v1/invoices', '<invoice/>', 'application/xml');
    expect([answer.statusCode, answer.json().id]).toEqual([415, 'UnsupportedMediaTypeError']);
  });

  it('relays refusals of the SPSP client, and answers 502 if it fails', async () => {
    spspClient.answer = { status: 404, json: { id: 'UserNotFound', message: 'User not found' } };
    const refused = await post('/v1/invoices', NOTIFICATION);
    expect([refused.statusCode, refused.json()]).toEqual([404, { id: 'UserNotFound', message: 'User not found' }]);
    spspClient.answer = { status: 500, json: { id: 'InternalServerError', message: 'broken', stack: 'at …' } };
    const failed = await post('/v1/invoices', NOTIFICATION);
    expect([failed.statusCode, failed.json().id]).toEqual([502, 'ExternalError']);
    expect(failed.body).not.toContain('at …');
  });
});
