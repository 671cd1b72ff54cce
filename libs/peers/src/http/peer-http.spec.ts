import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HopRecorder, RoleIdentity } from '@level-one/platform';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { LedgerClient } from '../clients/ledger.client.js';
import { PeerHttp } from './peer-http.js';
import { SpspServerClient } from '../clients/spsp-server.client.js';

const RECEIVER = {
  type: 'payee',
  name: 'Bob Diaz',
  account: 'http://127.0.0.1/ledger/accounts/bob',
  currencyCode: 'USD',
  currencySymbol: '$',
  imageUrl: '',
};
const JSON_TYPE = 'application/json';

describe("A17: another system's answer", () => {
  let server: Server;
  let respond: (request: IncomingMessage, response: ServerResponse) => void;
  let http: PeerHttp;
  let url: string;

  beforeAll(async () => {
    server = createServer((request, response) => respond(request, response));
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    http = new PeerHttp(new RoleIdentity('spsp-client', 'dfsp1'), new HopRecorder());
  });
  afterEach(() => http.onApplicationShutdown());
  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((done) => {
      server.close(done);
    });
  });

  function answers(status: number, body: string | Buffer, headers: Record<string, string> = {}): void {
    respond = (_request, response) => {
      response.writeHead(status, { 'content-type': JSON_TYPE, ...headers });
      response.end(body);
    };
  }

  async function receiver(): Promise<object> {
    try {
      return { answered: await new SpspServerClient(http).receiver(url) };
    } catch (error) {
      const { status, id, message, extras } = error as { status: number; id: string; message: string; extras: object };
      return { status, id, message, extras };
    }
  }

  it('is used when it is what the hop promises', async () => {
    answers(
      200,
      JSON.stringify({ ...RECEIVER, currencyScale: null, more: { a: 0 } }).replace(':0', ':1.234567890123456789'),
    );
    expect(await receiver()).toMatchObject({ answered: { name: 'Bob Diaz' } });
    answers(200, Buffer.from(JSON.stringify({ ...RECEIVER, name: 'Zoë' }), 'latin1'), {
      'content-type': 'application/json; charset=ISO-8859-1',
    });
    expect(await receiver()).toMatchObject({ answered: { name: 'Zoë' } });
  });

  const GOOD = JSON.stringify(RECEIVER);
  it.each<[string, number, string | Buffer, Record<string, string>?]>([
    ['nothing', 200, ''],
    ['no body', 204, ''],
    ['a list', 200, '[]'],
    ['null', 200, 'null'],
    ['a text', 200, '"x"'],
    ['half of JSON', 200, GOOD.slice(0, -1)],
    ['another type', 200, GOOD, { 'content-type': 'text/html' }],
    ['no receiver', 200, '{}'],
    ['a name that is a number', 200, JSON.stringify({ ...RECEIVER, name: 1 })],
    ['an account that is an object', 200, JSON.stringify({ ...RECEIVER, account: { a: 1 } })],
    ['a name without end', 200, JSON.stringify({ ...RECEIVER, name: 'x'.repeat(10_000) })],
    ['gzip', 200, gzipSync(GOOD), { 'content-encoding': 'gzip' }],
    ['brotli', 200, brotliCompressSync(GOOD), { 'content-encoding': 'br' }],
    ['an encoding that is not so', 200, GOOD, { 'content-encoding': 'deflate' }],
    ['a charset that nobody knows', 200, GOOD, { 'content-type': 'application/json; charset=ebcdic' }],
    ['bytes that are no text', 200, Buffer.from(JSON.stringify({ ...RECEIVER, name: 'Zoë' }), 'latin1')],
    ['NUL', 200, JSON.stringify({ ...RECEIVER, name: 'a\u0000' })],
    ['half of a surrogate pair', 200, JSON.stringify({ ...RECEIVER, name: '\ud800' })],
    ['a constructor', 200, '{"constructor":"x"}'],
    ['a member twice', 200, '{"name":"a","name":"b"}'],
    ['100,000 levels', 200, '['.repeat(100_000) + ']'.repeat(100_000)],
    ['two megabytes', 200, JSON.stringify({ ...RECEIVER, more: 'x'.repeat(2 ** 21) })],
    ['a redirect', 302, '', { location: 'http://127.0.0.1:9/' }],
    ['a part', 206, GOOD],
    ['another kind of success', 299, GOOD],
    ['not modified', 304, ''],
    ['a failure', 500, '{"id":"NotFoundError"}'],
    ['credentials refused', 401, '{"id":"Unauthorized"}'],
    ['an id that nobody knows', 418, '{"id":"<script>alert(1)</script>","message":"<b>"}'],
    ['a reason of law', 451, '{"id":"toString"}'],
    ['a refusal without an id', 400, '{"error":"x"}'],
    ['a refusal that is a list', 422, '[{"id":"NotFoundError"}]'],
    ['an id that is a list', 422, '{"id":["NotFoundError"]}'],
    ['a refusal that is too deep', 422, '['.repeat(5_000) + ']'.repeat(5_000)],
  ])('is 502 when it is %s', async (_name, status, body, headers = {}) => {
    answers(status, body, headers);
    expect(await receiver()).toMatchObject({ status: 502, id: 'ExternalError' });
  });

  it.each<[string, (request: IncomingMessage, response: ServerResponse) => void]>([
    ['never begins', () => undefined],
    [
      'begins in time and never ends',
      (_request, response) => {
        response.writeHead(200, { 'content-type': JSON_TYPE });
        response.write('{');
      },
    ],
  ])('is not waited for beyond the limit if it %s', async (_what, never) => {
    respond = never;
    const calling = http.request('I.E', { baseUrl: url, path: '/receivers/1', timeoutMs: 200 });
    await expect(calling).rejects.toMatchObject({
      status: 502,
      id: 'ExternalError',
      cause: { name: 'TimeoutError' },
    });
  });

  it('is mapped onto the ids and the statuses of the contract when it refuses', async () => {
    const text = `no\u0001such\nreceiver ${'x'.repeat(5_000)}`;
    answers(418, JSON.stringify({ id: 'UserNotFound', message: text, stack: 'at x.js', params: { a: 1 } }));
    const found = (await receiver()) as { message: string };
    expect(found).toMatchObject({ status: 404, id: 'UserNotFound', extras: { params: { a: 1 } } });
    expect(found).not.toHaveProperty('extras.stack');
    expect(found.message).toMatch(/^no such receiver x{100}/);
    expect(found.message.length).toBe(1_024);

    answers(422, JSON.stringify({ id: 'NoAccount', message: { a: 1 }, validationErrors: ['x'.repeat(5_000)] }));
    expect(await receiver()).toEqual({ status: 422, id: 'NoAccount', message: 'NoAccount', extras: {} });

    answers(404, '<html>', { 'content-type': 'text/html' });
    expect(await receiver()).toMatchObject({ status: 404, id: 'NotFoundError' });
    answers(429, '{"id":"TooManyRequestsError"}');
    expect(await receiver()).toMatchObject({ status: 503, id: 'ServiceUnavailableError' });
    answers(503, '{"id":"ServiceUnavailableError"}', { 'retry-after': '2' });
    await expect(new SpspServerClient(http).receiver(url)).rejects.toMatchObject({
      status: 503,
      id: 'ServiceUnavailableError',
      retryAfterS: 2,
    });
    answers(503, '{"id":"ServiceUnavailableError"}');
    expect(await receiver()).toMatchObject({ status: 502, id: 'ExternalError' });
  });

  it('A7: that too much of a DFSP is open already is told to that DFSP', async () => {
    answers(429, '{"id":"TooManyRequestsError","message":"Too many payments of this DFSP were set up"}');
    const told = await http
      .call('S.E', { baseUrl: url, path: '/setup', method: 'POST', json: {} })
      .catch((error) => error);
    expect(told).toMatchObject({
      status: 429,
      id: 'TooManyRequestsError',
      message: expect.stringMatching(/^Too many/),
    });
    answers(429, 'null');
    await expect(http.call('S.D', { baseUrl: url, path: '/setup', method: 'POST', json: {} })).rejects.toMatchObject({
      status: 429,
    });
  });

  it('of a ledger is never taken for "no such transfer" unless the ledger says so', async () => {
    const ledger = new LedgerClient(http, { role: 'dfsp-ledger', baseUrl: url, name: 'a', password: 'b' });
    const transfer = async (status: number, body: string, type = JSON_TYPE): Promise<object> => {
      respond = (request, response) => {
        const isToken = request.url === '/auth_token';
        response.writeHead(isToken ? 200 : status, { 'content-type': isToken ? JSON_TYPE : type });
        response.end(isToken ? '{"token":"t"}' : body);
      };
      return ledger.transfer('1').catch((error: unknown) => error as object);
    };
    expect(await transfer(404, '{"id":"NotFoundError","message":"Unknown transfer"}')).toMatchObject({ status: 404 });
    expect(await transfer(404, '<html>', 'text/html')).toMatchObject({ status: 502 });
    expect(await transfer(404, '{"id":"Gone"}')).toMatchObject({ status: 502 });
    expect(await transfer(200, '{}')).toMatchObject({ status: 502 });
    expect(await transfer(200, '{"id":"1","debits":[],"credits":[{}]}')).toMatchObject({ status: 502 });
    expect(await transfer(200, '{"id":"1","debits":[],"credits":[],"state":"prepared"}')).toMatchObject({ id: '1' });
  });
});
