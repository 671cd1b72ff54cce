import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SigningKey, type SigningKeyDto } from '@level-one/peers';
import { basicAuthorization, type RunningRole, settingsOf, startRole } from '@level-one/platform';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { centralDirectoryRole } from '../central-directory.role.js';
import { CentralDirectorySettings } from '../central-directory.settings.js';

const credentials = (name: string): string => basicAuthorization(name, name);
const [ADMIN, DFSP1, DFSP2] = ['admin', 'dfsp1', 'dfsp2'].map(credentials) as [string, string, string];

/** A key; one number always makes the same key. */
const keyNumber = (n: number, keyId = `key-${n}`): SigningKeyDto => {
  const { publicKey } = SigningKey.of(keyId, n.toString(16).padStart(2, '0').repeat(32));
  return { keyId, publicKey };
};

describe('A7: keys of DFSPs at the central directory', () => {
  let database: TestDatabase;
  let directory: RunningRole;

  const start = (): Promise<RunningRole> =>
    startRole(
      centralDirectoryRole,
      settingsOf(CentralDirectorySettings, {
        port: 0,
        logLevel: 'silent',
        demoNetwork: true,
        databaseUrl: database.url,
        databaseSchema: 'directory_keys',
        databasePoolSize: 2,
        directoryAdmin: 'admin:admin',
        endUserRegistryUrl: 'http://end-user-registry.example',
        rolePassword: 'the-directory',
      }),
    );
  const ask = async (request: string, authorization: string, body?: object) => {
    const [method, url] = request.split(' ') as ['POST' | 'DELETE' | 'GET', string];
    const answer = await directory.app.inject({
      method,
      url,
      headers: { authorization },
      ...(body && { payload: body }),
    });
    return { status: answer.statusCode, id: answer.body ? answer.json<{ id?: string }>().id : undefined };
  };
  const add = (key: object, by = DFSP1, dfsp = 'dfsp1') => ask(`POST /dfsps/${dfsp}/keys`, by, key);
  const retire = (keyId: string, by = DFSP1, dfsp = 'dfsp1') => ask(`DELETE /dfsps/${dfsp}/keys/${keyId}`, by);
  const keysOf = async (dfsp: string): Promise<string[]> => {
    const answer = await directory.app.inject({ method: 'GET', url: '/dfsps', headers: { authorization: DFSP2 } });
    const listed = answer.json() as { shortName: string; keys: SigningKeyDto[] }[];
    return listed.find(({ shortName }) => shortName === dfsp)!.keys.map(({ keyId }) => keyId);
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    directory = await start();
    for (const name of ['dfsp1', 'dfsp2']) {
      const dfsp = { name, shortName: name, providerUrl: `http://${name}.test/v1`, key: name, secret: name };
      await ask('POST /commands/register', ADMIN, dfsp);
    }
  });

  afterAll(async () => {
    await directory.close();
    await database.drop();
  });

  it('are added by the DFSP or the admin, two at once, and listed to every DFSP', async () => {
    expect(await keysOf('dfsp1')).toEqual([]);
    expect(await add(keyNumber(1))).toEqual({ status: 201, id: undefined });
    expect(await add(keyNumber(1))).toEqual({ status: 201, id: undefined });
    expect(await add(keyNumber(2), ADMIN)).toEqual({ status: 201, id: undefined });
    expect(await add(keyNumber(3))).toEqual({ status: 422, id: 'UnprocessableEntityError' });
    expect(await keysOf('dfsp1')).toEqual(['key-1', 'key-2']);
    expect(await keysOf('dfsp2')).toEqual([]);
  });

  it('are retired for ever', async () => {
    expect(await retire('key-1')).toEqual({ status: 204, id: undefined });
    expect(await retire('key-1')).toEqual({ status: 204, id: undefined });
    expect(await retire('key-9')).toEqual({ status: 404, id: 'NotFoundError' });
    expect(await keysOf('dfsp1')).toEqual(['key-2']);
    expect(await add(keyNumber(1))).toEqual({ status: 422, id: 'AlreadyExistsError' });
    expect(await add(keyNumber(1, 'again'))).toEqual({ status: 422, id: 'AlreadyExistsError' });
    expect(await add(keyNumber(3))).toEqual({ status: 201, id: undefined });
  });

  it('cannot be changed by another DFSP', async () => {
    expect(await add(keyNumber(4), DFSP2)).toEqual({ status: 404, id: 'NotFoundError' });
    expect(await retire('key-2', DFSP2)).toEqual({ status: 404, id: 'NotFoundError' });
    expect(await retire('key-2', DFSP2, 'dfsp2')).toEqual({ status: 404, id: 'NotFoundError' });
    expect(await add(keyNumber(2), DFSP2, 'dfsp2')).toEqual({ status: 422, id: 'AlreadyExistsError' });
    expect(await add(Object.assign(keyNumber(5), { keyId: 'key-2' }), DFSP2, 'dfsp2')).toMatchObject({
      id: 'AlreadyExistsError',
    });
    expect(await add(keyNumber(4), 'none')).toEqual({ status: 401, id: 'Unauthorized' });
    expect(await add(keyNumber(4), ADMIN, 'dfsp9')).toEqual({ status: 404, id: 'NotFoundError' });
    expect(await keysOf('dfsp1')).toEqual(['key-2', 'key-3']);
  });

  it.each([
    ['a key that is too short', { publicKey: 'abc' }],
    ['no key', { publicKey: undefined }],
    ['an id of two words', { keyId: 'a b' }],
    ['an id that is too long', { keyId: 'x'.repeat(65) }],
  ])('are not %s', async (_, changes) => {
    const key = Object.assign(keyNumber(6), changes);
    expect(await add(key, DFSP2, 'dfsp2')).toEqual({ status: 400, id: 'InvalidBodyError' });
  });

  it('are at most two, also if many are added at once, and after a restart', async () => {
    const answers = await Promise.all([7, 8, 9, 10].map((n) => add(keyNumber(n), DFSP2, 'dfsp2')));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 422, 422]);
    const before = await keysOf('dfsp2');
    await directory.close();
    directory = await start();
    expect(await keysOf('dfsp2')).toEqual(before);
  });
});
