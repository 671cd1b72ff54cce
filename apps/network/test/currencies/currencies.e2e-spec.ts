import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readIpr } from '@level-one/ilp';
import { eventually } from '@level-one/testing';
import { demoSecrets } from '../../src/plan/secrets.js';
import { notifiedInvoice, pay, pending } from '../support/people.js';
import { channelQuote, held, payRequest, transfer } from '../support/quoting.js';
import { TestNetwork } from '../support/test-network.js';

/** Central units for one unit of the DFSP's currency, and what each connector keeps each way. */
const EUR = { rate: 1.085, spread: 0.005 };
const KWD = { rate: 3.25, spread: 0.002 };

/** dfsp1 keeps euros with 2 decimals, the centre dollars with 4, dfsp2 Kuwaiti dinars with 3. */
function startNetwork(): Promise<TestNetwork> {
  const shared = { REMOTE_QUOTES: 'true' };
  return TestNetwork.start({}, [], demoSecrets(), {
    dfsp1: { ...shared, CURRENCY: 'EUR', SCALE: '2', RATE: '1.085', SPREAD: '0.005' },
    dfsp2: { ...shared, CURRENCY: 'KWD', SCALE: '3', RATE: '3.25', SPREAD: '0.002' },
    centre: { CURRENCY: 'USD', SCALE: '4' },
  });
}

/** Half a minor unit is far more than a double is wrong by here. */
const floor = (amount: number, scale: number) => Math.floor(amount * 10 ** scale + 1e-6) / 10 ** scale;
const toCentre = (eur: number) => floor(eur * EUR.rate * (1 - EUR.spread), 4);
const toPayee = (usd: number) => floor((usd / KWD.rate) * (1 - KWD.spread), 3);

