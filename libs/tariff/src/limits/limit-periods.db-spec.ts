import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { QuoteSide, TransferType } from '@level-one/quote';
import { TestLimits } from './test-limits.fixture.js';

let test: TestLimits;
let limits: TestLimits['limits'];
let withSettings: TestLimits['withSettings'];
let limit: TestLimits['limit'];
let reserve: TestLimits['reserve'];
let outcomeOf: TestLimits['outcomeOf'];
let used: TestLimits['used'];
let subject: string;
let currency: string;

beforeAll(async () => {
  test = await TestLimits.open();
  ({ limits, withSettings, limit, reserve, outcomeOf, used } = test);
});

beforeEach(() => {
  ({ subject, currency } = test.begin());
});

afterAll(() => test?.close());

describe('limits in the database', () => {
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
      await test.releasePayment(paymentId, side);
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
});
