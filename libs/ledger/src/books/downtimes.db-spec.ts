import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually, FULFILLMENT, openTestLedger, ownerOf, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType, FundsDirection, type TransferContent } from '@level-one/transfer';

const GRACE_MS = 30_000;
/** Three of them are a downtime. No test waits for one, but for those that say so. */
const HEARTBEAT_MS = 20_000;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const ALICE = ownerOf('alice');
const CONNECTOR = ownerOf('connector');

let test: TestLedger;

async function openLedger(heartbeatMs = HEARTBEAT_MS, graceS?: number): Promise<void> {
  test = await openTestLedger({ lateGraceMs: GRACE_MS, heartbeatMs });
  await test.open({ name: 'connector', accountType: AccountType.Connector, minimumAllowedBalance: -100_000n, graceS });
}

afterEach(() => test.close());

/** Prepares a transfer of 1.00 from alice to the connector and moves its expiry to `ms` before now. @returns its id. */
async function expired(ms: number, content: Partial<TransferContent> = {}): Promise<string> {
  const request = transferRequest({ creditAccount: 'connector', ...content });
  await test.ledger.putTransfer(request, ownerOf(request.content.debitAccount));
  await test.letExpire(request.content.id, ms);
  return request.content.id;
}

/** Makes the database look as if no instance had written for `ms`. */
async function wasDown(ms: number): Promise<void> {
  await test.dataSource.query(`UPDATE ledger_head SET beat_at = clock_timestamp() - $1 * interval '1 ms'`, [ms]);
}

/** How long after its expiry a transfer is open, in ms. */
async function graceOf(id: string): Promise<number> {
  const { openUntil, expiresAt } = await test.ledger.reads.readTransfer(id);
  return Number(openUntil) - Number(expiresAt);
}

async function downtimesMs(): Promise<number[]> {
  const downtimes = await test.ledger.reads.listDowntimes({ limit: 10 });
  return downtimes.map(({ beganAt, endedAt }) => endedAt.getTime() - beganAt.getTime());
}

/** Times in a test may differ by what its statements take. */
function expectAbout(ms: number, expected: number): void {
  expect(ms).toBeGreaterThanOrEqual(expected - 1);
  expect(ms).toBeLessThan(expected + 20_000);
}

