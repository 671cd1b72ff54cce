import { afterEach, describe, expect, it } from '@jest/globals';
import type { LedgerEvent } from '../events/event-log.js';
import type { WebsocketLimits } from '../json-rpc/json-rpc-ws.adapter.js';
import { OpenConnections } from '../json-rpc/open-connections.js';
import {
  LEDGER_URL,
  MemoryEventLog,
  startTestLedger,
  TestClient,
  type TestLedger,
} from './websocket-ledger.fixture.js';

const uri = (name: string): string => `${LEDGER_URL}/accounts/${name}`;

/** Remembers what was read for whom, and how much at the same time. */
class WatchedEventLog extends MemoryEventLog {
  readonly pages: string[] = [];
  eventsRead = 0;
  private readonly running: string[] = [];
  mostOfAlice = 0;
  mostOfAll = 0;

  override async replay(after: bigint, limit: number, accounts: ReadonlySet<string> | 'all'): Promise<LedgerEvent[]> {
    const name = accounts === 'all' ? 'all' : [...accounts].join();
    this.pages.push(name);
    this.running.push(name);
    this.mostOfAll = Math.max(this.mostOfAll, this.running.length);
    this.mostOfAlice = Math.max(this.mostOfAlice, this.running.filter((one) => one === 'alice').length);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    this.running.splice(this.running.indexOf(name), 1);
    const events = await super.replay(after, limit, accounts);
    this.eventsRead += events.length;
    return events;
  }
}

let ledger: TestLedger;
let clients: TestClient[] = [];

afterEach(async () => {
  for (const client of clients) client.close();
  clients = [];
  await ledger?.role.close();
});

async function start(limits: Partial<WebsocketLimits> = {}, log = new WatchedEventLog()): Promise<WatchedEventLog> {
  ledger = await startTestLedger({ log, limits });
  return log;
}

async function connect(token: string): Promise<TestClient> {
  const client = await TestClient.connect(`${ledger.url}/websocket`, token);
  clients.push(client);
  return client;
}

async function replayFromStart(token: string, account: string): Promise<TestClient> {
  const client = await connect(token);
  await client.call('subscribe_account', { accounts: [uri(account)], resumeFrom: 0 });
  return client;
}

describe('A5: a replay', () => {
  it('reads only the events of the account', async () => {
    const log = await start();
    for (let i = 0; i < 3_000; i++) log.append([i % 1_000 === 999 ? 'alice' : 'somebody']);
    const client = await replayFromStart('alice-token', 'alice');
    expect(await client.until(3_000)).toEqual([1_000, 2_000, 3_000]);
    expect(log.eventsRead).toBe(3);
  });

  it('reads one page of an account at a time, so that other accounts need not wait for all of them', async () => {
    const log = await start();
    for (let i = 0; i < 1_000; i++) log.append(['alice']);
    log.append(['watcher']);
    const ofAlice = await Promise.all(Array.from({ length: 8 }, () => replayFromStart('alice-token', 'alice')));
    const other = await connect('watcher-token');
    const before = log.pages.length;
    await other.call('subscribe_account', { accounts: [uri('watcher')], resumeFrom: 0 });
    expect(await other.until(1_001)).toEqual([1_001]);
    expect(log.pages.indexOf('watcher')).toBeLessThanOrEqual(before + 4);
    for (const client of ofAlice) expect(await client.until(1_000)).toHaveLength(1_000);
    expect(log.mostOfAlice).toBe(1);
    expect(log.mostOfAll).toBeLessThanOrEqual(2);
  });

  it('of all accounts is complete too', async () => {
    const log = await start();
    for (let i = 0; i < 350; i++) log.append([i % 2 ? 'alice' : 'bob']);
    const client = await connect('watcher-token');
    await client.call('subscribe_all_accounts', { resumeFrom: 0 });
    expect(await client.until(350)).toEqual(Array.from({ length: 350 }, (_, i) => i + 1));
  });
});

