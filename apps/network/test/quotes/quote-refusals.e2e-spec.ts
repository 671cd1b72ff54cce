import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readIpr } from '@level-one/ilp';
import { CONDITION, eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import {
  altered,
  askForQuote,
  channelQuote,
  FRANK,
  fundsOf,
  held,
  payRequest,
  quoteRequest,
  transfer,
} from '../support/quoting.js';
import { TestNetwork } from '../support/test-network.js';

/** Quotes that hold for so long only. */
const LIFETIME_S = 3;

/**
 * Where money is at stake (second seed, III): whatever does not go with the quote that the payee's DFSP reserved is
 * rejected there, before anything is executed, and every hold is returned.
 */
describe('transfers that do not go with their quote', () => {
  let network: TestNetwork;
  let before: Record<string, string>;

  beforeAll(async () => {
    network = await TestNetwork.start();
    before = await fundsOf(network);
  });

  afterAll(async () => {
    await network.close();
  });

  async function untouched(): Promise<void> {
    await eventually(async () => expect(await held(network)).toEqual([]));
    expect(await fundsOf(network)).toEqual(before);
  }

  async function rejectedEverywhere(paymentId: string): Promise<void> {
    for (const place of ['dfsp1', null, 'dfsp2'] as const) {
      const { body } = await network.transfer(place, paymentId);
      expect([place, body.state]).toEqual([place, 'rejected']);
    }
    await untouched();
  }

  const rejection = (code: string, id: string) => ({
    status: 200,
    body: { status: 'rejected', rejectionMessage: { code, additional_info: { id } } },
  });

  it('without a quote at all (N88)', async () => {
    const { body: quote } = await askForQuote(network);
    const paymentId = randomUUID();
    const paid = await payRequest(network, { ...quote, ipr: altered(quote.ipr, { paymentId }) });
    expect(paid).toMatchObject(rejection('F06', 'QuoteNotFoundError'));
    await rejectedEverywhere(paymentId);
  });

  it('with a payment request that was made without a quote (N88)', async () => {
    const paymentId = randomUUID();
    const { body } = await network.ask('spsp-server', 'dfsp2', 'POST /v1/createIPR', {
      body: {
        paymentId,
        destinationAccount: network.url('ledger-adapter', 'dfsp2', '/ilp/ledger/v1/accounts/frank'),
        destinationAmount: '10',
        expiresAt: new Date(Date.now() + 60_000).toISOString(),
      },
    });
    const { body: quote } = await askForQuote(network);
    expect(await payRequest(network, { ...quote, ipr: body.ipr })).toMatchObject(
      rejection('F06', 'QuoteNotFoundError'),
    );
    await rejectedEverywhere(paymentId);
  });

  it.each<[string, Parameters<typeof altered>[1], string, string]>([
    ['another amount', { amount: 999n }, 'F03', 'amount'],
    ['another account', { address: 'levelone.dfsp2.carol.x' }, 'F06', 'destinationAccount'],
    ['another transfer type', { data: { transferType: 'cashOut' } }, 'F06', 'transferType'],
    ['another currency', { data: { currency: 'EUR' } }, 'F06', 'currency'],
    ['another payer', { data: { payer: { identifier: '1', identifierType: 'eur' } } }, 'F06', 'payerIdentifier'],
    ['another payee', { data: { payee: { identifier: '1', identifierType: 'eur' } } }, 'F06', 'payeeIdentifier'],
  ])('with %s (N90)', async (_what, changes, code, field) => {
    const { body: quote } = await askForQuote(network);
    const paid = await payRequest(network, { ...quote, ipr: altered(quote.ipr, changes) });
    expect(paid).toMatchObject(rejection(code, 'QuoteMismatchError'));
    const { params } = paid.body.rejectionMessage.additional_info;
    expect(params.map((param: { field: string }) => param.field)).toContain(field);
    await rejectedEverywhere(quote.paymentId);
  });

  it('with more money than was quoted (N90)', async () => {
    const { body: quote } = await askForQuote(network);
    const paid = await payRequest(network, quote, { sourceAmount: '10.01' });
    expect(paid).toMatchObject(rejection('F03', 'QuoteMismatchError'));
    await rejectedEverywhere(quote.paymentId);
  });

  it('with less money than was quoted: the connector does not forward it (N90)', async () => {
    const { body: quote } = await askForQuote(network);
    const paid = await payRequest(network, quote, { sourceAmount: '9.99' });
    expect(paid).toMatchObject(rejection('F03', 'UnacceptableRateError'));
    expect((await network.transfer(null, quote.paymentId)).status).toBe(404);
    await untouched();
  });

  it('with the packet of the quote under another condition', async () => {
    const { body: quote } = await askForQuote(network);
    const { packet, paymentId } = readIpr(quote.ipr);
    await prepareAtPayee(paymentId, { packet });
    await eventually(async () => {
      const { body } = await network.transfer('dfsp2', paymentId);
      expect(body).toMatchObject({ state: 'rejected', credits: [{ rejection_message: { code: 'F05' } }] });
    });
    await untouched();
  });

  /** A transfer on the payee's ledger that no connector of the scheme made. */
  function prepareAtPayee(id: string, { packet, condition = CONDITION }: { packet: string; condition?: string }) {
    const account = (name: string) => network.url('dfsp-ledger', 'dfsp2', `/ledger/accounts/${name}`);
    return network.ask('dfsp-ledger', 'dfsp2', `PUT /ledger/transfers/${id}`, {
      auth: 'dfsp2-testconnector:dfsp2-testconnector',
      body: {
        id,
        debits: [{ account: account('dfsp2-testconnector'), amount: '10', authorized: true }],
        credits: [{ account: account('frank'), amount: '10', memo: { ilp: packet } }],
        execution_condition: condition,
        expires_at: new Date(Date.now() + 20_000).toISOString(),
      },
    });
  }

  it('under an id of its own, whether the quote was used before or not (N91)', async () => {
    const { body: quote } = await askForQuote(network);
    const { packet, condition } = readIpr(quote.ipr);
    const early = randomUUID();
    await prepareAtPayee(early, { packet, condition });
    const reasonOf = async (id: string) =>
      eventually(async () => {
        const { body } = await network.transfer('dfsp2', id);
        expect(body.state).toBe('rejected');
        const { code, additional_info: info } = body.credits[0].rejection_message;
        return [code, info.id];
      });
    expect(await reasonOf(early)).toEqual(['F06', 'QuoteNotFoundError']);
    await untouched();
    expect(await payRequest(network, quote)).toMatchObject({ status: 200, body: { status: 'executed' } });
    before = await eventually(async () => {
      expect(await held(network)).toEqual([]);
      return fundsOf(network);
    });
    const late = randomUUID();
    await prepareAtPayee(late, { packet, condition });
    expect(await reasonOf(late)).toEqual(['F06', 'QuoteUsedError']);
    await untouched();
  });

  it('are refused to whoever tells of them without a transfer (rows 35, 48)', async () => {
    const { body: quote } = await askForQuote(network);
    const tell = (news: Record<string, unknown>, paymentId = quote.paymentId) =>
      network.ask('scheme-adapter', 'dfsp2', 'POST /scheme/adapter/v1/notifications', {
        body: { paymentId, ipr: quote.ipr, status: 'prepared', ...news },
      });
    expect(await tell({}, randomUUID())).toMatchObject({ status: 404, body: { id: 'QuoteNotFoundError' } });
    expect(await tell({ destinationAmount: '9' })).toMatchObject({
      status: 422,
      body: { id: 'QuoteMismatchError', params: [{ field: 'amount', expected: '10', actual: '9' }] },
    });
    expect(await tell({ destinationAccount: 'carol' })).toMatchObject({
      status: 422,
      body: { id: 'QuoteMismatchError' },
    });
    expect(await tell({ data: { transferType: 'invoice' } })).toMatchObject({
      status: 422,
      body: { id: 'QuoteMismatchError' },
    });
    expect(await tell({ status: 'paid' })).toMatchObject({ status: 400, body: { id: 'InvalidBodyError' } });
    expect(await tell({ status: 'rejected' })).toMatchObject({ status: 200 });
  });

  it('are refused to a setup too (row 21)', async () => {
    const { body: quote } = await askForQuote(network);
    const setUp = (changes: Record<string, unknown>) =>
      network.ask('spsp-client', 'dfsp1', 'POST /v1/setup', {
        body: {
          receiver: network.url('spsp-server', 'dfsp2', `/v1/receivers/${FRANK}`),
          sourceAccount: network.url('ledger-adapter', 'dfsp1', '/ilp/ledger/v1/accounts/erin'),
          sourceIdentifier: '92806391',
          destinationAmount: '10',
          paymentId: quote.paymentId,
          ...changes,
        },
      });
    expect(await setUp({ destinationAmount: '11' })).toMatchObject({ status: 422, body: { id: 'QuoteMismatchError' } });
    expect(await setUp({ sourceIdentifier: '1' })).toMatchObject({ status: 422, body: { id: 'QuoteMismatchError' } });
    const setup = await setUp({});
    expect(setup).toMatchObject({ status: 201, body: { additionalHeaders: readIpr(quote.ipr).packet } });
  });

  it.each(['not base64url!', 'c29tZSBpcHIgaGVyZQ==', Buffer.alloc(80, 1).toString('base64url')])(
    'are not begun with the payment request %s (N100)',
    async (ipr) => {
      const { body: quote } = await askForQuote(network);
      const answer = await payRequest(network, { ...quote, ipr });
      expect([answer.status, answer.body.id]).toEqual([400, 'InvalidBodyError']);
      expect(answer.body.message).toBe(`ipr (${ipr.slice(0, 64)}) contains invalid base64url.`);
    },
  );

  it.each([
    [{ ipr: undefined }, 'missing JSON body field ipr'],
    [{ sourceAmount: undefined }, 'missing JSON body field sourceAmount'],
    [{ sourceAmount: 'ten' }, 'sourceAmount (ten) is an invalid decimal amount'],
    [{ sourceAccount: undefined }, 'missing JSON body field sourceAccount'],
    [{ connectorAccount: undefined }, 'missing JSON body field connectorAccount'],
    [{ sourceExpiryDuration: 0 }, 'sourceExpiryDuration (0) is an invalid number of seconds, 1 to 60'],
    [{ paymentId: 'x' }, 'paymentId (x) is an invalid uuid'],
    [{ paymentId: '110ec58a-a0f2-4ac4-8393-c866d813b8d1' }, 'paymentId is not that of the ipr'],
  ])('are not begun with %j', async (changes, message) => {
    const { body: quote } = await askForQuote(network);
    expect(await payRequest(network, quote, changes)).toMatchObject({
      status: 400,
      body: { id: 'InvalidBodyError', message },
    });
  });

  it('that the payer cannot pay for are refused by the own ledger, fee included (N34)', async () => {
    const quoted = await channelQuote(network, { amount: '999.90' });
    expect(quoted.body.total).toBe('1000.15');
    expect(await transfer(network, quoted.body.paymentId)).toMatchObject({
      status: 422,
      body: { id: 'InsufficientFundsError' },
    });
    await untouched();
  });
});

describe('quotes whose time is over', () => {
  let network: TestNetwork;
  let before: Record<string, string>;

  beforeAll(async () => {
    network = await TestNetwork.start({ QUOTE_LIFETIME_S: String(LIFETIME_S) });
    before = await fundsOf(network);
  });

  afterAll(async () => {
    await network.close();
  });

  const untilExpired = (paymentId: string) =>
    eventually(
      async () => {
        const { body } = await network.ask('dfsp-api', 'dfsp2', `GET /v1/quotes/${paymentId}`);
        expect(body.status).toBe('expired');
      },
      { timeoutMs: 60_000 },
    );

  it('pay nothing (N89)', async () => {
    const { body: quote } = await askForQuote(network);
    const { body: mine } = await channelQuote(network);
    await untilExpired(mine.paymentId);
    const paid = await payRequest(network, quote);
    expect(paid).toMatchObject({
      status: 200,
      body: { status: 'rejected', rejectionMessage: { code: 'R00', additional_info: { id: 'QuoteExpiredError' } } },
    });
    expect(await transfer(network, mine.paymentId)).toMatchObject({ status: 422, body: { id: 'QuoteExpiredError' } });
    // Asked again, it is the same one, and as expired as before (contract 4.3).
    const again = await askForQuote(network, { paymentId: quote.paymentId });
    expect([again.status, again.body]).toEqual([200, quote]);
    const stored = await network.ask('dfsp-api', 'dfsp2', `GET /v1/quotes/${quote.paymentId}`);
    expect(stored.body.status).toBe('expired');
    await eventually(async () => expect(await held(network)).toEqual([]));
    expect(await fundsOf(network)).toEqual(before);
  });

  it('one that is paid at its very end is paid as a whole or not at all', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const { body: quote } = await askForQuote(network, quoteRequest(network));
        const { expiresAt } = readIpr(quote.ipr);
        const early = 40 * (index - 4);
        await new Promise((done) => setTimeout(done, expiresAt!.getTime() - Date.now() - early));
        const { body } = await payRequest(network, quote);
        return [body.status, body.rejectionMessage?.additional_info?.id];
      }),
    );
    const executed = outcomes.filter(([status]) => status === 'executed').length;
    for (const outcome of outcomes) {
      // On a busy machine the transfers themselves may expire.
      expect([
        ['executed', undefined],
        ['rejected', 'QuoteExpiredError'],
        ['expired', undefined],
      ]).toContainEqual(outcome);
    }
    await eventually(async () => expect(await held(network)).toEqual([]));
    const after = await fundsOf(network);
    expect(Math.round((Number(before['erin']) - Number(after['erin'])) * 100)).toBe(executed * 1_000);
    expect(Math.round((Number(after['frank']) - Number(before['frank'])) * 100)).toBe(executed * 925);
  });
});

describe('one quote', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    await network.close();
  });

  it('pays once, however many pay it at once', async () => {
    const before = await fundsOf(network);
    const { body: quote } = await channelQuote(network);
    const debit = (await network.ask('dfsp-api', 'dfsp1', `GET /v1/quotes/${quote.paymentId}`)).body;
    const answers = await Promise.all([
      ...Array.from({ length: 6 }, () => transfer(network, quote.paymentId)),
      ...Array.from({ length: 4 }, () => payRequest(network, { ...debit, sourceAmount: '10' })),
    ]);
    for (const { status, body } of answers) {
      expect([
        [200, 'executed'],
        [201, 'executed'],
      ]).toContainEqual([status, body.status]);
    }
    expect(new Set(answers.map(({ body }) => body.fulfillment)).size).toBe(1);
    await eventually(async () => expect(await held(network)).toEqual([]));
    const after = await fundsOf(network);
    const change = (name: string) => Math.round((Number(after[name]) - Number(before[name])) * 100);
    expect([change('erin'), change('frank'), change('fees1'), change('fees2')]).toEqual([-1_025, 925, 25, 75]);
  });
});
