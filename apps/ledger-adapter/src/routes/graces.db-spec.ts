import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { LedgerClient, PeerHttp } from '@level-one/peers';
import { HopRecorder, RoleIdentity } from '@level-one/platform';
import { CONDITION, eventually } from '@level-one/testing';
import { ALICE, TestAdapter } from '../ledger-adapter.fixture.js';

let adapter: TestAdapter;
let call: TestAdapter['call'];
let base: TestAdapter['base'];
let http: PeerHttp;

beforeAll(async () => {
  adapter = await TestAdapter.open();
  ({ call, base } = adapter);
  http = new PeerHttp(new RoleIdentity('ilp-connector', 'dfsp1'), new HopRecorder());
  await call('PUT', '/accounts/dfsp-api', { name: 'dfsp-api', password: 'd', rights: ['void'] });
});

afterAll(async () => {
  await http?.onApplicationShutdown();
  await adapter?.close();
});

function clientOf(name: string, password: string): LedgerClient {
  return new LedgerClient(http, { role: 'ledger-adapter', baseUrl: base, name, password });
}

async function late(): Promise<string> {
  const id = randomUUID();
  const answer = await call(
    'PUT',
    `/transfers/${id}`,
    {
      debits: [{ account: 'alice', amount: '1.00', authorized: true }],
      credits: [{ account: 'dfsp1-testconnector', amount: '1.00', memo: { ilp: 'packet' } }],
      execution_condition: CONDITION,
      expires_at: new Date(Date.now() + 1_000).toISOString(),
    },
    { as: ALICE },
  );
  expect(answer.status).toBe(201);
  return id;
}

it('ruling 39: a connector finds its late transfers, and renews them, through the adapter', async () => {
  const connector = clientOf('dfsp1-testconnector', 'c');
  const ids = await Promise.all([late(), late(), late()]);
  await eventually(async () => {
    expect((await connector.lateTransfers('dfsp1-testconnector')).transfers).toHaveLength(3);
  });
  const page = await connector.lateTransfers('dfsp1-testconnector', { limit: 2 });
  expect(page.transfers).toHaveLength(2);
  expect(page.after).toBeDefined();
  const next = await connector.lateTransfers('dfsp1-testconnector', { limit: 2, after: page.after });
  expect(next.transfers).toHaveLength(1);
  expect(next.after).toBeUndefined();
  const all = [...page.transfers, ...next.transfers];
  expect(all.map(({ id }) => id)).toEqual(ids.toSorted().map((id) => `${base}/transfers/${id}`));
  const [first] = all;
  expect(first).toMatchObject({
    state: 'prepared',
    credits: [{ account: `${base}/accounts/dfsp1-testconnector`, amount: '1.00' }],
    execution_condition: CONDITION,
  });
  expect(first!.credits[0]!.memo).toBeUndefined();
  expect(Date.parse(first!.open_until) - Date.parse(first!.expires_at!)).toBe(600_000);

  const [id] = ids;
  const before = await connector.grace(id);
  const until = new Date(Date.parse(before.open_until) + 60_000);
  expect(await connector.extendGrace(id, until)).toMatchObject({
    id: before.id,
    expires_at: before.expires_at,
    open_until: until.toISOString(),
  });
  expect(await connector.grace(id)).toMatchObject({ id: `${base}/transfers/${id}`, open_until: until.toISOString() });
  await expect(clientOf('alice', 'alice').extendGrace(id, new Date(Number(until) + 1))).rejects.toMatchObject({
    id: 'UnauthorizedError',
  });
  await expect(clientOf('alice', 'alice').lateTransfers('dfsp1-testconnector')).rejects.toMatchObject({ status: 403 });
  await expect(clientOf('bob', 'bob').grace(id)).rejects.toMatchObject({ status: 404 });
});

it('ruling 40: the DFSP API voids an id through the adapter; others may not', async () => {
  const dfspApi = clientOf('dfsp-api', 'd');
  const id = randomUUID();
  const answer = { id: `${base}/transfers/${id}`, state: 'void' };
  expect([await dfspApi.voidTransfer(id), await dfspApi.voidTransfer(id)]).toEqual([answer, answer]);
  const body = { ...adapter.transfer(), debits: [{ account: 'alice', amount: '10.40', authorized: true }] };
  expect(await call('PUT', `/transfers/${id}`, body, { as: ALICE })).toMatchObject({
    status: 422,
    json: { id: 'ExpiredTransferError' },
  });
  expect((await call('GET', `/transfers/${id}`)).status).toBe(404);
  const known = await late();
  expect(await dfspApi.voidTransfer(known)).toMatchObject({ id: `${base}/transfers/${known}`, state: 'prepared' });
  await expect(clientOf('alice', 'alice').voidTransfer(randomUUID())).rejects.toMatchObject({ status: 403 });
  expect((await call('PUT', `/transfers/${randomUUID()}/void`, undefined, { as: null })).status).toBe(401);
  expect((await call('PUT', '/transfers/1/void')).status).toBe(400);
});
