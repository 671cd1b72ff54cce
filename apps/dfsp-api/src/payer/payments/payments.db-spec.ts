import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { ALICE, DAVE, OTHER_SERVER, setupResponse, statusesOf, TestBed } from '../../../test/test-bed.js';
import type { FakeAnswer, FakeCall } from '../../../test/fake-peers.js';
import { OutgoingPaymentKeeper } from './outgoing-payment-keeper.js';

const REJECTION = {
  code: 'F99',
  name: 'Application Error',
  message: 'Invoice is not in pending status',
  additional_info: { id: 'InvoiceNotPendingError', message: 'Invoice is not in pending status' },
};

describe('paying', () => {
  let bed: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());
  afterEach(() => {
    onSetup(({ body }) => ({ status: 201, json: setupResponse(body) }));
    onPay(({ body }) => ({ status: 201, json: { ...body, status: 'executed', fulfillment: 'oCKAIA' } }));
    onPoll({ status: 404, json: { id: 'NotFoundError', message: 'Unknown payment' } });
    onBalance('100.00');
  });

  const sql = (text: string, values: unknown[] = []) => bed.get(DataSource).query(text, values);
  const onSetup = (answer: FakeAnswer | ((call: FakeCall) => FakeAnswer | Promise<FakeAnswer>)) =>
    bed.peers.on(/^POST \/proxy\/setup$/, answer);
  const onPay = (answer: FakeAnswer | ((call: FakeCall) => FakeAnswer | Promise<FakeAnswer>)) =>
    bed.peers.on(/^POST \/proxy\/transfers\//, answer);
  const onPoll = (answer: FakeAnswer) => bed.peers.on(/^GET \/proxy\/payments\//, answer);
  const onBalance = (balance: string) =>
    bed.peers.on(/^GET \/ledger\/accounts\//, { json: { balance, minimum_allowed_balance: '0.00' } });
  const pay = (invoiceNotificationId: string, account = 'alice') =>
    bed.ask('PUT /v1/invoiceNotifications/pay', { account, invoiceNotificationId });
  const notificationOf = async (id: string) =>
    (await sql('SELECT status, payment_id FROM invoice_notifications WHERE id = $1', [id]))[0];
  const paymentOf = async (invoiceUrl: string) =>
    (await sql('SELECT * FROM outgoing_payments WHERE invoice_url = $1 ORDER BY created_at DESC', [invoiceUrl]))[0];
  const receive = (body: object, from?: string) =>
    bed.notice({ senderIdentifier: ALICE, memo: 'Lunch', ...body }, from);
  const sent = () => bed.peers.callsTo(/^POST \/proxy\/(setup|transfers)/);

  /** Makes every open payment due now, as time would. */
  async function overdue(): Promise<void> {
    await sql(`UPDATE outgoing_payments SET check_at = now() - interval '1 s' WHERE status IN ('settingUp', 'paying')`);
    await bed.get(OutgoingPaymentKeeper).lookAfterDue();
  }

  it('sets up and pays under one id, which is the trace, and ends with a paid notification', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    const before = sent().length;
    const answer = await pay(invoiceNotificationId);
    expect({ status: answer.status, json: answer.json }).toEqual({
      status: 200,
      json: { invoiceNotificationId, status: 'paid' },
    });
    const [setup, payment] = sent().slice(before);
    const paymentId = setup?.body.paymentId;
    expect(setup?.body).toEqual({
      receiver: invoiceUrl,
      sourceAccount: 'http://adapter.dfsp1.test/ilp/ledger/v1/accounts/alice',
      sourceIdentifier: ALICE,
      paymentId,
    });
    expect(payment?.route).toBe(`POST /proxy/transfers/${paymentId}`);
    expect(payment?.body).toMatchObject({ id: paymentId, sourceIdentifier: ALICE, destinationAmount: '10.40' });
    expect([setup?.traceId, payment?.traceId, answer.headers['l1p-trace-id']]).toEqual([
      paymentId,
      paymentId,
      paymentId,
    ]);
    expect(await paymentOf(invoiceUrl)).toMatchObject({ status: 'executed', fulfillment: 'oCKAIA', amount: '1040' });
    expect(await notificationOf(invoiceNotificationId)).toEqual({ status: 'executed', payment_id: paymentId });
    expect((await pay(invoiceNotificationId)).json.id).toBe('InvoiceNotPendingError');
  });

  it('shows and lists what there is to pay', async () => {
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

  it('N33, ruling 7: pays nothing unknown, and from nobody else’s account', async () => {
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

  it('N34: pays nothing the balance does not cover, fee included', async () => {
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
    const known = { cancelled: 'cancelled', expired: 'expired' }[status] ?? 'pending';
    expect((await notificationOf(invoiceNotificationId)).status).toBe(known);
  });

  it('N37: pays once, however often it is asked to at once', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    const answers = await Promise.all(Array.from({ length: 5 }, () => pay(invoiceNotificationId)));
    expect(statusesOf(answers)).toEqual([200, 422, 422, 422, 422]);
    expect(sent().filter(({ body }) => body.receiver === invoiceUrl && body.paymentId)).toHaveLength(1);
  });

  it('pays an invoice by its URL, of which nobody was notified', async () => {
    const invoiceUrl = `${OTHER_SERVER}/invoices/${randomUUID()}`;
    bed.teachInvoice(invoiceUrl, { invoiceType: 'product' });
    const body = { invoiceUrl, identifier: ALICE, account: 'alice' };
    for (let repeat = 0; repeat < 2; repeat++) {
      const answer = await bed.ask('POST /v1/invoice/pay', body);
      expect({ status: answer.status, json: answer.json }).toEqual({
        status: 200,
        json: { invoiceId: invoiceUrl.split('/').at(-1), status: 'paid' },
      });
    }
    expect(await bed.ask('POST /v1/invoice/pay', { ...body, identifier: '99999999' })).toMatchObject({
      status: 404,
      json: { id: 'ClientNotFound' },
    });
  });

  it('pays by URL the one that was notified too', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    await bed.ask('POST /v1/invoice/pay', { invoiceUrl, identifier: ALICE, account: 'alice' });
    expect((await notificationOf(invoiceNotificationId)).status).toBe('executed');
  });

  it('buys a product again by URL after its notification was paid', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    bed.teachInvoice(invoiceUrl, { invoiceType: 'product' });
    expect((await pay(invoiceNotificationId)).status).toBe(200);
    const again = await bed.ask('POST /v1/invoice/pay', { invoiceUrl, identifier: ALICE, account: 'alice' });
    expect(again).toMatchObject({ status: 200, json: { status: 'paid' } });
    expect((await pay(invoiceNotificationId)).json.id).toBe('InvoiceNotPendingError');
  });

  it.each([
    [{ status: 422, json: { id: 'InvoicePayerMissmatchError', message: 'no' } }, 422, 'InvoicePayerMissmatchError'],
    [{ status: 500 }, 502, 'ExternalError'],
  ])('sends nothing more when the setup is refused: %j', async (refusal, status, id) => {
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
  ])('sends nothing more when the setup is another one than the payer agreed to: %j', async (other, status) => {
    const { invoiceNotificationId } = await bed.notify();
    onSetup(({ body }) => ({ status: 201, json: setupResponse(body, other) }));
    const before = bed.peers.callsTo(/^POST \/proxy\/transfers/).length;
    expect((await pay(invoiceNotificationId)).status).toBe(status);
    expect(bed.peers.callsTo(/^POST \/proxy\/transfers/)).toHaveLength(before);
    expect(await notificationOf(invoiceNotificationId)).toEqual({ status: 'pending', payment_id: null });
  });

  it('N45: tells the payer why the payee rejected, and lets them try again', async () => {
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

  it('N48: says that time was over', async () => {
    const { invoiceNotificationId } = await bed.notify();
    onPay(({ body }) => ({ status: 201, json: { ...body, status: 'expired' } }));
    expect(await pay(invoiceNotificationId)).toMatchObject({ status: 422, json: { id: 'ExpiredTransferError' } });
    expect((await notificationOf(invoiceNotificationId)).status).toBe('pending');
  });

  it('N43: a refusal by a client that knows of no such payment is final', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    onPay({ status: 422, json: { id: 'ExpiredTransferError', message: 'too late' } });
    expect(await pay(invoiceNotificationId)).toMatchObject({ status: 422, json: { id: 'ExpiredTransferError' } });
    expect(await paymentOf(invoiceUrl)).toMatchObject({ status: 'failed' });
    expect((await notificationOf(invoiceNotificationId)).payment_id).toBeNull();
  });

  describe('ends as the own ledger says, whatever is told of it', () => {
    /** T1 of the payment whose setup was answered last. */
    function ledgerHas(state: string, more: Record<string, unknown> = {}): void {
      const setup = bed.peers.callsTo(/^POST \/proxy\/setup$/).at(-1)?.answer?.json as Record<string, any>;
      bed.ledgerHas(setup['id'], state, {
        debits: [{ account: 'alice', amount: '10.40' }],
        credits: [{ account: 'connector', amount: '10.40' }],
        execution_condition: setup['condition'],
        ...more,
      });
    }
    const claims = (status: string, ledger: () => void) =>
      onPay(({ body }) => {
        ledger();
        return { status: 201, json: { ...body, status, fulfillment: 'oCKAIA' } };
      });

    it.each([
      ['prepared', {}],
      ['proposed', {}],
      ['executed', { debits: [{ account: 'erin', amount: '10.40' }] }],
      ['executed', { debits: [{ account: 'alice', amount: '0.01' }] }],
      [
        'executed',
        {
          execution_condition: 'ni:///sha-256;47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU?fpt=preimage-sha-256&cost=0',
        },
      ],
    ])('A2: not executed while the ledger says %s %j', async (state, other) => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      claims('executed', () => ledgerHas(state, other));
      expect((await pay(invoiceNotificationId)).json).toEqual({ invoiceNotificationId, status: 'pending' });
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
      expect((await notificationOf(invoiceNotificationId)).status).toBe('pending');
      ledgerHas('executed');
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('executed');
      expect((await notificationOf(invoiceNotificationId)).status).toBe('executed');
    });

    it('A2: not executed when the ledger knows no such transfer', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      bed.peers.on(/^GET \/ledger\/transfers\/[^/]+$/, { status: 404, json: { id: 'NotFoundError', message: 'no' } });
      expect((await pay(invoiceNotificationId)).json.status).toBe('pending');
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
      bed.peers.on(/^GET \/ledger\/transfers\/[^/]+$/, ({ route }) => bed.transferAnswer(route));
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('executed');
    });

    it.each(['rejected', 'expired'])('A2: not %s while the transfer is prepared or executed', async (told) => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      claims(told, () => ledgerHas('prepared'));
      expect((await pay(invoiceNotificationId)).json.status).toBe('pending');
      expect((await pay(invoiceNotificationId)).json.id).toBe('InvoiceNotPendingError');
      ledgerHas('executed');
      onPoll({ json: { status: told } });
      await overdue();
      expect(await paymentOf(invoiceUrl)).toMatchObject({ status: 'executed', fulfillment: 'oCKAIA' });
      expect((await notificationOf(invoiceNotificationId)).status).toBe('executed');
    });

    it('A2: not refused for good while a transfer of it is prepared', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay(() => {
        ledgerHas('prepared');
        return { status: 422, json: { id: 'ExpiredTransferError', message: 'too late' } };
      });
      expect((await pay(invoiceNotificationId)).status).toBe(502);
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
      ledgerHas('rejected', { credits: [{ account: 'connector', amount: '10.40', rejection_message: REJECTION }] });
      await overdue();
      expect(await paymentOf(invoiceUrl)).toMatchObject({ status: 'rejected', rejection_message: REJECTION });
    });

    it('A2: is pending while the ledger is not read', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      bed.peers.on(/^GET \/ledger\/transfers\/[^/]+$/, { status: 500 });
      expect((await pay(invoiceNotificationId)).json.status).toBe('pending');
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
      bed.peers.on(/^GET \/ledger\/transfers\/[^/]+$/, ({ route }) => bed.transferAnswer(route));
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('executed');
    });
  });

  describe('what has no answer yet', () => {
    it.each([
      [{ status: 'executed', fulfillment: 'oCKAIA' }, 'executed', 'executed'],
      [{ status: 'rejected', rejectionMessage: REJECTION }, 'rejected', 'pending'],
      [{ status: 'expired' }, 'expired', 'pending'],
    ])('is pending, cannot be rejected or paid again, and is followed to its end: %j', async (end, payment, known) => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay(({ body }) => ({ status: 201, json: { ...body, status: 'pending' } }));
      onPoll({ json: { status: 'pending' } });
      const answer = await pay(invoiceNotificationId);
      expect({ status: answer.status, json: answer.json }).toEqual({
        status: 200,
        json: { invoiceNotificationId, status: 'pending' },
      });
      expect((await pay(invoiceNotificationId)).json.id).toBe('InvoiceNotPendingError');
      const reject = await bed.ask('PUT /v1/invoiceNotifications/reject', { invoiceNotificationId });
      expect(reject.json.id).toBe('InvoiceNotPendingError');
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
      onPoll({ json: end });
      await overdue();
      const row = await paymentOf(invoiceUrl);
      expect(row.status).toBe(payment);
      expect((await notificationOf(invoiceNotificationId)).status).toBe(known);
      expect(bed.peers.callsTo(/^GET \/proxy\/payments\//).at(-1)).toMatchObject({
        route: `GET /proxy/payments/${row.payment_id}`,
        traceId: row.payment_id,
      });
    });

    it('after an error is asked for at once', async () => {
      const { invoiceNotificationId } = await bed.notify();
      onPay({ status: 500 });
      onPoll({ json: { status: 'executed', fulfillment: 'oCKAIA' } });
      expect((await pay(invoiceNotificationId)).json.status).toBe('paid');
    });

    it('is never guessed: while nobody tells, it stays open', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay({ status: 500 });
      onPoll({ status: 500 });
      expect(await pay(invoiceNotificationId)).toMatchObject({ status: 502, json: { id: 'ExternalError' } });
      await sql(`UPDATE outgoing_payments SET expires_at = now() - interval '1 day' WHERE invoice_url = $1`, [
        invoiceUrl,
      ]);
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
      expect((await notificationOf(invoiceNotificationId)).payment_id).not.toBeNull();
      onPoll({ json: { status: 'executed' } });
      await overdue();
      expect((await notificationOf(invoiceNotificationId)).status).toBe('executed');
    });

    it('and never arrived, is given up only once it would be refused', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay({ status: 500 });
      expect((await pay(invoiceNotificationId)).status).toBe(502);
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
      await sql(`UPDATE outgoing_payments SET expires_at = now() - interval '1 day' WHERE invoice_url = $1`, [
        invoiceUrl,
      ]);
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('failed');
      expect(await notificationOf(invoiceNotificationId)).toEqual({ status: 'pending', payment_id: null });
    });

    it('after a crash while it was set up is never sent', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onSetup(async ({ body }) => {
        // Its owner gives the payment up while the setup takes too long.
        await overdue();
        return { status: 201, json: setupResponse(body) };
      });
      const before = bed.peers.callsTo(/^POST \/proxy\/transfers/).length;
      expect((await pay(invoiceNotificationId)).json.id).toBe('ExpiredTransferError');
      expect(bed.peers.callsTo(/^POST \/proxy\/transfers/)).toHaveLength(before);
      expect((await paymentOf(invoiceUrl)).status).toBe('failed');
    });

    it('after a crash while it was paid is found when the role starts again', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay(({ body }) => ({ status: 201, json: { ...body, status: 'pending' } }));
      await pay(invoiceNotificationId);
      await sql(`UPDATE outgoing_payments SET check_at = now() + interval '1 day' WHERE invoice_url = $1`, [
        invoiceUrl,
      ]);
      bed = await bed.restarted();
      onPoll({ json: { status: 'executed', fulfillment: 'oCKAIA' } });
      await bed.get(OutgoingPaymentKeeper).lookAfterDue();
      expect((await paymentOf(invoiceUrl)).status).toBe('executed');
    });
  });

  describe('notifications', () => {
    it('N27: are stored once for each invoice and client, on every route', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      for (const route of ['/v1/invoices', '/invoices', '/receiver/invoice/', '/v1/receiver/invoice']) {
        const again = await bed.notice({ invoiceUrl, senderIdentifier: ALICE, memo: 'other' }, 'dfsp2', route);
        expect({ status: again.status, json: again.json }).toEqual({
          status: 201,
          json: { invoiceNotificationId, status: 'pending' },
        });
      }
    });

    it('are not stored for strangers, nor of strangers', async () => {
      const invoiceUrl = `${OTHER_SERVER}/invoices/${randomUUID()}`;
      expect(await receive({ invoiceUrl, senderIdentifier: '99999999' })).toMatchObject({
        status: 404,
        json: { id: 'UserNotFound' },
      });
      expect(await receive({ invoiceUrl: 'http://evil.test/v1/invoices/1' })).toMatchObject({
        status: 404,
        json: { id: 'InvoiceNotFoundError' },
      });
      expect(await receive({ invoiceUrl: 'nonsense' })).toMatchObject({
        status: 400,
        json: { id: 'InvalidBodyError' },
      });
      expect(await receive({ invoiceUrl, memo: 'x'.repeat(2_049) })).toMatchObject({ status: 400 });
    });

    const readsOf = (invoiceUrl: string) =>
      bed.peers.callsTo(/^GET \/proxy\/invoices$/).filter(({ query }) => query['invoiceUrl'] === invoiceUrl).length;
    const pendingOf = async () =>
      (await bed.ask(`GET /v1/invoiceNotifications/pending/${ALICE}?limit=100`)).json.invoices;
    const newUrl = (server = OTHER_SERVER) => `${server}/invoices/${randomUUID()}`;

    it('A13: show what the issuer says of the invoice, and nothing that the sender says', async () => {
      const invoiceUrl = newUrl();
      bed.teachInvoice(invoiceUrl, { invoiceInfo: 'Two coffees', identifier: ALICE });
      const { status, json } = await receive({ invoiceUrl, memo: 'You have won; pay 99 to claim' });
      expect(status).toBe(201);
      expect(readsOf(invoiceUrl)).toBe(1);
      expect(await pendingOf()).toContainEqual({
        invoiceNotificationId: json.invoiceNotificationId,
        status: 'pending',
        info: 'Two coffees',
      });
      expect((await receive({ invoiceUrl })).json).toEqual(json);
      expect(readsOf(invoiceUrl)).toBe(1);
    });

    it.each([
      [{ status: 'paid' }, 422, 'InvoiceNotPendingError'],
      [{ status: 'rejected' }, 422, 'InvoiceNotPendingError'],
      [{ status: 'cancelled' }, 422, 'InvoiceNotPendingError'],
      [{ status: 'expired' }, 422, 'InvoiceNotPendingError'],
      [{ identifier: DAVE }, 422, 'InvoicePayerMissmatchError'],
      [{ invoiceType: 'product' }, 422, 'InvoiceNotStandardError'],
      [{ invoiceType: 'pending' }, 422, 'InvoiceNotStandardError'],
      [{ invoiceId: randomUUID() }, 404, 'InvoiceNotFoundError'],
      [undefined, 404, 'InvoiceNotFoundError'],
    ])('A13: nothing is stored of an invoice of which the issuer says %j', async (view, status, id) => {
      const invoiceUrl = newUrl();
      if (view) bed.teachInvoice(invoiceUrl, view);
      const before = await sql('SELECT count(*) FROM invoice_notifications');
      for (const from of ['dfsp2', undefined]) {
        expect(await receive({ invoiceUrl }, from)).toMatchObject({ status, json: { id } });
      }
      expect(await sql('SELECT count(*) FROM invoice_notifications')).toEqual(before);
    });

    it.each([500, 502, 429])(
      'A13: while the issuer answers %i nothing is stored, and it may be sent again',
      async (status) => {
        const invoiceUrl = newUrl();
        bed.peers.on(/^GET \/proxy\/invoices$/, { status, json: { id: 'SomeError', message: 'no' } });
        const refused = await receive({ invoiceUrl });
        bed.peers.on(/^GET \/proxy\/invoices$/, ({ query }) => bed.invoiceAnswer(query));
        expect(refused).toMatchObject({ status: 503, json: { id: 'ServiceUnavailableError' } });
        expect(await sql('SELECT 1 FROM invoice_notifications WHERE invoice_url = $1', [invoiceUrl])).toEqual([]);
        bed.teachInvoice(invoiceUrl);
        expect((await receive({ invoiceUrl })).status).toBe(201);
      },
    );

    it('A13: a DFSP tells of its own invoices alone, and each invoice is one', async () => {
      const invoiceUrl = newUrl();
      bed.teachInvoice(invoiceUrl);
      for (const other of [`${invoiceUrl}?again`, `${invoiceUrl}#2`])
        bed.teachInvoice(other, { invoiceId: invoiceUrl.slice(-36) });
      expect(await receive({ invoiceUrl }, 'dfsp9')).toMatchObject({
        status: 404,
        json: { id: 'InvoiceNotFoundError' },
      });
      expect((await receive({ invoiceUrl })).status).toBe(201);
      for (const other of [`${invoiceUrl}?again`, `${invoiceUrl}#2`]) {
        expect(await receive({ invoiceUrl: other })).toMatchObject({
          status: 404,
          json: { id: 'InvoiceNotFoundError' },
        });
      }
    });

    it('A13: nobody but the DFSP that was told of an invoice rejects it', async () => {
      const { invoiceId } = await bed.issue();
      const revoke = (from: string | undefined, status = 'rejected') =>
        receive(
          { invoiceUrl: `http://spsp.dfsp1.test/v1/invoices/${invoiceId}`, memo: JSON.stringify({ status }) },
          from,
        );
      for (const from of [undefined, 'dfsp2', 'dfsp9']) {
        expect(await revoke(from)).toMatchObject({ status: 404, json: { id: 'InvoiceNotFoundError' } });
        expect(await revoke(from, 'cancelled')).toMatchObject({ status: 404 });
      }
      expect((await bed.ask(`GET /v1/invoices/${invoiceId}`)).json.status).toBe('unpaid');
      // Alice is a client of dfsp1, which was told.
      expect(await revoke('dfsp1')).toMatchObject({ status: 201, json: { status: 'rejected' } });
    });

    it('are cancelled only when the invoice itself says so', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      const memo = '{"status":"cancelled"}';
      expect(await receive({ invoiceUrl, memo })).toMatchObject({ status: 422 });
      expect((await notificationOf(invoiceNotificationId)).status).toBe('pending');
      bed.teachInvoice(invoiceUrl, { status: 'cancelled' });
      for (let repeat = 0; repeat < 2; repeat++) {
        expect(await receive({ invoiceUrl, memo })).toMatchObject({ status: 201, json: { status: 'cancelled' } });
      }
      expect((await notificationOf(invoiceNotificationId)).status).toBe('cancelled');
      expect((await pay(invoiceNotificationId)).json.id).toBe('InvoiceNotPendingError');
    });

    it('are paid when the money went, whatever the merchant says of the invoice meanwhile', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay(async ({ body }) => {
        bed.teachInvoice(invoiceUrl, { status: 'cancelled' });
        await receive({ invoiceUrl, memo: '{"status":"cancelled"}' });
        return { status: 201, json: { ...body, status: 'executed', fulfillment: 'oCKAIA' } };
      });
      expect(await pay(invoiceNotificationId)).toMatchObject({ status: 200, json: { status: 'paid' } });
      expect((await notificationOf(invoiceNotificationId)).status).toBe('executed');
    });

    it('N28: that are unknown cannot be cancelled', async () => {
      const invoiceUrl = `${OTHER_SERVER}/invoices/${randomUUID()}`;
      expect(await receive({ invoiceUrl, memo: '{"status":"cancelled"}' })).toMatchObject({
        status: 404,
        json: { id: 'InvoiceNotificationNotFoundError' },
      });
    });

    it('N35: are rejected by the client, and the merchant is told', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      const reject = () => bed.ask('PUT /v1/invoiceNotifications/reject', { invoiceNotificationId });
      expect(await reject()).toMatchObject({ status: 200, json: { invoiceNotificationId, status: 'rejected' } });
      expect(bed.peers.callsTo(/^POST \/proxy\/invoices$/).at(-1)?.body).toEqual({
        invoiceId: invoiceUrl.split('/').at(-1),
        invoiceUrl,
        submissionUrl: `${OTHER_SERVER}/invoices`,
        senderIdentifier: ALICE,
        memo: '{"status":"rejected"}',
      });
      expect((await reject()).json.id).toBe('InvoiceNotPendingError');
      expect((await pay(invoiceNotificationId)).json.id).toBe('InvoiceNotPendingError');
    });

    it('reach a client of the same DFSP too, and reject the invoice there', async () => {
      const { invoiceId } = await bed.issue();
      const invoiceUrl = `http://spsp.dfsp1.test/v1/invoices/${invoiceId}`;
      bed.teachInvoice(invoiceUrl, (await bed.ask(`GET /v1/invoices/${invoiceId}`)).json);
      const { json } = await receive({ invoiceUrl }, 'dfsp1');
      bed.peers.on(/^POST \/proxy\/invoices$/, async ({ body }) => {
        const { status, json: told } = await receive(body, 'dfsp1');
        return { status, json: told };
      });
      await bed.ask('PUT /v1/invoiceNotifications/reject', { invoiceNotificationId: json.invoiceNotificationId });
      expect((await bed.ask(`GET /v1/invoices/${invoiceId}`)).json).toMatchObject({
        status: 'rejected',
        merchantIdentifier: DAVE,
      });
      bed.peers.on(/^POST \/proxy\/invoices$/, { status: 201 });
    });
  });
});
