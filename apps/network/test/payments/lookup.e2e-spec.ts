import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ALICE, BOB, CAROL } from '../support/people.js';
import { ask, TestNetwork } from '../support/test-network.js';

const DFSP1 = { auth: 'dfsp1:dfsp1' };

describe('Looking up a number', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    await network.close();
  });

  const directory = (request: string, options: object = DFSP1) =>
    network.ask('central-directory', null, request, options);
  const query = (receiver: string) =>
    network.ask('spsp-client-proxy', 'dfsp2', `GET /spsp/client/v1/query?receiver=${encodeURIComponent(receiver)}`);

  it.each([
    '/resources?identifier=eur:78956562',
    '/user?identifier=78956562',
    '/user?identifier=78956562&identifierType=eur',
  ])('GET %s answers the DFSP of the number', async (path) => {
    const answer = await directory(`GET ${path}`);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual([
      {
        name: 'DFSP 1',
        shortName: 'dfsp1',
        providerUrl: network.url('spsp-server', 'dfsp1', '/v1'),
        primary: true,
        registered: true,
      },
    ]);
  });

  it('follows the query chain to the receiver, under every spelling of the route', async () => {
    const receiver = network.url('spsp-server', 'dfsp1', `/v1/receivers/${ALICE}`);
    for (const path of ['/spsp/client/v1/query', '/v1/query', '/query']) {
      const answer = await network.ask(
        'spsp-client-proxy',
        'dfsp2',
        `GET ${path}?receiver=${encodeURIComponent(receiver)}`,
      );
      expect(answer).toMatchObject({
        status: 200,
        body: { type: 'payee', name: 'Alice Ames', currencyCode: 'USD', currencySymbol: '$' },
      });
      expect(answer.body).not.toHaveProperty('paymentsUrl');
    }
  });

  it('aggregates directory and receiver at the gateway', async () => {
    const answer = await network.ask('dfsp-api', 'dfsp2', `GET /directory/v1/resources?identifier=eur:${ALICE}`);
    expect(answer).toMatchObject({
      status: 200,
      body: {
        directory_details: [{ shortName: 'dfsp1', primary: true }],
        dfsp_details: { name: 'Alice Ames' },
        fraud_details: { score: 0 },
        spspReceiver: network.url('spsp-server', 'dfsp1', '/v1'),
      },
    });
  });

  it('N1: an unknown number is 404, bad syntax 400', async () => {
    expect(await directory('GET /resources?identifier=eur:99999999')).toMatchObject({
      status: 404,
      body: { id: 'NotFoundError' },
    });
    expect(await directory('GET /resources?identifier=murthy1')).toMatchObject({
      status: 400,
      body: { id: 'InvalidQueryParameterError' },
    });
  });

  it('N2, N3: an unregistered type or a malformed number is 400 and says so', async () => {
    expect(await directory('GET /resources?identifier=xxx:1')).toMatchObject({
      status: 400,
      body: { id: 'InvalidQueryParameterError', message: "'xxx' is not a registered identifierType" },
    });
    for (const identifier of ['eur:123456789', 'eur:abc']) {
      expect(await directory(`GET /resources?identifier=${identifier}`)).toMatchObject({ status: 400 });
    }
  });

  it('N4: needs credentials, but not for metadata and health', async () => {
    for (const path of ['/resources?identifier=eur:1', '/identifier-types', '/dfsps']) {
      expect(await directory(`GET ${path}`, { auth: null })).toMatchObject({
        status: 401,
        body: { id: 'Unauthorized' },
      });
      expect(await directory(`GET ${path}`, { auth: 'dfsp1:wrong' })).toMatchObject({ status: 401 });
    }
    for (const path of ['/', '/health']) expect((await directory(`GET ${path}`, { auth: null })).status).toBe(200);
  });

  it('N5, N6: registers a DFSP and a number once; a later DFSP of a number is not primary', async () => {
    const dfsp = { name: 'DFSP 9', shortName: 'dfsp9', providerUrl: 'http://dfsp9.example/v1' };
    const register = () => directory('POST /commands/register', { auth: 'admin:admin', body: dfsp });
    const first = await register();
    expect(first).toMatchObject({
      status: 201,
      body: { ...dfsp, key: expect.any(String), secret: expect.any(String) },
    });
    expect(await register()).toMatchObject({ status: 422, body: { id: 'AlreadyExistsError' } });
    expect(await directory('POST /commands/register', { auth: 'dfsp1:dfsp1', body: dfsp })).toMatchObject({
      status: 403,
    });

    const add = (auth: string) => directory('POST /resources', { auth, body: { identifier: 'eur:12345678' } });
    expect(await add('dfsp1:dfsp1')).toMatchObject({ status: 201, body: { primary: true } });
    expect(await add('dfsp1:dfsp1')).toMatchObject({ status: 422, body: { id: 'AlreadyExistsError' } });
    expect(await add(`${first.body.key}:${first.body.secret}`)).toMatchObject({
      status: 201,
      body: { primary: false },
    });
  });

  it('N7: a number of another scheme is not looked up', async () => {
    const entry = { number: '55555555', dfspIdentifier: '002:123' };
    const registered = await network.ask('end-user-registry', null, 'POST /register', {
      auth: 'admin:admin',
      body: entry,
    });
    expect(registered.status).toBe(201);
    expect(await directory('GET /resources?identifier=eur:55555555')).toMatchObject({
      status: 404,
      body: { message: 'Cross-scheme lookups are not currently supported' },
    });
  });

  it('N8: an unknown receiver is 404 InvalidReceiverIdError', async () => {
    expect(await query(network.url('spsp-server', 'dfsp1', '/v1/receivers/murthy'))).toMatchObject({
      status: 404,
      body: { id: 'InvalidReceiverIdError' },
    });
  });

  it('N9: a missing or malformed receiver is 400', async () => {
    expect(await network.ask('spsp-client-proxy', 'dfsp2', 'GET /spsp/client/v1/query')).toMatchObject({
      status: 400,
      body: { id: 'InvalidUriParameterError' },
    });
    expect(await query('not a url')).toMatchObject({ status: 400, body: { id: 'InvalidUriParameterError' } });
  });

  it('N11: a receiver without a wallet is 422 NoAccount', async () => {
    await network.ask('dfsp-api', 'dfsp1', 'PUT /v1/customers/11111111', {
      body: { firstName: 'Nora', lastName: 'Nash', imageUrl: 'https://images.example/nora.png', accounts: [] },
    });
    expect(await network.ask('dfsp-api', 'dfsp1', 'GET /v1/receivers/11111111')).toMatchObject({
      status: 422,
      body: { id: 'NoAccount' },
    });
    expect(await network.ask('dfsp-api', 'dfsp1', 'GET /v1/receivers/22222222')).toMatchObject({
      status: 404,
      body: { id: 'UserNotFound', message: 'User not found' },
    });
  });

  it('is closed without credentials, also to a body that is not even JSON', async () => {
    const answer = await network.ask('dfsp-api', 'dfsp2', 'POST /v1/merchantInvoice', {
      auth: 'dfsp2:wrong',
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer).toMatchObject({ status: 401, body: { id: 'Unauthorized' } });
  });

  it('serves health and documentation on every role', async () => {
    const topology = (await ask(`GET ${network.running.plan.pageUrl}/topology`)).body as Record<string, string>[];
    expect(topology).toHaveLength(21);
    for (const { role, baseUrl } of topology) {
      expect([role, (await ask(`GET ${baseUrl}/health`)).body]).toEqual([role, { status: 'OK' }]);
      const docs = await ask(`GET ${baseUrl}/docs-json`);
      expect([role, docs.status, Object.keys(docs.body.paths).length > 0]).toEqual([role, 200, true]);
    }
    expect((await ask(`GET ${network.running.plan.pageUrl}/health`)).status).toBe(200);
    const shown = await ask(`GET ${network.running.plan.pageUrl}/api/network`);
    expect(shown.body.participants[1].people).toContainEqual(
      expect.objectContaining({ name: 'Bob Diaz', number: BOB }),
    );
    expect(CAROL).toBe('78956563');
  });
});
