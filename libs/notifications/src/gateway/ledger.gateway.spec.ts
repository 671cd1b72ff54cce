import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import {
  MemoryEventLog,
  LEDGER_URL,
  startTestLedger,
  TestClient,
  type TestLedger,
} from './websocket-ledger.fixture.js';

const uri = (name: string): string => `${LEDGER_URL}/accounts/${name}`;

describe('websocket of a ledger', () => {
  let ledger: TestLedger;
  let clients: TestClient[];

  beforeEach(async () => {
    clients = [];
    ledger = await startTestLedger();
  });

  afterEach(async () => {
    for (const client of clients) client.close();
    await ledger.role.close();
  });

  async function connect(token = 'admin-token', path = '/websocket'): Promise<TestClient> {
    const client = await TestClient.connect(`${ledger.url}${path}`, token);
    clients.push(client);
    return client;
  }

  describe('upgrade', () => {
    it.each([
      ['no token', undefined],
      ['a bad token', 'nonsense'],
    ])('answers 401 with the error body to %s (N81)', async (_, token) => {
      await expect(TestClient.connect(`${ledger.url}/websocket`, token)).rejects.toEqual({
        status: 401,
        body: { id: 'Unauthorized', message: 'Unauthorized' },
      });
    });

    it('accepts the token of the URL', async () => {
      const client = await TestClient.connect(`${ledger.url}/websocket?token=alice-token`);
      clients.push(client);
      expect(await client.frame(() => true)).toEqual({ jsonrpc: '2.0', id: null, method: 'connect' });
    });

    it('serves each base path, and answers 404 elsewhere', async () => {
      const client = await TestClient.connect(`${ledger.url.replace('/ledger', '')}/websocket`, 'alice-token');
      clients.push(client);
      await expect(TestClient.connect(`${ledger.url}/nowhere`, 'alice-token')).rejects.toMatchObject({
        status: 404,
        body: { id: 'NotFoundError' },
      });
    });

    it('answers 503 when the authenticator fails', async () => {
      Object.defineProperty(ledger.subscribers, 'Bearer broken-token', {
        get: () => {
          throw new Error('database gone');
        },
      });
      await expect(TestClient.connect(`${ledger.url}/websocket`, 'broken-token')).rejects.toMatchObject({
        status: 503,
        body: { id: 'ServiceUnavailableError' },
      });
    });
  });

  describe('requests (N82)', () => {
    it.each([
      ['a frame that is not JSON', 'hello', -32700, null],
      ['a frame that is no object', '[]', -32600, null],
      ['missing jsonrpc', '{"id":1,"method":"subscribe_account"}', -32600, 1],
      ['a missing id', '{"jsonrpc":"2.0","method":"subscribe_account"}', -32600, null],
      ['id null', '{"jsonrpc":"2.0","id":null,"method":"subscribe_account"}', 40000, null],
      ['an unknown method', '{"jsonrpc":"2.0","id":"x","method":"nothing"}', -32601, 'x'],
      ['missing params', '{"jsonrpc":"2.0","id":2,"method":"subscribe_account"}', -32602, 2],
      ['missing accounts', '{"jsonrpc":"2.0","id":2,"method":"subscribe_account","params":{}}', -32602, 2],
      [
        'an unknown eventType',
        '{"jsonrpc":"2.0","id":3,"method":"subscribe_account","params":{"eventType":"x","accounts":[]}}',
        -32602,
        3,
      ],
      [
        'a bad resumeFrom',
        '{"jsonrpc":"2.0","id":3,"method":"subscribe_all_accounts","params":{"resumeFrom":-1}}',
        -32602,
        3,
      ],
      [
        'a resumeFrom beyond the log',
        '{"jsonrpc":"2.0","id":3,"method":"subscribe_all_accounts","params":{"resumeFrom":"1"}}',
        -32602,
        3,
      ],
      [
        'a bad account name',
        `{"jsonrpc":"2.0","id":4,"method":"subscribe_account","params":{"accounts":["${uri('a/b')}"]}}`,
        40001,
        4,
      ],
    ])('%s', async (_, text, code, id) => {
      const client = await connect();
      await client.frame(() => true);
      const frame = await client.sendRaw(text);
      expect(frame).toEqual({
        jsonrpc: '2.0',
        id,
        error: {
          code,
          message: expect.stringMatching(/^RpcError: /),
          data: { name: 'RpcError', message: frame['error'].message.replace('RpcError: ', '') },
        },
      });
      // The connection stays open (D28).
      expect(await client.call('subscribe_account', { accounts: [uri('alice')] })).toMatchObject({ result: 1 });
    });

    it('refuses foreign accounts to an account holder (N83)', async () => {
      const client = await connect('alice-token');
      expect(await client.call('subscribe_account', { accounts: [uri('bob')] })).toMatchObject({
        error: { code: 40300 },
      });
      expect(await client.call('subscribe_account', { accounts: ['http://other/accounts/alice'] })).toMatchObject({
        error: { code: 40002 },
      });
      expect(await client.call('subscribe_all_accounts', { eventType: '*' })).toMatchObject({ error: { code: 40300 } });
      expect(await client.call('subscribe_account', { accounts: ['alice'] })).toMatchObject({ result: 1 });
    });

    it('a subscriber with the right to watch all accounts may do so', async () => {
      const client = await connect('watcher-token');
      expect(await client.call('subscribe_all_accounts')).toMatchObject({ result: 1 });
      expect(await client.call('subscribe_account', { accounts: [uri('bob')] })).toMatchObject({ result: 1 });
    });

    it('answers requests in their order', async () => {
      const client = await connect();
      const ids = Array.from({ length: 50 }, (_, id) => id);
      for (const id of ids) {
        client.socket.send(JSON.stringify({ jsonrpc: '2.0', id, method: 'subscribe_all_accounts' }));
      }
      await client.frame((frame) => frame['id'] === 49);
      expect(client.frames.slice(1).map((frame) => frame['id'])).toEqual(ids);
    });
  });

  describe('notifications', () => {
    it('sends events in the form of the contract', async () => {
      const client = await connect();
      await client.call('subscribe_account', { accounts: [uri('alice')] });
      const event = ledger.log.append(['alice']);
      await client.until(event.sequence);
      expect(client.frames.at(-1)).toEqual({
        jsonrpc: '2.0',
        id: null,
        method: 'notify',
        params: { event: 'transfer.create', id: event.id, sequence: 1, resource: event.resource },
      });
    });

    it('sends an event once to a connection that watches both accounts (N85)', async () => {
      const client = await connect();
      await client.call('subscribe_account', { accounts: [uri('alice'), uri('bob')] });
      await client.call('subscribe_all_accounts');
      ledger.log.append(['alice', 'bob']);
      const last = ledger.log.append(['carol']);
      expect(await client.until(last.sequence)).toEqual([1, 2]);
    });

    it('replaces the accounts on a second subscribe, and [] ends it (N84)', async () => {
      const client = await connect();
      expect(await client.call('subscribe_account', { accounts: [uri('alice'), uri('bob')] })).toMatchObject({
        result: 2,
      });
      expect(await client.call('subscribe_account', { accounts: [uri('carol')] })).toMatchObject({ result: 1 });
      ledger.log.append(['alice']);
      expect(await client.until(ledger.log.append(['carol']).sequence)).toEqual([2]);
      expect(await client.call('subscribe_account', { accounts: [] })).toMatchObject({ result: 0 });
      ledger.log.append(['carol']);
      await client.call('subscribe_account', { accounts: [uri('dave')] });
      expect(await client.until(ledger.log.append(['dave']).sequence)).toEqual([2, 4]);
    });

    it('sends only events of the subscribed type', async () => {
      const client = await connect();
      await client.call('subscribe_all_accounts', { eventType: 'transfer.*' });
      ledger.log.append(['alice'], 'message.send');
      ledger.log.append(['alice'], 'transfer.update');
      expect(await client.until(ledger.log.append(['alice']).sequence)).toEqual([2, 3]);
    });

    it('sends no earlier events without `resumeFrom`', async () => {
      ledger.log.append(['alice']);
      const client = await connect();
      await client.call('subscribe_all_accounts');
      expect(await client.until(ledger.log.append(['alice']).sequence)).toEqual([2]);
    });

    it('subscribes by the path of one account, for those who may watch it', async () => {
      const client = await connect('alice-token', '/accounts/alice/transfers');
      await client.frame(() => true);
      ledger.log.append(['bob']);
      expect(await client.until(ledger.log.append(['alice']).sequence)).toEqual([2]);
      await expect(TestClient.connect(`${ledger.url}/accounts/bob/transfers`, 'alice-token')).rejects.toMatchObject({
        status: 403,
        body: { id: 'UnauthorizedError' },
      });
    });
  });

  describe('resumeFrom', () => {
    it('replays in order, then goes live without gap or repetition while events keep coming', async () => {
      for (let i = 0; i < 700; i += 1) ledger.log.append([i % 2 ? 'alice' : 'bob']);
      const client = await connect();
      let more = 0;
      // A new event during each read of the log: the reader and the pump race.
      ledger.log.beforeRead = () => {
        if (more < 50) {
          more += 1;
          ledger.log.append(['alice']);
        }
      };
      const reply = client.call('subscribe_account', { accounts: [uri('alice')], resumeFrom: '100' });
      await reply;
      ledger.log.beforeRead = () => undefined;
      const last = ledger.log.append(['alice']);
      const expected = ledger.log.events
        .filter((event) => event.accounts.includes('alice') && event.sequence > 100n)
        .map((event) => Number(event.sequence));
      expect(await client.until(last.sequence)).toEqual(expected);
    });

    it('answers the subscribe before it replays', async () => {
      ledger.log.append(['alice']);
      const client = await connect();
      await client.call('subscribe_account', { accounts: [uri('alice')], resumeFrom: 0 });
      await client.until(1);
      expect(client.frames.map((frame) => frame['method'] ?? 'reply')).toEqual(['connect', 'reply', 'notify']);
    });

    it('continues without a gap when the accounts are replaced', async () => {
      const client = await connect();
      await client.call('subscribe_account', { accounts: [uri('alice')] });
      const sent: number[] = [];
      for (let i = 0; i < 20; i += 1) {
        sent.push(Number(ledger.log.append(['alice']).sequence));
        await client.call('subscribe_account', { accounts: [uri('alice'), uri(`other${i}`)] });
      }
      expect(await client.until(sent.at(-1)!)).toEqual(sent);
    });
  });
});

