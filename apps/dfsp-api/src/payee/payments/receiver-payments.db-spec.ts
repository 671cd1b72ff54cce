import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { receiving } from '../../../test/receiving.js';
import { ALICE, DAVE, ledgerTransfer, TestBed } from '../../../test/test-bed.js';

const CAROL = '78956563';

describe('payments to customers', () => {
  let bed: TestBed;
  const { sql, setup, statusOf, paymentStatus, approved, sendNews, claim, ledgerSays } = receiving(() => bed);

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());

  describe('are approved and executed', () => {
    it('once, also if the news comes many times', async () => {
      const payment = await approved();
      for (const status of ['proposed', 'prepared', 'prepared', 'executed', 'executed', 'prepared']) {
        expect(await sendNews(payment, status)).toMatchObject({ status: 200, json: {} });
      }
      expect((await bed.ask(`GET /v1/invoices/${payment.invoiceId}`)).json.status).toBe('paid');
      const another = await setup({ invoiceId: payment.invoiceId, paymentId: randomUUID() });
      expect(another.json.id).toBe('InvoiceNotPendingError');
      expect(await sendNews(payment, 'rejected')).toMatchObject({ status: 422 });
    });

    it('without a setup, if the invoice is free', async () => {
      const { invoiceId } = await bed.issue();
      const payment = { invoiceId, paymentId: randomUUID() };
      expect((await sendNews(payment, 'executed')).status).toBe(404);
      expect((await sendNews(payment, 'proposed')).status).toBe(200);
      expect(await statusOf(invoiceId)).toBe('approved');
      expect((await sendNews({ invoiceId, paymentId: randomUUID() }, 'prepared')).json.id).toBe(
        'InvoiceNotPendingError',
      );
    });

    it('N36: for a product many times, by any payer; the invoice stays pending', async () => {
      const { invoiceId } = await bed.issue({ invoiceType: 'product' });
      for (const senderIdentifier of [ALICE, CAROL]) {
        const payment = { invoiceId, paymentId: randomUUID() };
        expect((await setup({ ...payment, senderIdentifier })).status).toBe(201);
        expect((await sendNews(payment, 'prepared', { senderIdentifier })).status).toBe(200);
        expect((await sendNews(payment, 'executed', { senderIdentifier })).status).toBe(200);
      }
      expect(await statusOf(invoiceId)).toBe('pending');
      const rows = await sql('SELECT status FROM receiver_payments WHERE invoice_id = $1', [invoiceId]);
      expect(rows).toEqual([{ status: 'executed' }, { status: 'executed' }]);
    });

    it('also to a number, on both routes', async () => {
      const paymentId = randomUUID();
      await setup({ identifier: DAVE, amount: '5', paymentId });
      const body = { transferId: paymentId, paymentid: paymentId, destinationAmount: '5.00' };
      const route = `PUT /v1/receivers/${DAVE}/payments/${paymentId}`;
      const five = { credits: [{ account: 'dave', amount: '5.00' }] };
      bed.ledgerHas(paymentId, 'prepared', five);
      expect(await bed.ask(route, { ...body, status: 'prepared' })).toMatchObject({ status: 200, json: {} });
      const byId = (status: string) => bed.ask(`PUT /v1/payments/${paymentId}`, { status });
      expect(await byId('executed')).toMatchObject({ status: 422, json: { id: 'UnprocessableEntityError' } });
      expect(await paymentStatus(paymentId)).toBe('prepared');
      bed.ledgerHas(paymentId, 'executed', five);
      expect(await byId('expired')).toMatchObject({ status: 422 });
      expect(await byId('executed')).toMatchObject({ status: 200 });
      expect(await paymentStatus(paymentId)).toBe('executed');
    });

    it.each([
      [{ destinationAmount: '10.41' }, 422, 'UnprocessableEntityError'],
      [{ destinationAmount: 'x' }, 400, 'InvalidBodyError'],
      [{ senderIdentifier: CAROL }, 422, 'InvoicePayerMissmatchError'],
      [{ paymentid: randomUUID() }, 400, 'InvalidBodyError'],
      [{ invoiceId: randomUUID() }, 400, 'InvalidBodyError'],
      [{ status: 'settled' }, 400, 'InvalidBodyError'],
    ])('N45: not with %j', async (wrong, status, id) => {
      const payment = await approved();
      expect(await sendNews(payment, 'prepared', wrong)).toMatchObject({ status, json: { id } });
      expect(await paymentStatus(payment.paymentId)).toBe('proposed');
    });

    it('not for another invoice, an unknown invoice or an unknown payment', async () => {
      const payment = await approved();
      const { invoiceId } = await bed.issue();
      expect(await sendNews({ ...payment, invoiceId }, 'prepared')).toMatchObject({ status: 422 });
      expect(await sendNews({ invoiceId: randomUUID(), paymentId: randomUUID() }, 'prepared')).toMatchObject({
        status: 404,
        json: { id: 'InvoiceNotFoundError' },
      });
      expect(await bed.ask(`PUT /v1/payments/${randomUUID()}`, { status: 'prepared' })).toMatchObject({
        status: 404,
        json: { id: 'QuoteNotFoundError' },
      });
      expect(await bed.ask('PUT /v1/payments/1', { status: 'prepared' })).toMatchObject({
        status: 400,
        json: { id: 'InvalidUriParameterError' },
      });
    });
  });

  describe('are as their transfer at the own ledger is', () => {
    const five = (name: string) => ({ credits: [{ account: name, amount: '10.40' }] });

    it.each(['prepared', 'executed', 'rejected', 'expired'])(
      'A2: not %s before the transfer at the ledger is',
      async (status) => {
        const payment = await approved();
        expect(await claim(payment, status)).toMatchObject({ status: 422, json: { id: 'UnprocessableEntityError' } });
        bed.ledgerHas(payment.paymentId, 'proposed');
        expect((await claim(payment, status)).status).toBe(422);
        expect(await paymentStatus(payment.paymentId)).toBe('proposed');
        expect(await statusOf(payment.invoiceId)).toBe('approved');
      },
    );

    it.each(['executed', 'rejected', 'expired'])('A2: not %s while the transfer is prepared', async (status) => {
      const payment = await approved();
      await sendNews(payment, 'prepared');
      expect((await claim(payment, status)).status).toBe(422);
      expect((await bed.ask(`PUT /v1/payments/${payment.paymentId}`, { status })).status).toBe(422);
      expect(await paymentStatus(payment.paymentId)).toBe('prepared');
      expect((await bed.ask(`GET /v1/invoices/${payment.invoiceId}`)).json.status).toBe('unpaid');
    });

    it.each([
      five('alice'),
      five('fees'),
      { credits: [{ account: 'dave', amount: '10.39' }] },
      { credits: [{ account: 'dave', amount: '1040' }] },
      { credits: [] },
    ])('A2: not with a transfer of another payment: %j', async (other) => {
      const payment = await approved();
      for (const status of ['prepared', 'executed']) {
        bed.ledgerHas(payment.paymentId, status, other);
        expect((await claim(payment, status)).status).toBe(422);
        expect((await bed.ask(`PUT /v1/payments/${payment.paymentId}`, { status })).status).toBe(422);
      }
      expect(await paymentStatus(payment.paymentId)).toBe('proposed');
      expect(await statusOf(payment.invoiceId)).toBe('approved');
    });

    it('A2: one transfer pays one payment', async () => {
      const [one, other] = [await approved(), await approved()];
      bed.ledgerHas(one.paymentId, 'executed');
      for (const status of ['prepared', 'executed']) {
        expect((await claim(other, status, { transferId: one.paymentId })).status).toBe(422);
      }
      expect((await claim(one, 'executed')).status).toBe(200);
      expect(await statusOf(other.invoiceId)).toBe('approved');
    });

    it('A2: an invoice is not reserved for a missing transfer, or one of another payment', async () => {
      const { invoiceId } = await bed.issue();
      const payment = { invoiceId, paymentId: randomUUID() };
      expect((await claim(payment, 'prepared')).status).toBe(422);
      bed.ledgerHas(payment.paymentId, 'prepared', five('alice'));
      expect((await claim(payment, 'prepared')).status).toBe(422);
      expect(await statusOf(invoiceId)).toBe('pending');
      expect(await sql('SELECT 1 FROM receiver_payments WHERE payment_id = $1', [payment.paymentId])).toEqual([]);
      expect((await sendNews(payment, 'prepared')).status).toBe(200);
    });

    it.each([500, 401, 403])(
      'A2: while the ledger cannot be read (%i) nothing changes, and the news may be sent again',
      async (status) => {
        const payment = await approved();
        ledgerSays(payment.paymentId, status, {});
        for (const told of ['prepared', 'executed', 'rejected']) {
          expect(await claim(payment, told)).toMatchObject({ status: 503, json: { id: 'ServiceUnavailableError' } });
        }
        expect(await paymentStatus(payment.paymentId)).toBe('proposed');
        expect(await statusOf(payment.invoiceId)).toBe('approved');
        ledgerSays(payment.paymentId, 200, ledgerTransfer(payment.paymentId, 'prepared'));
        expect((await claim(payment, 'prepared')).status).toBe(200);
      },
    );
  });
});
