import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { RoleLogger } from '@level-one/platform';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { LedgerSubscriber, type LedgerSubscriberOptions } from './ledger-subscriber.js';
import type { Notification } from '../events/notification.js';
import { type CursorStore, MemoryCursorStore } from './subscription-cursor.js';
import { MemoryEventLog, startTestLedger, type TestLedger } from '../gateway/websocket-ledger.fixture.js';

const logger = RoleLogger.create({ role: 'test', dfsp: null }, 'silent');

class DurableStore extends MemoryCursorStore implements CursorStore {
  override readonly startsAt = 'beginning' as never;
  saves: bigint[] = [];

  override async save(sequence: bigint): Promise<void> {
    this.saves.push(sequence);
    await super.save(sequence);
  }
}

const limits = {
  firstReconnectDelayMs: 1,
  maxReconnectDelayMs: 20,
  firstRetryDelayMs: 1,
  maxRetryDelayMs: 5,
  cursorIntervalMs: 1,
  handshakeTimeoutMs: 1_000,
  closeTimeoutMs: 200,
};

/** A promise, and what resolves it. */
function gate(): { released: Promise<void>; release: () => void } {
  let release: () => void;
  const released = new Promise<void>((resolve) => (release = resolve));
  return { released, release: () => release() };
}

function createFrame(id: string): string {
  return JSON.stringify({
    jsonrpc: '2.0',
    id: null,
    method: 'notify',
    params: { event: 'transfer.create', id, resource: { id: `http://x/transfers/${id}` } },
  });
}

