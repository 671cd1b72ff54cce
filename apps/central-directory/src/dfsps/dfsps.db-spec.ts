import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '@level-one/platform';
import { Client } from 'pg';
import { ADMIN, dfspN, TestDirectory } from '../central-directory.fixture.js';

let directory: TestDirectory;
let get: TestDirectory['get'];
let post: TestDirectory['post'];
let start: TestDirectory['start'];
let registry: TestDirectory['registry'];
let database: TestDirectory['database'];

beforeAll(async () => {
  directory = await TestDirectory.open();
  ({ get, post, start, registry, database } = directory);
});

afterAll(() => directory?.close());

/** Answer to the registration of a third DFSP, with changes to a valid body. */
const refusal = async (changes: object): Promise<object> =>
  (await post('/commands/register', { ...dfspN(3), ...changes }, ADMIN)).json;

describe('the central directory, asked to register a DFSP', () => {
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
    'http://dfsp3.test./v1',
  ])('answers 422 to %s, on which no path can be built', async (providerUrl) => {
    expect(await refusal({ providerUrl })).toMatchObject({ id: 'UnprocessableEntityError' });
  });

  it('accepts the published secrets only in a demo network', async () => {
    const strict = await start({
      demoNetwork: false,
      directoryAdmin: 'operator:a-long-password-7b',
      rolePassword: 'a-long-password-9c',
    });
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

describe('DFSPs in the directory', () => {
  it('lists the DFSPs with their URLs and keys', async () => {
    const { status, json } = await get('/dfsps');
    expect(status).toBe(200);
    expect((json as unknown[])[0]).toEqual({
      shortName: 'dfsp1',
      status: 'active',
      ilpPrefix: 'levelone.dfsp1.',
      centralAccount: 'dfsp1',
      providerUrl: 'http://dfsp1.test:3103/v1',
      schemeAdapterUrl: 'http://dfsp1.test:3105/scheme/adapter/v1',
      origins: ['http://dfsp1.test:3103', 'http://dfsp1.test:3105'],
      keys: [],
    });
  });

  it('lists them in pages with a limit', async () => {
    const namesOf = ({ json }: { json: unknown }): string[] =>
      (json as { shortName: string }[]).map(({ shortName }) => shortName);
    const all = namesOf(await get('/dfsps'));
    expect(all.length).toBeGreaterThan(2);
    const [first, second] = all;
    expect(namesOf(await get('/dfsps?limit=2'))).toEqual([first, second]);
    expect(namesOf(await get(`/dfsps?after=${second}`))).toEqual(all.slice(2));
    for (const query of ['limit=0', 'limit=x', 'after=a%20b']) {
      expect(await get(`/dfsps?${query}`)).toMatchObject({ status: 400, json: { id: 'InvalidUriParameterError' } });
    }
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
