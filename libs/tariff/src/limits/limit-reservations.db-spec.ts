import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { QuoteSide, TransferType } from '@level-one/quote';
import { LimitPeriod } from './limit-period.js';
import { TestLimits } from './test-limits.fixture.js';

let test: TestLimits;
let limits: TestLimits['limits'];
let dataSource: TestLimits['dataSource'];
let withSettings: TestLimits['withSettings'];
let limit: TestLimits['limit'];
let payment: TestLimits['payment'];
let reserve: TestLimits['reserve'];
let blocked: TestLimits['blocked'];
let outcomeOf: TestLimits['outcomeOf'];
let used: TestLimits['used'];
let usedToday: TestLimits['usedToday'];
let reservePayment: TestLimits['reservePayment'];
let keepReservation: TestLimits['keepReservation'];
let confirmPayment: TestLimits['confirmPayment'];
let releasePayment: TestLimits['releasePayment'];
let subject: string;
let currency: string;

beforeAll(async () => {
  test = await TestLimits.open();
  ({ limits, dataSource, withSettings, limit, payment, reserve, blocked, outcomeOf, used, usedToday } = test);
  ({ reservePayment, keepReservation, confirmPayment, releasePayment } = test);
});

beforeEach(() => {
  ({ subject, currency } = test.begin());
});

afterAll(() => test?.close());

