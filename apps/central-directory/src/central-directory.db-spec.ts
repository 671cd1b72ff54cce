import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization, HopRecorder, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client } from 'pg';
import { centralDirectoryRole } from './central-directory.role.js';
import { CentralDirectorySettings } from './central-directory.settings.js';

const ADMIN = basicAuthorization('admin', 'admin');
const DFSP1 = basicAuthorization('dfsp1', 'dfsp1');
const DFSP2 = basicAuthorization('dfsp2', 'dfsp2');
const dfspN = (n: number) => ({
  name: `DFSP ${n}`,
  shortName: `dfsp${n}`,
  providerUrl: `http://dfsp${n}.test:3103/v1`,
  schemeAdapterUrl: `http://dfsp${n}.test:3105/scheme/adapter/v1`,
  key: `dfsp${n}`,
  secret: `dfsp${n}`,
});

/** Fake registry: knows the DFSPs of some numbers, and fails for other numbers. */
class FakeRegistry {
  readonly holders = new Map<string, string[]>();
  readonly seen: { method: string; url: string; authorization: string | undefined }[] = [];
  private readonly server: Server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const [status, json] = this.answer(request, Buffer.concat(chunks).toString());
      reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
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

  private answer(request: IncomingMessage, body: string): [number, unknown] {
    const { method = '', url = '' } = request;
    this.seen.push({ method, url, authorization: request.headers.authorization });
    if (method === 'POST') {
      const { number, dfspIdentifier } = JSON.parse(body) as { number: string; dfspIdentifier: string };
      const holders = this.holders.get(number) ?? [];
      if (holders.includes(dfspIdentifier)) return [422, { id: 'AlreadyExistsError', message: 'already' }];
      this.holders.set(number, [...holders, dfspIdentifier]);
      return [201, { number, dfspIdentifier, primary: holders.length === 0 }];
    }
    const number = url.slice('/users/'.length);
    if (number === '500') return [500, { id: 'InternalServerError', message: 'broken' }];
    if (number === '501') return [200, { not: 'a list' }];
    const holders = this.holders.get(number);
    if (!holders) return [404, { id: 'NotFoundError', message: 'not found' }];
    return [200, holders.map((dfspIdentifier) => ({ number, dfspIdentifier }))];
  }
}

