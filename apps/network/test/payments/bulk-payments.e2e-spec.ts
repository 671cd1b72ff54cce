import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { ALICE, BOB, CAROL, DAVE } from '../support/people.js';
import { FRANK, held } from '../support/quoting.js';
import { type Answer, TestNetwork } from '../support/test-network.js';

const PAID_WITHIN_MS = 60_000;

describe('bulk payments', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    await network.close();
  });

  const at = (request: string, options: { body?: unknown; headers?: Record<string, string> } = {}): Promise<Answer> =>
    network.ask('dfsp-api', 'dfsp1', request, options);
  const uploadCsv = (csv: string, query: Record<string, string> = {}) => {
    const all = new URLSearchParams({ sourceIdentifier: ALICE, sourceAccount: 'alice', ...query });
    return at(`POST /v1/bulkPayments?${all.toString()}`, { body: csv, headers: { 'content-type': 'text/csv' } });
  };
  const upload = (rows: unknown, more: Record<string, unknown> = {}) =>
    at('POST /v1/bulkPayments', { body: { sourceIdentifier: ALICE, sourceAccount: 'alice', rows, ...more } });
  const until = (id: string, status: string): Promise<any> =>
    eventually(
      async () => {
        const { body } = await at(`GET /v1/bulkPayments/${id}`);
        expect(body.status).toBe(status);
        return body;
      },
      { timeoutMs: PAID_WITHIN_MS },
    );
  const balance = async (dfsp: 'dfsp1' | 'dfsp2', name: string) =>
    Math.round(Number(await network.balance(dfsp, name)) * 100);

  it('are checked row by row, then paid, and told in a file', async () => {
    const before = {
      alice: await balance('dfsp1', 'alice'),
      dave: await balance('dfsp1', 'dave'),
      bob: await balance('dfsp2', 'bob'),
      carol: await balance('dfsp2', 'carol'),
    };
    const csv = [
      'name,identifier,amount',
      `Bob,${BOB},10.40`,
      `"Chen, Carol",${CAROL},5`,
      `nobody,11111111,1`,
      '',
      `Dave,${DAVE},2.5`,
      `Bob,${BOB},1.001`,
      `Bob,${BOB},ten`,
      `Bob,${BOB}`,
      `Bob,x,1`,
      `Bob,${BOB},0`,
      `Bob,${BOB},3,4`,
    ].join('\r\n');
    const created = await uploadCsv(csv);
    expect(created).toMatchObject({ status: 201, body: { sourceAccount: 'alice', currency: 'USD', rows: 10 } });
    const id = created.body.bulkPaymentId;
    const checked = await until(id, 'checked');
    expect(checked.progress).toEqual({
      checked: { rows: 3, amount: '17.9', fee: '0', total: '17.9' },
      refused: { rows: 7, amount: '0', fee: '0', total: '0' },
    });
    const { rows } = (await at(`GET /v1/bulkPayments/${id}/rows`)).body;
    expect(rows.map((row: any) => [row.line, row.status, row.name ?? row.error])).toEqual([
      [2, 'checked', 'Bob Diaz'],
      [3, 'checked', 'Carol Chen'],
      [4, 'refused', 'UserNotFound'],
      [6, 'checked', 'Dave Dunn'],
      [7, 'refused', 'UnprocessableEntityError'],
      [8, 'refused', 'InvalidBodyError'],
      [9, 'refused', 'InvalidBodyError'],
      [10, 'refused', 'InvalidBodyError'],
      [11, 'refused', 'UnprocessableEntityError'],
      [12, 'refused', 'InvalidBodyError'],
    ]);
    expect(await balance('dfsp1', 'alice')).toBe(before.alice);
    const refused = await at(`GET /v1/bulkPayments/${id}/rows?status=refused&after=7&limit=2`);
    expect(refused.body.rows.map((row: any) => row.line)).toEqual([8, 9]);

    expect((await at(`PUT /v1/bulkPayments/${id}/execute`)).status).toBe(200);
    const done = await until(id, 'done');
    expect(done.progress.paid).toMatchObject({ rows: 3, total: '17.9' });
    expect((await at(`PUT /v1/bulkPayments/${id}/execute`)).body).toEqual(done);
    expect([
      (await balance('dfsp1', 'alice')) - before.alice,
      (await balance('dfsp1', 'dave')) - before.dave,
      (await balance('dfsp2', 'bob')) - before.bob,
      (await balance('dfsp2', 'carol')) - before.carol,
    ]).toEqual([-1_790, 250, 1_040, 500]);
    const result = await at(`GET /v1/bulkPayments/${id}/result`);
    expect(result.headers.get('content-type')).toContain('text/csv');
    const lines = result.text.trim().split('\n');
    expect(lines[0]).toBe('line,identifier,amount,status,name,fee,total,receiveAmount,paymentId,error,message');
    expect(lines[1]).toMatch(new RegExp(`^2,${BOB},10.4,paid,Bob Diaz,0,10.4,10.4 USD,[0-9a-f-]{36},,$`));
    expect(lines[3]).toMatch(/^4,11111111,1,refused,,,,,[0-9a-f-]{36},UserNotFound,User not found$/);
    expect(lines).toHaveLength(11);
    const { paymentId } = (await at(`GET /v1/bulkPayments/${id}/rows?limit=1`)).body.rows[0];
    await eventually(async () =>
      expect((await at(`GET /v1/quotes/${paymentId}`)).body).toMatchObject({
        transferType: 'bulkPayment',
        status: 'used',
      }),
    );
  });

  it('are the same when they come again, and refused when others come under their id', async () => {
    const bulkPaymentId = randomUUID();
    const rows = [{ identifier: BOB, amount: '1' }];
    expect((await upload(rows, { bulkPaymentId })).status).toBe(201);
    const checked = await until(bulkPaymentId, 'checked');
    expect((await upload([{ identifier: BOB, amount: 1 }], { bulkPaymentId })).body).toEqual(checked);
    expect(await upload([{ identifier: BOB, amount: '2' }], { bulkPaymentId })).toMatchObject({
      status: 422,
      body: { id: 'AlreadyExistsError' },
    });
    const cancelled = await at(`PUT /v1/bulkPayments/${bulkPaymentId}/cancel`);
    expect(cancelled.body).toMatchObject({ status: 'cancelled', progress: { cancelled: { rows: 1 } } });
    expect(await at(`PUT /v1/bulkPayments/${bulkPaymentId}/execute`)).toMatchObject({
      status: 422,
      body: { id: 'UnprocessableEntityError', message: 'The list was cancelled' },
    });
  });

  it('stop at what the account holds, and pay the rest', async () => {
    const before = await balance('dfsp1', 'alice');
    const some = Math.floor(before / 100) - 1;
    const { body } = await upload([
      { identifier: BOB, amount: String(some) },
      { identifier: BOB, amount: '900' },
      { identifier: CAROL, amount: '1' },
    ]);
    await until(body.bulkPaymentId, 'checked');
    await at(`PUT /v1/bulkPayments/${body.bulkPaymentId}/execute`);
    await until(body.bulkPaymentId, 'done');
    const { rows } = (await at(`GET /v1/bulkPayments/${body.bulkPaymentId}/rows`)).body;
    const paid = rows.filter((row: any) => row.status === 'paid');
    const failed = rows.filter((row: any) => row.status === 'failed');
    expect(failed.map((row: any) => row.error)).toEqual(failed.map(() => 'InsufficientFundsError'));
    expect(failed.length).toBeGreaterThan(0);
    const spent = paid.reduce((sum: number, row: any) => sum + Math.round(Number(row.total) * 100), 0);
    expect(before - (await balance('dfsp1', 'alice'))).toBe(spent);
    // What was left over is brought back for the others.
    await network.bringTo('dfsp1', 'alice', '1000.00');
  });

  it.each<[string, () => Promise<Answer>, number, string]>([
    ['an empty file', () => uploadCsv(''), 400, 'InvalidBodyError'],
    ['a header alone', () => uploadCsv('identifier,amount\n'), 400, 'InvalidBodyError'],
    ['no header', () => uploadCsv(`${BOB},1\n`), 400, 'InvalidBodyError'],
    ['quotes that do not end', () => uploadCsv('identifier,amount\n"1,1\n'), 400, 'InvalidBodyError'],
    ['rows that are no list', () => upload('x'), 400, 'InvalidBodyError'],
    ['no rows', () => upload([]), 400, 'InvalidBodyError'],
    [
      'an account of somebody else',
      () => upload([{ identifier: BOB, amount: '1' }], { sourceAccount: 'erin' }),
      404,
      'NotFoundError',
    ],
    [
      'a payer nobody knows',
      () => upload([{ identifier: BOB, amount: '1' }], { sourceIdentifier: '1' }),
      404,
      'ClientNotFound',
    ],
    [
      'more rows than are taken',
      () => upload(Array.from({ length: 10_001 }, () => ({}))),
      422,
      'UnprocessableEntityError',
    ],
    ['an unknown one', () => at(`GET /v1/bulkPayments/${randomUUID()}`), 404, 'NotFoundError'],
    [
      'a wrong type',
      () => at('POST /v1/bulkPayments', { body: '<x/>', headers: { 'content-type': 'text/xml' } }),
      415,
      'UnsupportedMediaTypeError',
    ],
  ])('are refused for %s', async (_what, request, status, id) => {
    const answer = await request();
    expect([answer.status, answer.body.id]).toEqual([status, id]);
  });

  it('are within limits, those of the list together too', async () => {
    const rule = {
      name: 'bulk limit',
      transferType: 'bulkPayment',
      side: 'debit',
      maxAmount: '50',
      maxAmountDaily: '70',
    };
    const limits = (method: string, body?: object) =>
      network.ask('dfsp-api', 'dfsp1', `${method} /v1/limitRules${body ? '' : '/bulk%20limit'}`, {
        auth: 'admin:admin',
        ...(body ? { body } : {}),
      });
    await network.ask('dfsp-ledger', 'dfsp1', 'PUT /ledger/accounts/paula', {
      auth: 'admin:admin',
      body: { name: 'paula', balance: '500.00' },
    });
    await network.ask('dfsp-api', 'dfsp1', 'PUT /v1/customers/78956599', {
      body: {
        firstName: 'Paula',
        lastName: 'Payer',
        name: 'Paula Payer',
        imageUrl: 'https://images.example/paula.png',
        isMerchant: false,
        accounts: [{ name: 'paula', type: 'mWallet', isPrimary: true }],
      },
    });
    expect((await limits('POST', { rules: [rule] })).status).toBe(201);
    const { body } = await upload(
      [
        { identifier: BOB, amount: '30' },
        { identifier: BOB, amount: '51' },
        { identifier: CAROL, amount: '30' },
        { identifier: FRANK, amount: '30' },
      ],
      { sourceIdentifier: '78956599', sourceAccount: 'paula' },
    );
    await until(body.bulkPaymentId, 'checked');
    const { rows } = (await at(`GET /v1/bulkPayments/${body.bulkPaymentId}/rows`)).body;
    const refused = rows.filter((row: any) => row.status === 'refused');
    expect(refused.map((row: any) => row.error)).toEqual(['LimitExceededError', 'LimitExceededError']);
    expect(refused.map((row: any) => row.message)).toEqual(
      expect.arrayContaining(['Transfer amount limit of 50 reached', 'Daily transfer amount limit of 70 reached']),
    );
    expect((await limits('DELETE')).status).toBe(200);
  });

  it('leave nothing held', async () => {
    expect(await held(network)).toEqual([]);
  });
});
