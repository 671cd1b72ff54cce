import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { ALICE, BOB, CAROL, DAVE, invoice, pay, pending } from '../support/people.js';
import { askForQuote, channelQuote, ERIN, FRANK, held, quoteRequest, transfer } from '../support/quoting.js';
import { TestNetwork } from '../support/test-network.js';

type Dfsp = 'dfsp1' | 'dfsp2';

/** What others, and impatient clients, do with quotes. */
describe('quotes that are abused', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    await network.close();
  });

  const at = (dfsp: Dfsp, request: string, body?: unknown, auth?: string) =>
    network.ask('dfsp-api', dfsp, request, { ...(body === undefined ? {} : { body }), ...(auth ? { auth } : {}) });
  const limit = async (dfsp: Dfsp, rule: Record<string, unknown>) => {
    const answer = await at(dfsp, 'POST /v1/limitRules', { rules: [rule] }, 'admin:admin');
    expect([answer.status, answer.text]).toEqual([201, answer.text]);
  };
  const unlimit = (dfsp: Dfsp, name: string) =>
    at(dfsp, `DELETE /v1/limitRules/${encodeURIComponent(name)}`, undefined, 'admin:admin');
  /** What counts of one type for somebody today. */
  const usedToday = async (dfsp: Dfsp, identifier: string, side: string, type: string) => {
    const { body } = await at(dfsp, `GET /v1/limits/${identifier}`);
    const use = (body.used as { side: string; transferType?: string; period: string; amount: string; count: number }[])
      .filter(({ period }) => period === 'day')
      .find((one) => one.side === side && one.transferType === type);
    return use ? `${use.amount} ${use.count}` : '0 0';
  };

  it('do not charge strangers who were quoted by another DFSP under the same id', async () => {
    const paymentId = randomUUID();
    const order = { paymentId, sourceIdentifier: ALICE, sourceAccount: 'alice', amount: '10' };
    expect((await channelQuote(network, order)).status).toBe(201);
    const stolen = quoteRequest(network, {
      paymentId,
      payer: { identifier: FRANK, identifierType: 'eur' },
      payee: { identifier: ERIN, identifierType: 'eur' },
      amount: { amount: '5000', currency: 'USD' },
      fees: undefined,
    });
    const quoted = await network.ask('scheme-adapter', 'dfsp1', 'POST /scheme/adapter/v1/quotes', {
      body: stolen,
      headers: { initiator: 'PROXY' },
    });
    expect(quoted).toMatchObject({
      status: 200,
      body: { payeeFee: { amount: '5' }, payeeCommission: { amount: '50' } },
    });

    const names = ['erin', 'alice', 'fees', 'commission', 'agent-commission'];
    const before = await Promise.all(names.map((name) => network.balance('dfsp1', name)));
    expect((await transfer(network, paymentId)).body).toMatchObject({ status: 'executed' });
    const after = await Promise.all(names.map((name) => network.balance('dfsp1', name)));
    const moved = names.map((_name, index) => Math.round((Number(after[index]) - Number(before[index])) * 100));
    expect(moved).toEqual([0, -1_000, 0, 0, 0]);
  });

  it("take nothing of the payee's limits when the payer's own forbid the payment", async () => {
    await limit('dfsp1', {
      name: 'cash out',
      transferType: 'cashOut',
      side: 'debit',
      maxAmount: '50',
      maxCountDaily: 1,
    });
    const ask = (amount: string) =>
      channelQuote(network, {
        amount,
        transferType: 'cashOut',
        sourceIdentifier: ALICE,
        sourceAccount: 'alice',
        destinationIdentifier: CAROL,
      });
    for (const [amount, message] of [
      ['51', 'Transfer amount limit of 50 reached'],
      ['500', 'Transfer amount limit of 50 reached'],
    ] as const) {
      expect(await ask(amount)).toMatchObject({ status: 422, body: { id: 'LimitExceededError', message } });
    }
    expect(await usedToday('dfsp2', CAROL, 'credit', 'cashOut')).toBe('0 0');
    expect((await ask('20')).status).toBe(201);
    expect(await ask('20')).toMatchObject({ status: 422, body: { id: 'LimitExceededError' } });
    expect(await usedToday('dfsp2', CAROL, 'credit', 'cashOut')).toBe('20 1');
    await unlimit('dfsp1', 'cash out');
  });

  it('of invoices count when they are paid, however often they are looked at and cannot be paid', async () => {
    expect((await invoice(network, { amount: '30.00', identifier: DAVE })).status).toBe(201);
    const id = (await pending(network, DAVE))[0]!.invoiceNotificationId;
    await limit('dfsp1', { name: 'invoices', transferType: 'invoice', side: 'debit', maxAmountDaily: '50' });
    const before = await usedToday('dfsp2', BOB, 'credit', 'invoice');
    for (let attempt = 0; attempt < 4; attempt++) {
      expect(await pay(network, id, 'dave')).toMatchObject({ status: 422, body: { id: 'InsufficientFundsError' } });
    }
    for (let look = 0; look < 3; look++) {
      expect((await at('dfsp1', `GET /v1/invoiceNotifications/${id}`)).status).toBe(200);
    }
    expect(await usedToday('dfsp1', DAVE, 'debit', 'invoice')).toBe('0 0');
    const [amount, count] = (await usedToday('dfsp2', BOB, 'credit', 'invoice')).split(' ').map(Number);
    const [amountBefore, countBefore] = before.split(' ').map(Number);
    // One quote for the attempts, one that was shown.
    expect(count! - countBefore!).toBeLessThanOrEqual(2);
    expect(amount! - amountBefore!).toBeLessThanOrEqual(60);

    await network.bringTo('dfsp1', 'dave', '100.00');
    expect(await pay(network, id, 'dave')).toMatchObject({ status: 200, body: { status: 'paid' } });
    expect(await usedToday('dfsp1', DAVE, 'debit', 'invoice')).toBe('30 1');
    await unlimit('dfsp1', 'invoices');
  });

  it('of a list that was cancelled count no more', async () => {
    await limit('dfsp1', { name: 'lists', transferType: 'bulkPayment', side: 'debit', maxAmountDaily: '100' });
    const upload = async () => {
      const rows = Array.from({ length: 12 }, () => ({ identifier: BOB, amount: '8' }));
      const { body } = await at('dfsp1', 'POST /v1/bulkPayments', {
        sourceIdentifier: ALICE,
        sourceAccount: 'alice',
        rows,
      });
      return eventually(
        async () => {
          const answer = await at('dfsp1', `GET /v1/bulkPayments/${body.bulkPaymentId}`);
          expect(answer.body.status).toBe('checked');
          return answer.body;
        },
        { timeoutMs: 60_000 },
      );
    };
    const first = await upload();
    expect(first.progress).toMatchObject({ checked: { rows: 12 } });
    expect(await usedToday('dfsp1', ALICE, 'debit', 'bulkPayment')).toBe('96 12');
    await at('dfsp1', `PUT /v1/bulkPayments/${first.bulkPaymentId}/cancel`);
    await eventually(async () => expect(await usedToday('dfsp1', ALICE, 'debit', 'bulkPayment')).toBe('0 0'));
    expect((await upload()).progress).toMatchObject({ checked: { rows: 12 } });
    await unlimit('dfsp1', 'lists');
  });

  it('are not used by news of money that nobody sent (row 35)', async () => {
    const { body: quote } = await askForQuote(network);
    const { paymentId } = quote as { paymentId: string };
    const tell = (status: string) =>
      at('dfsp2', `PUT /v1/receivers/${FRANK}/payments/${paymentId}`, {
        paymentid: paymentId,
        transferId: paymentId,
        status,
        destinationAmount: '10',
        senderIdentifier: ERIN,
        memo: '',
      });
    for (const status of ['prepared', 'executed', 'rejected']) {
      expect([(await tell(status)).status, status]).toEqual([422, status]);
    }
    expect((await at('dfsp2', `GET /v1/quotes/${paymentId}`)).body.status).toBe('reserved');
  });

  it.each<[string, Record<string, unknown>]>([
    ['two ids', { transferId: randomUUID() }],
    ['a number that would be a header', { payer: { identifier: '9\r\nX: 1', identifierType: 'eur' } }],
  ])('are not given for %s', async (_name, changes) => {
    expect(await askForQuote(network, changes)).toMatchObject({ status: 400, body: { id: 'InvalidBodyError' } });
  });

  it('are not given to pay an account by itself', async () => {
    expect(await channelQuote(network, { destinationIdentifier: ERIN })).toMatchObject({
      status: 422,
      body: { id: 'UnprocessableEntityError' },
    });
  });

  it('leave nothing held', async () => {
    expect(await held(network)).toEqual([]);
  });
});
