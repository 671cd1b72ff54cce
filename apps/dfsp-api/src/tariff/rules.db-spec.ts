import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '@level-one/platform';
import { QuoteSide, TransferType } from '@level-one/quote';
import { FeeRules } from '@level-one/tariff';
import { randomUUID } from 'node:crypto';
import { ALICE, type Answer, TestBed } from '../../test/test-bed.js';

const ADMIN = { authorization: basicAuthorization('admin', 'admin') };

describe('rules', () => {
  let bed: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start();
  });

  afterAll(async () => {
    await bed.stop();
  });

  const asAdmin = (request: string, body?: unknown): Promise<Answer> => bed.ask(request, body, ADMIN);
  const rulesNow = async (path: string) => (await asAdmin(`GET ${path}`)).json.rules;

  describe('the right to', () => {
    it.each([
      ['PUT /v1/feeRules', { rules: [] }],
      ['POST /v1/feeRules', { rules: [] }],
      ['POST /v1/feeRules/check', { rules: [] }],
      ['DELETE /v1/feeRules/x', undefined],
      ['PUT /limitRules', { rules: [] }],
      ['POST /v1/limitRules', { rules: [] }],
      ['DELETE /v1/limitRules/x', undefined],
    ])('%s: only the administrator has it', async (request, body) => {
      expect(await bed.ask(request, body)).toMatchObject({ status: 403, json: { id: 'UnauthorizedError' } });
      const stranger = { authorization: basicAuthorization('admin', 'wrong') };
      expect((await bed.ask(request, '{', stranger)).status).toBe(401);
    });

    it('read them: every caller of the API has it', async () => {
      for (const path of ['/v1/feeRules', '/v1/limitRules', `/v1/limits/${ALICE}`]) {
        expect((await bed.ask(`GET ${path}`)).status).toBe(200);
        expect((await asAdmin(`GET ${path}`)).status).toBe(200);
      }
    });

    it('do anything else: the administrator does not have it', async () => {
      expect((await asAdmin(`GET /v1/customers/${ALICE}`)).status).toBe(403);
      expect((await asAdmin('GET /v1/nothing')).status).toBe(404);
    });
  });

  describe('of fees', () => {
    const tier = (values: Record<string, unknown>) => ({ kind: 'fee', transferType: 'p2p', ...values });

    it('replace each other as sets, with versions that stay', async () => {
      const first = await asAdmin('PUT /v1/feeRules', { rules: [tier({ name: 'p2p', percent: '1', minValue: 1 })] });
      expect(first).toMatchObject({ status: 200, json: { added: [{ name: 'p2p', version: 1 }] } });
      expect(first.json.ended.length).toBeGreaterThan(0);
      const same = await asAdmin('PUT /v1/feeRules', {
        rules: [tier({ name: 'p2p', percent: 1.0, minValue: '1.00' })],
      });
      expect(same.json).toMatchObject({ added: [], ended: [] });
      const from = new Date(Date.now() + 60_000).toISOString();
      const next = await asAdmin('PUT /v1/feeRules', { rules: [tier({ name: 'p2p', percent: '2' })], validFrom: from });
      expect(next.json).toMatchObject({
        added: [{ name: 'p2p', version: 2, validFrom: from }],
        ended: [{ name: 'p2p', version: 1, validTo: from }],
      });
      expect(await rulesNow('/v1/feeRules')).toMatchObject([{ name: 'p2p', version: 1, percent: '1' }]);
      const later = new Date(Date.now() + 120_000).toISOString();
      expect(await rulesNow(`/v1/feeRules?at=${later}`)).toMatchObject([{ name: 'p2p', version: 2, percent: '2' }]);
      const { versions } = (await asAdmin('GET /v1/feeRules/p2p')).json;
      expect(versions.map((one: any) => [one.version, one.percent])).toEqual([
        [1, '1'],
        [2, '2'],
      ]);

      const charges = async (at?: string) => {
        const when = at === undefined ? '' : `&at=${at}`;
        return (await bed.ask(`GET /v1/charges?transferType=p2p&amount=200&side=debit${when}`)).json.fee;
      };
      expect(await charges()).toEqual({ amount: '2', rule: { name: 'p2p', version: 1 } });
      expect(await charges(later)).toEqual({ amount: '4', rule: { name: 'p2p', version: 2 } });
    });

    it('are added to, and withdrawn', async () => {
      await asAdmin('PUT /v1/feeRules', { rules: [tier({ name: 'low', minValue: '1' })] });
      const added = await asAdmin('POST /v1/feeRules', {
        rules: [tier({ name: 'high', startAmount: '100', minValue: '5' })],
      });
      expect(added).toMatchObject({ status: 201, json: { added: [{ name: 'high' }], ended: [] } });
      expect((await rulesNow('/feeRules')).map((rule: any) => rule.name).toSorted()).toEqual(['high', 'low']);
      expect(await asAdmin('DELETE /v1/feeRules/high')).toMatchObject({
        status: 200,
        json: { ended: [{ name: 'high' }] },
      });
      expect(await asAdmin('DELETE /v1/feeRules/high')).toMatchObject({ status: 404, json: { id: 'NotFoundError' } });
      expect(await asAdmin('GET /v1/feeRules/none')).toMatchObject({ status: 404, json: { id: 'NotFoundError' } });
    });

    it.each([
      ['two of equal precedence', [tier({ name: 'a' }), tier({ name: 'b' })], 'overlap'],
      ['bounds the wrong way round', [tier({ name: 'a', minValue: '5', maxValue: '1' })], 'inverted'],
      [
        'an end before its beginning',
        [tier({ name: 'a', validFrom: '2100-01-02T00:00:00Z', validTo: '2100-01-01T00:00:00Z' })],
        'inverted',
      ],
      ['less than nothing', [tier({ name: 'a', minValue: -1 })], 'value'],
      ['more than all', [tier({ name: 'a', percent: '100.1' })], 'value'],
      ['finer than the ledger', [tier({ name: 'a', minValue: '0.001' })], 'value'],
    ])('%s are refused, and nothing is written', async (_what, rules, problem) => {
      const before = await rulesNow('/v1/feeRules');
      const refused = await asAdmin('PUT /v1/feeRules', { rules });
      expect(refused).toMatchObject({ status: 422, json: { id: 'UnprocessableEntityError' } });
      expect(refused.json.validationErrors[0].params.problem).toBe(problem);
      expect(await rulesNow('/v1/feeRules')).toEqual(before);
      const tried = await asAdmin('POST /v1/feeRules/check', { rules });
      expect(tried.status).toBe(200);
      expect(tried.json.problems).toContainEqual(expect.objectContaining({ kind: problem, severity: 'error' }));
    });

    it('may leave gaps, with a warning', async () => {
      const rules = [tier({ name: 'gap', startAmount: '50', minValue: '1' })];
      const tried = await asAdmin('POST /v1/feeRules/check', { rules });
      expect(tried.json.problems).toMatchObject([{ kind: 'gap', severity: 'warning', rules: ['gap'] }]);
      expect((await rulesNow('/v1/feeRules')).map((rule: any) => rule.name)).not.toContain('gap');
      const written = await asAdmin('PUT /v1/feeRules', { rules });
      expect(written.json.warnings).toMatchObject([{ kind: 'gap' }]);
    });

    it.each([
      ['no rules', {}],
      ['rules that are no list', { rules: 'x' }],
      ['a rule that is a list', { rules: [[]] }],
      ['a rule that is nothing', { rules: [null] }],
      ['no name', { rules: [{ kind: 'fee' }] }],
      ['no kind', { rules: [{ name: 'a' }] }],
      ['an amount that is NaN', { rules: [tier({ name: 'a', minValue: 'NaN' })] }],
      ['an amount that is no number', { rules: [tier({ name: 'a', minValue: [] })] }],
      ['a number that is not exact', { rules: [tier({ name: 'a', minValue: 123_456_789_012_345_680 })] }],
      ['a time in week format', { rules: [tier({ name: 'a', validFrom: '2099-W10-1' })] }],
      ['a time without a zone', { rules: [], validFrom: '2099-01-01T00:00:00' }],
      ['a name with NUL', { rules: [tier({ name: 'a\0' })] }],
      ['too many rules', { rules: Array.from({ length: 10_000 }, () => ({})) }],
    ])('%s: 400', async (_what, body) => {
      const answer = await asAdmin('PUT /v1/feeRules', body);
      expect([answer.status, answer.json.id]).toEqual([400, 'InvalidBodyError']);
      expect(answer.json.validationErrors?.length ?? 1).toBeLessThanOrEqual(100);
    });

    it('are refused in great numbers of one scope', async () => {
      const rules = Array.from({ length: 2_000 }, (_, index) => tier({ name: `r${index}` }));
      const answer = await asAdmin('POST /v1/feeRules/check', { rules });
      expect(answer.status).toBe(200);
      expect(answer.json.problems.length).toBeGreaterThan(0);
    });

    it('have their query strings checked', async () => {
      expect((await asAdmin('GET /v1/feeRules?at=2026-W10-1')).status).toBe(400);
      expect((await bed.ask('GET /v1/charges?transferType=p2p&amount=x&side=debit')).status).toBe(400);
      expect((await bed.ask('GET /v1/charges?transferType=p2p&amount=0&side=debit')).status).toBe(422);
      expect((await bed.ask('GET /v1/charges?transferType=gift&amount=1&side=debit')).status).toBe(400);
    });

    it('take null as absent', async () => {
      const rules = [
        tier({ name: 'nulls', percent: null, validFrom: null, validTo: null, minValue: '1', maxValue: null }),
      ];
      expect(await asAdmin('PUT /v1/feeRules', { rules })).toMatchObject({
        status: 200,
        json: { added: [{ name: 'nulls' }] },
      });
    });

    it('sent by two at once are stored one after the other', async () => {
      const answers = await Promise.all(
        ['x', 'y'].map((name) => asAdmin('PUT /v1/feeRules', { rules: [tier({ name, minValue: '1' })] })),
      );
      expect(answers.map(({ status }) => status)).toEqual([200, 200]);
      expect(await rulesNow('/v1/feeRules')).toHaveLength(1);
    });

    it('do not change a quote that was given before', async () => {
      const fees = bed.get(FeeRules);
      await asAdmin('PUT /v1/feeRules', { rules: [tier({ name: 'then', minValue: '1' })] });
      const [rule] = await fees.history.rulesInForce();
      await asAdmin('PUT /v1/feeRules', { rules: [tier({ name: 'then', minValue: '2' })] });
      const request = { transferType: TransferType.P2p, amount: 1_000n, currency: 'USD' };
      expect((await fees.chargesFor(request)).fee.amount).toBe(200n);
      expect((await fees.chargesFor({ ...request, at: rule!.validFrom })).fee.amount).toBe(100n);
    });
  });

  describe('of limits', () => {
    it('are set, shown with the amounts used, and ended', async () => {
      const rule = {
        name: 'daily',
        transferType: 'p2p',
        minAmount: '1',
        maxAmount: '50',
        maxAmountDaily: 60,
        maxCountDaily: 3,
      };
      const added = await asAdmin('POST /v1/limitRules', { rules: [rule] });
      expect(added).toMatchObject({
        status: 201,
        json: { added: [{ name: 'daily', version: 1, maxAmountDaily: '60' }] },
      });
      await bed.reserveLimits({
        paymentId: randomUUID(),
        side: QuoteSide.Debit,
        subject: ALICE,
        transferType: TransferType.P2p,
        currency: 'USD',
        amount: 1_050n,
        expiresAt: null,
      });
      const { json } = await bed.ask(`GET /v1/limits/${ALICE}`);
      expect(json).toMatchObject({ currency: 'USD', timeZone: 'UTC' });
      expect(json.used).toContainEqual(
        expect.objectContaining({ side: 'debit', transferType: 'p2p', period: 'day', amount: '10.5', count: 1 }),
      );
      expect(json.used.filter((use: any) => use.transferType === undefined)).toHaveLength(3);
      expect(await bed.ask('GET /v1/limits/1')).toMatchObject({ status: 404, json: { id: 'ClientNotFound' } });
      expect((await asAdmin('DELETE /v1/limitRules/daily')).status).toBe(200);
      expect(await rulesNow('/v1/limitRules')).toEqual([]);
    });

    it('with contradictions are refused', async () => {
      const refused = await asAdmin('PUT /v1/limitRules', { rules: [{ name: 'odd', minAmount: '5', maxAmount: '1' }] });
      expect(refused).toMatchObject({ status: 422, json: { id: 'UnprocessableEntityError' } });
      const malformed = await asAdmin('PUT /v1/limitRules', { rules: [{ name: 'odd', maxCountDaily: 1.5 }] });
      expect(malformed.status).toBe(400);
    });
  });
});