describe('limits of a websocket', () => {
  it('closes a client that does not read with 1013', async () => {
    const log = new MemoryEventLog();
    const ledger = await startTestLedger({ log, limits: { maxBufferedBytes: 10_000 } });
    const client = await TestClient.connect(`${ledger.url}/websocket`, 'admin-token');
    await client.call('subscribe_all_accounts');
    client.socket.pause();
    const padding = 'x'.repeat(100_000);
    for (let i = 0; i < 200; i += 1) {
      const event = log.append(['alice']);
      event.resource = { padding };
    }
    const closed = once(client.socket, 'close') as Promise<[number, Buffer]>;
    client.socket.resume();
    const [code, reason] = await closed;
    expect(code).toBe(1013);
    expect(String(reason)).toBe('Too many notifications are waiting to be read');
    expect(client.sequences.length).toBeLessThan(200);
    await ledger.role.close();
  });

  it('refuses a frame that is too large', async () => {
    const ledger = await startTestLedger();
    const client = await TestClient.connect(`${ledger.url}/websocket`, 'admin-token');
    const closed = once(client.socket, 'close') as Promise<[number, Buffer]>;
    client.socket.send('x'.repeat(70_000));
    expect((await closed)[0]).toBe(1009);
    await ledger.role.close();
  });

  it('disconnects a client that does not answer pings, and keeps one that does', async () => {
    const ledger = await startTestLedger({ limits: { pingIntervalMs: 30 } });
    const good = await TestClient.connect(`${ledger.url}/websocket`, 'admin-token');
    const deaf = await TestClient.connect(`${ledger.url}/websocket`, 'admin-token');
    deaf.socket.pong = () => undefined;
    await once(deaf.socket, 'close');
    expect(await good.call('subscribe_all_accounts')).toMatchObject({ result: 1 });
    good.close();
    await ledger.role.close();
  });

  it('closes with 1001 when it shuts down, after everything that was committed was sent', async () => {
    const log = new MemoryEventLog();
    const ledger = await startTestLedger({ log });
    const client = await TestClient.connect(`${ledger.url}/websocket`, 'admin-token');
    await client.call('subscribe_all_accounts');
    const closed = once(client.socket, 'close') as Promise<[number, Buffer]>;
    const padding = 'x'.repeat(5_000);
    for (let i = 0; i < 100; i += 1) log.append(['alice']).resource = { padding };
    await ledger.role.close();
    expect((await closed)[0]).toBe(1001);
    expect(client.sequences).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('accepts no new websocket while it stops, and keeps those that are open to the end', async () => {
    const ledger = await startTestLedger();
    const client = await TestClient.connect(`${ledger.url}/websocket`, 'admin-token');
    await ledger.role.endBeginnings();
    await expect(TestClient.connect(`${ledger.url}/websocket`, 'admin-token')).rejects.toMatchObject({
      status: 503,
      body: { id: 'ServiceUnavailableError', message: 'This role is stopping; nothing was done for this request' },
    });
    expect(await client.call('subscribe_all_accounts')).toMatchObject({ result: 1 });
    const closed = once(client.socket, 'close') as Promise<[number, Buffer]>;
    await ledger.role.close();
    expect((await closed)[0]).toBe(1001);
  });
});
