import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ALICE, BOB, TestBed } from '../../test/test-bed.js';

describe('rows of lists that were not paid', () => {
  let bed: TestBed;
  const [first, second] = [randomUUID(), randomUUID()];
  const odd = '55500011';

  beforeAll(async () => {
    bed = await TestBed.start();
    // No amount of them can be read, so that each row is refused at once.
    await handIn(first, [BOB, odd, BOB]);
    await handIn(second, [BOB, BOB]);
  });
  afterAll(() => bed.stop());

  async function handIn(bulkPaymentId: string, payees: string[]): Promise<void> {
    const rows = payees.map((identifier, index) => ({ identifier, amount: `x${index}` }));
    const body = { bulkPaymentId, sourceIdentifier: ALICE, sourceAccount: 'alice', rows };
    const { status, json } = await bed.ask('POST /v1/bulkPayments', body);
    expect([status, json]).toEqual([201, expect.objectContaining({ bulkPaymentId })]);
  }

  const get = (query: string) => bed.ask(`GET /v1/refusedRows?${query}`);
  const linesOf = async (query: string): Promise<string[]> =>
    (await get(query)).json.rows.map((row: any) => `${row.bulkPaymentId === first ? 1 : 2}/${row.line}`);

  it('are listed with why, and are found by list, by number of the payer or the payee, by state and by time', async () => {
    const { status, json } = await get(`bulkPayment=${first}&number=${odd}`);
    expect(status).toBe(200);
    expect(json).toEqual({
      rows: [
        {
          bulkPaymentId: first,
          line: 2,
          state: 'refused',
          sourceIdentifier: ALICE,
          identifier: odd,
          amount: 'x1',
          paymentId: expect.stringMatching(/^[0-9a-f-]{36}$/),
          error: expect.stringMatching(/Error$/),
          message: expect.any(String),
          createdAt: expect.any(String),
        },
      ],
      next: null,
    });
    expect(await linesOf('limit=10')).toEqual(['2/1', '2/2', '1/1', '1/2', '1/3']);
    expect(await linesOf(`bulkPayment=${second.toUpperCase()}`)).toEqual(['2/1', '2/2']);
    expect(await linesOf(`number=${ALICE}`)).toHaveLength(5);
    expect(await linesOf(`number=${odd}`)).toEqual(['1/2']);
    expect(await linesOf('number=1')).toEqual([]);
    expect(await linesOf('state=failed')).toEqual([]);
    expect(await linesOf('to=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await linesOf('from=2020-01-01T00:00:00Z')).toHaveLength(5);
    expect((await get('state=paid')).status).toBe(400);
    expect((await get('bulkPayment=x')).status).toBe(400);
  });

  it('are read in pages, each row once', async () => {
    const found: string[] = [];
    for (let query: string | undefined = 'limit=2'; query !== undefined;) {
      const { json } = await get(query);
      found.push(...json.rows.map((row: any) => `${row.bulkPaymentId === first ? 1 : 2}/${row.line}`));
      query = json.next?.split('?')[1];
    }
    expect(found).toEqual(['2/1', '2/2', '1/1', '1/2', '1/3']);
  });
});
