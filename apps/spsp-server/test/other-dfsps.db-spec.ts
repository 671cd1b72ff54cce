import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { RequestSigner, SigningKey, UsedSignatures } from '@level-one/peers';
import type { RunningRole } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { ALICE, BOB, SpspServerTestBed } from './test-bed.js';

/** Behind a gateway that takes its prefix away. */
const OWN = 'http://localhost:8080/dfsp2';
const REQUESTS_PER_DFSP = 40;

const keys = {
  first: SigningKey.of('dfsp1-a', '01'.repeat(32)),
  second: SigningKey.of('dfsp1-b', '02'.repeat(32)),
  third: SigningKey.of('dfsp3-a', '03'.repeat(32)),
  unknown: SigningKey.of('nobody-a', '04'.repeat(32)),
};
const registered = (shortName: string, origin: string, ...signingKeys: SigningKey[]) => ({
  shortName,
  providerUrl: `${origin}/v1`,
  origins: [new URL(origin).origin],
  keys: signingKeys.map(({ keyId, publicKey }) => ({ keyId, publicKey })),
});

interface Sent {
  path?: string;
  method?: 'GET' | 'POST';
  body?: object | string;
  by?: SigningKey;
  /** What is sent where it differs from what was signed. */
  as?: { path?: string; method?: 'GET' | 'POST'; body?: string; headers?: Record<string, string> };
}

