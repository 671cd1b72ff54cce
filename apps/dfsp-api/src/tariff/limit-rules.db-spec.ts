import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '@level-one/platform';
import { QuoteSide, TransferType } from '@level-one/quote';
import { Limits } from '@level-one/tariff';
import { randomUUID } from 'node:crypto';
import { ALICE, type Answer, DAVE, statusesOf, TestBed } from '../../test/test-bed.js';

const ADMIN = { authorization: basicAuthorization('admin', 'admin') };
const SEED = {
  minAmount: '10',
  maxAmount: '1000',
  maxAmountDaily: '1000',
  maxAmountWeekly: '4000',
  maxAmountMonthly: '10000',
  maxCountDaily: 10,
  maxCountWeekly: 40,
  maxCountMonthly: 100,
};

describe('limit rules', () => {
  let bed: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start({ timeZone: 'Africa/Dar_es_Salaam' });
  });
  afterAll(() => bed.stop());

  const asAdmin = (request: string, body?: unknown): Promise<Answer> => bed.ask(request, body, ADMIN);
  const post = (...rules: unknown[]): Promise<Answer> => asAdmin('POST /v1/limitRules', { rules });
  const everything = async (): Promise<unknown> => (await bed.ask('GET /v1/limitRules')).json;

  /** Reserves a payment's part of the limits, as quotes and payments do. */
  async function reserve(
    amount: bigint,
    { subject = ALICE, side = QuoteSide.Debit, transferType = TransferType.P2p } = {},
  ): Promise<string> {
    const paymentId = randomUUID();
    const request = { paymentId, side, subject, transferType, amount, currency: 'USD', expiresAt: null };
    await bed.reserveLimits({ ...request, payerIdentifier: subject });
    return paymentId;
  }

  it('are stored with their versions, read, ended and replaced', async () => {
    expect(await everything()).toEqual({ rules: [] });
    const first = await post({ name: 'p2p EUR', transferType: 'p2p', currency: 'EUR', ...SEED });
    expect(first).toMatchObject({ status: 201, json: { added: [{ version: 1, ...SEED }], ended: [] } });
    // field A: limits in another currency than the ledger's match no payment.
    expect(first.json.warnings).toMatchObject([{ kind: 'pointless', severity: 'warning', rules: ['p2p EUR'] }]);
    const second = await post({ name: 'p2p EUR', transferType: 'p2p', currency: 'EUR', ...SEED, maxAmount: 500.5 });
    expect(second.json).toMatchObject({ added: [{ version: 2, maxAmount: '500.5' }], ended: [{ version: 1 }] });
    const { json } = await bed.ask('GET /limitRules/p2p%20EUR');
    expect(json.versions).toMatchObject([
      { version: 1, validTo: json.versions[1].validFrom },
      { version: 2, maxCountDaily: 10 },
    ]);
    const later = new Date(Date.now() + 3_600_000).toISOString();
    expect((await asAdmin('PUT /v1/limitRules', { rules: [], validFrom: later })).json.ended).toHaveLength(1);
    expect((await bed.ask('GET /v1/limitRules?currency=EUR&transferType=p2p')).json.rules).toHaveLength(1);
    expect((await bed.ask('GET /v1/limitRules?transferType=cashIn')).json.rules).toEqual([]);
    expect((await bed.ask(`GET /v1/limitRules?at=${later}`)).json.rules).toEqual([]);
    expect((await asAdmin('DELETE /v1/limitRules/p2p%20EUR')).status).toBe(200);
    expect((await asAdmin('DELETE /v1/limitRules/p2p%20EUR')).status).toBe(404);
    expect((await bed.ask('GET /v1/limitRules/nobody')).status).toBe(404);
  });

  describe('are refused with every reason, and nothing is written', () => {
    it.each<[string, Record<string, unknown>[], RegExp]>([
      ['of equal precedence', [{ name: 'a' }, { name: 'b', transferType: 'p2p' }], /are in force at the same time/],
      ['the wrong way round', [{ name: 'a', minAmount: 2, maxAmount: 1 }], /minAmount 2 is above maxAmount 1/],
      ['less in a day than in one', [{ name: 'a', minAmount: 2, maxAmountDaily: 1 }], /above maxAmountDaily 1/],
      ['finer than the ledger', [{ name: 'a', maxAmount: '0.001' }], /maxAmount 0.001 is not accepted/],
      ['of no currency', [{ name: 'a', validTo: '2001-01-01T00:00:00Z' }], /is not before validTo/],
    ])('%s', async (_name, rules, message) => {
      const before = await everything();
      for (const request of ['POST /v1/limitRules', 'PUT /v1/limitRules']) {
        expect(await asAdmin(request, { rules })).toMatchObject({
          status: 422,
          json: {
            id: 'UnprocessableEntityError',
            validationErrors: [expect.objectContaining({ message: expect.stringMatching(message) })],
          },
        });
      }
      const { status, json } = await asAdmin('POST /v1/limitRules/check', { rules });
      expect([status, json.problems[0].severity]).toEqual([200, 'error']);
      expect(await everything()).toEqual(before);
    });

    it('with a warning if one makes another pointless', async () => {
      const rules = [{ name: 'odd', currency: 'USD', maxCountDaily: 10, maxCountWeekly: 5 }];
      const { json } = await asAdmin('POST /v1/limitRules/check', { rules });
      expect(json.problems).toMatchObject([{ kind: 'pointless', severity: 'warning', rules: ['odd'] }]);
      expect((await bed.ask('GET /v1/limitRules/odd')).status).toBe(404);
    });
  });

  it.each<[string, unknown]>([
    ['maxAmount', 'NaN'],
    ['maxAmountDaily', 1e300],
    ['minAmount', '1e2'],
    ['maxCountDaily', 1.5],
    ['maxCountDaily', -1],
    ['maxCountDaily', '10'],
    ['maxCountWeekly', 1e12],
    ['maxCountMonthly', true],
  ])('are not taken with %s %p', async (field, value) => {
    for (const request of ['POST /v1/limitRules', 'PUT /v1/limitRules', 'POST /v1/limitRules/check']) {
      const { status, json } = await asAdmin(request, { rules: [{ name: 'wrong', currency: 'EUR', [field]: value }] });
      expect([status, json.id]).toEqual([400, 'InvalidBodyError']);
      for (const { params } of json.validationErrors) expect(params).toEqual({ field: `rules.0.${field}` });
    }
  });

  it('are written by one at a time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => post({ name: 'many', currency: 'SEK', maxCountDaily: index })),
    );
    expect(statusesOf(answers)).toEqual(Array.from({ length: 8 }, () => 201));
    const { versions } = (await bed.ask('GET /v1/limitRules/many')).json;
    expect(versions.map(({ version }: { version: number }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(versions.filter(({ validTo }: { validTo?: string }) => validTo === undefined)).toHaveLength(1);
  });

  describe('are shown for a customer with the amounts used', () => {
    it('which are empty at first', async () => {
      expect(await bed.ask(`GET /v1/limits/${DAVE}`)).toMatchObject({
        status: 200,
        json: { currency: 'USD', timeZone: 'Africa/Dar_es_Salaam', used: [], limits: [] },
      });
    });

    it('by day, week and month, by type and together, on each side', async () => {
      await reserve(1_040n);
      await reserve(500n, { transferType: TransferType.CashOut });
      await reserve(25n, { side: QuoteSide.Credit });
      await bed.get(Limits).releasePayment(await reserve(7_777n), QuoteSide.Debit);
      for (const path of [`/v1/limits/${ALICE}`, `/limits/${ALICE}`]) {
        const { json } = await bed.ask(`GET ${path}`, undefined, path.startsWith('/v1') ? {} : ADMIN);
        const told = json.used.map(
          (use: any) => `${use.side} ${use.transferType} ${use.period} ${use.amount} ${use.count}`,
        );
        const sums = ['debit undefined', 'debit p2p', 'debit cashOut', 'credit undefined', 'credit p2p'];
        const amounts = ['15.4 2', '10.4 1', '5 1', '0.25 1', '0.25 1'];
        const expected = sums.flatMap((sum, index) =>
          ['day', 'week', 'month'].map((period) => `${sum} ${period} ${amounts[index]}`),
        );
        expect(told.toSorted()).toEqual(expected.toSorted());
      }
    });

    it('only those that match the customer, by precedence', async () => {
      await post(
        { name: 'all', ...SEED, minAmount: undefined, priority: 50 },
        { name: 'alice sends', payerIdentifier: ALICE, side: 'debit', maxAmount: 30, priority: 10 },
        { name: 'alice receives', payeeIdentifier: ALICE, side: 'credit', maxAmount: 30, priority: 11 },
        { name: 'to alice, where it is sent', payeeIdentifier: ALICE, side: 'debit', maxAmount: 30, priority: 12 },
        { name: 'dave sends', payerIdentifier: DAVE, side: 'debit', maxAmount: 30, priority: 13 },
        { name: 'elsewhere', currency: 'TZS', maxAmount: 30 },
      );
      const names = async (number: string): Promise<string[]> =>
        (await bed.ask(`GET /v1/limits/${number}`)).json.limits.map(({ name }: { name: string }) => name);
      // Dave may send to alice, too.
      expect(await names(DAVE)).toEqual(['to alice, where it is sent', 'dave sends', 'all']);
      // … as alice may to herself.
      const ofAlice = ['alice sends', 'alice receives', 'to alice, where it is sent', 'all'];
      expect(await names(ALICE)).toEqual(ofAlice);
    });

    it('N96: so that they explain a refused payment', async () => {
      await expect(reserve(3_001n)).rejects.toMatchObject({ status: 422, extras: { type: 'rule.maxAmount' } });
      await expect(reserve(2_000n, { subject: DAVE })).resolves.toEqual(expect.any(String));
      await post({ name: 'dave sends', payerIdentifier: DAVE, side: 'debit', maxAmountDaily: 30, priority: 13 });
      await expect(reserve(1_001n, { subject: DAVE })).rejects.toMatchObject({
        status: 422,
        message: 'Daily transfer amount limit of 30 reached',
      });
      await expect(reserve(1_000n, { subject: DAVE })).resolves.toEqual(expect.any(String));
      const { json } = await bed.ask(`GET /v1/limits/${DAVE}`);
      const today = json.used.find((use: any) => use.period === 'day' && use.transferType === undefined);
      expect(today).toMatchObject({ side: 'debit', amount: '30', count: 2 });
      expect(json.limits).toContainEqual(
        expect.objectContaining({ name: 'dave sends', version: 2, maxAmountDaily: '30' }),
      );
    });

    it('but not for an unknown customer', async () => {
      for (const number of ['999', 'abc', '%27']) {
        expect((await bed.ask(`GET /v1/limits/${number}`)).status).toBeGreaterThanOrEqual(400);
        expect((await bed.ask(`GET /v1/limits/${number}`)).status).toBeLessThan(500);
      }
      expect(await bed.ask('GET /v1/limits/999')).toMatchObject({ status: 404, json: { id: 'ClientNotFound' } });
      expect((await bed.ask(`GET /v1/limits/${ALICE}`, undefined, { authorization: '' })).status).toBe(401);
    });
  });
});
