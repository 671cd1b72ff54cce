import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { feeRules, ADMIN, fee } from '../../test/fee-rules.js';
import { TestBed } from '../../test/test-bed.js';

describe('fee rules', () => {
  let bed: TestBed;
  const { asAdmin, post, check, versionsOf, everything, feeOf } = feeRules(() => bed);

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());

  describe('are not taken from a body that is', () => {
    const FIELD = 'rules.0.minValue';

    it.each<[string, unknown, string]>([
      ['no number', 'NaN', FIELD],
      ['endless', 'Infinity', FIELD],
      ['no longer exact', 123_456_789_012_345_680, FIELD],
      ['huge', 1e30, FIELD],
      ['tiny', 1e-7, FIELD],
      ['an exponent', '1e3', FIELD],
      ['hexadecimal', '0x10', FIELD],
      ['of nineteen digits', '1'.repeat(19), FIELD],
      ['padded', ' 1', FIELD],
      ['with a line after it', '1\n', FIELD],
      ['true', true, FIELD],
      ['a list', ['1'], FIELD],
      ['an object', { amount: '1' }, FIELD],
      ['empty', '', FIELD],
    ])('wrong in an amount: %s', async (_name, minValue, field) => {
      for (const request of ['PUT /v1/feeRules', 'POST /v1/feeRules', 'POST /v1/feeRules/check']) {
        expect(await asAdmin(request, { rules: [fee('wrong', 'CHF', { minValue })] })).toMatchObject({
          status: 400,
          json: { id: 'InvalidBodyError', validationErrors: [{ params: { field } }] },
        });
      }
    });

    it.each<[string, Record<string, unknown>]>([
      ['name', { name: 'x'.repeat(65) }],
      ['name', { name: 1 }],
      ['kind', { kind: 'gift' }],
      ['transferType', { transferType: 'P2P' }],
      ['currency', { currency: 'chf' }],
      ['side', { side: 'both' }],
      ['priority', { priority: 1.5 }],
      ['priority', { priority: -1 }],
      ['priority', { priority: 1e10 }],
      ['payerIdentifier', { payerIdentifier: '1'.repeat(33) }],
      ['payeeIdentifier', { payeeIdentifier: 7 }],
      ['validFrom', { validFrom: 'tomorrow' }],
      ['validFrom', { validFrom: '2099-01-01' }],
      ['validFrom', { validFrom: '2099-01-01T00:00:00' }],
      ['validFrom', { validFrom: '2099-W01-1' }],
      ['validTo', { validTo: '2099-02-30T00:00:00Z' }],
      ['validTo', { validTo: '20990101T000000Z' }],
      ['validTo', { validTo: '2099-01-01T00:00:00+99:00' }],
      ['validTo', { validTo: 4_070_908_800_000 }],
    ])('wrong in %s: %j', async (field, more) => {
      const { status, json } = await post(fee('wrong', 'CHF', more));
      expect([status, json.id]).toEqual([400, 'InvalidBodyError']);
      for (const { params } of json.validationErrors) expect(params).toEqual({ field: `rules.0.${field}` });
    });

    it.each<[string, unknown]>([
      ['no JSON', '{"rules": ['],
      ['a list', []],
      ['without rules', {}],
      ['null for rules', { rules: null }],
      ['text for rules', { rules: 'all' }],
      ['an object for rules', { rules: { 0: {} } }],
      ['of rules that are no objects', { rules: [null, 1, 'x', []] }],
      ['of the wrong moment', { rules: [], validFrom: '2099-W01-1' }],
      ['with NUL', { rules: [fee('a\0b', 'CHF')] }],
      ['with half a character', String.raw`{"rules":[{"name":"\ud800","kind":"fee"}]}`],
      ['deep', `{"rules":${'['.repeat(50_000)}${']'.repeat(50_000)}}`],
      ['deep inside', `{"rules":[{"name":"a","kind":"fee","x":${'{"x":'.repeat(100)}1${'}'.repeat(100)}}]}`],
      ['of ten thousand rules', { rules: Array.from({ length: 10_000 }, (_, index) => fee(`${index}`, 'CHF')) }],
    ])('%s', async (_name, body) => {
      const before = await everything();
      for (const request of ['PUT /v1/feeRules', 'POST /v1/feeRules', 'POST /feeRules/check']) {
        expect(await asAdmin(request, body)).toMatchObject({ status: 400, json: { id: 'InvalidBodyError' } });
      }
      expect(await everything()).toEqual(before);
    });

    it('too large', async () => {
      expect((await post(fee('a', 'CHF', { x: 'x'.repeat(3_000_000) }))).status).toBe(413);
      expect((await bed.ask('DELETE /v1/feeRules/a', { x: 'x'.repeat(300_000) }, ADMIN)).status).toBe(413);
    });

    it('but null counts as absent, and names may be any text', async () => {
      const name = `'; DROP TABLE fee_rules; -- / ? # % é 💸`;
      const nulls = { side: null, percent: null, maxValue: null, validFrom: null, validTo: null, priority: null };
      expect(await post(fee(name, 'CHF', nulls))).toMatchObject({
        status: 201,
        json: { added: [{ name, version: 1, priority: 1000, minValue: '1' }] },
      });
      expect(await versionsOf(name)).toHaveLength(1);
      expect((await asAdmin(`DELETE /v1/feeRules/${encodeURIComponent(name)}`)).status).toBe(200);
      for (const odd of ['__proto__', 'constructor', 'toString']) {
        expect((await bed.ask(`GET /v1/feeRules/${odd}`)).status).toBe(404);
        expect(await post(fee(odd, 'CHF'))).toMatchObject({ status: 201, json: { added: [{ name: odd }] } });
        expect((await asAdmin(`DELETE /v1/feeRules/${odd}`)).status).toBe(200);
      }
    });

    it.each(['now', '2026-W21-2', '2026-123', '20260101', '2026-01-01T00:00', '2026-01-01T00:00:00,5Z', '%00'])(
      'nor is a moment from %s',
      async (at) => {
        for (const request of [`GET /v1/feeRules?at=${at}`, `DELETE /v1/feeRules/x?at=${at}`]) {
          expect(await asAdmin(request)).toMatchObject({ status: 400, json: { id: 'InvalidUriParameterError' } });
        }
      },
    );
  });

  it('may be 5,000 at once, equal or different', async () => {
    const alike = Array.from({ length: 5_000 }, (_, index) => fee(`alike ${index}`, 'ZAR'));
    const { status, json } = await post(...alike.slice(0, 4_900));
    expect(status).toBe(422);
    expect(json.validationErrors.length).toBeLessThanOrEqual(200);
    expect(await check(alike)).toMatchObject({ status: 200 });
    const tiers = Array.from({ length: 4_000 }, (_, index) => fee(`ZAR ${index}`, 'ZAR', { startAmount: index }));
    expect((await post(...tiers)).json.added).toHaveLength(4_000);
    expect(await feeOf('ZAR')).toEqual({ amount: '1', rule: { name: 'ZAR 100', version: 1 } });
    expect((await post(...tiers)).json).toMatchObject({ added: [], ended: [] });
  });
});
