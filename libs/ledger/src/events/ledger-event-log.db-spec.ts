import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { notifyFrame } from '@level-one/notifications';
import { ADMIN, FULFILLMENT, openTestLedger, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, ChargeKind, LedgerUris, type TransferContent } from '@level-one/transfer';
import { LedgerEventLog } from './ledger-event-log.js';
import { RecentEvents } from './recent-events.js';
import { ReplayPool } from './replay-pool.js';

const OTHER_CONDITION = 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32';
const OTHER_FULFILLMENT = 'oCKAIIYvEbZPFojkJML-W6Xl60qEY-NWz10fHN4X5-Yv-s8k';

let test: TestLedger;
let other: Pick<TestLedger, 'ledger' | 'dataSource'>;
let start: bigint;

beforeEach(async () => {
  test = await openTestLedger();
  other = await test.anotherInstance();
  start = await logOf(test).last();
});

afterEach(() => test.close());

function logOf({ ledger, dataSource }: typeof other, recent = ledger.recentEvents): LedgerEventLog {
  return new LedgerEventLog(dataSource, recent, new LedgerUris('http://ledger'), 2, ledger.commits);
}

/** Each event as the JSON that subscribers receive. */
async function framesOf(log: LedgerEventLog, after = start): Promise<string[]> {
  const frames: string[] = [];
  for (let cursor = after; ;) {
    const events = await log.read(cursor, 3);
    if (events.length === 0) return frames;
    frames.push(...events.map(notifyFrame));
    cursor = events.at(-1)!.sequence;
  }
}

/** Reads all events from memory, if they are there, and from the database, and expects the same of both. */
async function expectSameFrames(): Promise<string[]> {
  const fromMemory = await framesOf(logOf(test));
  const fromDatabase = await framesOf(logOf(test, new RecentEvents()));
  expect(fromMemory).toEqual(fromDatabase);
  return fromDatabase;
}

const MEMOS: [string, Record<string, unknown>][] = [
  ['Unicode', { 'Žofie 🦊': 'naïve — \u2028 “quotes” \\ / "', rtl: 'שלום', combining: 'e\u0301' }],
  ['control characters', { text: '\u0001\t\r\n\u001f\u007f' }],
  ['nested data', { a: [{ b: [{ c: {} }, []], d: null }, true, false, ''], __: { z: 1, a: 2, '10': 3, '9': 4 } }],
  [
    'large and small numbers',
    JSON.parse(
      '{"big":12345678901234567890,"huge":1e400,"tiny":5e-324,"max":1.797e308,"minus":-0,"fine":0.1234567890123456789}',
    ),
  ],
  [
    'names with a meaning in JavaScript',
    JSON.parse('{"__proto__":{"a":1},"constructor":"x","toJSON":"y","length":-1}'),
  ],
];

