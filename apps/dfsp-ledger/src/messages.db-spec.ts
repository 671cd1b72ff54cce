import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '@level-one/platform';
import { eventually, FULFILLMENT } from '@level-one/testing';
import { ALICE, BASE, BOB, TestDfspLedger, transfer } from './dfsp-ledger.fixture.js';

let ledger: TestDfspLedger;
let call: TestDfspLedger['call'];
let prepared: TestDfspLedger['prepared'];
let listenToBob: TestDfspLedger['listenToBob'];

beforeAll(async () => {
  ledger = await TestDfspLedger.open();
  ({ call, prepared, listenToBob } = ledger);
});

afterAll(() => ledger?.close());

describe('A8: the data that an account holder can store', () => {
  it('is limited in size for proposals and messages', async () => {
    const large = { text: 'x'.repeat(9_000) };
    const proposal = transfer({ additional_info: large, debits: [{ account: 'alice', amount: '10.40' }] });
    expect(await call('PUT', `/transfers/${randomUUID()}`, proposal, { as: BOB })).toMatchObject({
      status: 413,
      json: { id: 'PayloadTooLargeError' },
    });
    const message = { from: 'bob', to: 'alice', data: { text: 'x'.repeat(17_000) } };
    expect(await call('POST', '/messages', message, { as: BOB })).toMatchObject({ status: 413 });
  });

  it('is limited per minute for messages, which every subscriber reads', async () => {
    await call('PUT', '/accounts/chatty', { name: 'chatty', password: 'chatty' });
    const as = basicAuthorization('chatty', 'chatty');
    const sent = (text: string, caller = as) =>
      call('POST', '/messages', { account: 'nobody-listens', data: { text } }, { as: caller });
    // There is no subscriber, which is checked after the message is counted.
    expect(await sent('short')).toMatchObject({ status: 422, json: { id: 'NoSubscriptionsError' } });
    const answers = await Promise.all(Array.from({ length: 20 }, () => sent('x'.repeat(16_000))));
    expect(answers).toContainEqual(
      expect.objectContaining({ status: 429, json: expect.objectContaining({ id: 'TooManyRequestsError' }) }),
    );
    expect(await sent('x'.repeat(16_000), BOB)).toMatchObject({ status: 422 });
  });

  it('is limited in number for proposals', async () => {
    await call('PUT', '/accounts/busy', { name: 'busy', password: 'busy' });
    const as = basicAuthorization('busy', 'busy');
    const statuses = new Set<number>();
    for (let count = 0; count < 11; count += 1) {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () =>
          call(
            'PUT',
            `/transfers/${randomUUID()}`,
            { debits: [{ account: 'alice', amount: '1' }], credits: [{ account: 'busy', amount: '1' }] },
            { as },
          ),
        ),
      );
      for (const { status } of answers) statuses.add(status);
    }
    expect(statuses).toEqual(new Set([201, 429]));
  });
});

describe('the websocket', () => {
  it('notifies about an account in order, with the fulfillment', async () => {
    const { socket, notifications } = await listenToBob();
    const [path] = await prepared();
    await call('PUT', `${path}/fulfillment`, FULFILLMENT);
    await eventually(() => expect(notifications).toHaveLength(2));
    expect(notifications).toMatchObject([
      { event: 'transfer.create', resource: { id: BASE + path, state: 'prepared' } },
      {
        event: 'transfer.update',
        resource: { id: BASE + path, state: 'executed' },
        related_resources: { execution_condition_fulfillment: FULFILLMENT },
      },
    ]);
    socket.terminate();
  });
});

describe('POST /messages', () => {
  it('reaches the subscribers of the addressee unchanged', async () => {
    const { socket, notifications } = await listenToBob();
    const message = { ledger: BASE, from: `${BASE}/accounts/alice`, to: `${BASE}/accounts/bob` };
    const data = { method: 'quote_request', custom: { deep: ['Žofie', null, 1.5] } };
    expect(await call('POST', '/messages', { ...message, data }, { as: ALICE })).toMatchObject({
      status: 201,
      text: '',
    });
    await eventually(() => expect(notifications).toHaveLength(1));
    expect(notifications).toMatchObject([{ event: 'message.send', resource: { ...message, data } }]);
    socket.terminate();
  });

  it('is refused in the name of another account, and to an account without subscribers (N80)', async () => {
    const message = { from: 'bob', to: 'carol', data: {} };
    expect(await call('POST', '/messages', message, { as: ALICE })).toMatchObject({
      status: 400,
      json: { id: 'InvalidBodyError', message: 'You do not have permission to impersonate this user' },
    });
    expect(await call('POST', '/messages', message, { as: BOB })).toMatchObject({
      status: 422,
      json: { id: 'NoSubscriptionsError', message: 'Destination account could not be reached' },
    });
  });

  it('reaches whoever is connected to another instance, as notifications of transfers do', async () => {
    const second = await ledger.openSecond();
    const { socket, notifications } = await second.listenToBob();
    const data = { text: randomUUID() };
    const message = { from: 'alice', to: 'bob', data };
    expect(await call('POST', '/messages', message, { as: ALICE })).toMatchObject({ status: 201 });
    const [path] = await prepared();
    await eventually(() => {
      expect(notifications.map(({ event, resource }) => [event, resource.data ?? resource.state])).toEqual([
        ['message.send', data],
        ['transfer.create', 'prepared'],
      ]);
    });
    expect(await second.call('PUT', `${path}/fulfillment`, FULFILLMENT)).toMatchObject({ status: 200 });
    expect(await call('GET', path)).toMatchObject({ json: { state: 'executed' } });
    socket.terminate();
    await second.stop();
  });
});
