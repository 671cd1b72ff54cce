import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ALICE, OTHER_SERVER, setupResponse, statusesOf, TestBed } from '../../../test/test-bed.js';
import { paying, REJECTION } from '../../../test/paying.js';
import { InvoiceQuotes } from './invoice-quotes.service.js';

describe('paying', () => {
  let bed: TestBed;
  const { sql, onSetup, onPay, onBalance, pay, notificationOf, paymentOf, sent, asUsual } = paying(() => bed);

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());
  afterEach(asUsual);

  it('sets up and pays under one id, which is also the trace id, and marks the notification as paid', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    const before = sent().length;
    const answer = await pay(invoiceNotificationId);
    const [setup, payment] = sent().slice(before);
    const paymentId = setup?.body.paymentId;
    expect({ status: answer.status, json: answer.json }).toEqual({
      status: 200,
      json: { invoiceNotificationId, paymentId, status: 'paid' },
    });
    expect(setup?.body).toEqual({
      receiver: invoiceUrl,
      sourceAccount: 'http://adapter.dfsp1.test/ilp/ledger/v1/accounts/alice',
      sourceIdentifier: ALICE,
      paymentId,
    });
    expect(payment?.route).toBe(`POST /proxy/transfers/${paymentId}`);
    expect(payment?.body).toMatchObject({ id: paymentId, sourceIdentifier: ALICE, destinationAmount: '10.40' });
    const traceIds = [setup, payment].map((call) => call?.headers['l1p-trace-id']);
    expect([...traceIds, answer.headers['l1p-trace-id']]).toEqual([paymentId, paymentId, paymentId]);
    expect(await paymentOf(invoiceUrl)).toMatchObject({ status: 'executed', fulfillment: 'oCKAIA', amount: '1040' });
    expect(await notificationOf(invoiceNotificationId)).toEqual({ status: 'executed', payment_id: paymentId });
  });

  describe('the price of an invoice', () => {
    /** Amounts that a price was asked for. */
    let asked: string[];

    beforeEach(() => {
      asked = [];
      jest.spyOn(bed.get(InvoiceQuotes), 'quoteToPay').mockImplementation(async ({ view }) => {
        asked.push(view.amount);
        return null;
      });
    });
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it('is asked for once, while the invoice is read at its issuer', async () => {
      const { invoiceNotificationId } = await bed.notify();
      let askedWhenRead: string[] | undefined;
      bed.peers.on(/^GET \/proxy\/invoices$/, async ({ query }) => {
        while (asked.length === 0) await sleep(1);
        askedWhenRead = [...asked];
        return bed.invoiceAnswer(query);
      });
      expect(await pay(invoiceNotificationId)).toMatchObject({ json: { status: 'paid' } });
      bed.peers.on(/^GET \/proxy\/invoices$/, ({ query }) => bed.invoiceAnswer(query));
      expect({ asked, askedWhenRead }).toEqual({ asked: ['10.40'], askedWhenRead: ['10.40'] });
    });

    it('is asked for again if the invoice is not what it was when it was notified', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      bed.teachInvoice(invoiceUrl, { amount: '12.00' });
      onSetup(({ body }) => ({
        status: 201,
        json: setupResponse(body, { destinationAmount: '12.00', sourceAmount: '12.00' }),
      }));
      expect(await pay(invoiceNotificationId)).toMatchObject({ json: { status: 'paid' } });
      expect(asked).toEqual(['10.40', '12.00']);
      expect(await paymentOf(invoiceUrl)).toMatchObject({ amount: '1200' });
    });

    it('is named by the refusal of a payment whose account cannot be read', async () => {
      const { invoiceNotificationId } = await bed.notify();
      bed.peers.on(/^GET \/ledger\/accounts\//, { status: 404, json: { id: 'NotFoundError', message: 'no account' } });
      const { status, json, headers } = await pay(invoiceNotificationId);
      expect({ status, asked }).toEqual({ status: 404, asked: ['10.40'] });
      expect(json.paymentId).toBe(headers['l1p-trace-id']);
    });

    it('is asked for after the invoice was read if nothing is known of it', async () => {
      const { invoiceNotificationId } = await bed.notify();
      await sql('UPDATE invoice_notifications SET invoice = NULL WHERE id = $1', [invoiceNotificationId]);
      expect(await pay(invoiceNotificationId)).toMatchObject({ json: { status: 'paid' } });
      expect(asked).toEqual(['10.40']);
    });
  });

  it('shows and lists the pending invoices', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify({ amount: '50.00' });
    const pending = await bed.ask(`GET /v1/invoiceNotifications/pending/${ALICE}?limit=1`);
    expect(pending.json).toEqual({ invoices: [{ invoiceNotificationId, status: 'pending', info: 'Lunch' }] });
    expect((await bed.ask(`GET /v1/invoiceNotifications/${invoiceNotificationId}`)).json).toEqual({
      firstName: 'Bob',
      lastName: 'Diaz',
      amount: '50.00',
      currencyCode: 'USD',
      currencySymbol: '$',
      fee: '1.00',
      status: 'pending',
    });
    const byUrl = await bed.ask(`GET /v1/invoice?invoiceUrl=${encodeURIComponent(invoiceUrl)}`);
    expect(byUrl.json).toMatchObject({ type: 'invoice', amount: '50.00', fee: '1.00', status: 'unpaid' });
    const fees = `GET /v1/invoiceFees/${encodeURIComponent(invoiceUrl)}/${ALICE}`;
    expect((await bed.ask(`${fees}/alice`)).json).toEqual({ fee: '1.00', connectorFee: '0.00' });
    expect((await bed.ask(`${fees}/dave`)).status).toBe(404);
  });

  it.each([
    ['GET /v1/invoiceNotifications/pending/99999999', 404, 'ClientNotFound'],
    [`GET /v1/invoiceNotifications/pending/${ALICE}?limit=101`, 400, 'InvalidUriParameterError'],
    [`GET /v1/invoiceNotifications/pending/${ALICE}?offset=-1`, 400, 'InvalidUriParameterError'],
    [`GET /v1/invoiceNotifications/${randomUUID()}`, 404, 'InvoiceNotificationNotFoundError'],
    ['GET /v1/invoiceNotifications/1', 404, 'InvoiceNotificationNotFoundError'],
    ['GET /v1/invoice', 400, 'InvalidUriParameterError'],
    ['GET /v1/invoice?invoiceUrl=nonsense', 400, 'InvalidUriParameterError'],
    [`GET /v1/invoice?invoiceUrl=${encodeURIComponent(`${OTHER_SERVER}/invoices/1`)}`, 404, 'InvoiceNotFoundError'],
  ])('%s is answered %i %s', async (request, status, id) => {
    expect(await bed.ask(request)).toMatchObject({ status, json: { id } });
  });

  it('N33, ruling 7: pays no unknown invoice, and from no other client’s account', async () => {
    const { invoiceNotificationId } = await bed.notify();
    const before = sent().length;
    for (const unknown of ['1', randomUUID()]) {
      expect(await pay(unknown)).toMatchObject({ status: 404, json: { id: 'InvoiceNotificationNotFoundError' } });
    }
    for (const account of ['dave', 'nobody', 'http://adapter.dfsp1.test/ilp/ledger/v1/accounts/dave']) {
      expect(await pay(invoiceNotificationId, account)).toMatchObject({ status: 404, json: { id: 'NotFoundError' } });
    }
    expect(await bed.ask('PUT /v1/invoiceNotifications/pay', {})).toMatchObject({ status: 400 });
    expect(sent()).toHaveLength(before);
  });

  it('N34: refuses a payment if the balance is below amount and fee', async () => {
    const { invoiceNotificationId } = await bed.notify({ amount: '50.00' });
    onSetup(({ body }) => ({
      status: 201,
      json: setupResponse(body, { destinationAmount: '50.00', sourceAmount: '50.00' }),
    }));
    const before = sent().length;
    for (const balance of ['0.00', '50.00', '50.99', '-1.00']) {
      onBalance(balance);
      expect(await pay(invoiceNotificationId)).toMatchObject({ status: 422, json: { id: 'InsufficientFundsError' } });
    }
    expect(sent()).toHaveLength(before);
    expect(await notificationOf(invoiceNotificationId)).toEqual({ status: 'pending', payment_id: null });
    onBalance('51.00');
    expect((await pay(invoiceNotificationId)).json.status).toBe('paid');
  });

  it.each(['paid', 'rejected', 'cancelled', 'expired'])('N32: pays no invoice that is %s', async (status) => {
    const { invoiceNotificationId } = await bed.notify({ status });
    expect(await pay(invoiceNotificationId)).toMatchObject({ status: 422, json: { id: 'InvoiceNotPendingError' } });
    // Its notification ends like it.
    const ended = status === 'paid' ? 'executed' : status;
    expect((await notificationOf(invoiceNotificationId)).status).toBe(ended);
  });

  it('N37: pays once if it is asked many times at once', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    const answers = await Promise.all(Array.from({ length: 5 }, () => pay(invoiceNotificationId)));
    expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 200]);
    expect(new Set(answers.map(({ json }) => `${json.status} ${json.paymentId}`)).size).toBe(1);
    expect(sent().filter(({ body }) => body.receiver === invoiceUrl && body.paymentId)).toHaveLength(1);
  });

  it('pays an invoice by its URL without a notification', async () => {
    const invoiceUrl = `${OTHER_SERVER}/invoices/${randomUUID()}`;
    bed.teachInvoice(invoiceUrl, { invoiceType: 'product' });
    const body = { invoiceUrl, identifier: ALICE, account: 'alice' };
    for (let repeat = 0; repeat < 2; repeat++) {
      const answer = await bed.ask('POST /v1/invoice/pay', body);
      expect({ status: answer.status, json: answer.json }).toEqual({
        status: 200,
        json: { invoiceId: invoiceUrl.split('/').at(-1), paymentId: answer.headers['l1p-trace-id'], status: 'paid' },
      });
    }
    expect(await bed.ask('POST /v1/invoice/pay', { ...body, identifier: '99999999' })).toMatchObject({
      status: 404,
      json: { id: 'ClientNotFound' },
    });
  });

  it('pays an invoice by its URL also if the client was notified', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    await bed.ask('POST /v1/invoice/pay', { invoiceUrl, identifier: ALICE, account: 'alice' });
    expect((await notificationOf(invoiceNotificationId)).status).toBe('executed');
  });

  it('pays a product again by its URL after its notification was paid', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    bed.teachInvoice(invoiceUrl, { invoiceType: 'product' });
    const first = await pay(invoiceNotificationId);
    expect(first.status).toBe(200);
    const again = await bed.ask('POST /v1/invoice/pay', { invoiceUrl, identifier: ALICE, account: 'alice' });
    expect(again).toMatchObject({ status: 200, json: { status: 'paid' } });
    expect(again.json.paymentId).not.toBe(first.json.paymentId);
    expect((await pay(invoiceNotificationId)).json).toEqual(first.json);
  });

  it.each([
    [{ status: 422, json: { id: 'InvoicePayerMissmatchError', message: 'no' } }, 422, 'InvoicePayerMissmatchError'],
    [{ status: 500 }, 502, 'ExternalError'],
  ])('sends no payment if the setup is refused: %j', async (refusal, status, id) => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    onSetup(refusal);
    expect(await pay(invoiceNotificationId)).toMatchObject({ status, json: { id } });
    expect(await paymentOf(invoiceUrl)).toMatchObject({ status: 'failed' });
    expect(await notificationOf(invoiceNotificationId)).toEqual({ status: 'pending', payment_id: null });
  });

  it.each([
    [{ destinationAmount: '10.41' }, 422],
    [{ sourceAmount: '1000.00' }, 422],
    [{ sourceAmount: '10.41' }, 422],
    [{ id: randomUUID() }, 502],
    [{ expiresAt: 'never' }, 502],
    [{ sourceAmount: 'much' }, 502],
  ])('sends no payment if the setup differs from what the payer agreed to: %j', async (other, status) => {
    const { invoiceNotificationId } = await bed.notify();
    onSetup(({ body }) => ({ status: 201, json: setupResponse(body, other) }));
    const before = bed.peers.callsTo(/^POST \/proxy\/transfers/).length;
    expect((await pay(invoiceNotificationId)).status).toBe(status);
    expect(bed.peers.callsTo(/^POST \/proxy\/transfers/)).toHaveLength(before);
    expect(await notificationOf(invoiceNotificationId)).toEqual({ status: 'pending', payment_id: null });
  });

  it('N45: answers the payee’s reason for a rejection, and may be tried again', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    onPay(({ body }) => ({ status: 201, json: { ...body, status: 'rejected', rejectionMessage: REJECTION } }));
    expect(await pay(invoiceNotificationId)).toMatchObject({
      status: 422,
      json: { id: 'InvoiceNotPendingError', message: 'Invoice is not in pending status' },
    });
    expect(await paymentOf(invoiceUrl)).toMatchObject({ status: 'rejected', rejection_message: REJECTION });
    expect(await notificationOf(invoiceNotificationId)).toEqual({ status: 'pending', payment_id: null });
    onPay(({ body }) => ({ status: 201, json: { ...body, status: 'executed' } }));
    expect((await pay(invoiceNotificationId)).json.status).toBe('paid');
  });

  it('N48: answers ExpiredTransferError if the payment expired', async () => {
    const { invoiceNotificationId } = await bed.notify();
    onPay(({ body }) => ({ status: 201, json: { ...body, status: 'expired' } }));
    expect(await pay(invoiceNotificationId)).toMatchObject({ status: 422, json: { id: 'ExpiredTransferError' } });
    expect((await notificationOf(invoiceNotificationId)).status).toBe('pending');
  });

  it('N43: is final if the SPSP client refuses it and has no such payment', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    onPay({ status: 422, json: { id: 'ExpiredTransferError', message: 'too late' } });
    expect(await pay(invoiceNotificationId)).toMatchObject({ status: 422, json: { id: 'ExpiredTransferError' } });
    expect(await paymentOf(invoiceUrl)).toMatchObject({ status: 'failed' });
    expect((await notificationOf(invoiceNotificationId)).payment_id).toBeNull();
  });
});
