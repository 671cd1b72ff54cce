import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { demoSecrets } from '../../src/plan/secrets.js';
import { ALICE, notifiedInvoice, pay } from '../support/people.js';
import { channelQuote, held, transfer } from '../support/quoting.js';
import { TestNetwork } from '../support/test-network.js';

const admin = 'admin:admin';

describe('a network in a currency without decimals', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ CURRENCY: 'UGX' });
  });

  afterAll(async () => {
    await network.close();
  });

  it('field E: says so', async () => {
    for (const [role, dfsp, path] of [
      ['ledger-adapter', 'dfsp1', '/ilp/ledger/v1'],
      ['central-ledger', null, '/'],
      ['dfsp-ledger', 'dfsp2', '/ledger'],
    ] as const) {
      const { body } = await network.ask(role, dfsp, `GET ${path}`);
      expect([body.currency_code, body.scale, body.precision]).toEqual(['UGX', 0, 10]);
    }
    expect(await network.balance('dfsp1', 'alice')).toBe('100000');
  });

  it('field E: pays invoices in whole units', async () => {
    const { invoiceNotificationId } = await notifiedInvoice(network, { amount: '1040' });
    const shown = await network.ask('dfsp-api', 'dfsp1', `GET /v1/invoiceNotifications/${invoiceNotificationId}`);
    expect(shown.body).toMatchObject({ amount: '1040', currencyCode: 'UGX' });
    const before = Number(await network.balance('dfsp2', 'bob'));
    expect(await pay(network, invoiceNotificationId)).toMatchObject({ status: 200, body: { status: 'paid' } });
    expect(Number(await network.balance('dfsp2', 'bob')) - before).toBeGreaterThan(0);
    expect(await held(network)).toEqual([]);
  });

  it('field E: quotes and charges whole units, rounded half up', async () => {
    const { body: quote } = await channelQuote(network, { amount: '1000', amountType: 'SEND' });
    expect(quote).toMatchObject({ amount: '1000', fee: '25', total: '1025', receiveAmount: '925', payeeFee: '100' });
    expect((await transfer(network, quote.paymentId)).body).toMatchObject({ status: 'executed' });
    const rule = { name: 'third', kind: 'fee', side: 'debit', transferType: 'cashIn', percent: '3.33', priority: 1 };
    const set = await network.ask('dfsp-api', 'dfsp1', 'POST /v1/feeRules', { auth: admin, body: { rules: [rule] } });
    expect(set.status).toBe(201);
    const charged = async (amount: string): Promise<string> => {
      const query = `transferType=cashIn&side=debit&amount=${amount}`;
      return (await network.ask('dfsp-api', 'dfsp1', `GET /v1/charges?${query}`)).body.fee.amount;
    };
    expect(await Promise.all(['100', '50', '45', '46'].map(charged))).toEqual(['3', '2', '1', '2']);
    expect(await charged('100.0')).toBe('3');
  });

  it('field E: takes no parts of a unit', async () => {
    const quote = await channelQuote(network, { amount: '10.5' });
    expect([quote.status, quote.body.id]).toEqual([422, 'UnprocessableEntityError']);
    const rule = { name: 'fine', kind: 'fee', transferType: 'cashIn', minValue: '0.25', priority: 1 };
    const set = await network.ask('dfsp-api', 'dfsp1', 'POST /v1/feeRules', { auth: admin, body: { rules: [rule] } });
    expect([set.status, set.body.id]).toEqual([422, 'UnprocessableEntityError']);
  });

  it('field A, field E: pays lists, and refuses rows in another currency', async () => {
    const list = 'identifier,amount,currency\n26547070,50,UGX\n78956563,1.25,UGX\n26547070,2,USD\n26547070,7,\n';
    const query = `sourceIdentifier=${ALICE}&sourceAccount=alice`;
    const { body: bulk } = await network.ask('dfsp-api', 'dfsp1', `POST /v1/bulkPayments?${query}`, {
      body: list,
      headers: { 'content-type': 'text/csv' },
    });
    const path = `/v1/bulkPayments/${bulk.bulkPaymentId}`;
    const status = async () => (await network.ask('dfsp-api', 'dfsp1', `GET ${path}`)).body.status;
    await eventually(async () => expect(await status()).toBe('checked'));
    await network.ask('dfsp-api', 'dfsp1', `PUT ${path}/execute`);
    await eventually(async () => expect(await status()).toBe('done'));
    const { rows } = (await network.ask('dfsp-api', 'dfsp1', `GET ${path}/rows`)).body;
    expect(rows).toMatchObject([
      { line: 2, status: 'paid', amount: '50', currency: 'UGX', receiveAmount: '50 UGX' },
      { line: 3, status: 'refused', error: 'UnprocessableEntityError' },
      { line: 4, status: 'refused', message: 'The amount must be in UGX' },
      { line: 5, status: 'paid', total: '7' },
    ]);
  });
});

describe('payments between a ledger without decimals and one with nine', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    const shared = { REMOTE_QUOTES: 'true', EXACT_SOURCE_AMOUNT: 'false' };
    network = await TestNetwork.start({}, [], demoSecrets(), {
      dfsp1: { ...shared, CURRENCY: 'UGX', RATE: '0.01' },
      dfsp2: { ...shared, CURRENCY: 'KWD', SCALE: '9', PRECISION: '18', RATE: '4' },
      centre: { CURRENCY: 'USD', SCALE: '4' },
    });
  });

  afterAll(async () => {
    await network.close();
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['SEND', { amount: '1000' }, { amount: '1000', fee: '25', receiveAmount: '1.75', receiveCurrency: 'KWD' }],
    ['RECEIVE', { amount: '1.123456789' }, { receiveAmount: '1.123456789', amount: '750', total: '775' }],
  ])('field E: are quoted and paid exactly: %s', async (amountType, order, expected) => {
    const frank = async () => BigInt((await network.balance('dfsp2', 'frank')).replace('.', ''));
    const before = await frank();
    const { body: quote } = await channelQuote(network, { ...order, amountType });
    expect(quote).toMatchObject(expected);
    expect((await transfer(network, quote.paymentId)).body).toMatchObject({ status: 'executed' });
    const [whole, fraction = ''] = quote.receiveAmount.split('.');
    expect((await frank()) - before).toBe(BigInt(whole + fraction.padEnd(9, '0')));
    expect(await held(network)).toEqual([]);
  });
});
