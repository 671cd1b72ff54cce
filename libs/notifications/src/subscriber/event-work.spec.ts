import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DurableStore, gate, SubscribedLedger } from './subscribed-ledger.fixture.js';

describe('handling of events', () => {
  let ledger: SubscribedLedger;

  beforeEach(async () => {
    ledger = await SubscribedLedger.start();
  });

  afterEach(() => ledger.close());

  it('handles the events of one transfer in order and different transfers in parallel', async () => {
    const transferId = randomUUID();
    const running: string[] = [];
    const { released, release } = gate();
    ledger.subscribe({
      handle: async ({ sequence }) => {
        running.push(String(sequence));
        if (sequence === 1n) await released;
        ledger.handled.push(Number(sequence));
      },
    });
    ledger.log.append(['alice'], 'transfer.create', transferId);
    ledger.log.append(['alice'], 'transfer.update', transferId);
    ledger.log.append(['alice'], 'transfer.create');
    await eventually(() => expect(ledger.handled).toEqual([3]));
    expect(running).toEqual(['1', '3']);
    release();
    await eventually(() => expect(ledger.handled).toEqual([3, 1, 2]));
  });

  it('handles no more transfers at once than its limit', async () => {
    let most = 0;
    let now = 0;
    ledger.subscribe({
      limits: { maxTransfersInParallel: 3 },
      handle: async ({ sequence }) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        now -= 1;
        ledger.handled.push(Number(sequence));
      },
    });
    for (let i = 0; i < 30; i += 1) ledger.log.append(['alice']);
    await eventually(() => expect(ledger.handled).toHaveLength(30));
    expect(most).toBe(3);
  });

  it('receives every event although it reads slower than the ledger writes', async () => {
    ledger.subscribe({
      limits: { maxBacklogEvents: 5, maxTransfersInParallel: 1 },
      handle: async ({ sequence }) => {
        await new Promise((resolve) => {
          setImmediate(resolve);
        });
        ledger.handled.push(Number(sequence));
      },
    });
    for (let i = 0; i < 300; i += 1) ledger.log.append(['alice']);
    await eventually(() => expect(ledger.handled).toEqual(Array.from({ length: 300 }, (_, i) => i + 1)));
  });

  it('gives up an event that the handler cannot handle, after the last attempt', async () => {
    const attempts: number[] = [];
    const cursor = new DurableStore();
    ledger.subscribe({
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
    ledger.subscribe({
      cursor,
      limits: { maxAttempts: 2 },
      handle: async ({ sequence }) => {
        failures += 1;
        if (failures <= 30) throw new ContractError(503, 'ServiceUnavailableError', 'away');
        ledger.handled.push(Number(sequence));
      },
    });
    ledger.log.append(['alice']);
    await eventually(() => expect(ledger.handled).toEqual([1]));
    await eventually(() => expect(cursor.saves).toEqual([1n]));
  });

  it('goes on with other transfers while the events of some cannot be handled', async () => {
    const cursor = new DurableStore();
    const { released, release } = gate();
    let isAway = true;
    ledger.subscribe({
      cursor,
      // One place for each: neither failed nor hanging events keep it.
      limits: { maxTransfersInParallel: 1, maxRetriesInParallel: 1, slowAfterMs: 5, maxBacklogEvents: 5 },
      handle: async ({ sequence }) => {
        if (sequence! <= 3n && isAway) throw new ContractError(502, 'ExternalError', 'away');
        if (sequence === 4n) await released;
        ledger.handled.push(Number(sequence));
      },
    });
    for (let i = 0; i < 50; i += 1) ledger.log.append(['alice']);
    const others = Array.from({ length: 46 }, (_, i) => i + 5);
    await eventually(() => expect(ledger.handled).toEqual(others));
    expect(cursor.saves).toEqual([]);
    isAway = false;
    release();
    await eventually(() => expect(ledger.handled.slice(46).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]));
    await eventually(() => expect(cursor.saves.at(-1)).toBe(50n));
  });

  it('handles after a restart what it could not handle before, and nothing is lost in between', async () => {
    const cursor = new DurableStore();
    const before = ledger.subscribe({
      cursor,
      handle: async ({ sequence }) => {
        if (sequence === 2n) throw new ContractError(503, 'ServiceUnavailableError', 'away');
        ledger.handled.push(Number(sequence));
      },
    });
    for (let i = 0; i < 4; i += 1) ledger.log.append(['alice']);
    await eventually(() => expect(ledger.handled).toEqual([1, 3, 4]));
    await before.close();
    expect(cursor.saves.at(-1)).toBe(1n);
    ledger.subscribe({ cursor });
    await eventually(() => expect(ledger.handled).toEqual([1, 3, 4, 2, 3, 4]));
  });

  it('reads no further events while too many are not done, whatever the connection does', async () => {
    let isAway = true;
    let most = 0;
    const seen = new Set<bigint>();
    ledger.subscribe({
      limits: { maxBacklogEvents: 5, maxRetriesInParallel: 2, pingIntervalMs: 60_000 },
      handle: async ({ sequence }) => {
        seen.add(sequence!);
        if (isAway) {
          most = Math.max(most, seen.size);
          throw new ContractError(503, 'ServiceUnavailableError', 'away');
        }
        ledger.handled.push(Number(sequence));
      },
    });
    for (let i = 0; i < 2_000; i += 1) ledger.log.append(['alice']);
    await eventually(() => expect(seen.size).toBeGreaterThan(5));
    for (let i = 0; i < 3; i += 1) {
      const comeBack = await ledger.goAway();
      await comeBack();
    }
    expect(most).toBeLessThan(1_000);
    isAway = false;
    await eventually(() => expect(new Set(ledger.handled).size).toBe(2_000));
  });
});
