import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FROM_DFSP_HEADER } from '@level-one/peers';
import { basicAuthorization } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { ALICE, type Answer, DAVE, statusesOf, TestBed } from '../../../test/test-bed.js';

const CAROL = '78956563';
const ROOM = { quotesPerDfsp: 8, quotesPerCustomer: 5, unprovenQuotes: 4, unprovenQuotesPerCustomer: 3 };

describe('quotes that other DFSPs ask for', () => {
  let bed: TestBed;
  /** Several payees, because quotes for one payee lock the payee's limits one after the other. */
  const payees = Array.from({ length: 12 }, (_, index) => String(30_000_000 + index));

  beforeAll(async () => {
    bed = await TestBed.start(ROOM);
    for (const payee of payees) {
      const accounts = [{ name: `payee${payee}`, type: 'mWallet' }];
      const customer = { firstName: 'Pat', lastName: 'Payee', imageUrl: 'https://images.example/one.png', accounts };
      expect((await bed.ask(`PUT /v1/customers/${payee}`, customer)).status).toBe(200);
    }
  });
  afterAll(() => bed.stop());
  beforeEach(() => bed.get(DataSource).query('TRUNCATE quotes, limit_reservations, limit_usage, receiver_payments'));

  const questionTo = (payee: string): Record<string, unknown> => ({
    paymentId: randomUUID(),
    payer: { identifier: CAROL, identifierType: 'eur' },
    payee: { identifier: payee, identifierType: 'eur' },
    transferType: 'p2p',
    amountType: 'SEND',
    amount: { amount: '1', currency: 'USD' },
    fees: { amount: '0', currency: 'USD' },
  });
  const ask = (from: string | undefined, payee = DAVE, more: Record<string, unknown> = {}): Promise<Answer> =>
    bed.ask(
      'POST /v1/quotes',
      { ...questionTo(payee), ...more },
      {
        authorization: basicAuthorization('scheme-adapter', 'adapter-password'),
        initiator: 'PROXY',
        ...(from === undefined ? {} : { [FROM_DFSP_HEADER]: from }),
      },
    );
  const manyAtOnce = (many: number, from: string | undefined, payee?: string): Promise<Answer[]> =>
    Promise.all(Array.from({ length: many }, () => ask(from, payee)));
  const taken = (many: number, all: number): number[] => [...Array(many).fill(200), ...Array(all - many).fill(429)];

  it("A7: of the DFSP's own clients count as its own, not as unproven", async () => {
    const ofOwnClient = (): Promise<Answer> =>
      bed.ask('POST /v1/quotes', questionTo(DAVE), {
        authorization: basicAuthorization('scheme-adapter', 'adapter-password'),
      });
    const answers = await Promise.all(Array.from({ length: ROOM.quotesPerCustomer }, ofOwnClient));
    expect(statusesOf(answers)).toEqual(taken(ROOM.quotesPerCustomer, ROOM.quotesPerCustomer));
    expect((await ofOwnClient()).status).toBe(429);
    expect((await ask(undefined)).status).toBe(200);
  });

  it.each([
    ['dfsp2', ROOM.quotesPerCustomer],
    [undefined, ROOM.unprovenQuotesPerCustomer],
  ])('A7, A8: of %s are limited for one customer, also if many are asked for at once', async (from, room) => {
    expect(statusesOf(await manyAtOnce(20, from))).toEqual(taken(room, 20));
    const refused = await ask(from);
    expect(refused).toMatchObject({ status: 429, json: { id: 'TooManyRequestsError' } });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await ask(from, ALICE)).status).toBe(200);
  });

  it.each([
    ['dfsp2', ROOM.quotesPerDfsp],
    [undefined, ROOM.unprovenQuotes],
  ])('A7, A8: of %s are limited in all, without touching the allowance of others', async (from, room) => {
    const answers = await Promise.all(payees.map((payee) => manyAtOnce(2, from, payee)));
    expect(statusesOf(answers.flat())).toEqual(taken(room, 2 * payees.length));
    expect((await ask('dfsp3')).status).toBe(200);
    const [{ count }] = await bed.get(DataSource).query('SELECT count(*)::int FROM quotes');
    expect(count).toBe(room + 1);
  });

  it('A7: are given again to a repeated request, also after they have ended', async () => {
    const paymentId = randomUUID();
    expect((await ask('dfsp2', DAVE, { paymentId })).status).toBe(200);
    await manyAtOnce(10, 'dfsp2');
    expect((await ask('dfsp2', DAVE, { paymentId })).status).toBe(200);
    await bed.get(DataSource).query(`UPDATE quotes SET expires_at = now() - interval '1 s'`);
    expect(statusesOf(await manyAtOnce(10, 'dfsp2'))).toEqual(taken(ROOM.quotesPerCustomer, 10));
  });

  it("A7: free the payee's limits once their prepared money has gone back", async () => {
    const rule = { name: 'a day', side: 'credit', currency: 'USD', maxAmountDaily: 100 };
    const admin = { authorization: basicAuthorization('admin', 'admin') };
    expect((await bed.ask('POST /v1/limitRules', { rules: [rule] }, admin)).status).toBe(201);
    const amount = { amount: '80', currency: 'USD' };
    const quoted = async (from: string): Promise<string> => {
      const paymentId = randomUUID();
      expect((await ask(from, DAVE, { paymentId, amount })).status).toBe(200);
      return paymentId;
    };
    const sendNews = (paymentId: string, status: string): Promise<Answer> => {
      const [state, reason] = status === 'expired' ? ['rejected', { rejection_reason: 'expired' }] : [status, {}];
      bed.ledgerHas(paymentId, state, { credits: [{ account: 'dave', amount: '80.00' }], ...reason });
      return bed.ask(`PUT /v1/payments/${paymentId}`, { status });
    };
    const [first, second] = [await quoted('dfsp2'), await quoted('dfsp3')];
    expect((await sendNews(first, 'prepared')).status).toBe(200);
    expect(await sendNews(second, 'prepared')).toMatchObject({ status: 422, json: { id: 'LimitExceededError' } });
    expect((await sendNews(first, 'expired')).status).toBe(200);
    expect((await sendNews(second, 'prepared')).status).toBe(200);
    expect((await sendNews(first, 'prepared')).status).toBe(422);
    expect((await sendNews(second, 'executed')).status).toBe(200);
    expect(await ask('dfsp2', DAVE, { amount })).toMatchObject({ status: 422, json: { id: 'LimitExceededError' } });
  });
});