describe('ruling 39: the downtime of a ledger', () => {
  beforeEach(() => openLedger());

  it('extends a running grace by the part after the expiry, before the first batch judges any transfer', async () => {
    const within = await expired(MINUTE_MS);
    const before = await expired(GRACE_MS - 5_000);
    // The first one expired while the ledger was down, the other one 5 s before the end of its grace.
    await wasDown(10 * MINUTE_MS);
    await test.dataSource.query(
      `UPDATE transfers SET expires_at = expires_at - interval '10 min', open_until = open_until - interval '10 min'
       WHERE id = $1`,
      [before],
    );
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([]);
    expectAbout(await graceOf(within), GRACE_MS + MINUTE_MS);
    expectAbout(await graceOf(before), GRACE_MS + 10 * MINUTE_MS);
    expect(await test.ledger.fulfilTransfer(within, FULFILLMENT, CONNECTOR)).toBe(FULFILLMENT);
    expect(await test.ledger.fulfilTransfer(before, FULFILLMENT, CONNECTOR)).toBe(FULFILLMENT);
  });

  it('is recorded once, with what it extended', async () => {
    await expired(MINUTE_MS);
    await wasDown(5 * MINUTE_MS);
    await test.ledger.rejectExpiredTransfers();
    await test.issue('bob', 1n);
    const downtimes = await test.ledger.reads.listDowntimes({ limit: 10 });
    expect(downtimes).toMatchObject([{ extended: 1 }]);
    expectAbout((await downtimesMs())[0]!, 5 * MINUTE_MS);
    expect(await test.ledger.reads.listDowntimes({ limit: 10, before: downtimes[0]!.id })).toEqual([]);
  });

  it('is found by an instance that knows all rows from its memory, as one that was stopped and goes on', async () => {
    const id = await expired(MINUTE_MS);
    await test.issue('bob', 1n);
    await wasDown(2 * MINUTE_MS);
    expect(await test.ledger.fulfilTransfer(id, FULFILLMENT, CONNECTOR)).toBe(FULFILLMENT);
    expect(await downtimesMs()).toHaveLength(1);
  });

  it('is recorded by the first of several instances, and the others drop what they remember', async () => {
    const other = await test.anotherInstance();
    await test.open({ name: 'connector', graceS: 600 });
    const id = await expired(5 * MINUTE_MS);
    const renew = (ms: number) => other.ledger.renewGrace(id, new Date(Date.now() + ms), CONNECTOR);
    await expect(renew(MINUTE_MS)).rejects.toMatchObject({ id: 'UnprocessableEntityError' });
    await wasDown(10 * MINUTE_MS);
    await test.ledger.rejectExpiredTransfers();
    // The other instance remembers an end five minutes from now.
    await expect(renew(7 * MINUTE_MS)).rejects.toMatchObject({ id: 'UnprocessableEntityError' });
    expect(await other.ledger.fulfilTransfer(id, FULFILLMENT, CONNECTOR)).toBe(FULFILLMENT);
    expect(await downtimesMs()).toHaveLength(1);
  });

  it('is none while another instance writes', async () => {
    const other = await test.anotherInstance();
    await wasDown(MINUTE_MS - 5_000);
    await other.ledger.moveFunds({
      id: '00000000-0000-4000-8000-000000000001',
      account: 'bob',
      direction: FundsDirection.In,
      amount: 1n,
      reference: 'a test',
    });
    await test.issue('bob', 1n);
    expect(await downtimesMs()).toEqual([]);
  });

  it('extends nothing that has no grace, that was over before, or that is not yet late', async () => {
    const customers = await expired(MINUTE_MS, { creditAccount: 'bob' });
    const over = await expired(5 * MINUTE_MS + GRACE_MS);
    const early = transferRequest({ creditAccount: 'connector' });
    await test.ledger.putTransfer(early, ALICE);
    await wasDown(4 * MINUTE_MS);
    expect((await test.ledger.rejectExpiredTransfers()).toSorted()).toEqual([customers, over].toSorted());
    expect(await graceOf(early.content.id)).toBe(GRACE_MS);
    expect(await test.ledger.reads.listDowntimes({ limit: 10 })).toMatchObject([{ extended: 0 }]);
  });

  it('extends the grace of a transfer that the release before prepared', async () => {
    const id = await expired(MINUTE_MS);
    await test.writePast('UPDATE transfers SET open_until = NULL');
    await wasDown(2 * MINUTE_MS);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([]);
    expectAbout(await graceOf(id), GRACE_MS + MINUTE_MS);
  });

  it('of a restored backup is its age; a grace grows by at most a week', async () => {
    const [id, customers] = [await expired(2 * DAY_MS), await expired(2 * DAY_MS, { creditAccount: 'bob' })];
    await wasDown(2 * DAY_MS + MINUTE_MS);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([customers]);
    expectAbout(await graceOf(id), 2 * DAY_MS + GRACE_MS);
    const old = await expired(29 * DAY_MS);
    await wasDown(30 * DAY_MS);
    await test.ledger.rejectExpiredTransfers();
    expect(await graceOf(old)).toBe(7 * DAY_MS + GRACE_MS);
  });

  it('is none when the clock of the database is set back', async () => {
    await wasDown(-10 * MINUTE_MS);
    await test.issue('bob', 1n);
    expect(await downtimesMs()).toEqual([]);
    const [head] = await test.dataSource.query('SELECT beat_at <= clock_timestamp() AS "isBack" FROM ledger_head');
    expect(head).toEqual({ isBack: true });
  });

  it('is undone with a batch that fails, and found by the next one', async () => {
    await wasDown(2 * MINUTE_MS);
    await test.dataSource.query('ALTER TABLE accounts ADD CONSTRAINT broken CHECK (posted < 20000) NOT VALID');
    await expect(test.issue('bob', 30_000n)).rejects.toMatchObject({ status: 503 });
    expect(await downtimesMs()).toEqual([]);
    await test.issue('bob', 1n);
    expect(await downtimesMs()).toHaveLength(1);
  });
});

describe('ruling 39: there is no grace to extend', () => {
  it('of an account whose grace is off', async () => {
    await openLedger(HEARTBEAT_MS, 0);
    const id = await expired(MINUTE_MS);
    await wasDown(2 * MINUTE_MS);
    expect(await test.ledger.rejectExpiredTransfers()).toEqual([id]);
  });
});

describe('the heartbeat', () => {
  const beatAt = async (): Promise<number> => {
    const [head]: { beat_at: Date }[] = await test.dataSource.query('SELECT beat_at FROM ledger_head');
    return head!.beat_at.getTime();
  };

  it('goes on while nobody uses the ledger, and counts as no write', async () => {
    await openLedger(1_000);
    const [before] = await test.dataSource.query('SELECT writes FROM ledger_head');
    const first = await beatAt();
    test.ledger.start();
    await eventually(async () => expect(await beatAt()).toBeGreaterThan(first + 3_000), { timeoutMs: 30_000 });
    expect(await test.dataSource.query('SELECT writes FROM ledger_head')).toEqual([before]);
  });

  it('records a downtime that it finds, without any request', async () => {
    await openLedger(1_000);
    const id = await expired(0);
    test.ledger.start();
    await wasDown(MINUTE_MS);
    await eventually(async () => expect((await downtimesMs()).length).toBeGreaterThan(0), { timeoutMs: 30_000 });
    expect(await test.ledger.reads.readTransfer(id)).toMatchObject({ state: 'prepared' });
  });
});