describe('subscriber of a ledger', () => {
  let ledger: TestLedger;
  let subscribers: LedgerSubscriber[];
  let handled: number[];

  beforeEach(async () => {
    subscribers = [];
    handled = [];
    ledger = await startTestLedger();
  });

  afterEach(async () => {
    await Promise.all(subscribers.map((subscriber) => subscriber.close()));
    await ledger.role.close();
  });

  function subscribe(options: Partial<LedgerSubscriberOptions> = {}): LedgerSubscriber {
    const subscriber = new LedgerSubscriber({
      name: 'test',
      websocketUrl: `${ledger.url}/websocket`,
      accounts: 'all',
      authorize: async () => 'Bearer admin-token',
      cursor: new DurableStore(),
      handle: async ({ sequence }) => void handled.push(Number(sequence)),
      logger,
      ...options,
      limits: { ...limits, ...options.limits },
    });
    subscribers.push(subscriber);
    subscriber.start();
    return subscriber;
  }

  it('receives the events from before its first subscribe, then new ones', async () => {
    ledger.log.append(['alice']);
    const subscriber = subscribe();
    await subscriber.ready();
    ledger.log.append(['alice']);
    await eventually(() => expect(handled).toEqual([1, 2]));
  });

  it('receives only new events if its cursor begins with the present', async () => {
    ledger.log.append(['alice']);
    await subscribe({ cursor: new MemoryCursorStore() }).ready();
    ledger.log.append(['alice']);
    await eventually(() => expect(handled).toEqual([2]));
  });

  it('resumes after the last handled event when it is started again', async () => {
    const cursor = new DurableStore();
    const first = subscribe({ cursor });
    ledger.log.append(['alice']);
    await eventually(() => expect(handled).toEqual([1]));
    await first.close();
    expect(await cursor.load()).toBe(1n);
    ledger.log.append(['alice']);
    subscribe({ cursor });
    await eventually(() => expect(handled).toEqual([1, 2]));
  });

  it('writes its cursor once for many events, and nothing more while there are none', async () => {
    const cursor = new DurableStore();
    const subscriber = subscribe({ cursor, limits: { cursorIntervalMs: 60_000 } });
    for (let i = 0; i < 100; i += 1) ledger.log.append(['alice']);
    await eventually(() => expect(handled).toHaveLength(100));
    expect(cursor.saves).toEqual([]);
    await subscriber.close();
    expect(cursor.saves).toEqual([100n]);
    const next = subscribe({ cursor });
    await next.ready();
    await next.close();
    expect(cursor.saves).toEqual([100n]);
  });

  it('handles again after a crash what it handled since its cursor was written', async () => {
    const cursor = new DurableStore();
    const limitsOfOne = { limits: { cursorIntervalMs: 60_000 } };
    const first = subscribe({ cursor, ...limitsOfOne });
    ledger.log.append(['alice']);
    await eventually(() => expect(handled).toEqual([1]));
    await first.close();
    const crashed = subscribe({ cursor, ...limitsOfOne });
    await crashed.ready();
    ledger.log.append(['alice']);
    ledger.log.append(['bob']);
    await eventually(() => expect(handled).toEqual([1, 2, 3]));
    // It writes no cursor any more.
    const restarted = new DurableStore();
    await restarted.save((await cursor.load())!);
    subscribe({ cursor: restarted });
    await eventually(() => expect(handled).toEqual([1, 2, 3, 2, 3]));
    await eventually(() => expect(restarted.saves.at(-1)).toBe(3n));
  });

  it('does not move its cursor past an event that is still being handled', async () => {
    const cursor = new DurableStore();
    const { released, release } = gate();
    subscribe({
      cursor,
      handle: async ({ sequence }) => {
        if (sequence === 1n) await released;
        handled.push(Number(sequence));
      },
    });
    ledger.log.append(['alice']);
    ledger.log.append(['bob']);
    await eventually(() => expect(handled).toEqual([2]));
    expect(cursor.saves).toEqual([]);
    release();
    await eventually(() => expect(cursor.saves.at(-1)).toBe(2n));
  });

  it('handles the events of one transfer in order and different transfers in parallel', async () => {
    const transferId = randomUUID();
    const running: string[] = [];
    const { released, release } = gate();
    subscribe({
      handle: async ({ sequence }) => {
        running.push(String(sequence));
        if (sequence === 1n) await released;
        handled.push(Number(sequence));
      },
    });
    ledger.log.append(['alice'], 'transfer.create', transferId);
    ledger.log.append(['alice'], 'transfer.update', transferId);
    ledger.log.append(['alice'], 'transfer.create');
    await eventually(() => expect(handled).toEqual([3]));
    expect(running).toEqual(['1', '3']);
    release();
    await eventually(() => expect(handled).toEqual([3, 1, 2]));
  });

  it('handles no more transfers at once than its limit', async () => {
    let most = 0;
    let now = 0;
    subscribe({
      limits: { maxTransfersInParallel: 3 },
      handle: async ({ sequence }) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        now -= 1;
        handled.push(Number(sequence));
      },
    });
    for (let i = 0; i < 30; i += 1) ledger.log.append(['alice']);
    await eventually(() => expect(handled).toHaveLength(30));
    expect(most).toBe(3);
  });

  it('receives every event although it reads slower than the ledger writes', async () => {
    subscribe({
      limits: { maxBacklogEvents: 5, maxTransfersInParallel: 1 },
      handle: async ({ sequence }) => {
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        handled.push(Number(sequence));
      },
    });
    for (let i = 0; i < 300; i += 1) ledger.log.append(['alice']);
    await eventually(() => expect(handled).toEqual(Array.from({ length: 300 }, (_, i) => i + 1)));
  });

  it('gives up an event that the handler cannot handle, after the last attempt', async () => {
    const attempts: number[] = [];
    const cursor = new DurableStore();
    subscribe({
      cursor,
      limits: { maxAttempts: 3 },
      handle: async ({ sequence }) => {
        attempts.push(Number(sequence));
        if (sequence === 1n) throw new TypeError('no such member');
        if (attempts.length < 6) throw new ContractError(422, 'UnprocessableEntityError', 'not so');
      },
    });
    ledger.log.append(['alice'], 'transfer.create', 'aaaaaaaa-0000-4000-8000-000000000001');
    ledger.log.append(['alice'], 'transfer.update', 'aaaaaaaa-0000-4000-8000-000000000001');
    await eventually(() => expect(cursor.saves.at(-1)).toBe(2n));
    expect(attempts).toEqual([1, 1, 1, 2, 2, 2]);
  });

  it('never gives up an event while something is away (KILL 11)', async () => {
    let failures = 0;
    const cursor = new DurableStore();
    subscribe({
      cursor,
      limits: { maxAttempts: 2 },
      handle: async ({ sequence }) => {
        failures += 1;
        if (failures <= 30) throw new ContractError(503, 'ServiceUnavailableError', 'away');
        handled.push(Number(sequence));
      },
    });
    ledger.log.append(['alice']);
    await eventually(() => expect(handled).toEqual([1]));
    await eventually(() => expect(cursor.saves).toEqual([1n]));
  });

  it('goes on with other transfers while the events of some cannot be handled', async () => {
    const cursor = new DurableStore();
    const { released, release } = gate();
    let isAway = true;
    subscribe({
      cursor,
      // One place for each: neither failed nor hanging events keep it.
      limits: { maxTransfersInParallel: 1, maxRetriesInParallel: 1, slowAfterMs: 5, maxBacklogEvents: 5 },
      handle: async ({ sequence }) => {
        if (sequence! <= 3n && isAway) throw new ContractError(502, 'ExternalError', 'away');
        if (sequence === 4n) await released;
        handled.push(Number(sequence));
      },
    });
    for (let i = 0; i < 50; i += 1) ledger.log.append(['alice']);
    const others = Array.from({ length: 46 }, (_, i) => i + 5);
    await eventually(() => expect(handled).toEqual(others));
    expect(cursor.saves).toEqual([]);
    isAway = false;
    release();
    await eventually(() => expect(handled.slice(46).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]));
    await eventually(() => expect(cursor.saves.at(-1)).toBe(50n));
  });

  it('handles after a restart what it could not handle before, and nothing is lost in between', async () => {
    const cursor = new DurableStore();
    const before = subscribe({
      cursor,
      handle: async ({ sequence }) => {
        if (sequence === 2n) throw new ContractError(503, 'ServiceUnavailableError', 'away');
        handled.push(Number(sequence));
      },
    });
    for (let i = 0; i < 4; i += 1) ledger.log.append(['alice']);
    await eventually(() => expect(handled).toEqual([1, 3, 4]));
    await before.close();
    expect(cursor.saves.at(-1)).toBe(1n);
    subscribe({ cursor });
    await eventually(() => expect(handled).toEqual([1, 3, 4, 2, 3, 4]));
  });

  it('reads no further events while too many are not done, whatever the connection does', async () => {
    let isAway = true;
    let most = 0;
    const seen = new Set<bigint>();
    subscribe({
      limits: { maxBacklogEvents: 5, maxRetriesInParallel: 2, pingIntervalMs: 60_000 },
      handle: async ({ sequence }) => {
        seen.add(sequence!);
        if (isAway) {
          most = Math.max(most, seen.size);
          throw new ContractError(503, 'ServiceUnavailableError', 'away');
        }
        handled.push(Number(sequence));
      },
    });
    for (let i = 0; i < 2_000; i += 1) ledger.log.append(['alice']);
    await eventually(() => expect(seen.size).toBeGreaterThan(5));
    const { port } = ledger.role.app.getHttpServer().address() as AddressInfo;
    for (let i = 0; i < 3; i += 1) {
      await ledger.role.close();
      ledger = await startTestLedger({ log: ledger.log, port });
    }
    expect(most).toBeLessThan(1_000);
    isAway = false;
    await eventually(() => expect(new Set(handled).size).toBe(2_000));
  });

  it('resumes after the ledger was down, without gap or repetition', async () => {
    const subscriber = subscribe();
    await subscriber.ready();
    ledger.log.append(['alice']);
    await eventually(() => expect(handled).toEqual([1]));
    const { port } = ledger.role.app.getHttpServer().address() as AddressInfo;
    await ledger.role.close();
    ledger.log.append(['alice']);
    await eventually(() => expect(() => subscriber.assertLive()).toThrow('Subscription test is'));
    ledger = await startTestLedger({ log: ledger.log, port });
    ledger.log.append(['alice']);
    await eventually(() => expect(handled).toEqual([1, 2, 3]));
    subscriber.assertLive();
  });

  it('requests a new token when the ledger refuses the old one', async () => {
    const asked: boolean[] = [];
    const warned: object[] = [];
    const subscriber = subscribe({
      logger: Object.assign(RoleLogger.create({ role: 'test', dfsp: null }, 'silent'), {
        warn: (fields: object) => void warned.push(fields),
      }),
      authorize: async (renew) => {
        asked.push(renew);
        return renew ? 'Bearer admin-token' : 'Bearer outdated';
      },
    });
    await subscriber.ready();
    expect(asked).toEqual([false, true]);
    expect(warned).toEqual([{ outcome: 'upgrade refused', status: 401, subscription: 'test' }]);
  });

  it('reads a log that is shorter than its cursor from the start', async () => {
    const cursor = new DurableStore();
    await cursor.save(1_000n);
    ledger.log.append(['alice']);
    subscribe({ cursor });
    await eventually(() => expect(handled).toEqual([1]));
  });

  it('reports each event on receipt, in the trace of its transfer', async () => {
    const received: Notification[] = [];
    subscribe({ received: (notification) => void received.push(notification), accounts: 'all' });
    const event = ledger.log.append(['alice']);
    await eventually(() => expect(received).toHaveLength(1));
    expect(received[0]).toMatchObject({
      id: event.id,
      event: 'transfer.create',
      sequence: 1n,
      resource: event.resource,
    });
  });

  it('closes while the ledger cannot be reached', async () => {
    const subscriber = subscribe({ websocketUrl: 'ws://127.0.0.1:1/websocket' });
    const refused = subscriber.ready();
    await subscriber.close();
    await expect(refused).rejects.toThrow('was closed');
  });

  it('handles an event that was unfinished at close after the next start', async () => {
    const cursor = new DurableStore();
    const started = subscribe({
      cursor,
      handle: async ({ sequence }, signal) => {
        handled.push(Number(sequence));
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('closing')));
        });
      },
    });
    ledger.log.append(['alice']);
    await eventually(() => expect(handled).toEqual([1]));
    await started.close();
    expect(cursor.saves).toEqual([]);
    subscribe({ cursor });
    await eventually(() => expect(handled).toEqual([1, 1]));
  });
});