describe('what other DFSPs ask an SPSP server', () => {
  let bed: SpspServerTestBed;

  beforeAll(async () => {
    bed = await SpspServerTestBed.start({
      publicUrl: OWN,
      requestsPerDfsp: REQUESTS_PER_DFSP,
      requestsUnsigned: 1,
    });
    bed.peers.on(/^GET \/directory\/dfsps$/, {
      json: [
        registered('dfsp1', 'http://dfsp1.test', keys.first, keys.second),
        registered('dfsp2', OWN),
        registered('dfsp3', 'http://dfsp3.test', keys.third),
      ],
    });
    bed.peers.on(/^GET \/backend\/receivers\/\d+$/, {
      json: { type: 'payee', name: 'Bob Diaz', account: `${bed.peers.url}/ledger/accounts/bob` },
    });
    bed.peers.on(/^POST \/backend\/invoices$/, {
      status: 201,
      json: { invoiceNotificationId: '1', status: 'pending' },
    });
  });

  beforeEach(async () => {
    await bed.server.close();
    bed.server = await bed.startServer();
    bed.reset();
  });

  afterAll(() => bed?.stop());

  const send = async ({ path = `/v1/receivers/${BOB}`, method = 'GET', body, by, as = {} }: Sent) => {
    const text = typeof body === 'object' ? JSON.stringify(body) : body;
    const request = { method, url: OWN + path, body: text };
    const signature = by ? await new RequestSigner(by).headersFor(request) : {};
    const payload = as.body ?? text;
    const answer = await bed.server.app.inject({
      method: as.method ?? method,
      url: as.path ?? path,
      headers: {
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
        ...signature,
        ...as.headers,
      },
      ...(payload === undefined ? {} : { payload }),
    });
    const { id, message } = answer.json() as { id?: string; message?: string };
    return { status: answer.statusCode, id, message, retryAfter: answer.headers['retry-after'] };
  };
  const setup = (by?: SigningKey, changes: object = {}): Sent => ({
    path: '/v1/setup',
    method: 'POST',
    body: {
      receiver: `${OWN}/v1/receivers/${BOB}`,
      amount: '10.40',
      senderIdentifier: ALICE,
      paymentId: randomUUID(),
      ...changes,
    },
    ...(by && { by }),
  });
  const notification = (invoiceUrl: string, by?: SigningKey): Sent => ({
    path: '/v1/invoices',
    method: 'POST',
    body: { invoiceUrl, senderIdentifier: ALICE, memo: '' },
    ...(by && { by }),
  });
  const told = (route: string): unknown[] =>
    bed.peers.calls.filter((call) => call.route === route).map(({ headers }) => headers['l1p-from-dfsp']);

  it('A7: is answered when a registered key signed it, and the roles behind are told whose it is', async () => {
    expect((await send({ by: keys.first })).status).toBe(200);
    expect((await send(setup(keys.first))).status).toBe(201);
    expect((await send(setup(keys.second))).status).toBe(201);
    expect((await send(setup(keys.third))).status).toBe(201);
    expect((await send(notification('http://dfsp1.test/v1/invoices/1', keys.first))).status).toBe(201);
    expect(told('POST /backend/setup')).toEqual(['dfsp1', 'dfsp1', 'dfsp3']);
    expect(told('POST /backend/invoices')).toEqual(['dfsp1']);
  });

  it('A7: is refused when it is not what was signed', async () => {
    const good = setup(keys.first);
    const other = JSON.stringify({ ...(good.body as object), amount: '10.41' });
    const cases: Sent[] = [
      { ...good, as: { body: other } },
      { ...good, as: { body: '' } },
      { ...good, as: { path: '/v1/setup?x=1' } },
      { ...good, as: { path: `/v1/receivers/${BOB}` } },
      { by: keys.first, as: { path: `/v1/receivers/${ALICE}` } },
      { by: keys.first, as: { method: 'POST', body: '{}' } },
      { ...good, as: { headers: { 'content-digest': 'sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:' } } },
      { ...good, as: { headers: { 'content-digest': '' } } },
      { ...good, as: { headers: { signature: '' } } },
      { ...good, by: keys.unknown },
    ];
    for (const one of cases)
      expect([one.as, await send(one)]).toMatchObject([one.as, { status: 401, id: 'Unauthorized' }]);
    expect(bed.peers.calls.filter(({ route }) => route.includes('/backend/'))).toEqual([]);
    expect((await send(good)).status).toBe(201);
  });

  it('is taken once by all instances together, also by one that starts later', async () => {
    const share = (instance: RunningRole) => instance.app.get(UsedSignatures, { strict: false }).share();
    const other = await bed.startServer();
    try {
      const body = JSON.stringify(setup().body);
      const post = { method: 'POST', url: '/v1/setup' } as const;
      const get = { method: 'GET', url: `/v1/receivers/${BOB}` } as const;
      for (const [request, payload] of [[post, body] as const, [get, undefined] as const]) {
        const signed = { method: request.method, url: OWN + request.url, body: payload };
        const headers = {
          ...(payload !== undefined && { 'content-type': 'application/json' }),
          ...(await new RequestSigner(keys.first).headersFor(signed)),
        };
        const captured = { ...request, headers, ...(payload !== undefined && { payload }) };
        expect((await bed.server.app.inject(captured)).statusCode).toBe(request === post ? 201 : 200);
        await share(bed.server);
        await share(other);
        const later = await bed.startServer();
        for (const instance of [other, bed.server, later, other]) {
          const again = await instance.app.inject(captured);
          expect([again.statusCode, again.body]).toEqual([401, expect.stringContaining('it was used before')]);
        }
        await later.close();
      }
    } finally {
      await other.close();
    }
  });

  it('A7: whose signatures do not hold is answered 429 at last, and those that hold are taken from there all the same', async () => {
    const refused = [];
    for (let sent = 0; sent < 12; sent += 1) refused.push(await send({ by: keys.unknown }));
    expect(refused.slice(0, 10).every(({ status }) => status === 401)).toBe(true);
    expect(refused.at(-1)).toMatchObject({ status: 429, id: 'TooManyRequestsError' });
    expect(Number(refused.at(-1)!.retryAfter)).toBeGreaterThan(0);
    expect((await send({ by: keys.first })).status).toBe(200);
    expect((await send({})).status).toBe(200);
  });

  it('A7: takes no header of who sent it from outside', async () => {
    const headers = { 'l1p-from-dfsp': 'dfsp3' };
    expect((await send({ ...setup(), as: { headers } })).status).toBe(201);
    expect((await send({ ...setup(keys.first), as: { headers } })).status).toBe(201);
    expect(told('POST /backend/setup')).toEqual([undefined, 'dfsp1']);
  });

  it('A13: a DFSP tells of its own invoices, and rejects those of this one', async () => {
    const refused = { status: 422, id: 'UnprocessableEntityError' };
    for (const url of ['http://dfsp3.test/v1/invoices/1', 'http://stranger.test/v1/invoices/1']) {
      expect(await send(notification(url, keys.first))).toMatchObject(refused);
    }
    expect(bed.peers.calls.filter(({ route }) => route.includes('/backend/'))).toEqual([]);
    expect((await send(notification(`${OWN}/v1/invoices/1`, keys.first))).status).toBe(201);
  });

  it('A10, A13: whom an invoice is for is told to DFSPs that are proven, which show it to nobody else', async () => {
    bed.peers.on(/^GET \/backend\/invoices\/1$/, { json: { type: 'invoice', invoiceId: '1', identifier: ALICE } });
    const path = '/v1/invoices/1';
    const headers = await new RequestSigner(keys.first).headersFor({ method: 'GET', url: `${OWN}${path}` });
    for (const [given, identifier] of [
      [headers, ALICE],
      [{}, undefined],
    ] as const) {
      const answer = await bed.server.app.inject({ method: 'GET', url: path, headers: given });
      expect(answer.json<{ identifier?: string }>().identifier).toBe(identifier);
    }
  });

  it('A10: a receiver and an invoice are told without what no payer has to know', async () => {
    const shown = { name: 'Bob Diaz', account: `${bed.peers.url}/ledger/accounts/bob`, currencyCode: 'USD' };
    const secret = { nationalId: '7', dob: '1970-01-01', paymentsUrl: 'http://inside.test', mother: 'Eve' };
    bed.peers.on(/^GET \/backend\/receivers\/\d+$/, { json: { type: 'payee', ...shown, ...secret } });
    bed.peers.on(/^GET \/backend\/invoices\/1$/, { json: { type: 'invoice', invoiceId: '1', ...shown, ...secret } });
    const answer = async (url: string): Promise<object> => (await bed.server.app.inject({ method: 'GET', url })).json();
    for (const url of [`/v1/receivers/${BOB}`, `/v1/query?identifier=${BOB}`]) {
      expect(await answer(url)).toEqual({ type: 'payee', ...shown });
    }
    for (const url of ['/v1/invoices/1', '/v1/receivers/invoices/1', `/v1/query?receiver=${OWN}/v1/invoices/1`]) {
      expect(await answer(url)).toEqual({ type: 'invoice', invoiceId: '1', ...shown });
    }
  });

  it('A10: a refusal tells no other DFSP what the limits are', async () => {
    bed.peers.on(/^POST \/backend\/setup$/, {
      status: 422,
      json: { id: 'LimitExceededError', message: 'Daily limit of 500 reached', type: 'x', params: { limit: '500' } },
    });
    const { path, body } = setup();
    const answer = await bed.server.app.inject({ method: 'POST', url: path!, payload: body! });
    expect([answer.statusCode, answer.json()]).toEqual([
      422,
      { id: 'LimitExceededError', message: 'A limit of the payee is exceeded' },
    ]);
  });

  it('A7: unsigned callers share a small allowance, and shut no signed one out', async () => {
    const unsigned = [];
    for (let i = 0; i < 15; i += 1) unsigned.push(await send({}));
    expect(unsigned.filter(({ status }) => status === 200)).toHaveLength(10);
    expect(unsigned.at(-1)).toMatchObject({ status: 429, id: 'TooManyRequestsError' });
    expect(Number(unsigned.at(-1)!.retryAfter)).toBeGreaterThan(0);
    expect((await send({ by: keys.first })).status).toBe(200);
  });

  it('A7: a DFSP has its own limit of requests, and shuts no other one out', async () => {
    const answers = await Promise.all(Array.from({ length: REQUESTS_PER_DFSP + 1 }, () => send({ by: keys.first })));
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThan(0);
    expect((await send({ by: keys.third })).status).toBe(200);
  });

  it('A7: outside the demo, what is not signed is refused', async () => {
    await bed.server.close();
    bed.server = await bed.startServer({ unsignedRequests: 'refuse' });
    expect(await send({})).toMatchObject({ status: 401, id: 'Unauthorized' });
    expect(await send(setup())).toMatchObject({ status: 401, id: 'Unauthorized' });
    expect((await send({ by: keys.first })).status).toBe(200);
    expect((await send({ path: '/health' })).status).toBe(200);
  });
});
