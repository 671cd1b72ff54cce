import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { EXAMPLE_INVOICE } from '../../src/seed/demo-people.js';
import { ALICE, BOB, CAROL, DAVE, invoice, invoiceOfBob, notifiedInvoice, pay, pending } from '../support/people.js';
import { TestNetwork } from '../support/test-network.js';

describe('Invoices and their notifications', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start();
  });

  afterAll(async () => {
    await network.close();
  });

  const api1 = (request: string, body?: unknown) => network.ask('dfsp-api', 'dfsp1', request, { body });
  const api2 = (request: string, body?: unknown) => network.ask('dfsp-api', 'dfsp2', request, { body });
  const statusOf = async (invoiceId: string) => (await api2(`GET /v1/invoices/${invoiceId}`)).body.status as string;

  async function invoiceUrlOf(changes: Record<string, unknown>): Promise<string> {
    const created = await invoice(network, changes);
    expect([created.status, created.text]).toEqual([201, created.text]);
    return network.url('spsp-server', 'dfsp2', `/v1/invoices/${created.body.invoiceId}`);
  }

  it('creates an invoice and tells everything about it', async () => {
    const created = await invoice(network);
    expect(created).toMatchObject({
      status: 201,
      body: {
        invoiceId: expect.any(String),
        account: 'bob',
        firstName: 'Bob',
        lastName: 'Diaz',
        currencyCode: 'USD',
        currencySymbol: '$',
        amount: '10.40',
        status: 'pending',
        identifier: ALICE,
        merchantIdentifier: BOB,
        invoiceType: 'standard',
        info: 'Invoice from Bob Diaz for 10.40 USD',
      },
    });
    const url = network.url('spsp-server', 'dfsp2', `/v1/invoices/${created.body.invoiceId}`);
    const view = await network.ask(
      'spsp-client-proxy',
      'dfsp1',
      `GET /spsp/client/v1/invoices?invoiceUrl=${encodeURIComponent(url)}`,
    );
    expect(view).toMatchObject({
      status: 200,
      body: { type: 'invoice', amount: '10.40', status: 'unpaid', name: 'Bob Diaz', invoiceType: 'standard' },
    });
  });

  it.each(['/merchantInvoice', '/v1/invoice/standard/add', '/v1/invoices', '/invoices'])(
    'is also created at %s',
    async (path) => {
      expect(await api2(`POST ${path}`, invoiceOfBob())).toMatchObject({ status: 201, body: { status: 'pending' } });
    },
  );

  it('D7: a body that is neither a notification nor an invoice, or both, is 400', async () => {
    expect(await api2('POST /v1/invoices', { memo: 'x' })).toMatchObject({
      status: 400,
      body: { id: 'InvalidBodyError' },
    });
    const both = { ...invoiceOfBob(), invoiceUrl: 'http://127.0.0.1:1/v1/invoices/1', senderIdentifier: ALICE };
    expect(await api2('POST /v1/invoices', both)).toMatchObject({ status: 400, body: { id: 'InvalidBodyError' } });
  });

  it.each(['0', '-1', '10.405', 0])('N20: amount %s is 422', async (amount) => {
    expect(await invoice(network, { amount })).toMatchObject({ status: 422, body: { id: 'UnprocessableEntityError' } });
  });

  it('N21, N22: unknown customers and merchants are 404, and nobody is notified', async () => {
    const before = (await pending(network)).length;
    expect(await invoice(network, { identifier: '99999999' })).toMatchObject({
      status: 404,
      body: { id: 'ClientNotFound' },
    });
    expect(await invoice(network, { merchantIdentifier: '99999999' })).toMatchObject({
      status: 404,
      body: { id: 'MerchantNotFound' },
    });
    expect(await invoice(network, { account: 'nobody' })).toMatchObject({
      status: 404,
      body: { id: 'MerchantNotFound' },
    });
    expect(await pending(network)).toHaveLength(before);
  });

  it.each([
    ['account', { account: undefined }],
    ['amount', { amount: undefined }],
    ['amount', { amount: 'abc' }],
    ['merchantIdentifier', { merchantIdentifier: undefined }],
    ['identifier', { identifier: undefined }],
    ['invoiceType', { invoiceType: 'barter' }],
  ])('N23: a missing or bad %s is 400 and named', async (field, changes) => {
    const answer = await invoice(network, changes);
    expect(answer).toMatchObject({ status: 400, body: { id: 'InvalidBodyError' } });
    expect(JSON.stringify(answer.body.validationErrors)).toContain(field);
  });

  it('N24: reads no invoice from a bad URL', async () => {
    const read = (url: string) =>
      network.ask('spsp-client-proxy', 'dfsp1', `GET /spsp/client/v1/invoices?invoiceUrl=${encodeURIComponent(url)}`);
    expect(await read('http://brian.com')).toMatchObject({ status: 404 });
    expect(await read(network.url('spsp-server', 'dfsp2', '/v1/invoices/bad/way'))).toMatchObject({ status: 404 });
    expect(
      await read(network.url('spsp-server', 'dfsp2', '/v1/invoices/8a2f5b0e-0000-4000-8000-0a1c7d6a3f10')),
    ).toMatchObject({
      status: 404,
      body: { id: 'InvoiceNotFoundError' },
    });
    expect(await read('no url')).toMatchObject({ status: 400, body: { id: 'InvalidUriParameterError' } });
    expect(await network.ask('spsp-client-proxy', 'dfsp1', 'GET /spsp/client/v1/invoices')).toMatchObject({
      status: 400,
    });
  });

  it("reads anybody's invoice at the DFSP API by its URL, under the older path too", async () => {
    const { invoiceUrl } = await notifiedInvoice(network);
    const url = encodeURIComponent(invoiceUrl);
    for (const path of [`/v1/invoice?invoiceUrl=${url}`, `/v1/invoice/${url}`, `/invoice/${url}`]) {
      expect(await network.ask('dfsp-api', 'dfsp1', `GET ${path}`)).toMatchObject({
        status: 200,
        body: { type: 'invoice', amount: '10.40', fee: '0.00' },
      });
    }
  });

  it('N25, N26: unknown paths are 404, other content types 415', async () => {
    for (const request of [
      'GET /spsp/client/v1/invoiceXXX',
      'GET /spsp/client/v1/invoiceBAD',
      'POST /spsp/client/v1/invoiceBad',
    ]) {
      const body = request.startsWith('POST') ? {} : undefined;
      const auth = network.usualCredentials('spsp-client-proxy', 'dfsp1', 'POST /spsp/client/v1/invoices');
      expect(await network.ask('spsp-client-proxy', 'dfsp1', request, { body, auth })).toMatchObject({
        status: 404,
        body: { id: 'NotFoundError' },
      });
    }
    for (const [role, path] of [
      ['spsp-client-proxy', '/spsp/client/v1/invoices'],
      ['spsp-client', '/v1/invoices'],
      ['spsp-server', '/v1/invoices'],
      ['scheme-adapter', '/scheme/adapter/v1/invoices'],
    ] as const) {
      for (const type of ['application/xml', 'text/plain', 'application/x-www-form-urlencoded']) {
        const headers = { 'content-type': type };
        const answer = await network.ask(role, 'dfsp1', `POST ${path}`, { body: 'invoice', headers });
        expect([role, type, answer.status, answer.body.id]).toEqual([role, type, 415, 'UnsupportedMediaTypeError']);
      }
    }
  });

  it('N27: the same notification twice is one notification', async () => {
    const { invoiceUrl } = await notifiedInvoice(network);
    const before = await pending(network);
    const again = await network.ask('spsp-server', 'dfsp1', 'POST /v1/invoices', {
      body: { invoiceUrl, senderIdentifier: ALICE, memo: 'again' },
    });
    expect(again.status).toBe(201);
    expect(before.map((one) => one.invoiceNotificationId)).toContain(again.body.invoiceNotificationId);
    expect(await pending(network)).toHaveLength(before.length);
  });

  it('N28: a cancellation of something unknown is 404', async () => {
    const body = {
      invoiceUrl: network.url('spsp-server', 'dfsp2', '/v1/invoices/8a2f5b0e-0000-4000-8000-0a1c7d6a3f10'),
      senderIdentifier: ALICE,
      memo: '{"status":"cancelled"}',
    };
    expect(await network.ask('spsp-server', 'dfsp1', 'POST /v1/invoices', { body })).toMatchObject({
      status: 404,
      body: { id: 'InvoiceNotificationNotFoundError' },
    });
  });

  it('the merchant cancels: the customer no longer sees it and cannot pay it (N29, N32)', async () => {
    const { invoiceId, invoiceNotificationId } = await notifiedInvoice(network);
    const json = { headers: { 'content-type': 'application/json' } };
    expect(await network.ask('dfsp-api', 'dfsp2', `PUT /v1/invoices/${invoiceId}/cancel`, json)).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
    await eventually(async () => {
      const ids = (await pending(network)).map((one) => one.invoiceNotificationId);
      expect(ids).not.toContain(invoiceNotificationId);
    });
    // A repeated cancellation answers as the first one did.
    expect(await api2(`PUT /v1/invoices/${invoiceId}/cancel`)).toMatchObject({
      status: 200,
      body: { status: 'cancelled' },
    });
    expect(await pay(network, invoiceNotificationId)).toMatchObject({
      status: 422,
      body: { id: 'InvoiceNotPendingError' },
    });
  });

  it('a stranger cannot cancel what the merchant did not', async () => {
    const { invoiceUrl, invoiceNotificationId } = await notifiedInvoice(network);
    await network.ask('spsp-server', 'dfsp1', 'POST /v1/invoices', {
      body: { invoiceUrl, senderIdentifier: ALICE, memo: '{"status":"cancelled"}' },
    });
    expect((await pending(network)).map((one) => one.invoiceNotificationId)).toContain(invoiceNotificationId);
  });

  it('N35: the customer rejects: the merchant is told, and nothing can be paid', async () => {
    const { invoiceId, invoiceNotificationId } = await notifiedInvoice(network);
    const reject = () => api1('PUT /v1/invoiceNotifications/reject', { invoiceNotificationId });
    expect(await reject()).toMatchObject({ status: 200, body: { invoiceNotificationId, status: 'rejected' } });
    await eventually(async () => expect(await statusOf(invoiceId)).toBe('rejected'));
    expect(await reject()).toMatchObject({ status: 200, body: { invoiceNotificationId, status: 'rejected' } });
    expect(await pay(network, invoiceNotificationId)).toMatchObject({
      status: 422,
      body: { id: 'InvoiceNotPendingError' },
    });
  });

  it('N29, N32: a paid invoice is neither cancelled, rejected nor paid again', async () => {
    const { invoiceId, invoiceUrl, invoiceNotificationId } = await notifiedInvoice(network);
    const paid = await pay(network, invoiceNotificationId);
    expect(paid.body).toMatchObject({ status: 'paid' });
    await eventually(async () => expect(await statusOf(invoiceId)).toBe('paid'));
    const before = await network.balances();
    const notPending = { status: 422, body: { id: 'InvoiceNotPendingError' } };
    expect(await api2(`PUT /v1/invoices/${invoiceId}/cancel`)).toMatchObject(notPending);
    expect(await api1('PUT /v1/invoiceNotifications/reject', { invoiceNotificationId })).toMatchObject(notPending);
    expect((await pay(network, invoiceNotificationId)).body).toEqual(paid.body);
    expect(
      await network.ask('spsp-client-proxy', 'dfsp1', 'POST /spsp/client/v1/setup', {
        body: { receiver: invoiceUrl, sourceAccount: 'alice', sourceIdentifier: ALICE },
      }),
    ).toMatchObject(notPending);
    expect(await network.balances()).toEqual(before);
  });

  it.each(['pending', 'product'])(
    'N30: a %s invoice is not cancelled, and sends no notification',
    async (invoiceType) => {
      const before = (await pending(network)).length;
      const url = await invoiceUrlOf({ invoiceType, identifier: undefined });
      expect(await pending(network)).toHaveLength(before);
      expect(await api2(`PUT /v1/invoices/${url.split('/').pop()!}/cancel`)).toMatchObject({
        status: 422,
        body: { id: 'InvoiceNotStandardError' },
      });
    },
  );

  it('pays a pending invoice by its URL', async () => {
    const invoiceUrl = await invoiceUrlOf({ invoiceType: 'pending', identifier: undefined, amount: '3.00' });
    const before = await network.balances();
    const seen = await api1(`GET /v1/invoice?invoiceUrl=${encodeURIComponent(invoiceUrl)}`);
    expect(seen).toMatchObject({ status: 200, body: { amount: '3.00', status: 'unpaid' } });
    const paid = await api1('POST /v1/invoice/pay', { invoiceUrl, identifier: ALICE, account: 'alice' });
    expect(paid).toMatchObject({ status: 200, body: { status: 'paid' } });
    expect(Number((await network.balances())['bob']) - Number(before['bob'])).toBeCloseTo(3);
  });

  it('pays a cash-out invoice like a standard one', async () => {
    const { invoiceNotificationId } = await notifiedInvoice(network, { invoiceType: 'cashOut', amount: '5.00' });
    expect(await pay(network, invoiceNotificationId)).toMatchObject({ status: 200, body: { status: 'paid' } });
  });

  it('N31: nobody else pays a standard invoice', async () => {
    const { invoiceUrl } = await notifiedInvoice(network);
    const answer = await network.ask('spsp-client-proxy', 'dfsp1', 'POST /spsp/client/v1/setup', {
      body: { receiver: invoiceUrl, sourceAccount: 'dave', sourceIdentifier: DAVE },
    });
    expect(answer).toMatchObject({ status: 422, body: { id: 'InvoicePayerMissmatchError' } });
  });

  it('N33: an unknown notification is 404', async () => {
    for (const id of ['8a2f5b0e-0000-4000-8000-0a1c7d6a3f10', '1']) {
      expect(await pay(network, id)).toMatchObject({ status: 404, body: { id: 'InvoiceNotificationNotFoundError' } });
      expect(await api1(`GET /v1/invoiceNotifications/${id}`)).toMatchObject({ status: 404 });
      expect(await api1('PUT /v1/invoiceNotifications/reject', { invoiceNotificationId: id })).toMatchObject({
        status: 404,
      });
    }
  });

  it('ruling 7: pays only from an account of the notified customer', async () => {
    const { invoiceNotificationId } = await notifiedInvoice(network);
    expect(await pay(network, invoiceNotificationId, 'dave')).toMatchObject({ status: 404 });
    expect(await pay(network, invoiceNotificationId, 'dfsp1-testconnector')).toMatchObject({ status: 404 });
  });

  it('N34: not beyond the balance, and not when only the fee is missing', async () => {
    const balance = Number(await network.balance('dfsp1', 'alice'));
    for (const amount of [(balance + 0.01).toFixed(2), balance.toFixed(2)]) {
      const { invoiceNotificationId } = await notifiedInvoice(network, { amount });
      const before = await network.balances();
      expect(await pay(network, invoiceNotificationId)).toMatchObject({
        status: 422,
        body: { id: 'InsufficientFundsError' },
      });
      expect((await pending(network)).map((one) => one.invoiceNotificationId)).toContain(invoiceNotificationId);
      expect(await network.balances()).toEqual(before);
    }
  });

  it('has the product that examples in Swagger pay, again and again; nobody was told of it', async () => {
    expect((await api1(`GET /v1/invoiceNotifications/pending/${ALICE}`)).body.invoices).not.toContainEqual(
      expect.objectContaining({ info: EXAMPLE_INVOICE.info }),
    );
    const invoiceUrl = network.url('spsp-server', 'dfsp2', `/v1/invoices/${EXAMPLE_INVOICE.invoiceId}`);
    const payment = { invoiceUrl, identifier: ALICE, account: 'alice' };
    for (let repeat = 0; repeat < 2; repeat++) {
      expect(await api1('POST /v1/invoice/pay', payment)).toMatchObject({ status: 200, body: { status: 'paid' } });
    }
    expect(await statusOf(EXAMPLE_INVOICE.invoiceId)).toBe('unpaid');
    expect(await api2('POST /v1/merchantInvoice', EXAMPLE_INVOICE)).toMatchObject({ status: 201 });
    const other = await api2('POST /v1/merchantInvoice', { ...EXAMPLE_INVOICE, amount: '10.41' });
    expect(other).toMatchObject({ status: 422, body: { id: 'AlreadyExistsError' } });
  });

  it('N36: two payers pay one product', async () => {
    const invoiceUrl = await invoiceUrlOf({ invoiceType: 'product', identifier: undefined, amount: '2.00' });
    const byAlice = await api1('POST /v1/invoice/pay', { invoiceUrl, identifier: ALICE, account: 'alice' });
    const byCarol = await api2('POST /v1/invoice/pay', { invoiceUrl, identifier: CAROL, account: 'carol' });
    expect([byAlice, byCarol]).toMatchObject([{ body: { status: 'paid' } }, { body: { status: 'paid' } }]);
    expect(await statusOf(invoiceUrl.split('/').pop()!)).toBe('unpaid');
  });

  it('N37: of two payments of one invoice at once, exactly one happens', async () => {
    const { invoiceUrl } = await notifiedInvoice(network, { amount: '7.00' });
    const before = Number(await network.balance('dfsp2', 'bob'));
    const setups = await Promise.all(
      [0, 1].map(() =>
        network.ask('spsp-client-proxy', 'dfsp1', 'POST /spsp/client/v1/setup', {
          body: { receiver: invoiceUrl, sourceAccount: 'alice', sourceIdentifier: ALICE },
        }),
      ),
    );
    expect(setups.map((setup) => setup.status).toSorted((a, b) => a - b)).toEqual([201, 422]);
    const winner = setups.find((setup) => setup.status === 201)!;
    const paid = await network.ask('spsp-client-proxy', 'dfsp1', `POST /spsp/client/v1/transfers/${winner.body.id}`, {
      body: winner.body,
    });
    expect(paid.body.status).toBe('executed');
    expect(Number(await network.balance('dfsp2', 'bob')) - before).toBeCloseTo(7);
  });

  it('two clicks on pay are one payment', async () => {
    const { invoiceNotificationId } = await notifiedInvoice(network, { amount: '6.00' });
    const before = Number(await network.balance('dfsp1', 'alice'));
    const answers = await Promise.all([pay(network, invoiceNotificationId), pay(network, invoiceNotificationId)]);
    expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 200]);
    expect(answers[0].body).toEqual(answers[1].body);
    expect(before - Number(await network.balance('dfsp1', 'alice'))).toBeCloseTo(6);
  });

  it('knows clients across the network and its own merchants', async () => {
    expect(await api2(`GET /v1/client/${ALICE}`)).toMatchObject({
      status: 200,
      body: { firstName: 'Alice', lastName: 'Ames' },
    });
    expect(await api2('GET /v1/client/99999999')).toMatchObject({ status: 404, body: { id: 'ClientNotFound' } });
    expect(await api2(`GET /v1/merchant/${BOB}`)).toMatchObject({ status: 200, body: { firstName: 'Bob' } });
    expect(await api2('GET /v1/merchant/99999999')).toMatchObject({ status: 404, body: { id: 'MerchantNotFound' } });
  });
});
