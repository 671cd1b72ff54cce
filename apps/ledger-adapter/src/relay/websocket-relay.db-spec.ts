import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '@level-one/platform';
import { eventually, FULFILLMENT } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { ALICE, BOB, TestAdapter, upgradeRefusal } from '../ledger-adapter.fixture.js';

let adapter: TestAdapter;
let call: TestAdapter['call'];
let transfer: TestAdapter['transfer'];
let subscribe: TestAdapter['subscribe'];
let base: TestAdapter['base'];

beforeAll(async () => {
  adapter = await TestAdapter.open();
  ({ call, transfer, subscribe, base } = adapter);
});

afterAll(() => adapter?.close());

describe('websocket of the ledger adapter', () => {
  it.each(['/websocket', '/ilp/ledger/v1/websocket', '/ledger/websocket'])('answers 401 at %s (N81)', async (path) => {
    const url = base.replace('http', 'ws').replace('/ilp/ledger/v1', path);
    const refused = { status: 401, body: { id: 'Unauthorized', message: 'Unauthorized' } };
    expect(await upgradeRefusal(url, {})).toEqual(refused);
    expect(await upgradeRefusal(`${url}?token=nonsense`, {})).toEqual(refused);
    expect(await upgradeRefusal(url, { authorization: basicAuthorization('alice', 'wrong') })).toEqual(refused);
  });

  it('relays notifications with its own URIs, and the fulfillment as it was submitted (N86)', async () => {
    const { received, subscriber } = await subscribe('alice');
    const id = randomUUID();
    const { json } = await call('PUT', `/transfers/${id}`, transfer(), { as: ALICE });
    const { cancellation_condition: _none, rejection_reason: _neither, ...prepared } = json;
    await call('PUT', `/transfers/${id}/fulfillment`, FULFILLMENT, { as: BOB });
    await eventually(() => expect(received).toHaveLength(2));
    expect(received[0]).toMatchObject({ event: 'transfer.create', transferId: id, resource: prepared });
    expect(received[1]).toMatchObject({
      event: 'transfer.update',
      resource: { id: `${base}/transfers/${id}`, state: 'executed' },
      relatedResources: { execution_condition_fulfillment: FULFILLMENT },
    });
    await subscriber.close();
  });

  it('relays the errors of the ledger (N82, N83)', async () => {
    const socket = new WebSocket(`${base.replace('http', 'ws')}/websocket`, { headers: { authorization: ALICE } });
    const frames: any[] = [];
    socket.on('message', (data) => frames.push(JSON.parse(String(data))));
    await eventually(() => expect(frames).toEqual([{ jsonrpc: '2.0', id: null, method: 'connect' }]));
    socket.send('nonsense');
    socket.send(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'subscribe_account',
        params: { accounts: [`${base}/accounts/bob`] },
      }),
    );
    socket.send(
      JSON.stringify({
        jsonrpc: '2.0',
        id: 2,
        method: 'subscribe_account',
        params: { accounts: [`${base}/accounts/alice`] },
      }),
    );
    await eventually(() => expect(frames).toHaveLength(4));
    expect(frames.slice(1)).toMatchObject([
      { id: null, error: { code: -32700 } },
      { id: 1, error: { code: 40300 } },
      { id: 2, result: 1 },
    ]);
    socket.terminate();
  });

  it('loses no event while the ledger is down, and answers 502 meanwhile', async () => {
    const { received, subscriber } = await subscribe('alice');
    const before = randomUUID();
    await call('PUT', `/transfers/${before}`, transfer(), { as: ALICE });
    await eventually(() => expect(received.map(({ transferId }) => transferId)).toEqual([before]));
    await adapter.stopLedger();
    expect(await call('GET', `/transfers/${before}`)).toMatchObject({ status: 502, json: { id: 'ExternalError' } });
    expect(await upgradeRefusal(`${base.replace('http', 'ws')}/websocket`, { authorization: ALICE })).toMatchObject({
      status: 502,
      body: { id: 'ExternalError' },
    });
    expect((await call('GET', '/health')).status).toBe(503);
    await adapter.startLedger();
    await eventually(async () => expect((await call('GET', '/health')).status).toBe(200));
    const after = randomUUID();
    await call('PUT', `/transfers/${after}`, transfer(), { as: ALICE });
    await eventually(() => expect(received.map(({ transferId }) => transferId)).toEqual([before, after]));
    await subscriber.close();
  });
});
