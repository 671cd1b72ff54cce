import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '@level-one/platform';
import { ADMIN, DFSP1, TestDirectory, dfspN } from './central-directory.fixture.js';

let directory: TestDirectory;
let get: TestDirectory['get'];
let post: TestDirectory['post'];
let registry: TestDirectory['registry'];

beforeAll(async () => {
  directory = await TestDirectory.open();
  ({ get, post, registry } = directory);
});

afterAll(() => directory?.close());

describe('the central directory', () => {
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
    registry.holders.set('78956563', ['001:001']);
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
});
