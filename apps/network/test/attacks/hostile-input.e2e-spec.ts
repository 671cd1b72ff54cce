import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { ALICE, BOB } from '../support/people.js';
import { demoSecrets } from '../../src/plan/secrets.js';
import { ask, TestNetwork } from '../support/test-network.js';
import { WebSocket } from 'ws';
import { ADMIN, API, BODIES, BODY_ROUTES, PATH_ROUTES, type Route, SEGMENTS } from './hostile-requests.js';

/** No answer to bad input may take longer. */
const PATIENCE_MS = 30_000;

/** The status line and the body that a request gets which no URL library would send. */
function raw(url: string, request: string, body?: string, auth?: string): Promise<{ status: number; text: string }> {
  const { hostname, port, host } = new URL(url);
  const head = [
    `${request} HTTP/1.1`,
    `host: ${host}`,
    'connection: close',
    ...(auth === undefined ? [] : [`authorization: Basic ${Buffer.from(auth).toString('base64')}`]),
    ...(body === undefined ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]),
  ];
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(`${head.join('\r\n')}\r\n\r\n${body ?? ''}`));
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer')));
    socket.on('data', (data) => (answer += String(data)));
    socket.on('error', reject);
    socket.on('close', () => {
      const [, text = ''] = answer.split('\r\n\r\n');
      resolve({ status: Number(answer.slice(9, 12)), text });
    });
  });
}

function forgedToken(header: object, claims: object, secret?: string): string {
  const encoded = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = secret ? createHmac('sha256', secret).update(encoded).digest('base64url') : '';
  return `Bearer ${encoded}.${signature}`;
}