describe('limits in the database', () => {
  it('A7: count a reservation of a DFSP against that DFSP alone until the payment begins', async () => {
    await limit({ maxAmountDaily: '10', maxCountDaily: 4 });
    const strangers = await reserve({ amount: 1_000n, pool: '?' });
    expect(await outcomeOf({ amount: 1n, pool: '?' })).toBe('rule.maxAmountDaily 10');
    const honest = await reserve({ amount: 600n, pool: 'dfsp2' });
    expect(await outcomeOf({ amount: 401n, pool: 'dfsp2' })).toBe('rule.maxAmountDaily 10');
    const { paymentId, side } = honest;
    expect(await keepReservation(paymentId, side)).toBe(true);
    expect(await keepReservation(paymentId, side)).toBe(true);
    // The payments that began leave 4 for all.
    expect(await outcomeOf({ amount: 401n, pool: 'dfsp3' })).toBe('rule.maxAmountDaily 10');
    await reserve({ amount: 400n, pool: 'dfsp3' });
    await expect(keepReservation(strangers.paymentId, side)).rejects.toMatchObject({ id: 'LimitExceededError' });
    await releasePayment(strangers.paymentId, side);
    await confirmPayment(paymentId, side);
    const counted = await limits.usageOf(subject, side, currency);
    expect(
      counted.find(({ period, transferType }) => period === LimitPeriod.Day && transferType === null),
    ).toMatchObject({
      amount: 1_000n,
      count: 2,
    });
  });

  it('A7: refuse sums beyond the maximum, but count promised payments in any case', async () => {
    const most = 999_999_999_999_999_999n;
    const reserved = [];
    for (let many = 0; many < 8; many++) reserved.push(await reserve({ amount: most, pool: 'dfsp2' }));
    await expect(reserve({ amount: most, pool: 'dfsp2' })).rejects.toMatchObject({
      id: 'UnprocessableEntityError',
      status: 422,
    });
    for (let many = 0; many < 3; many++) reserved.push(await reserve({ amount: most, pool: 'dfsp3' }));
    for (const { paymentId, side } of reserved) expect(await confirmPayment(paymentId, side)).toBe(true);
    expect(await limits.usageOf(subject, QuoteSide.Debit, currency)).toContainEqual(
      expect.objectContaining({ transferType: null, period: 'day', count: 11 }),
    );
  });

  it('A7: count a reservation again that was released just as its payment began', async () => {
    await limit({ maxAmountDaily: '10' });
    const { paymentId, side } = await reserve({ amount: 600n, pool: 'dfsp2' });
    const kept = await dataSource.transaction(async (manager) => {
      await releasePayment(paymentId, side, manager);
      const beginning = keepReservation(paymentId, side);
      await blocked();
      return { beginning };
    });
    expect(await kept.beginning).toBe(true);
    expect(await outcomeOf({ amount: 401n })).toBe('rule.maxAmountDaily 10');
  });

  it('A7: let no more payments begin at once than the limit allows', async () => {
    await limit({ maxAmountDaily: '10', maxCountDaily: 7 });
    const reserved = await Promise.all(
      Array.from({ length: 20 }, (_, index) => reserve({ amount: 150n, pool: `dfsp${index}` })),
    );
    const kept = await Promise.allSettled(reserved.map(({ paymentId, side }) => keepReservation(paymentId, side)));
    expect(kept.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
    for (const [index, { status }] of kept.entries()) {
      const { paymentId, side } = reserved[index]!;
      if (status === 'fulfilled') await confirmPayment(paymentId, side);
      else await releasePayment(paymentId, side);
    }
    expect(await limits.usageOf(subject, QuoteSide.Debit, currency)).toContainEqual(
      expect.objectContaining({ transferType: null, period: 'day', amount: 900n, count: 6 }),
    );
  });

  it('A7: are exact while payments of several DFSPs begin, are executed and end at once', async () => {
    await limit({ maxCountDaily: 50 });
    const reserved = await Promise.all(
      Array.from({ length: 40 }, (_, index) => reserve({ pool: `dfsp${index % 3}`, amount: BigInt(index + 1) })),
    );
    await Promise.all(
      reserved.flatMap(({ paymentId, side }, index) => {
        const moves = [
          () => keepReservation(paymentId, side),
          () => confirmPayment(paymentId, side),
          () => releasePayment(paymentId, side),
        ];
        return [moves[index % 3]!, moves[(index + 1) % 3]!].map((move) => move());
      }),
    );
    const rows: { pool: string; status: string; amount: string; count: number }[] = await dataSource.query(
      `SELECT pool, sum(amount) AS amount, count(*)::int AS count FROM limit_reservations
       WHERE subject = $1 AND status <> 'released' GROUP BY pool ORDER BY pool`,
      [subject],
    );
    expect(rows.length).toBeGreaterThan(0);
    for (const period of Object.values(LimitPeriod)) {
      expect(
        await dataSource.query(
          `SELECT pool, amount, count FROM limit_usage
           WHERE subject = $1 AND period = $2 AND transfer_type = '*' AND count > 0 ORDER BY pool`,
          [subject, period],
        ),
      ).toEqual(rows);
    }
  });

  describe('and a payment', () => {
    it('is counted once when it is repeated', async () => {
      await limit({ maxCountDaily: 1 });
      const request = payment();
      await Promise.all(Array.from({ length: 8 }, () => reservePayment(request)));
      expect(await usedToday()).toBe('100 in 1');
      expect(await confirmPayment(request.paymentId, request.side)).toBe(true);
      await reservePayment(request);
      expect(await usedToday()).toBe('100 in 1');
    });

    it('cannot be repeated with other content', async () => {
      const request = await reserve();
      await expect(reservePayment({ ...request, amount: 101n })).rejects.toMatchObject({
        id: 'QuoteMismatchError',
        extras: { params: [{ field: 'amount', expected: '1', actual: '1.01' }] },
      });
      await releasePayment(request.paymentId, request.side);
      await expect(reservePayment({ ...request, subject: 'other' })).rejects.toMatchObject({ status: 422 });
    });

    it('is not counted when it is refused', async () => {
      await limit({ maxAmountMonthly: '1' });
      const { paymentId } = payment();
      expect(await outcomeOf({ paymentId, amount: 101n })).toBe('rule.maxAmountMonthly 1');
      expect(await used()).toEqual({});
      expect(await outcomeOf({ paymentId })).toBe('ok');
      expect(await outcomeOf({ amount: 1n })).toBe('rule.maxAmountMonthly 1');
      expect(await usedToday('p2p')).toBe('100 in 1');
    });

    it('makes room once when it is released', async () => {
      await limit({ maxCountDaily: 1 });
      const { paymentId, side } = await reserve();
      const released = await Promise.all(Array.from({ length: 6 }, () => releasePayment(paymentId, side)));
      expect(released.filter(Boolean)).toHaveLength(1);
      expect([await usedToday(), await usedToday('p2p')]).toEqual(['0 in 0', '0 in 0']);
      expect(await outcomeOf()).toBe('ok');
      expect(await releasePayment(randomUUID(), side)).toBe(false);
    });

    it('is counted again when it is tried again', async () => {
      await limit({ maxCountDaily: 1 });
      const request = await reserve();
      await releasePayment(request.paymentId, request.side);
      await reservePayment(request);
      expect(await usedToday()).toBe('100 in 1');
      await releasePayment(request.paymentId, request.side);
      await reserve();
      expect(await outcomeOf(request)).toBe('rule.maxCountDaily 1');
    });

    it('is counted finally when it is executed, even after its release', async () => {
      await limit({ maxCountDaily: 1 });
      const [first, second] = [await reserve(), payment()];
      expect(await confirmPayment(first.paymentId, first.side)).toBe(true);
      expect(await confirmPayment(first.paymentId, first.side)).toBe(false);
      expect(await releasePayment(first.paymentId, first.side)).toBe(false);
      expect(await usedToday()).toBe('100 in 1');

      await reserve({ ...second, subject: 'late', amount: 7n });
      await releasePayment(second.paymentId, second.side);
      await reserve({ subject: 'late' });
      test.subject = 'late';
      expect(await confirmPayment(second.paymentId, second.side)).toBe(true);
      expect(await usedToday()).toBe('107 in 2');
    });

    it.each([
      [false, '0 in 0'],
      [true, '100 in 1'],
    ])('that is rejected counts by the setting countRejected %p', async (countRejected, usage) => {
      const by = withSettings({ countRejected });
      const { paymentId, side } = await reserve();
      const rejected = by.statusOfRejected;
      expect(await test.endPayment(paymentId, side, rejected)).toBe(true);
      expect(await test.endPayment(paymentId, side, rejected)).toBe(false);
      expect(await usedToday()).toBe(usage);
    });

    it('is subtracted from the days on which it was counted, even past ones', async () => {
      const then = new Date('2026-01-10T12:00:00Z');
      const { paymentId, side } = await reserve({ at: then });
      await reserve({ at: new Date('2026-01-11T12:00:00Z') });
      await releasePayment(paymentId, side);
      expect(await used()).toEqual({
        'day 2026-01-10': '0 in 0',
        'day 2026-01-11': '100 in 1',
        'week 2026-01-05': '100 in 1',
        'month 2026-01-01': '100 in 1',
      });
    });

    it('is released at its expiry unless it was kept', async () => {
      const expiresAt = new Date(Date.now() - 1);
      const later = new Date(Date.now() + 60_000);
      const [lost, kept] = [await reserve({ expiresAt }), await reserve({ expiresAt })];
      await reserve({ expiresAt: later });
      expect(await keepReservation(kept.paymentId, kept.side)).toBe(true);
      expect(await keepReservation(randomUUID(), kept.side)).toBe(false);
      expect(await limits.releaseOverdue(0)).toBe(0);
      const released = await Promise.all([limits.releaseOverdue(10), limits.releaseOverdue(10)]);
      expect(released.toSorted()).toEqual([0, 1]);
      expect(await usedToday()).toBe('200 in 2');
      expect(await releasePayment(lost.paymentId, lost.side)).toBe(false);
    });

    it('takes part in the transaction of its caller', async () => {
      await limit({ maxCountDaily: 1 });
      const undone = dataSource.transaction(async (manager) => {
        await reservePayment(payment(), manager);
        await expect(reservePayment(payment(), manager)).rejects.toMatchObject({ id: 'LimitExceededError' });
        throw new Error('undo');
      });
      await expect(undone).rejects.toThrow('undo');
      expect(await outcomeOf()).toBe('ok');
    });
  });

  describe('hold for many payments at once', () => {
    it('by amount', async () => {
      await limit({ maxAmountDaily: '10' });
      const amounts = Array.from({ length: 60 }, (_, index) => BigInt(1 + ((index * 37) % 100)));
      const outcomes = await Promise.all(amounts.map((amount) => outcomeOf({ amount })));
      const taken = amounts.filter((_, index) => outcomes[index] === 'ok');
      const sum = taken.reduce((total, amount) => total + amount, 0n);
      expect(sum <= 1_000n).toBe(true);
      expect(await usedToday()).toBe(`${sum} in ${taken.length}`);
      // A refused payment did not fit when it was tried, so the remaining room is less than the largest refused one.
      const refused = amounts.filter((_, index) => outcomes[index] !== 'ok');
      expect(refused.some((amount) => sum + amount > 1_000n)).toBe(true);
    });

    it('by number, over two types of transfer', async () => {
      await limit({ maxCountWeekly: 7 });
      const types = [TransferType.P2p, TransferType.CashIn];
      const outcomes = await Promise.all(
        Array.from({ length: 50 }, (_, index) => outcomeOf({ transferType: types[index % 2]! })),
      );
      expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(7);
      expect(new Set(outcomes)).toEqual(new Set(['ok', 'rule.maxCountWeekly 7']));
      expect(await usedToday()).toBe('700 in 7');
    });

    it('while others are released and confirmed', async () => {
      await limit({ maxCountDaily: 5, maxAmountMonthly: '5' });
      let most = 0;
      let open = 0;
      const confirmed: string[] = [];
      const one = async (index: number): Promise<void> => {
        const { paymentId, side } = payment();
        if ((await outcomeOf({ paymentId })) !== 'ok') return;
        open++;
        most = Math.max(most, open);
        if (index % 10 === 0 && confirmed.length < 3) {
          confirmed.push(paymentId);
          await confirmPayment(paymentId, side);
        } else {
          open--;
          await releasePayment(paymentId, side);
        }
      };
      await Promise.all(Array.from({ length: 80 }, (_, index) => one(index)));
      expect(most).toBeLessThanOrEqual(5);
      expect(await usedToday()).toBe(`${confirmed.length * 100} in ${confirmed.length}`);
      expect(await usedToday('p2p')).toBe(await usedToday());
    });
  });
});