describe('the central directory', () => {
  const registry = new FakeRegistry();
  const hops = new HopRecorder();
  let database: TestDatabase;
  let registryUrl: string;
  let directory: RunningRole;
  const further: RunningRole[] = [];

  const start = (values: Partial<CentralDirectorySettings>): Promise<RunningRole> =>
    startRole(
      centralDirectoryRole,
      settingsOf(CentralDirectorySettings, {
        port: 0,
        publicUrl: 'http://localhost',
        logLevel: 'silent',
        demoNetwork: true,
        databaseUrl: database.url,
        databaseSchema: 'directory',
        databasePoolSize: 2,
        directoryAdmin: 'admin:admin',
        endUserRegistryUrl: registryUrl,
        rolePassword: 'the-directory',
        ...values,
      }),
      { hops },
    );

  const get = async (url: string, authorization: string | undefined = DFSP1, on = directory) => {
    const headers = authorization ? { authorization } : {};
    const answer = await on.app.inject({ method: 'GET', url, headers });
    return { status: answer.statusCode, json: answer.json() };
  };
  const post = async (url: string, body: object | string, authorization: string, on = directory) => {
    const answer = await on.app.inject({
      method: 'POST',
      url,
      headers: { authorization, 'content-type': 'application/json' },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: answer.statusCode, json: answer.json() };
  };

  /** Answer to the registration of a third DFSP, with changes to a valid body. */
  const refusal = async (changes: object): Promise<object> =>
    (await post('/commands/register', { ...dfspN(3), ...changes }, ADMIN)).json;

  beforeAll(async () => {
    [database, registryUrl] = await Promise.all([createTestDatabase(), registry.start()]);
    directory = await start({});
    // A role that calls before its DFSP is registered is refused, and accepted right after.
    expect((await get('/dfsps')).status).toBe(401);
    for (const n of [1, 2]) await post('/commands/register', dfspN(n), ADMIN);
    expect((await get('/dfsps')).status).toBe(200);
  });

  afterEach(async () => {
    await Promise.all(further.splice(0).map((role) => role.close()));
  });

  afterAll(async () => {
    await directory.close();
    await Promise.all([database.drop(), registry.stop()]);
  });

  describe('asked for an identifier', () => {
    const dfsp1 = { name: 'DFSP 1', providerUrl: 'http://dfsp1.test:3103/v1', shortName: 'dfsp1' };
    const dfsp2 = { name: 'DFSP 2', providerUrl: 'http://dfsp2.test:3103/v1', shortName: 'dfsp2' };

    it('answers its DFSPs, the primary one first, on every form of the route', async () => {
      registry.holders.set('78956563', ['001:002', '001:001']);
      for (const url of [
        '/resources?identifier=eur:78956563',
        '/resources?identifier=eur%3A78956563',
        '/resources?identifier=78956563',
        '/resources?identifier=78956563&identifierType=eur',
        '/user?identifier=78956563',
        '/user?identifier=78956563&identifierType=eur',
      ]) {
        expect(await get(url)).toEqual({
          status: 200,
          json: [
            { ...dfsp2, primary: true, registered: true },
            { ...dfsp1, primary: false, registered: true },
          ],
        });
      }
    });

    it('asks the registry by hop I.B', async () => {
      registry.holders.set('1', ['001:001']);
      const recorded: string[] = [];
      const listening = hops.records$.subscribe(({ hop, method, url, status }) =>
        recorded.push(`${hop} ${method} ${url.slice(registryUrl.length)} ${status}`),
      );
      await get('/resources?identifier=eur:1');
      listening.unsubscribe();
      expect(recorded).toEqual(['I.B GET /users/1 200']);
    });

    it('N1: answers 404 if no DFSP holds it', async () => {
      expect(await get('/resources?identifier=eur:99999999')).toMatchObject({
        status: 404,
        json: { id: 'NotFoundError', message: 'The requested resource could not be found.' },
      });
      expect((await get('/resources?identifier=tel:+14155550101'.replace('+', '%2B'))).status).toBe(404);
      expect(await get('/resources?identifier=murthy1')).toMatchObject({
        status: 400,
        json: { id: 'InvalidQueryParameterError' },
      });
    });

    it('N1: answers the default DFSP instead, if one is configured', async () => {
      const withDefault = await start({ defaultDfsp: 'dfsp2' });
      further.push(withDefault);
      expect(await get('/resources?identifier=eur:99999999', DFSP1, withDefault)).toEqual({
        status: 200,
        json: [{ ...dfsp2, primary: true, registered: false }],
      });
      registry.holders.set('2', ['001:001']);
      expect((await get('/resources?identifier=eur:2', DFSP1, withDefault)).json).toEqual([
        { ...dfsp1, primary: true, registered: true },
      ]);
    });

    it('N2, N3: refuses an unknown type and a bad number, with the name of the parameter', async () => {
      expect(await get('/resources?identifier=xxx:1')).toEqual({
        status: 400,
        json: {
          id: 'InvalidQueryParameterError',
          message: "'xxx' is not a registered identifierType",
          validationErrors: [
            {
              message: "'xxx' is not a registered identifierType",
              params: { key: 'identifier', value: 'xxx:1' },
            },
          ],
        },
      });
      for (const query of ['identifier=eur:123456789', 'identifier=eur:abc', 'identifier=', '', 'identifierType=eur']) {
        expect(await get(`/resources?${query}`)).toMatchObject({
          status: 400,
          json: { id: 'InvalidQueryParameterError', validationErrors: [{ params: { key: 'identifier' } }] },
        });
      }
    });

    it('N7: answers 404 for numbers of other schemes', async () => {
      registry.holders.set('3', ['002:123', '001:001']);
      expect(await get('/resources?identifier=eur:3')).toMatchObject({
        status: 404,
        json: { id: 'NotFoundError', message: 'Cross-scheme lookups are not currently supported' },
      });
      registry.holders.set('4', ['001:001', '002:123']);
      expect((await get('/resources?identifier=eur:4')).json).toEqual([{ ...dfsp1, primary: true, registered: true }]);
    });

    it('leaves out DFSPs that are not registered', async () => {
      registry.holders.set('5', ['001:002', '001:999', '001:9999999999']);
      expect((await get('/resources?identifier=eur:5')).json).toEqual([{ ...dfsp2, primary: true, registered: true }]);
      registry.holders.set('6', ['001:999']);
      expect((await get('/resources?identifier=eur:6')).status).toBe(404);
    });

    it.each([
      ['fails', 'eur:500'],
      ['answers no list', 'eur:501'],
    ])('answers 502 if the registry %s', async (_, identifier) => {
      expect(await get(`/resources?identifier=${identifier}`)).toMatchObject({
        status: 502,
        json: { id: 'ExternalError' },
      });
    });

    it('answers 502 if the registry is down', async () => {
      const gone = new FakeRegistry();
      const url = await gone.start();
      await gone.stop();
      const alone = await start({ endUserRegistryUrl: url });
      further.push(alone);
      expect(await get('/resources?identifier=eur:1', DFSP1, alone)).toMatchObject({
        status: 502,
        json: { id: 'ExternalError' },
      });
    });
  });

  describe('asked to register an identifier', () => {
    it('N6: answers 201, 422 to a repeated request, and 201 primary:false to a second DFSP', async () => {
      const body = { identifier: 'eur:26547070', primary: true };
      expect(await post('/resources', body, DFSP2)).toEqual({
        status: 201,
        json: {
          name: 'DFSP 2',
          providerUrl: 'http://dfsp2.test:3103/v1',
          shortName: 'dfsp2',
          primary: true,
          registered: true,
        },
      });
      expect(await post('/resources', body, DFSP2)).toMatchObject({
        status: 422,
        json: {
          id: 'AlreadyExistsError',
          message: 'The identifier has already been registered by this DFSP',
        },
      });
      expect(await post('/resources', { identifier: '26547070', primary: 'true' }, DFSP1)).toMatchObject({
        status: 201,
        json: { shortName: 'dfsp1', primary: false },
      });
      expect(registry.holders.get('26547070')).toEqual(['001:002', '001:001']);
      expect(registry.seen.at(-1)).toMatchObject({
        url: '/register',
        authorization: basicAuthorization('central-directory', 'the-directory'),
      });
    });

    it.each([[{ identifier: 'eur:abc' }], [{ identifier: 'xxx:1' }], [{ identifier: 1 }], [{}], ['{']])(
      'answers 400 to %j',
      async (body) => {
        expect(await post('/resources', body, DFSP1)).toMatchObject({ status: 400, json: { id: 'InvalidBodyError' } });
      },
    );

    it('answers 422 for a type that has no registry', async () => {
      expect(await post('/resources', { identifier: 'tel:14155550101' }, DFSP1)).toMatchObject({
        status: 422,
        json: { id: 'UnprocessableEntityError' },
      });
    });

    it('refuses callers that are no DFSP', async () => {
      expect(await post('/resources', { identifier: 'eur:7' }, ADMIN)).toMatchObject({
        status: 403,
        json: { id: 'UnauthorizedError' },
      });
    });
  });

  describe('asked to register a DFSP', () => {
    it('N5: answers 201, then 422', async () => {
      expect(await post('/commands/register', dfspN(1), ADMIN)).toMatchObject({
        status: 422,
        json: { id: 'AlreadyExistsError', message: 'A DFSP of this name has already been registered' },
      });
      const made = await post('/commands/register', { ...dfspN(4), key: undefined, secret: undefined }, ADMIN);
      expect(made).toMatchObject({ status: 201, json: { name: 'DFSP 4', shortName: 'dfsp4' } });
      const { key, secret } = made.json as { key: string; secret: string };
      expect((await get('/dfsps', basicAuthorization(key, secret))).status).toBe(200);
    });

    it('refuses names, keys and URLs of another DFSP', async () => {
      const cases = [
        { shortName: 'DFSP1' },
        { key: 'dfsp1' },
        { providerUrl: 'http://dfsp1.test:3103/v1' },
        { providerUrl: 'http://dfsp1.test:3103/v1/other' },
        { providerUrl: 'HTTP://dfsp1.test:3103/' },
        { schemeAdapterUrl: 'HTTP://DFSP1.test:3105' },
      ];
      for (const changes of cases) expect(await refusal(changes)).toMatchObject({ id: 'AlreadyExistsError' });
      expect(JSON.stringify((await get('/dfsps')).json)).not.toContain('dfsp3');
    });

    it.each([
      ['a URL of another protocol', { providerUrl: 'ftp://dfsp3.test/v1' }],
      ['a URL without a protocol', { providerUrl: 'dfsp3.test' }],
      ['a script', { providerUrl: 'javascript:alert(1)' }],
      ['a file', { schemeAdapterUrl: 'file:///etc/passwd' }],
      ['a URL that is too long', { providerUrl: `http://dfsp3.test/${'x'.repeat(1024)}` }],
      ['a short name that is too long', { shortName: 'longer-than-10' }],
      ['a short name of two words', { shortName: 'a b' }],
      ['a name that is too long', { name: 'x'.repeat(257) }],
      ['no name', { name: undefined }],
      ['a key that Basic credentials cannot carry', { key: 'a:b' }],
    ])('answers 400 to %s', async (_, changes) => {
      expect(await refusal(changes)).toMatchObject({ id: 'InvalidBodyError' });
    });

    it.each([
      'http://user:password@dfsp3.test/v1',
      'http://dfsp3.test/v1?x=1',
      'http://dfsp3.test/v1#x',
      'http://dfsp3.test/x/../v1',
      'http://dfsp3.test/x%2Fv1',
      'http://dfsp3.test//v1',
    ])('answers 422 to %s, on which no path can be built', async (providerUrl) => {
      expect(await refusal({ providerUrl })).toMatchObject({ id: 'UnprocessableEntityError' });
    });

    it('accepts the published secrets only in a demo network', async () => {
      const strict = await start({
        demoNetwork: false,
        directoryAdmin: 'operator:a-long-password-7b',
        rolePassword: 'a-long-password-9c',
      });
      further.push(strict);
      const operator = basicAuthorization('operator', 'a-long-password-7b');
      expect(await post('/commands/register', dfspN(3), operator, strict)).toMatchObject({
        status: 422,
        json: { id: 'UnprocessableEntityError' },
      });
    });

    it('numbers DFSPs without gaps, also if many register at once', async () => {
      const answers = await Promise.all([5, 6, 7, 8, 8].map((n) => post('/commands/register', dfspN(n), ADMIN)));
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(4);
      expect(answers.filter(({ status }) => status === 422)).toHaveLength(1);
      await post('/resources', { identifier: 'eur:8' }, basicAuthorization('dfsp8', 'dfsp8'));
      expect(registry.holders.get('8')?.[0]).toMatch(/^001:00[4-8]$/);
    });

    it('F7: allows several DFSPs on one host under different paths or ports, and normalises their URLs', async () => {
      const shared = (name: string, providerUrl: string) =>
        post('/commands/register', { name, shortName: name, providerUrl }, ADMIN);
      expect(await shared('gate1', 'HTTPS://Gate.test:443/one/v1/')).toMatchObject({
        status: 201,
        json: { providerUrl: 'https://gate.test/one/v1' },
      });
      expect((await shared('gate2', 'https://gate.test/two/v1')).status).toBe(201);
      expect((await shared('gate3', 'https://gate.test:8443/one/v1')).status).toBe(201);
      for (const taken of ['https://gate.test/two/v1', 'https://gate.test/two', 'https://gate.test/two/v1/x']) {
        expect(await shared('gate4', taken)).toMatchObject({ status: 422, json: { id: 'AlreadyExistsError' } });
      }
    });
  });

  it('lists the DFSPs with their URLs and keys', async () => {
    const { status, json } = await get('/dfsps');
    expect(status).toBe(200);
    expect((json as unknown[])[0]).toEqual({
      shortName: 'dfsp1',
      providerUrl: 'http://dfsp1.test:3103/v1',
      schemeAdapterUrl: 'http://dfsp1.test:3105/scheme/adapter/v1',
      origins: ['http://dfsp1.test:3103', 'http://dfsp1.test:3105'],
      keys: [],
    });
  });

  it('answers its metadata and the types of identifiers', async () => {
    expect(await get('/', '')).toEqual({
      status: 200,
      json: {
        directory: 'http://localhost',
        urls: {
          health: 'http://localhost/health',
          identifier_types: 'http://localhost/identifier-types',
          resources: 'http://localhost/resources',
          register_identifier: 'http://localhost/resources',
        },
      },
    });
    expect((await get('/identifier-types')).json).toMatchObject([{ identifierType: 'eur' }, { identifierType: 'tel' }]);
  });

  it('F6: serves all its routes under /directory/v1 too', async () => {
    for (const [url, authorization] of [
      ['/', ''],
      ['/health', ''],
      ['/identifier-types', DFSP1],
      ['/dfsps', DFSP1],
      ['/resources?identifier=eur:78956563', DFSP1],
      ['/user?identifier=78956563', DFSP1],
    ] as const) {
      const answer = await get(`/directory/v1${url}`, authorization);
      expect([url, answer]).toEqual([url, await get(url, authorization)]);
      expect(answer.status).toBe(200);
      expect((await get(`/directory/v1${url}`, '')).status).toBe(authorization === '' ? 200 : 401);
    }
    expect((await get('/directory/v1', '')).status).toBe(200);
    expect((await post('/directory/v1/commands/register', dfspN(1), ADMIN)).status).toBe(422);
    expect((await post('/directory/v1/commands/register', dfspN(9), DFSP1)).status).toBe(403);
    expect((await post('/directory/v1/resources', { identifier: 'eur:4711' }, DFSP1)).status).toBe(201);
  });

  describe('authentication', () => {
    it('N4: is needed for every route except metadata, health and documentation', async () => {
      for (const url of ['/', '/health', '/docs-json']) expect((await get(url, '')).status).toBe(200);
      for (const url of [
        '/resources?identifier=eur:1',
        '/user?identifier=1',
        '/identifier-types',
        '/dfsps',
        '/nothing',
      ]) {
        expect(await get(url, '')).toMatchObject({ status: 401, json: { id: 'Unauthorized' } });
      }
    });

    it.each([
      ['a wrong secret', basicAuthorization('dfsp1', 'dfsp2')],
      ['an unknown key', basicAuthorization('nobody', 'nobody')],
      ['an empty secret', basicAuthorization('dfsp1', '')],
      ['another scheme', 'Bearer dfsp1'],
      ['no Base64', 'Basic ???'],
    ])('refuses %s', async (_, authorization) => {
      expect((await get('/dfsps', authorization)).status).toBe(401);
    });

    it('accepts a DFSP as soon as it is registered, also if its roles were refused before', async () => {
      const early = basicAuthorization('early', 'early-secret');
      expect((await get('/dfsps', early)).status).toBe(401);
      const dfsp = { ...dfspN(12), key: 'early', secret: 'early-secret' };
      expect((await post('/commands/register', dfsp, ADMIN)).status).toBeLessThan(300);
      expect((await get('/dfsps', early)).status).toBe(200);
    });

    it('is checked before the body', async () => {
      expect((await post('/resources', '{', '')).status).toBe(401);
      expect((await post('/commands/register', '{', DFSP1)).status).toBe(403);
      expect((await post('/commands/register', '{', ADMIN)).status).toBe(400);
    });

    it('refuses registrations of DFSPs by a DFSP, in every spelling of the path', async () => {
      for (const path of ['/commands/register', '/commands/%72egister', '/commands/register?x=1']) {
        expect((await post(path, dfspN(9), DFSP1)).status).toBe(403);
      }
    });

    it('allows the admin to read', async () => {
      expect((await get('/dfsps', ADMIN)).status).toBe(200);
    });
  });

  it('stores secrets only as hashes', async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ secret_hash: string }>('SELECT secret_hash FROM directory.dfsps');
    await client.end();
    for (const { secret_hash } of rows) {
      expect(secret_hash).toMatch(/^scrypt\$16384\$8\$1\$[\w+/]{22}==\$[\w+/]{43}=$/);
    }
  });
});
