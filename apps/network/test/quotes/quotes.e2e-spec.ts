import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readIpr } from '@level-one/ilp';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { askForQuote, channelQuote, ERIN, FRANK, fundsOf, held, quoteRequest, transfer } from '../support/quoting.js';
import { TestNetwork } from '../support/test-network.js';

const PRICE = {
  receiveAmount: { amount: '9.25', currency: 'USD' },
  payeeFee: { amount: '1', currency: 'USD' },
  payeeCommission: { amount: '1', currency: 'USD' },
};

describe('quotes', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    await network.close();
  });

  const atApi = (dfsp: 'dfsp1' | 'dfsp2', request: string, body?: unknown, auth?: string) =>
    network.ask('dfsp-api', dfsp, request, { ...(body === undefined ? {} : { body }), ...(auth ? { auth } : {}) });

  describe("the second seed's samples", () => {
    const paymentId = '110ec58a-a0f2-4ac4-8393-c866d813b8d1';

    it('are answered as they say, where the sample sends them and where the text does', async () => {
      const body = quoteRequest(network, { paymentId });
      const answer = await network.ask('spsp-client-proxy', 'dfsp1', 'POST /v1/quotes', { body });
      expect(answer).toMatchObject({ status: 200, body: { paymentId, ...PRICE, sourceExpiryDuration: 10 } });
      const again = await network.ask('scheme-adapter', 'dfsp1', 'POST /scheme/adapter/v1/quotes', { body });
      expect([again.status, again.text]).toEqual([200, answer.text]);
      const { ipr, connectorAccount } = answer.body;
      expect(connectorAccount).toBe(
        network.url('ledger-adapter', 'dfsp1', '/ilp/ledger/v1/accounts/dfsp1-testconnector'),
      );
      expect(readIpr(ipr)).toMatchObject({ paymentId, amount: 1_000n, scale: 2, currency: 'USD' });
    });

    it('are answered by the payee with its own credentials, under the spellings of the sample', async () => {
      const { paymentId: transferId, ...rest } = quoteRequest(network, { transferType: 'PROXY' });
      delete rest['payee'].account;
      rest['payee'].url = 'http://payee-dfsp-scheme-adaptor-baseUrl';
      const before = Date.now();
      const answer = await atApi('dfsp2', 'POST /v1/quotes', { transferId, ...rest }, 'test:123');
      expect(answer).toMatchObject({ status: 200, body: { paymentId: transferId, ...PRICE } });
      const expiresAt = Date.parse(answer.body.expiresAt);
      expect(expiresAt).toBeGreaterThanOrEqual(before + 600_000);
      expect(expiresAt).toBeLessThanOrEqual(Date.now() + 600_000);
      expect((await atApi('dfsp2', 'POST /quotes', { transferId, ...rest }, 'test:123')).text).toBe(answer.text);
    });

    it('are answered too as `curl -d` sends them, without a type of their own', async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
      const body = JSON.stringify(quoteRequest(network, { paymentId }));
      const forms = [
        await network.ask('spsp-client-proxy', 'dfsp1', 'POST /v1/quotes', { body, headers }),
        await network.ask('scheme-adapter', 'dfsp1', 'POST /scheme/adapter/v1/quotes', { body, headers }),
        await network.ask('dfsp-api', 'dfsp2', 'POST /v1/quotes', { body, headers, auth: 'test:123' }),
      ];
      for (const answer of forms) expect(answer).toMatchObject({ status: 200, body: { paymentId, ...PRICE } });

      const other = await network.ask('dfsp-api', 'dfsp1', 'POST /v1/quote', { body, headers });
      expect(other).toMatchObject({ status: 415, body: { id: 'UnsupportedMediaTypeError' } });
      const form = await network.ask('scheme-adapter', 'dfsp1', 'POST /v1/quotes', { body: 'amount=10', headers });
      expect(form).toMatchObject({ status: 400, body: { id: 'InvalidBodyError' } });
    });

    it('are kept, and told on both sides', async () => {
      const credit = await atApi('dfsp2', `GET /v1/quotes/${paymentId}`);
      expect(credit).toMatchObject({
        status: 200,
        body: {
          ...PRICE,
          paymentId,
          payer: { identifier: ERIN, identifierType: 'eur' },
          payee: {
            identifier: FRANK,
            account: network.url('ledger-adapter', 'dfsp2', '/ilp/ledger/v1/accounts/frank'),
          },
          transferType: 'p2p',
          amountType: 'SEND',
          amount: { amount: '10', currency: 'USD' },
          fees: { amount: '0.25', currency: 'USD' },
          status: 'reserved',
        },
      });
      const path = `GET /scheme/adapter/v1/quotes/${paymentId.toUpperCase()}`;
      expect((await network.ask('scheme-adapter', 'dfsp2', path)).body).toEqual(credit.body);
      expect((await network.ask('spsp-client-proxy', 'dfsp2', `GET /quotes/${paymentId}`)).body).toEqual(credit.body);
      const debit = await network.ask('spsp-client-proxy', 'dfsp1', `GET /quotes/${paymentId}`);
      expect(debit).toMatchObject({
        status: 200,
        body: {
          ...credit.body,
          ipr: expect.any(String),
          sourceExpiryDuration: 10,
          connectorAccount: expect.any(String),
        },
      });
    });
  });

  it('a RECEIVE costs the payer what a SEND costs the payee (N95)', async () => {
    const answer = await askForQuote(network, { amountType: 'RECEIVE' });
    expect(answer.body).toMatchObject({ ...PRICE, receiveAmount: { amount: '10', currency: 'USD' } });
    expect(answer.body.sourceAmount).toBe('10.75');
    const free = await askForQuote(network, { payer: { identifier: '1', identifierType: 'eur' }, fees: undefined });
    expect(free.body).toMatchObject({ receiveAmount: { amount: '10' }, payeeFee: { amount: '0' } });
    const decimals = await askForQuote(network, { amount: { amount: 9.25, currency: 'USD' } });
    expect(decimals.body.receiveAmount).toEqual({ amount: '8.5', currency: 'USD' });
    const tooLittle = await askForQuote(network, { amount: { amount: '0.75', currency: 'USD' } });
    expect(tooLittle).toMatchObject({
      status: 422,
      body: { id: 'UnprocessableEntityError', message: 'Amount does not cover the fee' },
    });
  });

  it('A15: cost the payee the same whatever the payer’s DFSP says of its own fee', async () => {
    for (const fees of [undefined, '0', '0.25', '3', '99999'].map((amount) => amount && { amount, currency: 'USD' })) {
      const sent = await askForQuote(network, { fees });
      expect([fees, sent.body]).toEqual([fees, expect.objectContaining(PRICE)]);
      const received = await askForQuote(network, { fees, amountType: 'RECEIVE' });
      expect([fees, received.body.sourceAmount, received.body.receiveAmount.amount]).toEqual([fees, '10.75', '10']);
    }
  });

  it('are paid by the channel, to the cent, and shown as used', async () => {
    const before = await fundsOf(network);
    const quoted = await channelQuote(network);
    expect(quoted).toMatchObject({
      status: 201,
      body: {
        name: 'Frank Fall',
        amount: '10',
        fee: '0.25',
        commission: '0',
        total: '10.25',
        receiveAmount: '9.25',
        payeeFee: '1',
      },
    });
    const { paymentId } = quoted.body;
    const debit = await atApi('dfsp1', `GET /v1/quotes/${paymentId}`);
    expect(debit.body).toMatchObject({ ...PRICE, status: 'reserved', expiresAt: quoted.body.expiresAt });
    const paid = await transfer(network, paymentId);
    expect(paid).toMatchObject({ status: 201, body: { paymentId, status: 'executed' } });
    expect(paid.headers.get('l1p-trace-id')).toBe(paymentId);
    const change = await changeSince(before);
    expect(change).toEqual({
      erin: -1025,
      fees1: 25,
      connector1: 1000,
      central1: -1000,
      central2: 1000,
      connector2: -1000,
      frank: 925,
      fees2: 75,
      commission2: -100,
      agent2: 100,
    });
    for (const dfsp of ['dfsp1', 'dfsp2'] as const) await untilUsed(dfsp, paymentId);
    // The transfers have the condition of the payment request.
    const { condition } = readIpr(debit.body.ipr);
    for (const place of ['dfsp1', null, 'dfsp2'] as const) {
      const { body } = await network.transfer(place, paymentId);
      expect([body.state, body.execution_condition]).toEqual(['executed', condition]);
    }
    const again = await transfer(network, paymentId);
    expect([again.status, again.body]).toEqual([200, paid.body]);
    expect(await changeSince(before)).toEqual(change);
    const asked = await network.ask('scheme-adapter', 'dfsp1', `GET /v1/quotes/${paymentId}`);
    expect(asked.body.status).toBe('used');
  });

  /** The payee's DFSP hears of it a moment after the payer's. */
  const untilUsed = (dfsp: 'dfsp1' | 'dfsp2', quote: string) =>
    eventually(async () => expect((await atApi(dfsp, `GET /v1/quotes/${quote}`)).body.status).toBe('used'));

  async function changeSince(before: Record<string, string>): Promise<Record<string, number>> {
    const now = await fundsOf(network);
    return Object.fromEntries(
      Object.entries(now).map(([name, balance]) => [name, Math.round((Number(balance) - Number(before[name])) * 100)]),
    );
  }

  it('are given again for the same question, and refused for another under its id (N93)', async () => {
    const paymentId = randomUUID();
    const first = await askForQuote(network, { paymentId });
    const again = await askForQuote(network, { paymentId: paymentId.toUpperCase() });
    expect([again.status, again.text]).toEqual([200, first.text]);
    for (const changes of [
      { amount: { amount: '11', currency: 'USD' } },
      { amountType: 'RECEIVE' },
      { transferType: 'cashIn' },
      { payer: { identifier: '78956562', identifierType: 'eur' } },
      { fees: { amount: '0.26', currency: 'USD' } },
    ]) {
      const other = await askForQuote(network, { paymentId, ...changes });
      expect([changes, other.status, other.body.id]).toEqual([changes, 422, 'QuoteMismatchError']);
    }
    const order = { paymentId: randomUUID() };
    const mine = await channelQuote(network, order);
    expect((await channelQuote(network, order)).text).toBe(mine.text);
    expect(await channelQuote(network, { ...order, amount: '11' })).toMatchObject({
      status: 422,
      body: { id: 'QuoteMismatchError' },
    });
  });

  it.each<[string, Record<string, unknown>, number, string]>([
    ['a paymentId that is none', { paymentId: 'x' }, 400, 'InvalidBodyError'],
    ['no paymentId', { paymentId: undefined }, 400, 'InvalidBodyError'],
    ['both amount types', { amountType: 'BOTH' }, 400, 'IncorrectAmountTypeError'],
    ['no amount type', { amountType: undefined }, 400, 'InvalidBodyError'],
    ['no payer', { payer: undefined }, 400, 'InvalidBodyError'],
    ['a payer that is a list', { payer: [] }, 400, 'InvalidBodyError'],
    ['no payee', { payee: undefined }, 400, 'InvalidBodyError'],
    ['no amount', { amount: undefined }, 400, 'InvalidBodyError'],
    ['an amount of text', { amount: '10' }, 400, 'InvalidBodyError'],
    ['nothing', { amount: { amount: '0', currency: 'USD' } }, 422, 'UnprocessableEntityError'],
    ['less than nothing', { amount: { amount: '-1', currency: 'USD' } }, 422, 'UnprocessableEntityError'],
    ['an amount that is none', { amount: { amount: 'x', currency: 'USD' } }, 400, 'InvalidBodyError'],
    ['too many decimals', { amount: { amount: '1.001', currency: 'USD' } }, 422, 'UnprocessableEntityError'],
    ['too many digits', { amount: { amount: '123456789012', currency: 'USD' } }, 422, 'UnprocessableEntityError'],
    ['a currency that is none', { amount: { amount: '10', currency: 'usd' } }, 400, 'InvalidBodyError'],
    [
      'another currency',
      { amount: { amount: '10', currency: 'EUR' }, fees: undefined },
      422,
      'UnprocessableEntityError',
    ],
    ['fees in another currency', { fees: { amount: '1', currency: 'EUR' } }, 422, 'UnprocessableEntityError'],
    ['a transfer type that is none', { transferType: 'gift' }, 400, 'InvalidBodyError'],
  ])('are not given for %s (N92)', async (_what, changes, status, id) => {
    const answer = await askForQuote(network, changes);
    expect([answer.status, answer.body.id]).toEqual([status, id]);
    expect(answer.text).not.toMatch(/\bat .*\.(ts|js):\d/);
    if (changes['payee'] !== undefined) return;
    const atPayee = await atApi('dfsp2', 'POST /v1/quotes', quoteRequest(network, changes));
    expect([atPayee.status, atPayee.body.id]).toEqual([status, id]);
  });

  it('are not given for payees that are nowhere (N97)', async () => {
    const { payee } = quoteRequest(network);
    const ask = async (changes: Record<string, unknown>) => {
      const { status, body } = await askForQuote(network, { payee: { ...payee, account: undefined, ...changes } });
      return [status, body.id];
    };
    expect(await ask({ identifier: '11111111' })).toEqual([404, 'UserNotFound']);
    expect(await ask({ url: 'http://127.0.0.1:1/scheme/adapter/v1' })).toEqual([404, 'UserNotFound']);
    expect(await ask({ url: `${network.url('dfsp-ledger', 'dfsp2')}/scheme/adapter/v1` })).toEqual([
      404,
      'UserNotFound',
    ]);
    expect(await ask({ url: 'nowhere' })).toEqual([400, 'InvalidBodyError']);
    expect(await ask({ url: undefined })).toEqual([400, 'InvalidBodyError']);
    const channel = await channelQuote(network, { destinationIdentifier: '11111111' });
    expect([channel.status, channel.body.id]).toEqual([404, 'UserNotFound']);
    const stranger = await channelQuote(network, { sourceIdentifier: '11111111' });
    expect([stranger.status, stranger.body.id]).toEqual([404, 'ClientNotFound']);
    const alien = await channelQuote(network, { sourceAccount: 'alice' });
    expect([alien.status, alien.body.id]).toEqual([404, 'NotFoundError']);
    await atApi('dfsp2', 'PUT /v1/customers/30754099', {
      firstName: 'No',
      lastName: 'Wallet',
      name: 'No Wallet',
      imageUrl: 'https://images.example/none.png',
      isMerchant: false,
      accounts: [],
    });
    expect(await ask({ identifier: '30754099' })).toEqual([422, 'NoAccount']);
  });

  it('are asked of the payee only with its credentials (N94)', async () => {
    for (const auth of ['test:124', 'dfsp1:dfsp1', 'admin:admin']) {
      const answer = await atApi('dfsp2', 'POST /v1/quotes', quoteRequest(network), auth);
      expect([auth, answer.status]).toEqual([auth, auth === 'admin:admin' ? 403 : 401]);
    }
    expect((await network.ask('dfsp-api', 'dfsp2', 'POST /v1/quotes', { auth: null, body: 'x' })).status).toBe(401);
  });

  it('are not found where there are none (N98)', async () => {
    for (const role of ['dfsp-api', 'scheme-adapter'] as const) {
      const read = (id: string) => network.ask(role, 'dfsp2', `GET /v1/quotes/${id}`);
      expect(await read(randomUUID())).toMatchObject({ status: 404, body: { id: 'QuoteNotFoundError' } });
      expect(await read('1')).toMatchObject({ status: 400, body: { id: 'InvalidUriParameterError' } });
    }
    expect(await transfer(network, randomUUID())).toMatchObject({ status: 404, body: { id: 'QuoteNotFoundError' } });
    expect(await transfer(network, '1')).toMatchObject({ status: 400, body: { id: 'InvalidBodyError' } });
  });

  it('inside one DFSP have both sides on one ledger', async () => {
    const order = { destinationIdentifier: '78956562' };
    const quoted = await channelQuote(network, order);
    expect(quoted).toMatchObject({ status: 201, body: { name: 'Alice Ames', total: '10', receiveAmount: '10' } });
    const before = [await network.balance('dfsp1', 'erin'), await network.balance('dfsp1', 'alice')].map(Number);
    const { paymentId } = quoted.body;
    expect(await transfer(network, paymentId)).toMatchObject({ status: 201, body: { status: 'executed' } });
    const after = [await network.balance('dfsp1', 'erin'), await network.balance('dfsp1', 'alice')].map(Number);
    expect([after[0]! - before[0]!, after[1]! - before[1]!].map((change) => change.toFixed(2))).toEqual([
      '-10.00',
      '10.00',
    ]);
    expect((await network.transfer(null, paymentId)).status).toBe(404);
    for (const side of ['debit', 'credit']) await untilUsed('dfsp1', `${paymentId}?side=${side}`);
  });

  it('leave nothing held', async () => {
    expect(await held(network)).toEqual([]);
  });
});
