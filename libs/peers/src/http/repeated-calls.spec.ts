import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { HopRecorder, PeerClocks, RoleIdentity } from '@level-one/platform';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PeerHttp } from './peer-http.js';
import { pauseBeforeRepeat, whyUnanswered } from './repeated-calls.js';

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

const ok: Respond = (_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"is":"done"}');
};
const stopping: Respond = (_request, response) => {
  response.writeHead(503, {
    'content-type': 'application/json',
    'retry-after': '1',
    connection: 'close',
    'l1p-stopping': 'true',
  });
  response.end('{"id":"ServiceUnavailableError","message":"This role is stopping"}');
};
const busy: Respond = (_request, response) => {
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '1' });
  response.end('{"id":"ServiceUnavailableError","message":"too much to do"}');
};
const cut: Respond = (request) => request.socket.destroy();

describe('a call that meets a role which stops', () => {
  let server: Server;
  let answers: Respond[];
  let received: string[];
  let http: PeerHttp;
  let clocks: PeerClocks;
  let baseUrl: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      received.push(`${request.method} ${request.url}`);
      request.resume().once('end', () => (answers.shift() ?? ok)(request, response));
    });
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  beforeEach(() => {
    answers = [];
    received = [];
    clocks = new PeerClocks(2_000, { warn: jest.fn(), info: jest.fn() });
    http = new PeerHttp(new RoleIdentity('spsp-client', 'dfsp1'), new HopRecorder(), clocks);
  });

  afterEach(() => http.onApplicationShutdown());

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((done) => {
      server.close(done);
    });
  });

  it.each([
    ['a reading request', 'support-adapter', 'GET', stopping],
    ['a reading request', 'support-adapter', 'GET', cut],
    ['a request with an id', 'P.D', 'PUT', stopping],
    ['a request with an id', 'P.D', 'PUT', cut],
    ['a POST of a payment, which has an id', 'S.C', 'POST', stopping],
    ['a POST of a payment, which has an id', 'S.C', 'POST', cut],
    ['a POST without an id of which nothing was done', 'support-adapter', 'POST', stopping],
  ] as const)('repeats %s (%s %s)', async (_, hop, method, first) => {
    answers = [first, first, ok];
    const json = method === 'GET' ? undefined : {};
    expect(await http.call(hop, { baseUrl, path: '/x', method, json })).toEqual({ is: 'done' });
    expect(received).toEqual(Array.from({ length: 3 }, () => `${method} /x`));
  });

  it('does not repeat a POST without an id that may have been done', async () => {
    answers = [cut];
    const sent = http.call('support-adapter', { baseUrl, path: '/messages', method: 'POST', json: {} });
    await expect(sent).rejects.toMatchObject({ status: 502, id: 'ExternalError' });
    expect(received).toEqual(['POST /messages']);
  });

  it('does not repeat what is refused because there is too much to do', async () => {
    answers = [busy];
    await expect(http.call('Q.1', { baseUrl, path: '/quotes', method: 'POST', json: {} })).rejects.toMatchObject({
      status: 503,
      retryAfterS: 1,
    });
    expect(received).toHaveLength(1);
  });

  it('gives up after a few times, and says what the last one said', async () => {
    answers = Array.from({ length: 9 }, () => stopping);
    await expect(http.call('P.D', { baseUrl, path: '/x', method: 'PUT', json: {} })).rejects.toMatchObject({
      status: 503,
      id: 'ServiceUnavailableError',
      retryAfterS: 1,
    });
    expect(received).toHaveLength(4);
  });

  it('tells a connection that broke, one that could not be opened, and an answer that does not come', async () => {
    const why = async (call: { baseUrl: string; timeoutMs?: number }) => {
      const failed = http.request('support-adapter', { path: '/x', method: 'POST', json: {}, ...call });
      return whyUnanswered(((await failed.catch((error: unknown) => error)) as Error).cause);
    };
    answers = [cut, () => undefined];
    expect(await why({ baseUrl })).toBe('connection lost');
    expect(await why({ baseUrl, timeoutMs: 50 })).toBe('no answer');
    expect(await why({ baseUrl: 'http://127.0.0.1:1' })).toBe('not reached');
  });

  it('repeats only while the pause before it fits into the time that is left', () => {
    expect(pauseBeforeRepeat(0, 60_000)).toBeGreaterThan(0);
    expect(pauseBeforeRepeat(0, 1)).toBeUndefined();
    expect(pauseBeforeRepeat(0, -1)).toBeUndefined();
  });

  it('is recorded as one hop', async () => {
    const hops = new HopRecorder();
    const recorded: number[] = [];
    hops.records$.subscribe(({ status }) => recorded.push(status ?? 0));
    const observed = new PeerHttp(new RoleIdentity('spsp-client', 'dfsp1'), hops);
    answers = [stopping, cut];
    await observed.call('P.D', { baseUrl, path: '/x', method: 'PUT', json: {} });
    await observed.onApplicationShutdown();
    expect(recorded).toEqual([200]);
  });

  it('finds an instance that listens again', async () => {
    const other = createServer(ok);
    const port = await new Promise<number>((done) => {
      other.listen(0, '127.0.0.1', () => done((other.address() as AddressInfo).port));
    });
    await new Promise((done) => {
      other.close(done);
    });
    const call = http.call('support-adapter', {
      baseUrl: `http://127.0.0.1:${port}`,
      path: '/',
      method: 'POST',
      json: {},
    });
    setTimeout(() => other.listen(port, '127.0.0.1'), 5);
    expect(await call).toEqual({ is: 'done' });
    other.closeAllConnections();
    await new Promise((done) => {
      other.close(done);
    });
  });

  it("ruling 42: names a peer's clock that is wrong in a refusal which it may have caused", async () => {
    const late: Respond = (_request, response) => {
      const date = new Date(Date.now() + 30_500).toUTCString();
      response.writeHead(422, { 'content-type': 'application/json', date });
      response.end('{"id":"UnacceptableExpiryError","message":"no"}');
    };
    answers = [late];
    const clockSkew = expect.stringMatching(/^the clock of ilp-connector is (29|30|31) s ahead of the one here$/);
    await expect(http.call('P.C', { baseUrl, path: '/quote' })).rejects.toMatchObject({
      status: 422,
      id: 'UnacceptableExpiryError',
      extras: { clockSkew },
    });
    expect(clocks.notes).toEqual([clockSkew]);
  });
});