describe('A8: websockets', () => {
  it('of one account are limited, and each account has its own limit', async () => {
    await start({ maxPerAccount: 3 });
    const [first] = await Promise.all([connect('alice-token'), connect('alice-token'), connect('alice-token')]);
    const one = connect('alice-token');
    await expect(one).rejects.toMatchObject({ status: 429, body: { id: 'TooManyRequestsError' } });
    await connect('admin-token');
    first.close();
    await expect(eventuallyConnects('alice-token')).resolves.toBeUndefined();
  });

  it('from one address are limited', async () => {
    await start({ maxPerAddress: 2 });
    await Promise.all([connect('alice-token'), connect('admin-token')]);
    await expect(connect('watcher-token')).rejects.toMatchObject({ status: 429 });
  });

  it('of a page of another origin may not use the credentials of a browser', async () => {
    await start();
    const from = (origin: string) => TestClient.connect(`${ledger.url}/websocket`, 'alice-token', { origin });
    for (const foreign of ['https://evil.example', 'null', 'http://127.0.0.1:1']) {
      await expect(from(foreign)).rejects.toMatchObject({ status: 403, body: { id: 'UnauthorizedError' } });
    }
    const own = await from(ledger.url.replace('ws:', 'http:').replace('/ledger', ''));
    // A page that was given a token sends it itself.
    const given = await TestClient.connect(`${ledger.url}/websocket?token=alice-token`, undefined, {
      origin: 'https://shop.example',
    });
    for (const client of [own, given]) client.close();
  });

  it('with too many frames are read more slowly, and no frame is lost', async () => {
    await start({ maxFramesPerSecond: 3 });
    const client = await connect('alice-token');
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => client.call('subscribe_account', { accounts: [] })),
    );
    expect(replies.map(({ result }) => result)).toEqual(Array.from({ length: 8 }, () => 0));
  });

  it('have their frames counted per second', () => {
    let now = 0;
    const open = new OpenConnections(() => now);
    open.take('alice', 1);
    expect([1, 2, 3].map(() => open.frame('alice', 2))).toEqual([0, 0, 1_000]);
    now = 400;
    expect(open.frame('alice', 2)).toBe(600);
    now = 1_000;
    expect(open.frame('alice', 2)).toBe(0);
    open.release('alice');
    expect(open.frame('alice', 0)).toBe(0);
  });
});

describe('A12: a hostile frame', () => {
  const request = (params: string): string =>
    `{"jsonrpc":"2.0","id":1,"method":"subscribe_account","params":${params}}`;

  it.each([
    ['NUL in a text', request('{"accounts":["a\\u0000b"]}')],
    ['half of a surrogate pair', request('{"accounts":["\\ud800"]}')],
    ['NUL in a name', request('{"a\\u0000b":1,"accounts":[]}')],
    ['depth', request(`{"accounts":${'['.repeat(70)}${']'.repeat(70)}}`)],
    ['great depth', request(`{"accounts":${'['.repeat(20_000)}${']'.repeat(20_000)}}`)],
    ['constructor', request('{"constructor":"x","accounts":[]}')],
    ['__proto__', request('{"__proto__":{"accounts":[]}}')],
    ['a name twice', request('{"accounts":[],"accounts":["alice"]}')],
    ['NUL in the method', '{"jsonrpc":"2.0","id":1,"method":"a\\u0000","params":{}}'],
  ])('with %s is answered as an invalid request', async (_, frame) => {
    await start();
    const client = await connect('admin-token');
    await client.frame(() => true);
    expect(await client.sendRaw(frame)).toMatchObject({ error: { code: -32600, data: { name: 'RpcError' } } });
    expect(await client.call('subscribe_account', { accounts: [uri('alice')] })).toMatchObject({ result: 1 });
  });

  it('is repeated only in part in the error message', async () => {
    await start();
    const client = await connect('admin-token');
    const answer = await client.call('x'.repeat(60_000));
    expect(answer['error'].code).toBe(-32601);
    expect(JSON.stringify(answer).length).toBeLessThan(1_000);
    const named = await client.call('subscribe_account', { accounts: ['x'.repeat(60_000)] });
    expect(JSON.stringify(named).length).toBeLessThan(1_000);
  });
});

async function eventuallyConnects(token: string): Promise<void> {
  for (;;) {
    try {
      await connect(token);
      return;
    } catch (error) {
      if ((error as { status?: number }).status !== 429) throw error;
    }
  }
}
