import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { QuoteSide, TransferType } from '@level-one/quote';
import { LimitRule } from './limit-rule.entity.js';
import { LimitUsage } from './limit-usage.entity.js';
import { LimitPeriod } from './limit-period.js';
import { type LimitRequest, Limits, type LimitSettings } from './limits.js';
import { TARIFF_ENTITIES, TARIFF_MIGRATIONS } from '../tariff-schema.js';
import type { RuleDraft } from '../rules/rule-history.js';
import { SEED_LIMITS } from './seed-limits.fixture.js';

const NO_LIMIT: RuleDraft<LimitRule> = {
  ...SEED_LIMITS[0]!,
  transferType: null,
  minAmount: null,
  maxAmount: null,
  maxAmountDaily: null,
  maxAmountWeekly: null,
  maxAmountMonthly: null,
  maxCountDaily: null,
  maxCountWeekly: null,
  maxCountMonthly: null,
};

describe('limits in the database', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let limits: Limits;
  /** Each test has its own customer and currency, so that rules of other tests do not apply. */
  let subject: string;
  let currency: string;
  let tests = 0;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await new DataSource({
      type: 'postgres',
      url: database.url,
      entities: TARIFF_ENTITIES,
      migrations: TARIFF_MIGRATIONS,
      migrationsRun: true,
      uuidExtension: 'pgcrypto',
      installExtensions: false,
      poolSize: 20,
    }).initialize();
    limits = withSettings({});
  });

  beforeEach(() => {
    tests++;
    subject = `customer ${tests}`;
    currency = `X${String.fromCodePoint(65 + Math.floor(tests / 26), 65 + (tests % 26))}`;
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  function withSettings(more: Partial<LimitSettings>): Limits {
    return new Limits(dataSource, { scale: 2, timeZone: 'Africa/Dar_es_Salaam', ...more });
  }

  async function limit(...rules: Partial<RuleDraft<LimitRule>>[]): Promise<void> {
    await limits.history.append(
      rules.map((values, index) => ({ ...NO_LIMIT, currency, name: `${currency} ${index}`, ...values })),
    );
  }

  function payment(more: Partial<LimitRequest> = {}): LimitRequest {
    return {
      paymentId: randomUUID(),
      side: QuoteSide.Debit,
      subject,
      transferType: TransferType.P2p,
      currency,
      amount: 100n,
      expiresAt: null,
      ...more,
    };
  }

  async function reserve(more: Partial<LimitRequest> = {}, by = limits): Promise<LimitRequest> {
    const request = payment(more);
    await by.reserve(request);
    return request;
  }

  /** Resolves when a transaction waits for a lock. */
  async function blocked(): Promise<void> {
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    let rows: unknown[] = [];
    while (rows.length === 0) {
      await setTimeout(10);
      rows = await dataSource.query(waiting);
    }
  }

  /** "type limit" of the error, or "ok". */
  async function outcomeOf(more: Partial<LimitRequest> = {}, by = limits): Promise<string> {
    try {
      await reserve(more, by);
      return 'ok';
    } catch (error) {
      const { extras } = error as { extras?: { type: string; params: { limit: string } } };
      if (!extras?.type) throw error;
      return `${extras.type} ${extras.params.limit}`;
    }
  }

  /** Amount and count of each period, of one type or of all (`*`). */
  async function used(transferType = '*', side = QuoteSide.Debit): Promise<Record<string, string>> {
    const rows = await dataSource.manager.find(LimitUsage, {
      where: { subject, currency, side, transferType: transferType as TransferType },
      order: { startsOn: 'ASC' },
    });
    return Object.fromEntries(
      rows.map(({ period, startsOn, amount, count }) => [`${period} ${startsOn}`, `${amount} in ${count}`]),
    );
  }

  async function usedToday(transferType = '*'): Promise<string> {
    const days = Object.entries(await used(transferType)).filter(([period]) => period.startsWith('day'));
    return days.at(-1)?.[1] ?? 'none';
  }

  it.each<[string, Partial<RuleDraft<LimitRule>>, bigint[], string]>([
    ['min', { minAmount: '10' }, [999n], 'rule.minAmount 10'],
    ['max', { maxAmount: '1000' }, [100_001n], 'rule.maxAmount 1000'],
    ['a day', { maxAmountDaily: '10' }, [500n, 500n, 1n], 'rule.maxAmountDaily 10'],
    ['a week', { maxAmountWeekly: '10' }, [999n, 2n], 'rule.maxAmountWeekly 10'],
    ['a month', { maxAmountMonthly: '0.5' }, [50n, 1n], 'rule.maxAmountMonthly 0.5'],
    ['a month, at once', { maxAmountMonthly: '0.5' }, [51n], 'rule.maxAmountMonthly 0.5'],
    ['transfers a day', { maxCountDaily: 3 }, [1n, 1n, 1n, 1n], 'rule.maxCountDaily 3'],
    ['transfers a week', { maxCountWeekly: 1 }, [1n, 1n], 'rule.maxCountWeekly 1'],
    ['transfers a month', { maxCountMonthly: 2 }, [1n, 1n, 1n], 'rule.maxCountMonthly 2'],
    ['no transfers at all', { maxCountDaily: 0 }, [1n], 'rule.maxCountDaily 0'],
  ])('N96: %s, and one over', async (_name, rule, amounts, refusal) => {
    await limit(rule);
    const outcomes: string[] = [];
    for (const amount of amounts) outcomes.push(await outcomeOf({ amount }));
    expect(outcomes).toEqual([...amounts.slice(1).map(() => 'ok'), refusal]);
    const counted = amounts.slice(0, -1);
    if (counted.length === 0) return;
    const sum = counted.reduce((total, amount) => total + amount);
    expect(await usedToday()).toBe(`${sum} in ${counted.length}`);
  });

  it('A7: count a reservation of a DFSP against that DFSP alone until the payment begins', async () => {
    await limit({ maxAmountDaily: '10', maxCountDaily: 4 });
    const strangers = await reserve({ amount: 1_000n, pool: '?' });
    expect(await outcomeOf({ amount: 1n, pool: '?' })).toBe('rule.maxAmountDaily 10');
    const honest = await reserve({ amount: 600n, pool: 'dfsp2' });
    expect(await outcomeOf({ amount: 401n, pool: 'dfsp2' })).toBe('rule.maxAmountDaily 10');
    const { paymentId, side } = honest;
    expect(await limits.keep(paymentId, side)).toBe(true);
    expect(await limits.keep(paymentId, side)).toBe(true);
    // The payments that began leave 4 for all.
    expect(await outcomeOf({ amount: 401n, pool: 'dfsp3' })).toBe('rule.maxAmountDaily 10');
    await reserve({ amount: 400n, pool: 'dfsp3' });
    await expect(limits.keep(strangers.paymentId, side)).rejects.toMatchObject({ id: 'LimitExceededError' });
    await limits.release(strangers.paymentId, side);
    await limits.confirm(paymentId, side);
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
    for (const { paymentId, side } of reserved) expect(await limits.confirm(paymentId, side)).toBe(true);
    expect(await limits.usageOf(subject, QuoteSide.Debit, currency)).toContainEqual(
      expect.objectContaining({ transferType: null, period: 'day', count: 11 }),
    );
  });

  it('A7: count a reservation again that was released just as its payment began', async () => {
    await limit({ maxAmountDaily: '10' });
    const { paymentId, side } = await reserve({ amount: 600n, pool: 'dfsp2' });
    const kept = await dataSource.transaction(async (manager) => {
      await limits.release(paymentId, side, manager);
      const beginning = limits.keep(paymentId, side);
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
    const kept = await Promise.allSettled(reserved.map(({ paymentId, side }) => limits.keep(paymentId, side)));
    expect(kept.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
    for (const [index, { status }] of kept.entries()) {
      const { paymentId, side } = reserved[index]!;
      if (status === 'fulfilled') await limits.confirm(paymentId, side);
      else await limits.release(paymentId, side);
    }
    expect(await limits.usageOf(subject, QuoteSide.Debit, currency)).toContainEqual(
      expect.objectContaining({ transferType: null, period: 'day', amount: 900n, count: 6 }),
    );
  });

  it('accept the exact bounds of one transfer', async () => {
    await limit({ minAmount: '10', maxAmount: '1000' });
    expect(await Promise.all([outcomeOf({ amount: 1_000n }), outcomeOf({ amount: 100_000n })])).toEqual(['ok', 'ok']);
  });

  it('can be the seed limits', async () => {
    const { added, warnings } = await limits.history.append(SEED_LIMITS);
    expect([added.length, warnings]).toEqual([12, []]);
    const of = (values: Partial<LimitRequest>) => outcomeOf({ currency: 'TZS', ...values });
    expect(await of({ amount: 99_999n })).toBe('rule.minAmount 1000');
    expect(await of({ amount: 10_000_001n })).toBe('rule.maxAmount 100000');
    for (let transfer = 0; transfer < 10; transfer++) expect(await of({ amount: 100_000n })).toBe('ok');
    expect(await of({ amount: 9_000_001n })).toBe('rule.maxAmountDaily 100000');
    expect(await of({ amount: 100_000n })).toBe('rule.maxCountDaily 10');
    expect(await of({ amount: 100_000n, transferType: TransferType.Invoice })).toBe('ok');
  });

  it('do not exist without a matching rule', async () => {
    expect(await outcomeOf({ amount: 10n ** 15n })).toBe('ok');
  });

  it('are those of the rule with the lowest priority number', async () => {
    await limit(
      { maxAmount: '10' },
      { maxAmount: '20', payerIdentifier: '1', priority: 1 },
      { side: QuoteSide.Credit, priority: 2 },
    );
    const amount = 1_500n;
    expect(await outcomeOf({ amount })).toBe('rule.maxAmount 10');
    expect(await outcomeOf({ amount, payerIdentifier: '1' })).toBe('ok');
    expect(await outcomeOf({ amount, side: QuoteSide.Credit })).toBe('ok');
  });

  it('count by type if the rule is for one type, and all types if it is for any', async () => {
    await limit({ maxCountDaily: 3 }, { maxCountDaily: 1, transferType: TransferType.P2p, priority: 1 });
    const cashIn = { transferType: TransferType.CashIn };
    expect(await outcomeOf()).toBe('ok');
    expect(await outcomeOf()).toBe('rule.maxCountDaily 1');
    expect(await outcomeOf(cashIn)).toBe('ok');
    expect(await outcomeOf(cashIn)).toBe('ok');
    expect(await outcomeOf(cashIn)).toBe('rule.maxCountDaily 3');
    expect([await usedToday('p2p'), await usedToday('cashIn'), await usedToday()]).toEqual([
      '100 in 1',
      '200 in 2',
      '300 in 3',
    ]);
  });

  it('include transfers from before they were set', async () => {
    await reserve({ amount: 900n });
    await limit({ maxAmountDaily: '10' });
    expect(await outcomeOf({ amount: 101n })).toBe('rule.maxAmountDaily 10');
    expect(await outcomeOf({ amount: 100n })).toBe('ok');
  });

  it('apply per subject, side and currency', async () => {
    await limit({ maxCountDaily: 1 });
    expect(await outcomeOf()).toBe('ok');
    expect(await outcomeOf({ subject: `${subject}'s neighbour` })).toBe('ok');
    expect(await outcomeOf({ side: QuoteSide.Credit })).toBe('ok');
    expect(await outcomeOf({ currency: 'XXX' })).toBe('ok');
    expect(await outcomeOf()).toBe('rule.maxCountDaily 1');
  });

  it('do not count a transfer to oneself, but apply its bounds for one transfer', async () => {
    await limit({ maxCountDaily: 1, maxAmount: '10' });
    const own = { isToOneself: true };
    expect([await outcomeOf(own), await outcomeOf(own), await outcomeOf(), await outcomeOf(own)]).toEqual(
      Array.from({ length: 4 }, () => 'ok'),
    );
    expect(await outcomeOf({ ...own, amount: 1_001n })).toBe('rule.maxAmount 10');
    expect(await usedToday()).toBe('100 in 1');
  });

  describe('and a payment', () => {
    it('is counted once when it is repeated', async () => {
      await limit({ maxCountDaily: 1 });
      const request = payment();
      await Promise.all(Array.from({ length: 8 }, () => limits.reserve(request)));
      expect(await usedToday()).toBe('100 in 1');
      expect(await limits.confirm(request.paymentId, request.side)).toBe(true);
      await limits.reserve(request);
      expect(await usedToday()).toBe('100 in 1');
    });

    it('cannot be repeated with other content', async () => {
      const request = await reserve();
      await expect(limits.reserve({ ...request, amount: 101n })).rejects.toMatchObject({
        id: 'QuoteMismatchError',
        extras: { params: [{ field: 'amount', expected: '1', actual: '1.01' }] },
      });
      await limits.release(request.paymentId, request.side);
      await expect(limits.reserve({ ...request, subject: 'other' })).rejects.toMatchObject({ status: 422 });
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
      const released = await Promise.all(Array.from({ length: 6 }, () => limits.release(paymentId, side)));
      expect(released.filter(Boolean)).toHaveLength(1);
      expect([await usedToday(), await usedToday('p2p')]).toEqual(['0 in 0', '0 in 0']);
      expect(await outcomeOf()).toBe('ok');
      expect(await limits.release(randomUUID(), side)).toBe(false);
    });

    it('is counted again when it is tried again', async () => {
      await limit({ maxCountDaily: 1 });
      const request = await reserve();
      await limits.release(request.paymentId, request.side);
      await limits.reserve(request);
      expect(await usedToday()).toBe('100 in 1');
      await limits.release(request.paymentId, request.side);
      await reserve();
      expect(await outcomeOf(request)).toBe('rule.maxCountDaily 1');
    });

    it('is counted finally when it is executed, even after its release', async () => {
      await limit({ maxCountDaily: 1 });
      const [first, second] = [await reserve(), payment()];
      expect(await limits.confirm(first.paymentId, first.side)).toBe(true);
      expect(await limits.confirm(first.paymentId, first.side)).toBe(false);
      expect(await limits.release(first.paymentId, first.side)).toBe(false);
      expect(await usedToday()).toBe('100 in 1');

      await reserve({ ...second, subject: 'late', amount: 7n });
      await limits.release(second.paymentId, second.side);
      await reserve({ subject: 'late' });
      subject = 'late';
      expect(await limits.confirm(second.paymentId, second.side)).toBe(true);
      expect(await usedToday()).toBe('107 in 2');
    });

    it.each([
      [false, '0 in 0'],
      [true, '100 in 1'],
    ])('that is rejected counts by the setting countRejected %p', async (countRejected, usage) => {
      const by = withSettings({ countRejected });
      const { paymentId, side } = await reserve();
      expect(await by.reject(paymentId, side)).toBe(true);
      expect(await by.reject(paymentId, side)).toBe(false);
      expect(await usedToday()).toBe(usage);
    });

    it('is subtracted from the days on which it was counted, even past ones', async () => {
      const then = new Date('2026-01-10T12:00:00Z');
      const { paymentId, side } = await reserve({ at: then });
      await reserve({ at: new Date('2026-01-11T12:00:00Z') });
      await limits.release(paymentId, side);
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
      expect(await limits.keep(kept.paymentId, kept.side)).toBe(true);
      expect(await limits.keep(randomUUID(), kept.side)).toBe(false);
      expect(await limits.releaseOverdue(0)).toBe(0);
      const released = await Promise.all([limits.releaseOverdue(10), limits.releaseOverdue(10)]);
      expect(released.toSorted()).toEqual([0, 1]);
      expect(await usedToday()).toBe('200 in 2');
      expect(await limits.release(lost.paymentId, lost.side)).toBe(false);
    });

    it('takes part in the transaction of its caller', async () => {
      await limit({ maxCountDaily: 1 });
      const undone = dataSource.transaction(async (manager) => {
        await limits.reserve(payment(), manager);
        await expect(limits.reserve(payment(), manager)).rejects.toMatchObject({ id: 'LimitExceededError' });
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
          await limits.confirm(paymentId, side);
        } else {
          open--;
          await limits.release(paymentId, side);
        }
      };
      await Promise.all(Array.from({ length: 80 }, (_, index) => one(index)));
      expect(most).toBeLessThanOrEqual(5);
      expect(await usedToday()).toBe(`${confirmed.length * 100} in ${confirmed.length}`);
      expect(await usedToday('p2p')).toBe(await usedToday());
    });
  });

  describe("start again at midnight in the DFSP's time zone", () => {
    async function countedOn(timeZone: string, ...moments: string[]): Promise<Record<string, string>> {
      const by = withSettings({ timeZone });
      for (const at of moments) await reserve({ at: new Date(at) }, by);
      return used();
    }

    it.each([
      ['UTC', '2026-01-31T23:59:59.999Z', '2026-02-01T00:00:00.000Z', '2026-01-31', '2026-02-01'],
      ['Africa/Dar_es_Salaam', '2026-01-31T20:59:59.999Z', '2026-01-31T21:00:00.000Z', '2026-01-31', '2026-02-01'],
      ['Asia/Kathmandu', '2026-06-30T18:14:59.999Z', '2026-06-30T18:15:00.000Z', '2026-06-30', '2026-07-01'],
      ['America/New_York', '2026-12-01T04:59:59.999Z', '2026-12-01T05:00:00.000Z', '2026-11-30', '2026-12-01'],
      // The night before and after an hour is left out: a day of 23 hours.
      ['Europe/Berlin', '2026-03-28T22:59:59.999Z', '2026-03-28T23:00:00.000Z', '2026-03-28', '2026-03-29'],
      ['Europe/Berlin', '2026-03-29T21:59:59.999Z', '2026-03-29T22:00:00.000Z', '2026-03-29', '2026-03-30'],
      // … and before and after one comes twice: a day of 25.
      ['Europe/Berlin', '2026-10-24T21:59:59.999Z', '2026-10-24T22:00:00.000Z', '2026-10-24', '2026-10-25'],
      ['Europe/Berlin', '2026-10-25T22:59:59.999Z', '2026-10-25T23:00:00.000Z', '2026-10-25', '2026-10-26'],
      // Where midnight itself is left out, the day begins at one.
      ['America/Santiago', '2025-09-07T03:59:59.999Z', '2025-09-07T04:00:00.000Z', '2025-09-06', '2025-09-07'],
    ])('%s: %s and %s', async (timeZone, before, after, day, next) => {
      const usage = await countedOn(timeZone, before, after);
      expect(usage).toMatchObject({ [`day ${day}`]: '100 in 1', [`day ${next}`]: '100 in 1' });
    });

    it('by weeks of ISO 8601 and by months', async () => {
      // Sunday the 31st of January 2027, and the Monday after; Friday the 1st of January is in a week of the old year.
      const usage = await countedOn('UTC', '2027-01-01T12:00:00Z', '2027-01-31T12:00:00Z', '2027-02-01T12:00:00Z');
      expect(usage).toEqual({
        'day 2027-01-01': '100 in 1',
        'day 2027-01-31': '100 in 1',
        'day 2027-02-01': '100 in 1',
        'week 2026-12-28': '100 in 1',
        'week 2027-01-25': '100 in 1',
        'week 2027-02-01': '100 in 1',
        'month 2027-01-01': '200 in 2',
        'month 2027-02-01': '100 in 1',
      });
    });

    it('with a repeated hour on the same day', async () => {
      const usage = await countedOn('Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z');
      expect(usage['day 2026-10-25']).toBe('200 in 2');
    });

    it('exactly, for payments of both days at the same time', async () => {
      const by = withSettings({ timeZone: 'Europe/Berlin' });
      await limit({ maxCountDaily: 4, maxCountMonthly: 6 });
      // Rules apply from now on, so this midnight is in the future: the end of summer time 2042.
      const nights = ['2042-10-25T21:59:59.999Z', '2042-10-25T22:00:00.000Z'];
      const outcomes = await Promise.all(
        Array.from({ length: 30 }, (_, index) => outcomeOf({ at: new Date(nights[index % 2]!) }, by)),
      );
      expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(6);
      const usage = await used();
      expect(usage['month 2042-10-01']).toBe('600 in 6');
      for (const day of ['2042-10-25', '2042-10-26']) {
        expect(Number(usage[`day ${day}`]!.split(' in ')[1])).toBeLessThanOrEqual(4);
      }
    });
  });

  describe('report their use', () => {
    it('in the periods of a time, by type and for all types', async () => {
      const at = new Date('2026-03-03T10:00:00Z');
      await reserve({ at, transferType: TransferType.CashIn, amount: 250n });
      await reserve({ at });
      const { paymentId, side } = await reserve({ at, transferType: TransferType.Invoice });
      await limits.release(paymentId, side);
      // Sunday before, in another month; what is received; what is in another currency.
      await reserve({ at: new Date('2026-02-28T10:00:00Z') });
      await reserve({ at, side: QuoteSide.Credit });
      await reserve({ at, currency: 'XXX' });
      const of = (transferType: TransferType | null, amount: bigint, count: number) =>
        [
          ['day', '2026-03-03'],
          ['month', '2026-03-01'],
          ['week', '2026-03-02'],
        ].map(([period, startsOn]) => ({ transferType, period, startsOn, amount, count }));
      const usage = await limits.usageOf(subject, QuoteSide.Debit, currency, at);
      expect(usage).toHaveLength(9);
      expect(usage).toEqual(
        expect.arrayContaining([
          ...of(null, 350n, 2),
          ...of(TransferType.CashIn, 250n, 1),
          ...of(TransferType.P2p, 100n, 1),
        ]),
      );
    });

    it("at present, in the DFSP's time zone", async () => {
      await reserve();
      await reserve({ at: new Date('2026-03-03T20:59:59.999Z'), currency: 'XXA' });
      expect(await limits.usageOf(subject, QuoteSide.Debit, currency)).toHaveLength(6);
      expect(await limits.usageOf(subject, QuoteSide.Debit, 'XXA')).toEqual([]);
      const daysOf = async (moment: string): Promise<string[]> =>
        (await limits.usageOf(subject, QuoteSide.Debit, 'XXA', new Date(moment))).map(({ period }) => period);
      expect(await daysOf('2026-03-03T20:59:59.999Z')).toContain('day');
      expect(await daysOf('2026-03-03T21:00:00.000Z')).not.toContain('day');
      expect(await limits.usageOf('nobody', QuoteSide.Debit, currency)).toEqual([]);
    });
  });

  it('refuse an unknown time zone', () => {
    expect(() => withSettings({ timeZone: 'Nowhere/Land' })).toThrow(RangeError);
  });

  it('match their entities', async () => {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });
});
