import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FULFILLMENT } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { ALICE, BOB, TestAdapter } from './ledger-adapter.fixture.js';

let adapter: TestAdapter;
let call: TestAdapter['call'];
let transfer: TestAdapter['transfer'];
let base: TestAdapter['base'];
let hops: TestAdapter['hops'];

beforeAll(async () => {
  adapter = await TestAdapter.open();
  ({ call, transfer, base, hops } = adapter);
});

afterAll(() => adapter?.close());

describe('ledger adapter', () => {
  it("shows the metadata of the ledger with the adapter's URLs", async () => {
    const { status, json } = await call('GET', '', undefined, { as: null });
    expect(status).toBe(200);
    expect(json).toMatchObject({
      ledger: base,
      connectors: [{ id: `${base}/accounts/dfsp1-testconnector`, connector: 'levelone.dfsp1.dfsp1-testconnector' }],
    });
    for (const url of Object.values(json.urls as Record<string, string>)) {
      expect(url.replace(/^ws/, 'http')).toContain(`${base}/`);
    }
    expect((await call('GET', '/connectors', undefined, { as: null })).json).toEqual(json.connectors);
    expect((await call('GET', '/health', undefined, { as: null })).json).toEqual({ status: 'OK' });
  });

  it('shows accounts with the rights of the caller', async () => {
    expect((await call('GET', '/accounts/alice', undefined, { as: ALICE })).json).toMatchObject({
      id: `${base}/accounts/alice`,
      ledger: base,
      balance: '1000.00',
    });
    expect((await call('GET', '/accounts/alice', undefined, { as: BOB })).json).not.toHaveProperty('balance');
    expect((await call('GET', '/accounts', undefined, { as: BOB })).status).toBe(403);
    const names = (await call('GET', '/accounts')).json.map(({ id }: { id: string }) => id);
    expect(names).toContain(`${base}/accounts/bob`);
  });

  it('prepares, shows and executes a transfer', async () => {
    const id = randomUUID();
    const sent = transfer();
    const first = await call('PUT', `/transfers/${id}`, sent, { as: ALICE });
    expect(first).toMatchObject({ status: 201, json: { ...sent, id: `${base}/transfers/${id}`, state: 'prepared' } });
    expect(await call('PUT', `/transfers/${id}`, sent, { as: ALICE })).toMatchObject({ status: 200, json: first.json });
    expect((await call('GET', `/transfers/${id}`)).json).toEqual(first.json);
    const fulfilled = await call('PUT', `/transfers/${id}/fulfillment`, FULFILLMENT, { as: BOB });
    expect(fulfilled).toMatchObject({ status: 200, text: FULFILLMENT, type: 'text/plain; charset=utf-8' });
    expect(await call('GET', `/transfers/${id}/fulfillment`)).toMatchObject({ status: 200, text: FULFILLMENT });
    expect((await call('GET', `/transfers/${id}/state`)).json).toEqual({
      id: `${base}/transfers/${id}`,
      state: 'executed',
    });
  });

  it('answers the same at its alias and with the methods of the seeds', async () => {
    const id = randomUUID();
    const alias = base.replace('/ilp/ledger/v1', '/ledger');
    const prepared = await call('POST', `//ledger/transfers/${id}`, transfer(alias), { as: ALICE });
    expect(prepared).toMatchObject({ status: 201, json: { id: `${base}/transfers/${id}` } });
    const fulfilled = await call('POST', `/transfer/${id}/fulfillment`, { fulfillment: FULFILLMENT }, { as: BOB });
    expect(fulfilled).toMatchObject({ status: 200, text: FULFILLMENT });
    const other = randomUUID();
    await call('POST', `/transfers/${other}`, transfer(), { as: ALICE });
    expect((await call('POST', `/transfers/${other}/fulfillment`, FULFILLMENT, { as: BOB })).status).toBe(200);
  });

  it('rejects with a text or a message', async () => {
    const id = randomUUID();
    await call('PUT', `/transfers/${id}`, transfer(), { as: ALICE });
    expect(await call('PUT', `/transfers/${id}/rejection`, 'no thanks', { as: BOB })).toMatchObject({
      status: 200,
      json: { id: `${base}/transfers/${id}`, state: 'rejected', rejection_reason: 'no thanks' },
    });
  });

  it('relays refusals of the ledger (N80a)', async () => {
    const path = `/transfers/${randomUUID()}`;
    expect(await call('PUT', '/transfers/123', transfer())).toMatchObject({
      status: 400,
      json: { id: 'InvalidUriParameterError' },
    });
    expect(await call('GET', path)).toMatchObject({
      status: 404,
      json: { id: 'NotFoundError', message: 'Unknown transfer' },
    });
    const foreign = { ...transfer(), ledger: 'http://elsewhere' };
    expect(await call('PUT', path, foreign)).toMatchObject({ status: 400, json: { id: 'InvalidBodyError' } });
    expect(await call('PUT', path, 'Not a valid request', { type: 'application/json' })).toMatchObject({
      status: 400,
      json: { id: 'InvalidBodyError' },
    });
    expect(await call('PUT', path, '<x/>', { type: 'application/xml' })).toMatchObject({
      status: 415,
      json: { id: 'UnsupportedMediaTypeError' },
    });
    expect(await call('PUT', path, transfer(), { as: BOB })).toMatchObject({ status: 403 });
    expect(await call('GET', '/nowhere')).toMatchObject({ status: 404, json: { id: 'NotFoundError' } });
  });

  it('answers HEAD as GET, also with errors', async () => {
    const status = async (path: string): Promise<number> => (await call('HEAD', path)).status;
    expect(await status('/accounts/alice')).toBe(200);
    expect(await status('/accounts/nobody')).toBe(404);
    expect(await status(`/transfers/${randomUUID()}`)).toBe(404);
    expect(await status('/transfers/123/fulfillment')).toBe(400);
  });

  it('checks for credentials before it reads a body', async () => {
    const answer = await call('PUT', '/transfers/123', 'nonsense', { as: null, type: 'application/json' });
    expect(answer).toMatchObject({ status: 401, json: { id: 'Unauthorized' } });
  });

  it('refuses a body that is too large', async () => {
    const large = { ...transfer(), additional_info: { text: 'x'.repeat(200_000) } };
    expect(await call('PUT', `/transfers/${randomUUID()}`, large)).toMatchObject({
      status: 413,
      json: { id: 'PayloadTooLargeError' },
    });
  });

  it('issues a token that is valid at both', async () => {
    const { json } = await call('GET', '/auth_token', undefined, { as: ALICE });
    const as = `Bearer ${json.token}`;
    expect((await call('GET', '/accounts/alice', undefined, { as })).json).toHaveProperty('balance');
  });

  it.each([
    ['P.D', 'P.E'],
    ['P.H', 'P.I'],
    [undefined, 'P.E'],
  ])('continues hop %s as %s, in the same trace', async (incoming, outgoing) => {
    const id = randomUUID();
    const headers = { 'l1p-trace-id': id, ...(incoming && { 'l1p-hop': incoming }) };
    await call('PUT', `/transfers/${id}`, transfer(), { as: ALICE, headers });
    expect(hops.find((hop) => hop.traceId === id)).toMatchObject({
      hop: outgoing,
      from: 'ledger-adapter',
      to: 'dfsp-ledger',
      status: 201,
    });
  });
});
