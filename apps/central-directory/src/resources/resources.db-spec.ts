import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '@level-one/platform';
import { ADMIN, DFSP1, DFSP2, FakeRegistry, TestDirectory } from '../central-directory.fixture.js';

let directory: TestDirectory;
let get: TestDirectory['get'];
let post: TestDirectory['post'];
let start: TestDirectory['start'];
let registry: TestDirectory['registry'];
let hops: TestDirectory['hops'];
let registryUrl: TestDirectory['registryUrl'];

beforeAll(async () => {
  directory = await TestDirectory.open();
  ({ get, post, start, registry, hops, registryUrl } = directory);
});

afterAll(() => directory?.close());

describe('the central directory, asked for an identifier', () => {
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
    expect(await get('/resources?identifier=eur:1', DFSP1, alone)).toMatchObject({
      status: 502,
      json: { id: 'ExternalError' },
    });
  });
});

describe('the central directory, asked to register an identifier', () => {
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
    expect(registry.seen.findLast(({ method }) => method === 'POST')).toMatchObject({
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