describe('an event is the same text from memory and from the database', () => {
  it.each(MEMOS)('with a memo of %s', async (_, memo) => {
    const request = transferRequest({
      debitMemo: memo,
      creditMemo: { nested: memo },
      additionalInfo: { also: [memo] },
    });
    await test.ledger.putTransfer(request, ADMIN);
    await test.ledger.rejectTransfer(request.content.id, { message: 'Žofie 🦊', memo }, ADMIN);
    await test.ledger.sendMessage({ from: 'alice', to: 'bob', data: memo });
    expect(test.ledger.recentEvents.eventsAfter(start, 10)).toHaveLength(3);
    const frames = await expectSameFrames();
    expect(frames).toHaveLength(3);
    for (const frame of frames) expect(frame).toContain(JSON.stringify(memo));
  });

  it.each<[string, Partial<TransferContent>, (id: string) => Promise<unknown>]>([
    ['executed', {}, (id) => test.ledger.fulfilTransfer(id, FULFILLMENT, ADMIN)],
    ['rejected', {}, (id) => test.ledger.rejectTransfer(id, { code: 'F99', message: 'no' }, ADMIN)],
    [
      'cancelled',
      { cancellationCondition: OTHER_CONDITION },
      (id) => test.ledger.fulfilTransfer(id, OTHER_FULFILLMENT, ADMIN),
    ],
    [
      'charged',
      {},
      async (id) => {
        await test.open({ name: 'fees', accountType: AccountType.Fee });
        const fee = { debitAccount: 'alice', creditAccount: 'fees', amount: 1n, kind: ChargeKind.Fee };
        await test.ledger.putCharges(id, [fee]);
      },
    ],
  ])('with a transfer whose later state is: %s', async (_, content, end) => {
    const request = transferRequest(content);
    await test.ledger.putTransfer({ ...request, authorized: false }, ADMIN);
    await test.ledger.putTransfer(request, ADMIN);
    await end(request.content.id);
    expect((await expectSameFrames()).length).toBeGreaterThanOrEqual(2);
  });

  it('when one batch takes a transfer through all its states', async () => {
    const request = transferRequest();
    await Promise.all([
      test.ledger.putTransfer({ ...request, authorized: false }, ADMIN),
      test.ledger.putTransfer(request, ADMIN),
      test.ledger.fulfilTransfer(request.content.id, FULFILLMENT, ADMIN),
      test.ledger.putTransfer(transferRequest({ executionCondition: null, expiresAt: null }), ADMIN),
      test.ledger.sendMessage({ from: 'alice', to: 'bob', data: { n: 1 } }),
    ]);
    expect(test.ledger.recentEvents.eventsAfter(start, 10)).toHaveLength(5);
    expect(await expectSameFrames()).toHaveLength(5);
  });

  it('when another instance wrote in between', async () => {
    for (const writer of [test, test, other, test, other, other, test, test]) {
      const request = transferRequest({ debitMemo: { by: writer === test ? 'one' : 'the other' } });
      await writer.ledger.putTransfer(request, ADMIN);
      await test.ledger.fulfilTransfer(request.content.id, FULFILLMENT, ADMIN);
      expect(await framesOf(logOf(other))).toEqual(await expectSameFrames());
    }
    expect(await expectSameFrames()).toHaveLength(16);
  });
});

describe('the newest events in memory', () => {
  it('begin after the last event of another instance', async () => {
    await test.ledger.putTransfer(transferRequest(), ADMIN);
    await other.ledger.putTransfer(transferRequest(), ADMIN);
    await test.ledger.putTransfer(transferRequest(), ADMIN);
    expect(test.ledger.recentEvents.eventsAfter(start, 10)).toBeUndefined();
    expect(test.ledger.recentEvents.eventsAfter(start + 1n, 10)).toBeUndefined();
    expect(test.ledger.recentEvents.eventsAfter(start + 2n, 10)).toMatchObject([{ sequence: start + 3n }]);
    expect(test.ledger.recentEvents.eventsAfter(start + 3n, 10)).toBeUndefined();
  });

  it('are not used when another instance wrote after them', async () => {
    await test.ledger.putTransfer(transferRequest(), ADMIN);
    await other.ledger.putTransfer(transferRequest(), ADMIN);
    expect(await logOf(test).read(start + 1n, 10)).toMatchObject([{ sequence: start + 2n }]);
    expect(await framesOf(logOf(test))).toHaveLength(2);
  });

  it('do not contain events of a failed command', async () => {
    await expect(test.ledger.putTransfer(transferRequest({ amount: 10_001n }), ADMIN)).rejects.toMatchObject({
      id: 'InsufficientFundsError',
    });
    expect(test.ledger.recentEvents.eventsAfter(start, 10)).toBeUndefined();
    expect(await logOf(test).last()).toBe(start);
  });

  it('are at least the newest 1,000, and not all', async () => {
    await Promise.all(
      Array.from({ length: 2_100 }, (_, n) => test.ledger.sendMessage({ from: 'alice', to: 'bob', data: { n } })),
    );
    expect(test.ledger.recentEvents.eventsAfter(start + 99n, 10)).toBeUndefined();
    expect(test.ledger.recentEvents.eventsAfter(start + 1_100n, 2_000)).toHaveLength(1_000);
    expect(await framesOf(logOf(test), start + 990n)).toHaveLength(1_110);
  });
});