describe('subscriber of a Five Bells ledger without sequences', () => {
  let http: Server;
  let server: WebSocketServer;

  beforeEach(async () => {
    http = createServer();
    server = new WebSocketServer({ server: http });
    await new Promise<void>((resolve) => {
      http.listen(0, '127.0.0.1', resolve);
    });
  });

  afterEach(async () => {
    for (const client of server.clients) client.terminate();
    server.close();
    await new Promise((resolve) => {
      http.close(resolve);
    });
  });

  it('drops events that arrive twice, by their id', async () => {
    server.on('connection', (socket: WebSocket) => {
      socket.send('{"jsonrpc":"2.0","id":null,"method":"connect"}');
      socket.on('message', (data) => {
        const { id } = JSON.parse(String(data)) as { id: string };
        socket.send(JSON.stringify({ jsonrpc: '2.0', id, result: 1 }));
        for (const event of ['a', 'b', 'a', 'c']) socket.send(createFrame(event));
      });
    });
    const handled: (string | undefined)[] = [];
    const { port } = http.address() as AddressInfo;
    const subscriber = new LedgerSubscriber({
      name: 'test',
      websocketUrl: `ws://127.0.0.1:${port}`,
      accounts: ['http://x/accounts/alice'],
      authorize: async () => 'Bearer x',
      cursor: new MemoryCursorStore(),
      handle: async ({ id }) => void handled.push(id),
      logger,
      limits,
    });
    subscriber.start();
    await eventually(() => expect(handled).toEqual(['a', 'b', 'c']));
    await subscriber.close();
  });
});

describe('event log of the fixture', () => {
  it('numbers events from 1', async () => {
    const log = new MemoryEventLog();
    log.append(['alice']);
    expect(await log.read(0n, 10)).toHaveLength(1);
    expect(await log.last()).toBe(1n);
  });
});
