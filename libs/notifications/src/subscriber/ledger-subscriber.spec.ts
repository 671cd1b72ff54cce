import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RoleLogger } from '@level-one/platform';
import { eventually } from '@level-one/testing';
import { MemoryEventLog } from '../gateway/websocket-ledger.fixture.js';
import type { Notification } from '../events/notification.js';
import { MemoryCursorStore } from './subscription-cursor.js';
import { DurableStore, gate, SubscribedLedger } from './subscribed-ledger.fixture.js';

describe('subscriber of a ledger', () => {
  let ledger: SubscribedLedger;

  beforeEach(async () => {
    ledger = await SubscribedLedger.start();
  });

  afterEach(() => ledger.close());

  it('receives the events from before its first subscribe, then new ones', async () => {
    ledger.log.append(['alice']);
    const subscriber = ledger.subscribe();
    await subscriber.ready();
    ledger.log.append(['alice']);
    await eventually(() => expect(ledger.handled).toEqual([1, 2]));
  });

  it('receives only new events if its cursor begins with the present', async () => {
    ledger.log.append(['alice']);
    await ledger.subscribe({ cursor: new MemoryCursorStore() }).ready();
    ledger.log.append(['alice']);
    await eventually(() => expect(ledger.handled).toEqual([2]));
  });

  it('resumes after the last handled event when it is started again', async () => {
    const cursor = new DurableStore();
    const first = ledger.subscribe({ cursor });
    ledger.log.append(['alice']);
    await eventually(() => expect(ledger.handled).toEqual([1]));
    await first.close();
    expect(await cursor.load()).toBe(1n);
    ledger.log.append(['alice']);
    ledger.subscribe({ cursor });
    await eventually(() => expect(ledger.handled).toEqual([1, 2]));
  });

  it('writes its cursor once for many events, and nothing more while there are none', async () => {
    const cursor = new DurableStore();
    const subscriber = ledger.subscribe({ cursor, limits: { cursorIntervalMs: 60_000 } });
    for (let i = 0; i < 100; i += 1) ledger.log.append(['alice']);
    await eventually(() => expect(ledger.handled).toHaveLength(100));
    expect(cursor.saves).toEqual([]);
    await subscriber.close();
    expect(cursor.saves).toEqual([100n]);
    const next = ledger.subscribe({ cursor });
    await next.ready();
    await next.close();
    expect(cursor.saves).toEqual([100n]);
  });

  it('handles again after a crash what it handled since its cursor was written', async () => {
    const cursor = new DurableStore();
    const limitsOfOne = { limits: { cursorIntervalMs: 60_000 } };
    const first = ledger.subscribe({ cursor, ...limitsOfOne });
    ledger.log.append(['alice']);
    await eventually(() => expect(ledger.handled).toEqual([1]));
    await first.close();
    const crashed = ledger.subscribe({ cursor, ...limitsOfOne });
    await crashed.ready();
    ledger.log.append(['alice']);
    ledger.log.append(['bob']);
    await eventually(() => expect(ledger.handled).toEqual([1, 2, 3]));
    // It writes no cursor any more.
    const restarted = new DurableStore();
    await restarted.save((await cursor.load())!);
    ledger.subscribe({ cursor: restarted });
    await eventually(() => expect(ledger.handled).toEqual([1, 2, 3, 2, 3]));
    await eventually(() => expect(restarted.saves.at(-1)).toBe(3n));
  });

  it('does not move its cursor past an event that is still being handled', async () => {
    const cursor = new DurableStore();
    const { released, release } = gate();
    ledger.subscribe({
      cursor,
      handle: async ({ sequence }) => {
        if (sequence === 1n) await released;
        ledger.handled.push(Number(sequence));
      },
    });
    ledger.log.append(['alice']);
    ledger.log.append(['bob']);
    await eventually(() => expect(ledger.handled).toEqual([2]));
    expect(cursor.saves).toEqual([]);
    release();
    await eventually(() => expect(cursor.saves.at(-1)).toBe(2n));
  });

  it('resumes after the ledger was down, without gap or repetition', async () => {
    const subscriber = ledger.subscribe();
    await subscriber.ready();
    ledger.log.append(['alice']);
    await eventually(() => expect(ledger.handled).toEqual([1]));
    const comeBack = await ledger.goAway();
    ledger.log.append(['alice']);
    await eventually(() => expect(() => subscriber.assertLive()).toThrow('Subscription test is'));
    await comeBack();
    ledger.log.append(['alice']);
    await eventually(() => expect(ledger.handled).toEqual([1, 2, 3]));
    subscriber.assertLive();
  });

  it('requests a new token when the ledger refuses the old one', async () => {
    const asked: boolean[] = [];
    const warned: object[] = [];
    const subscriber = ledger.subscribe({
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
    ledger.subscribe({ cursor });
    await eventually(() => expect(ledger.handled).toEqual([1]));
  });

  it('reports each event on receipt, in the trace of its transfer', async () => {
    const received: Notification[] = [];
    ledger.subscribe({ received: (notification) => void received.push(notification), accounts: 'all' });
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
    const subscriber = ledger.subscribe({ websocketUrl: 'ws://127.0.0.1:1/websocket' });
    const refused = subscriber.ready();
    await subscriber.close();
    await expect(refused).rejects.toThrow('was closed');
  });

  it('handles an event that was unfinished at close after the next start', async () => {
    const cursor = new DurableStore();
    const started = ledger.subscribe({
      cursor,
      handle: async ({ sequence }, signal) => {
        ledger.handled.push(Number(sequence));
        await new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('closing')));
        });
      },
    });
    ledger.log.append(['alice']);
    await eventually(() => expect(ledger.handled).toEqual([1]));
    await started.close();
    expect(cursor.saves).toEqual([]);
    ledger.subscribe({ cursor });
    await eventually(() => expect(ledger.handled).toEqual([1, 1]));
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