describe('A5: the events that the subscribers of one account missed', () => {
  /** A log that counts the rows it reads from the database. */
  function counted(): { log: LedgerEventLog; rows: () => number } {
    let rows = 0;
    const query = async <T>(sql: string, values: unknown[]): Promise<T[]> => {
      const found: T[] = await test.dataSource.query(sql, values);
      rows += found.length;
      return found;
    };
    const uris = new LedgerUris('http://ledger');
    const log = new LedgerEventLog(test.dataSource, new RecentEvents(), uris, 2, test.ledger.commits, undefined, {
      query,
    });
    return { log, rows: () => rows };
  }

  it('are read by account, on either side, in order, in pages', async () => {
    for (let i = 0; i < 20; i++) await test.ledger.sendMessage({ from: 'alice', to: 'carol', data: { i } });
    const request = transferRequest();
    await test.ledger.putTransfer(request, ADMIN);
    await test.ledger.sendMessage({ from: 'alice', to: 'bob', data: {} });
    await test.ledger.fulfilTransfer(request.content.id, FULFILLMENT, ADMIN);

    const { log, rows } = counted();
    const ofBob = await log.replay(start, 100, new Set(['bob']));
    expect(ofBob.map(({ event }) => event)).toEqual(['transfer.create', 'message.send', 'transfer.update']);
    expect(rows()).toBe(3);
    expect(await log.replay(start, 2, new Set(['bob']))).toHaveLength(2);
    expect(await log.replay(ofBob[1]!.sequence, 2, new Set(['bob']))).toMatchObject([{ id: ofBob[2]!.id }]);
    const ofBoth = await log.replay(start, 100, new Set(['alice', 'bob']));
    expect(ofBoth.map(({ sequence }) => sequence)).toEqual(ofBob.map(({ sequence }) => sequence));
    expect(await log.replay(start, 100, new Set(['alice']))).toHaveLength(2);
    expect(await log.replay(start, 100, new Set(['nobody']))).toEqual([]);
    expect(await log.replay(start, 100, 'all')).toHaveLength(23);
  });

  it('are the same from memory', async () => {
    for (let i = 0; i < 5; i++) await test.ledger.putTransfer(transferRequest(), ADMIN);
    await test.ledger.sendMessage({ from: 'alice', to: 'carol', data: {} });
    for (const accounts of [new Set(['alice']), new Set(['bob', 'carol']), 'all'] as const) {
      const [fromMemory, fromDatabase] = await Promise.all([
        logOf(test).replay(start, 4, accounts),
        counted().log.replay(start, 4, accounts),
      ]);
      expect(fromMemory.map(notifyFrame)).toEqual(fromDatabase.map(notifyFrame));
    }
  });

  it('are found by an index', async () => {
    await test.dataSource.query(`
      INSERT INTO events (sequence, id, message, to_account)
      SELECT 1000000 + n, gen_random_uuid(), '{}', CASE WHEN n % 1000 = 0 THEN 'bob' ELSE 'account ' || n % 7 END
      FROM generate_series(1, 20000) AS n`);
    await test.dataSource.query('ANALYZE events');
    const plans: string[] = [];
    const pool = new ReplayPool(test.dataSource);
    const query = async <T>(sql: string, values: unknown[]): Promise<T[]> => {
      const plan = await pool.query<Record<string, string>>(`EXPLAIN ${sql}`, values);
      plans.push(plan.map((line) => line['QUERY PLAN']).join('\n'));
      return [];
    };
    const uris = new LedgerUris('http://ledger');
    const log = new LedgerEventLog(test.dataSource, new RecentEvents(), uris, 2, test.ledger.commits, undefined, {
      query,
    });
    await log.replay(0n, 100, new Set(['bob']));
    await log.replay(0n, 100, 'all');
    await pool.close();
    const [ofBob, ofAll] = plans;
    expect(ofBob).toContain('events_from_account');
    expect(ofBob).toContain('events_to_account');
    expect(ofAll).toContain('events_pkey');
    for (const plan of plans) expect(plan).not.toMatch(/Seq Scan on (events|transfers)/);
    await test.dataSource.query('ALTER TABLE events DISABLE TRIGGER events_are_kept');
    await test.dataSource.query('DELETE FROM events WHERE sequence > 1000000');
    await test.dataSource.query('ALTER TABLE events ENABLE TRIGGER events_are_kept');
  });
});
