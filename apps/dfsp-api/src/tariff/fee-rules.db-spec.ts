import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { basicAuthorization } from '@level-one/platform';
import { feeRules, ADMIN, fee } from '../../test/fee-rules.js';
import { type Answer, statusesOf, TestBed } from '../../test/test-bed.js';

const HOUR_MS = 3_600_000;

function fromNow(ms: number): string {
  return new Date(Date.now() + ms).toISOString();
}

describe('fee rules', () => {
  let bed: TestBed;
  const { asAdmin, post, check, versionsOf, everything, feeOf, pause } = feeRules(() => bed);

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());

  describe('are changed by the administrator alone', () => {
    const CHANGES = [
      'PUT /v1/feeRules',
      'POST /v1/feeRules',
      'POST /v1/feeRules/check',
      'DELETE /v1/feeRules/x',
      'PUT /feeRules',
      'POST /feeRules',
      'DELETE /feeRules/x',
      'PUT /v1/limitRules',
      'POST /v1/limitRules',
      'POST /limitRules/check',
      'DELETE /v1/limitRules/x',
    ];
    const NO_JSON = '{"rules": [';
    const bodyOf = (request: string): string | undefined => (request.startsWith('DELETE') ? undefined : NO_JSON);

    it.each(CHANGES)('%s', async (request) => {
      const before = await everything();
      // The body is invalid; a caller without the right gets 403 all the same.
      expect(await bed.ask(request, bodyOf(request))).toMatchObject({ status: 403, json: { id: 'UnauthorizedError' } });
      for (const authorization of ['', basicAuthorization('admin', 'wrong'), basicAuthorization('nobody', 'admin')]) {
        const answer = await bed.ask(request, bodyOf(request), { authorization });
        expect(answer).toMatchObject({ status: 401, json: { id: 'Unauthorized' } });
      }
      expect((await bed.ask(request, bodyOf(request), ADMIN)).status).toBe(request.startsWith('DELETE') ? 404 : 400);
      expect(await everything()).toEqual(before);
    });

    it.each([
      'PUT //v1/feeRules',
      'PUT /v1/%66eeRules',
      'PUT /v1/feeRules/',
      'PUT /v1/feeRules?x=/health',
      'PUT /V1/feerules',
    ])('however the URL is written: %s', async (request) => {
      const before = await everything();
      const { status } = await bed.ask(request, { rules: [] });
      expect([403, 404]).toContain(status);
      expect(await everything()).toEqual(before);
    });

    it('and read by administrator and channel, by no others', async () => {
      for (const path of ['/v1/feeRules', '/feeRules', '/v1/limitRules', '/v1/feeRules/fee%20p2p%20USD%20from%2020']) {
        expect((await bed.ask(`GET ${path}`)).status).toBe(200);
        expect((await bed.ask(`GET ${path}`, undefined, ADMIN)).status).toBe(200);
        expect((await bed.ask(`GET ${path}`, undefined, { authorization: '' })).status).toBe(401);
      }
    });

    it('who may not use other routes', async () => {
      for (const request of ['GET /v1/customers/78956562', 'GET /v1/query?identifier=78956562', 'POST /v1/quotes']) {
        expect(await asAdmin(request)).toMatchObject({ status: 403, json: { id: 'UnauthorizedError' } });
      }
    });
  });

  describe('are looked at', () => {
    it('as all that are in force, or those of one type and currency', async () => {
      const names = async (query = ''): Promise<string[]> =>
        (await bed.ask(`GET /v1/feeRules${query}`)).json.rules.map(({ name }: { name: string }) => name);
      expect((await names()).length).toBeGreaterThanOrEqual(24);
      await post(fee('DKK any', 'DKK'), fee('DKK p2p', 'DKK', { transferType: 'p2p', priority: 5 }));
      expect(await names('?currency=DKK')).toEqual(['DKK p2p', 'DKK any']);
      expect(await names('?currency=DKK&transferType=cashIn')).toEqual(['DKK any']);
      await post(fee('DKK debit', 'DKK', { side: 'debit', priority: 7 }));
      // field A: the query may name a side.
      expect(await names('?currency=DKK&side=credit')).not.toContain('DKK debit');
      expect(await names('?currency=DKK&side=debit')).toContain('DKK debit');
      expect(await names('?transferType=p2p&currency=USD')).toEqual([
        'commission p2p USD from 10',
        'fee p2p USD from 20',
      ]);
      expect(await names('?at=1969-12-31T23:59:59Z')).toEqual([]);
    });

    it('with all their members', async () => {
      const [version] = await versionsOf('commission p2p USD from 10');
      expect(version).toEqual({
        name: 'commission p2p USD from 10',
        version: 1,
        kind: 'commission',
        transferType: 'p2p',
        currency: 'USD',
        priority: 1000,
        startAmount: '10',
        percent: '2',
        percentBase: '50',
        minValue: '0',
        maxValue: '50',
        validFrom: '1970-01-01T00:00:00.000Z',
      });
      expect(await bed.ask('GET /v1/feeRules/nobody')).toMatchObject({ status: 404, json: { id: 'NotFoundError' } });
    });
  });

  describe('have versions', () => {
    it('of which each has the charges of its time', async () => {
      const first = await post(fee('NOK', 'NOK', { percent: 1.5, minValue: 0.25 }));
      expect(first).toMatchObject({
        status: 201,
        json: { added: [{ name: 'NOK', version: 1, percent: '1.5', minValue: '0.25' }], ended: [] },
      });
      const then = await pause();
      const second = await post(fee('NOK', 'NOK', { minValue: '2.50' }));
      expect(second.json).toMatchObject({
        added: [{ version: 2, minValue: '2.5' }],
        ended: [{ version: 1, validTo: second.json.added[0].validFrom }],
      });
      expect(await feeOf('NOK')).toEqual({ amount: '2.5', rule: { name: 'NOK', version: 2 } });
      expect(await feeOf('NOK', `&at=${then}`)).toEqual({ amount: '1.5', rule: { name: 'NOK', version: 1 } });
      expect(await feeOf('NOK', '&at=2001-01-01T00:00:00Z')).toEqual({ amount: '0' });
      expect(await versionsOf('NOK')).toMatchObject([{ version: 1 }, { version: 2 }]);
    });

    it('but no new one for an unchanged rule', async () => {
      const rule = fee('NOK same', 'NOK', { priority: 5, percent: '2.0' });
      await post(rule);
      const again = await post({ ...rule, percent: 2 });
      expect(again).toMatchObject({ status: 201, json: { added: [], ended: [] } });
      // A rule can be sent back as it was read.
      const [told] = await versionsOf('NOK same');
      expect((await post(told)).json).toMatchObject({ added: [], ended: [] });
      await asAdmin('DELETE /v1/feeRules/NOK%20same');
    });

    it('that may begin later, and end at their validTo', async () => {
      const [from, to] = [fromNow(HOUR_MS), fromNow(2 * HOUR_MS)];
      await post(fee('later', 'ISK', { validFrom: from, validTo: to }));
      const before = new Date(Date.parse(from) - 1).toISOString();
      const last = new Date(Date.parse(to) - 1).toISOString();
      const amounts = [];
      for (const at of [before, from, last, to]) amounts.push(await feeOf('ISK', `&at=${at}`));
      expect(amounts).toMatchObject([{ amount: '0' }, { amount: '1' }, { amount: '1' }, { amount: '0' }]);
      expect(await feeOf('ISK')).toEqual({ amount: '0' });
    });

    it('that end if they are withdrawn, now or later', async () => {
      await post(fee('gone', 'HUF'));
      const then = await pause();
      const later = fromNow(HOUR_MS);
      const ended = await asAdmin(`DELETE /v1/feeRules/gone?at=${later}`);
      expect(ended).toMatchObject({ status: 200, json: { added: [], ended: [{ name: 'gone', validTo: later }] } });
      expect([await feeOf('HUF'), await feeOf('HUF', `&at=${later}`)]).toMatchObject([
        { amount: '1' },
        { amount: '0' },
      ]);
      expect((await asAdmin('DELETE /feeRules/gone')).status).toBe(200);
      expect(await feeOf('HUF')).toEqual({ amount: '0' });
      expect(await feeOf('HUF', `&at=${then}`)).toMatchObject({ amount: '1' });
      expect(await asAdmin('DELETE /v1/feeRules/gone')).toMatchObject({ status: 404, json: { id: 'NotFoundError' } });
      // A rule of that name may be added again: its versions are counted on.
      expect((await post(fee('gone', 'HUF'))).json.added).toMatchObject([{ version: 2 }]);
    });
  });

  describe('are refused with every reason, and nothing is written', () => {
    it.each<[string, Record<string, unknown>[], string, RegExp]>([
      ['of equal precedence', [fee('a', 'CZK'), fee('b', 'CZK')], 'overlap', /"a".*"b".*are in force at the same time/],
      ['with bounds the wrong way round', [fee('a', 'CZK', { maxValue: '0.5' })], 'inverted', /minValue 1 is above/],
      ['finer than the ledger', [fee('a', 'CZK', { minValue: '0.001' })], 'value', /minValue 0.001 is not accepted/],
      ['too large', [fee('a', 'CZK', { minValue: '9'.repeat(18) })], 'value', /is not accepted/],
      ['negative', [fee('a', 'CZK', { minValue: -1 })], 'value', /minValue -1 is negative/],
      ['above all there is', [fee('a', 'CZK', { percent: '100.1' })], 'value', /percent 100.1 is above 100/],
      ['without a name', [fee(' ', 'CZK')], 'value', /no name/],
      [
        'that never decide',
        [fee('a', 'CZK', { priority: 1 }), fee('b', 'CZK', { transferType: 'p2p' })],
        'unreachable',
        /"b".*never decides: it always comes after "a"/,
      ],
      [
        'that end before they begin',
        [fee('a', 'CZK', { validFrom: '2099-01-02T00:00:00Z', validTo: '2099-01-01T00:00:00Z' })],
        'inverted',
        /is not before validTo/,
      ],
      ['that began in the past', [fee('a', 'CZK', { validFrom: '2001-01-01T00:00:00Z' })], 'value', /in the past/],
      ['twice', [fee('a', 'CZK'), fee('a', 'CZK', { minValue: '2' })], 'name', /Two versions of rule "a"/],
    ])('%s', async (_name, rules, problem, message) => {
      const before = await everything();
      const refused = {
        status: 422,
        json: {
          id: 'UnprocessableEntityError',
          validationErrors: expect.arrayContaining([
            { message: expect.stringMatching(message), params: { problem, rules: expect.any(Array) } },
          ]),
        },
      };
      expect(await post(...rules)).toMatchObject(refused);
      expect(await asAdmin('PUT /v1/feeRules', { rules })).toMatchObject(refused);
      const tried = await check(rules);
      expect(tried).toMatchObject({
        status: 200,
        json: { problems: expect.arrayContaining([expect.objectContaining({ kind: problem, severity: 'error' })]) },
      });
      expect(await everything()).toEqual(before);
      expect((await bed.ask('GET /v1/feeRules/a')).status).toBe(404);
    });

    it('all problems at once', async () => {
      const { json } = await post(
        fee('a', 'CZK', { minValue: '2', maxValue: '1', percent: '200' }),
        fee('b', 'CZK', { minValue: '0.001' }),
      );
      expect(json.validationErrors).toHaveLength(3);
    });

    it('also if the change itself begins in the past', async () => {
      const before = await everything();
      const validFrom = '2001-01-01T00:00:00Z';
      expect((await asAdmin('PUT /v1/feeRules', { rules: [], validFrom })).status).toBe(422);
      expect((await asAdmin('POST /v1/feeRules', { rules: [fee('a', 'CZK')], validFrom })).status).toBe(422);
      expect((await asAdmin(`DELETE /v1/feeRules/fee%20p2p%20USD%20from%2020?at=${validFrom}`)).status).toBe(422);
      expect(await everything()).toEqual(before);
    });
  });

  it('that do not begin at 0 are stored with a warning', async () => {
    const { status, json } = await post(fee('PLN from 20', 'PLN', { startAmount: '20' }));
    expect(status).toBe(201);
    expect(json.warnings).toContainEqual({
      kind: 'gap',
      severity: 'warning',
      rules: ['PLN from 20'],
      message: expect.stringMatching(/^Below 20 no fee is set where rule "PLN from 20" holds/),
    });
  });

  it('field A: in another currency than the ledger are stored with a warning', async () => {
    const warning = {
      kind: 'pointless',
      severity: 'warning',
      rules: ['in MKD'],
      message: 'Rules in MKD hold for no payment, the ledger is in USD: "in MKD"',
    };
    expect((await check([fee('in MKD', 'MKD')])).json.problems).toContainEqual(warning);
    const { status, json } = await post(fee('in MKD', 'MKD'));
    expect([status, json.warnings]).toEqual([201, [warning]]);
  });

  it('are checked without being stored', async () => {
    const before = await everything();
    const rules = [fee('tried', 'RON', { startAmount: '20' })];
    const { status, json } = await check(rules);
    expect(status).toBe(200);
    expect(json.problems).toContainEqual(expect.objectContaining({ kind: 'gap', rules: ['tried'] }));
    expect((await check([fee('tried', 'RON')], { validFrom: fromNow(HOUR_MS) })).status).toBe(200);
    expect(await everything()).toEqual(before);
    expect((await bed.ask('GET /v1/feeRules/tried')).status).toBe(404);
    expect((await bed.ask(`GET /v1/feeRules?currency=RON&at=${fromNow(2 * HOUR_MS)}`)).json.rules).toEqual([]);
  });

  describe('say what a payment costs', () => {
    const charges = (query: string): Promise<Answer> => bed.ask(`GET /v1/charges?${query}`);

    it.each([
      ['19.99', '0', '0'],
      ['20', '1', '0'],
      ['100', '1', '1'],
      ['100.50', '1.01', '1.01'],
      ['250', '2.5', '4'],
      ['500', '5', '9'],
      ['100000', '5', '50'],
    ])('%s by the seed tariff', async (amount, feeAmount, commission) => {
      const { json } = await charges(`transferType=cashOut&side=debit&amount=${amount}`);
      expect([json.fee.amount, json.commission.amount]).toEqual([feeAmount, commission]);
      expect(json.commission.rule).toEqual({ name: 'commission cashOut USD from 10', version: 1 });
    });

    it('for one pair of customers and not for another', async () => {
      await post(
        fee('BGN all', 'BGN', { minValue: '3' }),
        fee('BGN pair', 'BGN', { priority: 1, side: 'credit', payerIdentifier: '1', payeeIdentifier: '2' }),
      );
      const of = async (query: string): Promise<string> =>
        (await charges(`transferType=p2p&amount=10&currency=BGN&${query}`)).json.fee.amount;
      expect(await of('side=credit&payerIdentifier=1&payeeIdentifier=2')).toBe('1');
      expect(await of('side=debit&payerIdentifier=1&payeeIdentifier=2')).toBe('3');
      expect(await of('side=credit&payerIdentifier=1&payeeIdentifier=3')).toBe('3');
      expect(await of('side=credit')).toBe('3');
    });

    it.each([
      ['', 400],
      ['transferType=x&amount=1&side=debit', 400],
      ['transferType=p2p&amount=1&side=both', 400],
      ['transferType=p2p&amount=1e3&side=debit', 400],
      ['transferType=p2p&amount=NaN&side=debit', 400],
      ['transferType=p2p&amount=1&amount=2&side=debit', 400],
      ['transferType=p2p&amount=1&side=debit&payerIdentifier=1&payerIdentifier=2', 400],
      ['transferType=p2p&amount=1&side=debit&payerIdentifier=%00', 400],
      ['transferType=p2p&amount=1&side=debit&at=now', 400],
      ['transferType=p2p&amount=1&side=debit&currency=usd', 400],
      ['transferType=p2p&amount=-1&side=debit', 422],
      ['transferType=p2p&amount=0&side=debit', 422],
      ['transferType=p2p&amount=0.001&side=debit', 422],
      [`transferType=p2p&amount=${'9'.repeat(30)}&side=debit`, 422],
    ])('and refuse %p with %p', async (query, status) => {
      expect((await charges(query)).status).toBe(status);
    });
  });

  describe('are written by one at a time', () => {
    it('if many add the same rule', async () => {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => post(fee('SEK', 'SEK', { minValue: `${index + 1}` }))),
      );
      expect(statusesOf(answers)).toEqual(Array.from({ length: 10 }, () => 201));
      const versions = await versionsOf('SEK');
      expect(versions.map(({ version }) => version)).toEqual(Array.from({ length: 10 }, (_, index) => index + 1));
      for (const [index, { validTo }] of versions.entries()) expect(validTo).toBe(versions[index + 1]?.validFrom);
    });

    it('and one is refused if their rules conflict', async () => {
      const answers = await Promise.all([post(fee('one', 'BRL')), post(fee('other', 'BRL'))]);
      expect(statusesOf(answers)).toEqual([201, 422]);
      expect((await bed.ask('GET /v1/feeRules?currency=BRL')).json.rules).toHaveLength(1);
    });

    it('while payments are priced by the old rules or by the new ones, never by both or none', async () => {
      await post(fee('MXN', 'MXN'));
      const writes = Promise.all([2, 3, 4].map((value) => post(fee('MXN', 'MXN', { minValue: value }))));
      const seen = await Promise.all(Array.from({ length: 30 }, () => feeOf('MXN')));
      await writes;
      for (const { amount } of seen as { amount: string }[]) expect(['1', '2', '3', '4']).toContain(amount);
    });
  });

  it('are replaced as a whole, and restored by the former request', async () => {
    const { rules } = (await bed.ask('GET /v1/feeRules')).json;
    const usd = rules.filter(({ currency }: { currency: string }) => currency === 'USD');
    expect(usd).toHaveLength(12);
    const { status, json } = await asAdmin('PUT /v1/feeRules', { rules: [...usd, fee('only', 'THB')] });
    expect(status).toBe(200);
    expect(json.added).toMatchObject([{ name: 'only' }]);
    expect(json.ended.length).toBeGreaterThanOrEqual(rules.length - usd.length);
    expect((await bed.ask('GET /v1/feeRules')).json.rules).toHaveLength(13);
    expect((await asAdmin('PUT /v1/feeRules', { rules: [] })).json.ended).toHaveLength(13);
    expect(await everything()).toEqual({ rules: [] });
    const seed = usd.map(({ validFrom: _from, version: _version, ...rule }: Record<string, unknown>) => rule);
    expect((await asAdmin('PUT /v1/feeRules', { rules: seed })).json.added).toHaveLength(12);
    expect(await bed.ask('GET /v1/charges?transferType=p2p&amount=25&side=debit')).toMatchObject({
      json: { fee: { amount: '1', rule: { name: 'fee p2p USD from 20', version: 2 } } },
    });
  });
});