describe('payments between currencies', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await startNetwork();
  });

  afterAll(async () => {
    await network.close();
  });

  const unitsOf = async (role: 'ledger-adapter' | 'central-ledger', dfsp: 'dfsp1' | 'dfsp2' | null, path: string) => {
    const { body } = await network.ask(role, dfsp, `GET ${path}`);
    return `${body.currency_code} ${body.scale}`;
  };

  /** Every balance of every ledger, in minor units. */
  async function books(): Promise<Record<string, number>> {
    const read = async (role: 'dfsp-ledger' | 'central-ledger', dfsp: 'dfsp1' | 'dfsp2' | null, path: string) => {
      const { body } = await network.ask(role, dfsp, `GET ${path}/accounts`, { auth: 'admin:admin' });
      return (body as { name: string; balance: string }[]).map(
        ({ name, balance }) => [`${dfsp ?? 'centre'} ${name}`, Number(balance.replace('.', ''))] as const,
      );
    };
    return Object.fromEntries([
      ...(await read('dfsp-ledger', 'dfsp1', '/ledger')),
      ...(await read('central-ledger', null, '')),
      ...(await read('dfsp-ledger', 'dfsp2', '/ledger')),
    ]);
  }

  function changes(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
    return Object.fromEntries(
      Object.entries(after)
        .map(([name, balance]) => [name, balance - (before[name] ?? 0)] as const)
        .filter(([, change]) => change !== 0),
    );
  }

  /** Each ledger is a closed system: what one account loses others gain. */
  async function expectClosed(): Promise<void> {
    const all = await books();
    for (const place of ['dfsp1', 'centre', 'dfsp2']) {
      const sum = Object.entries(all)
        .filter(([name]) => name.startsWith(`${place} `))
        .reduce((total, [, balance]) => total + balance, 0);
      expect([place, sum]).toEqual([place, 0]);
    }
    expect(await held(network)).toEqual([]);
  }

  it('are between ledgers that say what they are in', async () => {
    expect(await unitsOf('ledger-adapter', 'dfsp1', '/ilp/ledger/v1')).toBe('EUR 2');
    expect(await unitsOf('central-ledger', null, '/')).toBe('USD 4');
    expect(await unitsOf('ledger-adapter', 'dfsp2', '/ilp/ledger/v1')).toBe('KWD 3');
  });

  it('are quoted by connectors, in the currency of each side', async () => {
    const addresses = 'source_address=levelone.dfsp1.erin&destination_address=levelone.dfsp2.frank';
    const ask = async (amount: string) =>
      (await network.ask('ilp-connector', 'dfsp1', `GET /quote?${addresses}&${amount}`)).body;
    const sent = await ask('source_amount=100');
    expect(sent).toMatchObject({
      source_amount: '100.00',
      destination_amount: toPayee(toCentre(100)).toFixed(3),
      destination_currency: 'KWD',
      destination_scale: 3,
    });
    const needed = await ask(`destination_amount=${sent.destination_amount}`);
    expect(Number(needed.source_amount)).toBeLessThanOrEqual(100);
    const enough = toPayee(toCentre(Number(needed.source_amount)));
    expect(enough).toBeGreaterThanOrEqual(Number(sent.destination_amount));
    const less = toPayee(toCentre(Number(needed.source_amount) - 0.01));
    expect(less).toBeLessThan(Number(sent.destination_amount));
    expect(await ask('destination_amount=0.0001')).toMatchObject({ destination_amount: '0.001' });
    expect(await ask('source_amount=0.001')).toMatchObject({ id: 'UnacceptableAmountError' });
    expect(await ask('source_amount=2000000')).toMatchObject({ id: 'UnacceptableAmountError' });
  });

  it('send an amount of the payer', async () => {
    const before = await books();
    const { status, body: quote } = await channelQuote(network, { amount: '100', amountType: 'SEND' });
    const arrives = toPayee(toCentre(100));
    // The payee's DFSP charges 1 KWD, less the 0.25 KWD that its rule credits the payer's fee with.
    const receives = Math.round((arrives - (1 - 0.25)) * 1_000);
    expect(status).toBe(201);
    expect(quote).toMatchObject({ fee: '0.25', currency: 'EUR', payeeFee: '1', receiveCurrency: 'KWD' });
    expect(Number(quote.receiveAmount) * 1_000).toBeCloseTo(receives, 6);
    expect(Number(quote.amount)).toBeLessThanOrEqual(100);
    expect((await transfer(network, quote.paymentId)).body).toMatchObject({ status: 'executed' });
    const moved = changes(before, await books());
    const sent = Math.round(Number(quote.amount) * 100);
    expect(moved).toMatchObject({
      'dfsp1 erin': -sent - 25,
      'dfsp1 fees': 25,
      'dfsp1 dfsp1-testconnector': sent,
      'dfsp2 frank': receives,
      'dfsp2 dfsp2-testconnector': -Math.round(arrives * 1_000),
      'dfsp2 fees': Math.round(arrives * 1_000) - receives,
    });
    expect(moved['centre dfsp1']).toBe(-Math.round(toCentre(sent / 100) * 10_000));
    expect(moved['centre dfsp2']).toBe(-moved['centre dfsp1']!);
    await expectClosed();
  });

  it('receive an amount of the payee', async () => {
    const before = await books();
    const { body: quote } = await channelQuote(network, { amount: '12.345', amountType: 'RECEIVE' });
    expect(quote).toMatchObject({ receiveAmount: '12.345', receiveCurrency: 'KWD', currency: 'EUR', fee: '0.25' });
    expect((await transfer(network, quote.paymentId)).body).toMatchObject({ status: 'executed' });
    const moved = changes(before, await books());
    expect(moved['dfsp2 frank']).toBe(12_345);
    expect(moved['dfsp1 erin']).toBe(-Math.round(Number(quote.total) * 100));
    await expectClosed();
  });

  it('with an amount in the wrong currency are not quoted', async () => {
    for (const order of [
      { amountType: 'SEND', currency: 'KWD' },
      { amountType: 'RECEIVE', currency: 'EUR' },
      { amountType: 'SEND', amount: '1.001' },
      { amountType: 'RECEIVE', amount: '1.0001' },
    ]) {
      const { status, body } = await channelQuote(network, { amount: '10', ...order });
      expect([order, status, body.id]).toEqual([order, 422, 'UnprocessableEntityError']);
    }
  });

  it('that bring a cent too little are rejected, with everything returned', async () => {
    const before = await books();
    const { body: quote } = await channelQuote(network, { amount: '50', amountType: 'RECEIVE' });
    const debit = (await network.ask('dfsp-api', 'dfsp1', `GET /v1/quotes/${quote.paymentId}`)).body;
    const short = (Number(quote.amount) - 0.01).toFixed(2);
    const paid = await payRequest(network, { ...debit, sourceAmount: short });
    expect(paid.body).toMatchObject({
      status: 'rejected',
      rejectionMessage: { code: 'F03', additional_info: { id: 'UnacceptableRateError' } },
    });
    await eventually(async () => expect(changes(before, await books())).toEqual({}));
    await expectClosed();
  });

  it('pay invoices at the price that was shown', async () => {
    const before = await books();
    const { invoiceNotificationId } = await notifiedInvoice(network, { amount: '10.405' });
    expect((await pending(network))[0]).toMatchObject({ info: 'Invoice from Bob Diaz for 10.405 KWD' });
    const shown = (await network.ask('dfsp-api', 'dfsp1', `GET /v1/invoiceNotifications/${invoiceNotificationId}`))
      .body;
    expect(shown).toMatchObject({ amount: '10.405', currencyCode: 'KWD', fee: '0.00', totalCurrency: 'EUR' });
    expect(await pay(network, invoiceNotificationId)).toMatchObject({ status: 200, body: { status: 'paid' } });
    const moved = changes(before, await books());
    expect(moved['dfsp2 bob']).toBe(10_405);
    expect(moved['dfsp1 alice']).toBe(-Math.round(Number(shown.total) * 100));
    const { body } = await network.transfer('dfsp2', shown.paymentId);
    expect(
      readIpr((await network.ask('dfsp-api', 'dfsp1', `GET /v1/quotes/${shown.paymentId}`)).body.ipr).condition,
    ).toBe(body.execution_condition);
    await expectClosed();
  });
});