describe('A stranger', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    expect(await network.violations()).toEqual([]);
    await network.close();
  });

  /** With the credentials of whoever may call them, where the list names none. */
  const withCredentials = (routes: Route[]): Route[] =>
    routes.map((one) => ({ ...one, auth: one.auth ?? network.usualCredentials(one.role, one.dfsp, one.request) }));

  /** Refused with the contract's error body, and without a word about what is inside. */
  async function expectRefusal({ role, dfsp, request, auth }: Route, body?: string): Promise<void> {
    const [method, path] = request.split(' ');
    const answer = await ask(`${method} ${network.url(role, dfsp, path)}`, {
      auth,
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
    });
    const seen = `${role} ${request.slice(0, 80)} → ${answer.status} ${answer.text.slice(0, 200)}`;
    // An administrator may give an account any name, and say nothing about it.
    if (answer.status < 300 && /(POST|PUT) .*\/accounts/.test(request)) return;
    expect({ seen, is4xx: answer.status >= 400 && answer.status < 500 }).toEqual({ seen, is4xx: true });
    expect({ seen, body: answer.body }).toMatchObject({
      seen,
      body: { id: expect.any(String), message: expect.any(String) },
    });
    expect(answer.text).not.toMatch(/node_modules|QueryFailed|SELECT |\.js:\d|stack/);
  }

  it.each(Object.entries(BODIES))('gets a 4xx everywhere for a body of %s', async (_name, body) => {
    expect.hasAssertions();
    for (const one of withCredentials(BODY_ROUTES)) await expectRefusal(one, body);
  });

  it.each(SEGMENTS)('gets a 4xx everywhere for %.40s in a path or query', async (segment) => {
    expect.hasAssertions();
    for (const one of withCredentials(PATH_ROUTES))
      await expectRefusal({ ...one, request: one.request.replaceAll('*', segment) });
  });

  it.each(['name=constructor&constructor=x', '__proto__=x&receiver=%00', 'a=1&receiver=a%00b', 'prototype=1'])(
    'A12: gets a 400 for the query %s wherever there is one',
    async (query) => {
      const asked = withCredentials(PATH_ROUTES).filter(({ request }) => request.includes('?'));
      for (const { role, dfsp, request, auth } of asked) {
        const path = `${request.split('?')[0]}?${query}`;
        const answer = await network.ask(role, dfsp, path, { auth });
        expect([path, answer.status, answer.body]).toMatchObject([path, 400, { id: expect.any(String) }]);
      }
    },
  );

  it('A12: is not let in with a name that nobody can have', async () => {
    for (const name of ['ad\u0000min', '\ud800']) {
      const login = Buffer.concat([Buffer.from(name, name === '\ud800' ? 'utf16le' : 'utf8'), Buffer.from(':x')]);
      const headers = { authorization: `Basic ${login.toString('base64')}` };
      for (const [role, dfsp, path] of [
        ['central-directory', null, '/dfsps'],
        ['central-ledger', null, '/accounts'],
        ['dfsp-ledger', 'dfsp1', '/ledger/accounts'],
        ['ledger-adapter', 'dfsp1', '/ilp/ledger/v1/accounts'],
        ['dfsp-api', 'dfsp1', '/v1/customers/5'],
      ] as const) {
        expect((await network.ask(role, dfsp, `GET ${path}`, { auth: null, headers })).status).toBe(401);
      }
    }
  });

  it.each([
    ['charset=utf-7', 415, '{}'],
    ['charset=utf-8', 400, Buffer.from('{"name":"caf\xe9"}', 'latin1')],
    ['charset=us-ascii', 400, Buffer.from('{"name":"café"}')],
    ['charset=utf-16le', 400, Buffer.from('{"n')],
  ])('field K: gets a refusal everywhere for a text that is not what it is called: %s', async (type, status, body) => {
    for (const { role, dfsp, request, auth } of withCredentials(BODY_ROUTES)) {
      const [method, path] = request.split(' ');
      const answer = await fetch(network.url(role, dfsp, path), {
        method: method!,
        body,
        headers: {
          'content-type': `application/json; ${type}`,
          ...(auth && { authorization: `Basic ${Buffer.from(auth).toString('base64')}` }),
        },
      });
      expect([role, request, answer.status]).toEqual([role, request, status]);
    }
  });

  it('field K: gets 415 everywhere for a compressed body, and names are kept in the charset that they came in', async () => {
    const body = gzipSync('{"name":"x"}');
    for (const { role, dfsp, request, auth } of withCredentials(BODY_ROUTES)) {
      const [method, path] = request.split(' ');
      const headers = {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
        ...(auth && { authorization: `Basic ${Buffer.from(auth).toString('base64')}` }),
      };
      const answer = await fetch(network.url(role, dfsp, path), { method: method!, body, headers });
      expect([role, request, answer.status]).toEqual([role, request, 415]);
    }
    const customer = (charset: string, bytes: Buffer) =>
      fetch(network.url('dfsp-api', 'dfsp1', '/v1/customers/55500077'), {
        method: 'PUT',
        body: bytes,
        headers: {
          'content-type': `application/json; charset=${charset}`,
          authorization: `Basic ${Buffer.from(API).toString('base64')}`,
        },
      }).then((answer) => answer.json());
    const text = JSON.stringify({ firstName: 'Zoë', lastName: 'Café', imageUrl: 'https://x.test/z.png', accounts: [] });
    const kept = await customer('utf-8', Buffer.from(text));
    expect(kept).toMatchObject({ firstName: 'Zoë', lastName: 'Café' });
    expect(await customer('ISO-8859-1', Buffer.from(text, 'latin1'))).toEqual(kept);
    expect(await customer('utf-16', Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual(kept);
  });

  it('finds no open door in how a path is spelt', async () => {
    const api = network.url('dfsp-api', 'dfsp1');
    const directory = network.url('central-directory', null);
    const registry = network.url('end-user-registry', null);
    const ledger = network.url('dfsp-ledger', 'dfsp1');
    const dfsp = JSON.stringify({ name: 'Mallory', shortName: 'mallory', providerUrl: 'http://127.0.0.1:9/v1' });
    const user = JSON.stringify({ number: '666', dfspIdentifier: '001:001' });
    for (const trick of ['', '#/health', '#/docs', '?/health', '/#/docs-json']) {
      expect(await raw(api, `GET /v1/customers/${ALICE}${trick}`)).toMatchObject({ status: 401 });
      expect(await raw(api, `PUT /v1/customers/${ALICE}${trick}`, '{}')).toMatchObject({ status: 401 });
      expect(await raw(directory, `GET /dfsps${trick}`)).toMatchObject({ status: 401 });
      expect(await raw(directory, `POST /commands/register${trick}`, dfsp)).toMatchObject({ status: 401 });
      expect(await raw(registry, `POST /register${trick}`, user)).toMatchObject({ status: 401 });
      expect(await raw(ledger, `GET /ledger/accounts${trick}`)).toMatchObject({ status: 401 });
    }
    for (const path of ['/v1/customers/health', '/v1/customers/docs', '/docs/../v1/customers/1', '//v1/customers/1']) {
      const { status } = await raw(api, `GET ${path}`);
      expect([path, [401, 404].includes(status)]).toEqual([path, true]);
    }
  });

  it('is asked who it is before anybody looks at its body', async () => {
    for (const { role, dfsp, request, auth } of withCredentials(BODY_ROUTES).filter((one) => one.auth !== null)) {
      for (const [type, body] of [
        ['application/json', '{'],
        ['application/xml', '<x/>'],
      ] as const) {
        for (const credentials of [null, `${auth}x`]) {
          const answer = await network.ask(role, dfsp, request, {
            auth: credentials,
            body,
            headers: { 'content-type': type },
          });
          expect([role, request, answer.status, answer.body]).toMatchObject([
            role,
            request,
            401,
            { id: 'Unauthorized' },
          ]);
        }
      }
    }
  });

  it('cannot forge a token', async () => {
    const issuer = network.url('dfsp-ledger', 'dfsp1', '/ledger');
    const secret = demoSecrets().tokenSecret.dfsp1;
    const own = await ask(`GET ${issuer}/auth_token`, { auth: ADMIN });
    const [, payload] = (own.body.token as string).split('.');
    const claims = JSON.parse(Buffer.from(payload!, 'base64url').toString()) as Record<string, unknown>;
    const tokens = {
      genuine: forgedToken({ alg: 'HS256', typ: 'JWT' }, claims, secret),
      unsigned: forgedToken({ alg: 'none', typ: 'JWT' }, claims),
      'signed by another': forgedToken({ alg: 'HS256', typ: 'JWT' }, claims, 'another secret'),
      'of another ledger': forgedToken(
        { alg: 'HS256' },
        { ...claims, iss: network.url('central-ledger', null) },
        secret,
      ),
      'over its time': forgedToken({ alg: 'HS256' }, { ...claims, exp: 1 }, secret),
      'of another password': forgedToken({ alg: 'HS256' }, { ...claims, ver: 'another' }, secret),
      'of no password': forgedToken({ alg: 'HS256' }, { ...claims, ver: undefined }, secret),
      'without a name': forgedToken({ alg: 'HS256' }, { ...claims, sub: { $ne: '' } }, secret),
    };
    const statuses = await Promise.all(
      Object.entries(tokens).map(async ([name, authorization]) => {
        const answer = await ask(`GET ${issuer}/accounts`, { headers: { authorization } });
        return [name, answer.status] as const;
      }),
    );
    expect(Object.fromEntries(statuses)).toEqual({
      genuine: 200,
      unsigned: 401,
      'signed by another': 401,
      'of another ledger': 401,
      'over its time': 401,
      'of another password': 401,
      'of no password': 401,
      'without a name': 401,
    });
  });

  it('is known no longer once its account is disabled, whatever it still holds', async () => {
    const account = (body: object) =>
      network.ask('dfsp-ledger', 'dfsp1', 'PUT /ledger/accounts/mallory', {
        auth: ADMIN,
        body: { name: 'mallory', ...body },
      });
    expect(await account({ password: 'mallory' })).toMatchObject({ status: 201 });
    const auth = 'mallory:mallory';
    const own = await network.ask('dfsp-ledger', 'dfsp1', 'GET /ledger/auth_token', { auth });
    const headers = { authorization: `Bearer ${own.body.token as string}` };
    expect((await network.ask('dfsp-ledger', 'dfsp1', 'GET /ledger/accounts/mallory', { headers })).status).toBe(200);
    const socket = new WebSocket(
      network.url('dfsp-ledger', 'dfsp1', '/ledger/accounts/mallory/transfers').replace(/^http/, 'ws'),
      { headers },
    );
    await once(socket, 'message');
    const [[code]] = await Promise.all([once(socket, 'close'), account({ is_disabled: true })]);
    expect(code).toBe(1008);
    expect((await network.ask('dfsp-ledger', 'dfsp1', 'GET /ledger/accounts/mallory', { headers })).status).toBe(401);
    expect((await network.ask('dfsp-ledger', 'dfsp1', 'GET /ledger/auth_token', { auth })).status).toBe(401);
  });

  it('cannot lead the ledger adapter out of the ledger', async () => {
    const adapter = network.url('ledger-adapter', 'dfsp1');
    for (const path of ['transfers/%2e%2e', 'accounts/.%2E', 'accounts/..\\..\\health']) {
      expect(await raw(adapter, `GET /ilp/ledger/v1/${path}`, undefined, 'alice:alice')).toMatchObject({ status: 404 });
    }
  });

  it('gets the page of the network with what a browser may do with it', async () => {
    const page = await ask(`GET ${network.running.plan.pageUrl}/`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await ask(`GET ${network.running.plan.pageUrl}/api/nothing`)).toMatchObject({
      status: 404,
      body: { id: 'NotFoundError' },
    });
    const receiver = await network.ask('spsp-server', 'dfsp2', `GET /v1/receivers/${BOB}`);
    expect(receiver.headers.get('x-content-type-options')).toBe('nosniff');
  });
});
