import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DfspOriginsDto, SigningKey } from '@level-one/peers';
import { basicAuthorization, type RunningRole } from '@level-one/platform';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ADMIN, DFSP1, DFSP2, dfspN, TestDirectory } from '../central-directory.fixture.js';

const [DFSP3, DFSP5] = ['dfsp3', 'dfsp5'].map((name) => basicAuthorization(name, name)) as [string, string];

describe('participants change while the directory runs', () => {
  let directory: TestDirectory;
  let second: RunningRole;

  const ask = async (request: string, authorization: string, body?: object, on?: RunningRole) => {
    const [method, url] = request.split(' ') as ['GET' | 'PUT' | 'POST' | 'DELETE', string];
    const answer = await (on ?? directory.role).app.inject({
      method,
      url,
      headers: { authorization },
      ...(body && { payload: body }),
    });
    return { status: answer.statusCode, json: answer.body === '' ? undefined : answer.json() };
  };
  const listed = async (shortName: string, on?: RunningRole): Promise<DfspOriginsDto | undefined> => {
    const { json } = await ask('GET /dfsps', ADMIN, undefined, on);
    return (json as DfspOriginsDto[]).find((dfsp) => dfsp.shortName === shortName);
  };
  const outcome = async (request: string, authorization: string, body?: object): Promise<string> => {
    const { status, json } = await ask(request, authorization, body);
    return json?.id === undefined ? String(status) : `${status} ${json.id}`;
  };

  beforeAll(async () => {
    directory = await TestDirectory.open();
    second = await directory.start({});
    for (const n of [3, 4, 5]) await directory.post('/commands/register', dfspN(n), ADMIN);
  });

  afterAll(() => directory.close());

  it('tells each DFSP with its route, made from its short name unless it has another', async () => {
    expect(await listed('dfsp1')).toMatchObject({
      status: 'active',
      ilpPrefix: 'levelone.dfsp1.',
      centralAccount: 'dfsp1',
    });
    const other = { ...dfspN(6), ilpPrefix: 'levelone.south.', centralAccount: 'south' };
    expect((await directory.post('/commands/register', other, ADMIN)).status).toBe(201);
    expect(await listed('dfsp6')).toMatchObject({ ilpPrefix: 'levelone.south.', centralAccount: 'south' });
    const nested = { ...dfspN(7), ilpPrefix: 'levelone.south.east.' };
    expect((await directory.post('/commands/register', nested, ADMIN)).json.id).toBe('AlreadyExistsError');
    const taken = { ...dfspN(7), centralAccount: 'dfsp1' };
    expect((await directory.post('/commands/register', taken, ADMIN)).json.id).toBe('AlreadyExistsError');
  });

  describe('addresses', () => {
    it('are changed by the DFSP itself; the one of before stays beside it, at every instance', async () => {
      const moved = { providerUrl: 'http://new.test:3103/v1' };
      await listed('dfsp1', second);
      expect(await ask('PUT /dfsps/dfsp1', DFSP1, moved)).toMatchObject({
        status: 200,
        json: { ...moved, formerUrls: [{ url: dfspN(1).providerUrl, kind: 'provider' }] },
      });
      expect(await listed('dfsp1')).toMatchObject({
        ...moved,
        schemeAdapterUrl: dfspN(1).schemeAdapterUrl,
        origins: ['http://new.test:3103', 'http://dfsp1.test:3105'],
      });
      await expect(listed('dfsp1', second)).resolves.toMatchObject(moved);
      directory.registry.holders.set('70', ['001:001']);
      expect((await ask('GET /resources?identifier=70', DFSP2)).json).toMatchObject([moved]);
    });

    it('that another DFSP has or had are refused, and one may go back to its own', async () => {
      for (const providerUrl of [dfspN(1).providerUrl, 'http://new.test:3103/v1/below', dfspN(2).providerUrl])
        expect(await outcome('PUT /dfsps/dfsp3', DFSP3, { providerUrl })).toBe('422 AlreadyExistsError');
      expect(await outcome('PUT /dfsps/dfsp3', DFSP3, { providerUrl: 'http://x/%2e%2e' })).toMatch(
        /^4(00 InvalidBody|22 UnprocessableEntity)Error$/,
      );
      const back = { providerUrl: dfspN(1).providerUrl };
      expect((await ask('PUT /dfsps/dfsp1', DFSP1, back)).json).toMatchObject({
        ...back,
        formerUrls: [{ url: 'http://new.test:3103/v1', kind: 'provider' }],
      });
    });

    it('of others, and routes, are not changed by a DFSP', async () => {
      expect(await outcome('PUT /dfsps/dfsp1', DFSP3, { name: 'Mine' })).toBe('404 NotFoundError');
      expect(await outcome('PUT /dfsps/dfsp9', ADMIN, { name: 'Nobody' })).toBe('404 NotFoundError');
      expect(await outcome('PUT /dfsps/dfsp3', DFSP3, { centralAccount: 'x' })).toBe('403 UnauthorizedError');
      expect(await outcome('PUT /dfsps/dfsp3', ADMIN, { ilpPrefix: 'levelone.north.' })).toBe('200');
      expect(await listed('dfsp3')).toMatchObject({ ilpPrefix: 'levelone.north.' });
    });
  });

  describe('credentials', () => {
    it('are two at once while they change, and the retired ones are refused at once', async () => {
      const made = await ask('POST /dfsps/dfsp3/credentials', DFSP3, { key: 'dfsp3-b' });
      expect(made).toMatchObject({ status: 201, json: { key: 'dfsp3-b', secret: expect.stringMatching(/^.{40,}$/) } });
      const added = basicAuthorization('dfsp3-b', made.json.secret as string);
      expect(await outcome('POST /dfsps/dfsp3/credentials', added, {})).toBe('422 UnprocessableEntityError');
      for (const valid of [DFSP3, added]) expect((await ask('GET /dfsps', valid)).status).toBe(200);
      expect(await outcome('DELETE /dfsps/dfsp3/credentials/dfsp3', added)).toBe('204');
      expect(await outcome('GET /dfsps', DFSP3)).toBe('401 Unauthorized');
      expect((await ask('GET /dfsps', added)).status).toBe(200);
      expect(await outcome('DELETE /dfsps/dfsp3/credentials/dfsp3-b', added)).toBe('422 UnprocessableEntityError');
      expect(await outcome('POST /dfsps/dfsp3/credentials', added, { key: 'dfsp3' })).toBe('422 AlreadyExistsError');
      expect(await outcome('POST /dfsps/dfsp3/credentials', DFSP2, {})).toBe('404 NotFoundError');
    });

    it('are made and retired once by a request that is repeated', async () => {
      const chosen = { key: 'dfsp5-b', secret: 'dfsp5-secret-b' };
      for (const _ of [1, 2])
        expect(await ask('POST /dfsps/dfsp5/credentials', DFSP5, chosen)).toMatchObject({ status: 201, json: chosen });
      const other = { ...chosen, secret: 'dfsp5-secret-c' };
      expect(await outcome('POST /dfsps/dfsp5/credentials', DFSP5, other)).toBe('422 UnprocessableEntityError');
      for (const _ of [1, 2]) expect(await outcome('DELETE /dfsps/dfsp5/credentials/dfsp5-b', DFSP5)).toBe('204');
      expect(await outcome('DELETE /dfsps/dfsp5/credentials/dfsp5-b', DFSP2)).toBe('404 NotFoundError');
      expect(await outcome('DELETE /dfsps/dfsp5/credentials/never', DFSP5)).toBe('404 NotFoundError');
      expect(await outcome('POST /dfsps/dfsp5/credentials', DFSP5, chosen)).toBe('422 AlreadyExistsError');
    });

    it('that are valid are listed without secrets, for the DFSP itself and the admin', async () => {
      const before = (await ask('GET /dfsps/dfsp1/credentials', ADMIN)).json.credentials as object[];
      await ask('POST /dfsps/dfsp1/credentials', ADMIN, { key: 'dfsp1-b', secret: 'dfsp1-secret-b' });
      const { status, json } = await ask('GET /dfsps/dfsp1/credentials', DFSP1);
      const added = { key: 'dfsp1-b', addedAt: expect.stringMatching(/^20.+Z$/) };
      expect([status, json]).toEqual([200, { credentials: [...before, added] }]);
      const details = await ask('GET /dfsps/dfsp1', ADMIN);
      expect(details).toMatchObject({
        status: 200,
        json: {
          shortName: 'dfsp1',
          status: 'active',
          ilpPrefix: 'levelone.dfsp1.',
          centralAccount: 'dfsp1',
          signingKeys: [],
        },
      });
      expect(details.json.credentials).toEqual(json.credentials);
      expect(JSON.stringify(details.json)).not.toMatch(/secret/i);
      expect(await outcome('DELETE /dfsps/dfsp1/credentials/dfsp1-b', ADMIN)).toBe('204');
      expect((await ask('GET /dfsps/dfsp1', DFSP1)).json.credentials).toEqual(before);
      for (const path of ['/dfsps/dfsp1', '/dfsps/dfsp1/credentials', '/dfsps/nobody']) {
        expect(await outcome(`GET ${path}`, DFSP2)).toBe('404 NotFoundError');
      }
    });

    it('are never none, also if both are retired at once', async () => {
      await ask('POST /dfsps/dfsp2/credentials', ADMIN, { key: 'dfsp2-b', secret: 'dfsp2-b' });
      const answers = await Promise.all(
        ['dfsp2', 'dfsp2-b'].map((key) => outcome(`DELETE /dfsps/dfsp2/credentials/${key}`, ADMIN)),
      );
      expect(answers.toSorted()).toEqual(['204', '422 UnprocessableEntityError']);
    });
  });

  describe('status', () => {
    const setStatus = (status: string, reason: string | undefined = 'unpaid') =>
      ask('PUT /dfsps/dfsp4/status', ADMIN, { status, reason });
    const DFSP4 = basicAuthorization('dfsp4', 'dfsp4');

    it('of a suspended DFSP: not found by its numbers, no valid keys, no look-ups of its own', async () => {
      directory.registry.holders.set('40', ['001:004']);
      directory.registry.holders.set('41', ['001:001', '001:004']);
      const { publicKey } = SigningKey.of('dfsp4-key', '04'.repeat(32));
      await ask('POST /dfsps/dfsp4/keys', DFSP4, { keyId: 'dfsp4-key', publicKey });
      expect((await setStatus('suspended')).json).toMatchObject({
        shortName: 'dfsp4',
        status: 'suspended',
        reason: 'unpaid',
      });
      expect(await listed('dfsp4')).toMatchObject({ status: 'suspended', keys: [] });
      const { since } = (await setStatus('suspended', 'court order')).json;
      const again = { status: 'suspended', reason: 'court order', since };
      expect((await ask('PUT /dfsps/dfsp4/status', ADMIN, { status: 'suspended' })).json).toMatchObject(again);
      expect((await ask('GET /dfsps/dfsp4', ADMIN)).json).toMatchObject(again);
      expect(await outcome('GET /resources?identifier=40', DFSP1)).toBe('404 NotFoundError');
      expect((await ask('GET /resources?identifier=41', DFSP1)).json).toMatchObject([
        { shortName: 'dfsp1', primary: true },
      ]);
      expect(await outcome('GET /resources?identifier=41', DFSP4)).toBe('403 UnauthorizedError');
      expect(await outcome('POST /resources', DFSP4, { identifier: '99' })).toBe('403 UnauthorizedError');
      expect(await outcome('PUT /dfsps/dfsp4/status', DFSP4, { status: 'active' })).toBe('403 UnauthorizedError');
      expect((await setStatus('active')).status).toBe(200);
      expect(await listed('dfsp4')).toMatchObject({ status: 'active', keys: [{ keyId: 'dfsp4-key' }] });
      expect((await ask('GET /resources?identifier=40', DFSP4)).status).toBe(200);
    });

    it('of one that left is for ever; its numbers and names are no longer used', async () => {
      expect((await setStatus('left')).json).toMatchObject({ status: 'left' });
      expect(await listed('dfsp4')).toBeUndefined();
      expect(await outcome('GET /dfsps', DFSP4)).toBe('401 Unauthorized');
      expect(await outcome('GET /resources?identifier=40', DFSP1)).toBe('404 NotFoundError');
      expect((await setStatus('active')).json.id).toBe('UnprocessableEntityError');
      expect((await setStatus('left')).status).toBe(200);
      expect((await directory.post('/commands/register', dfspN(4), ADMIN)).json.id).toBe('AlreadyExistsError');
    });

    it('of one that left: it comes back by other names, with its addresses, route and numbers', async () => {
      const { ilpPrefix, centralAccount } = { ilpPrefix: 'levelone.dfsp4.', centralAccount: 'dfsp4' };
      const anew = { ...dfspN(4), name: 'DFSP 4 anew', shortName: 'dfsp4b', key: 'dfsp4b', ilpPrefix, centralAccount };
      expect((await directory.post('/commands/register', anew, ADMIN)).status).toBe(201);
      const again = basicAuthorization('dfsp4b', 'dfsp4');
      const entry = { shortName: 'dfsp4b', primary: true };
      expect((await ask('POST /resources', again, { identifier: '40' })).json).toMatchObject(entry);
      expect((await ask('GET /resources?identifier=40', DFSP1)).json).toMatchObject([entry]);
      expect((await ask('POST /resources', DFSP5, { identifier: '40' })).json).toMatchObject({ primary: false });
      expect((await ask('PUT /resources/eur:40/primary', again, { dfsp: 'dfsp5' })).json).toMatchObject([
        { shortName: 'dfsp5', primary: true },
        { shortName: 'dfsp4b', primary: false },
      ]);
    });

    it('is one of three', async () => {
      expect(await outcome('PUT /dfsps/dfsp1/status', ADMIN, { status: 'gone' })).toBe('400 InvalidBodyError');
      expect(await outcome('PUT /dfsps/dfsp9/status', ADMIN, { status: 'left' })).toBe('404 NotFoundError');
    });
  });

  describe('connection test', () => {
    let server: Server;
    let answer: [number, object] = [200, { status: 'OK' }];
    const test = async () => (await ask('GET /dfsps/dfsp5/connection', ADMIN)).json;

    beforeAll(async () => {
      server = createServer((_request, reply) => {
        reply
          .writeHead(answer[0], { 'content-type': 'application/json', location: '/' })
          .end(JSON.stringify(answer[1]));
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await ask('PUT /dfsps/dfsp5', ADMIN, { providerUrl: `${url}/v1`, schemeAdapterUrl: `${url}/scheme/adapter/v1` });
      const { publicKey } = SigningKey.of('dfsp5-key', '05'.repeat(32));
      await ask('POST /dfsps/dfsp5/keys', ADMIN, { keyId: 'dfsp5-key', publicKey });
    });

    afterAll(async () => {
      if (server.listening) await new Promise((done) => server.close(done));
    });

    it('says that everything is in order', async () => {
      expect(await test()).toMatchObject({
        shortName: 'dfsp5',
        ok: true,
        provider: { ok: true, status: 200 },
        schemeAdapter: { ok: true, status: 200 },
        signingKeys: 1,
      });
    });

    it.each([
      [503, { id: 'ServiceUnavailableError', message: 'Not ready: database' }, 'Not ready: database'],
      [302, {}, 'it answers with a redirect, which nobody follows'],
      [200, { hello: 'world' }, 'something else answers there: its health has no status "OK"'],
      [404, {}, 'it answers 404'],
    ])('says what is wrong: %s %j', async (status, body, problem) => {
      answer = [status, body];
      expect(await test()).toMatchObject({ ok: false, provider: { ok: false, status, problem } });
    });

    it('says that nobody is there, and only to the DFSP and the admin', async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      expect(await test()).toMatchObject({
        ok: false,
        provider: { ok: false, problem: 'nothing listens there: connection refused' },
      });
      expect(await outcome('GET /dfsps/dfsp5/connection', DFSP1)).toBe('404 NotFoundError');
    });
  });

  describe('numbers', () => {
    it('move to another DFSP: given away by the primary one, or given up', async () => {
      directory.registry.holders.set('80', ['001:001', '001:005']);
      expect(await outcome('PUT /resources/eur:80/primary', DFSP5, { dfsp: 'dfsp5' })).toBe('403 UnauthorizedError');
      expect(await outcome('PUT /resources/80/primary', DFSP1, { dfsp: 'dfsp3' })).toBe('404 NotFoundError');
      expect((await ask('PUT /resources/eur:80/primary', DFSP1, { dfsp: 'dfsp5' })).json).toMatchObject([
        { shortName: 'dfsp5', primary: true },
        { shortName: 'dfsp1', primary: false },
      ]);
      expect(await outcome('PUT /resources/eur:80/primary', DFSP1, { dfsp: 'dfsp5' })).toBe('200');
      expect(await outcome('PUT /resources/eur:80/primary', DFSP1, { dfsp: 'dfsp1' })).toBe('403 UnauthorizedError');
      expect(await outcome('DELETE /resources/eur:80', DFSP1)).toBe('204');
      expect(await outcome('DELETE /resources/eur:80', DFSP1)).toBe('404 NotFoundError');
      expect((await ask('GET /resources?identifier=80', DFSP1)).json).toMatchObject([
        { shortName: 'dfsp5', primary: true },
      ]);
      expect(await outcome('DELETE /resources/eur:80?dfsp=dfsp5', ADMIN)).toBe('204');
      expect(await outcome('GET /resources?identifier=80', DFSP1)).toBe('404 NotFoundError');
      expect(await outcome('DELETE /resources/tel:+4912', DFSP1)).toBe('422 UnprocessableEntityError');
      expect(await outcome('DELETE /resources/eur:80', ADMIN)).toBe('404 NotFoundError');
    });
  });
});
