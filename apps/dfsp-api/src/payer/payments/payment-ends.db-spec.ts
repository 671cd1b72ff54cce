import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { setupResponse, TestBed } from '../../../test/test-bed.js';
import { paying, REJECTION } from '../../../test/paying.js';
import { OutgoingPaymentKeeper } from './outgoing-payment-keeper.js';

describe('a payment', () => {
  let bed: TestBed;
  const { sql, onSetup, onPay, onPoll, pay, notificationOf, paymentOf, overdue, asUsual } = paying(() => bed);

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());
  afterEach(asUsual);

  describe('ends as its transfer at the own ledger does', () => {
    /** Sets T1 of the payment that was set up last. */
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
    ])('A2: is not executed while the ledger has it as %s %j', async (state, other) => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      claims('executed', () => ledgerHas(state, other));
      expect((await pay(invoiceNotificationId)).json).toMatchObject({ invoiceNotificationId, status: 'pending' });
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
      expect((await notificationOf(invoiceNotificationId)).status).toBe('pending');
      ledgerHas('executed');
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('executed');
      expect((await notificationOf(invoiceNotificationId)).status).toBe('executed');
    });

    it('A2: is not executed if the ledger has no such transfer', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      bed.peers.on(/^GET \/ledger\/transfers\/[^/]+$/, { status: 404, json: { id: 'NotFoundError', message: 'no' } });
      expect((await pay(invoiceNotificationId)).json.status).toBe('pending');
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
      bed.peers.on(/^GET \/ledger\/transfers\/[^/]+$/, ({ route }) => bed.transferAnswer(route));
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('executed');
    });

    it.each(['rejected', 'expired'])('A2: is not %s while the transfer is prepared or executed', async (told) => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      claims(told, () => ledgerHas('prepared'));
      expect((await pay(invoiceNotificationId)).json.status).toBe('pending');
      expect((await pay(invoiceNotificationId)).json.status).toBe('pending');
      ledgerHas('executed');
      onPoll({ json: { status: told } });
      await overdue();
      expect(await paymentOf(invoiceUrl)).toMatchObject({ status: 'executed', fulfillment: 'oCKAIA' });
      expect((await notificationOf(invoiceNotificationId)).status).toBe('executed');
    });

    it('A2: is not final while its transfer is prepared', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay(() => {
        ledgerHas('prepared');
        return { status: 422, json: { id: 'ExpiredTransferError', message: 'too late' } };
      });
      expect(await pay(invoiceNotificationId)).toMatchObject({ status: 200, json: { status: 'pending' } });
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
      ledgerHas('rejected', { credits: [{ account: 'connector', amount: '10.40', rejection_message: REJECTION }] });
      await overdue();
      expect(await paymentOf(invoiceUrl)).toMatchObject({ status: 'rejected', rejection_message: REJECTION });
    });

    it('A2: is pending while the ledger cannot be read', async () => {
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

  describe('without an answer', () => {
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
        json: { invoiceNotificationId, paymentId: answer.json.paymentId, status: 'pending' },
      });
      expect((await pay(invoiceNotificationId)).json).toEqual(answer.json);
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
        headers: { 'l1p-trace-id': row.payment_id },
      });
    });

    it('is asked for at once after an error', async () => {
      const { invoiceNotificationId } = await bed.notify();
      onPay({ status: 500 });
      onPoll({ json: { status: 'executed', fulfillment: 'oCKAIA' } });
      expect((await pay(invoiceNotificationId)).json.status).toBe('paid');
    });

    it.each([
      ['fails', { status: 500 }],
      ['has too much to do now', { status: 503, headers: { 'retry-after': '1' } }],
    ])(
      'stays open, and says so, until its expiry if no system answers and the one that pays %s',
      async (_what, answer) => {
        const { invoiceUrl, invoiceNotificationId } = await bed.notify();
        onPay(answer);
        onPoll({ status: 500 });
        const told = await pay(invoiceNotificationId);
        const { payment_id: paymentId } = await paymentOf(invoiceUrl);
        expect(told).toMatchObject({
          status: 502,
          json: {
            id: 'ExternalError',
            paymentId,
            message: `The payment got no answer and is still open; GET /v1/payments/${paymentId} tells its end`,
          },
        });
        await overdue();
        expect((await paymentOf(invoiceUrl)).status).toBe('paying');
        expect((await notificationOf(invoiceNotificationId)).payment_id).not.toBeNull();
        expect(bed.isVoid(paymentId)).toBe(false);
        onPoll({ json: { status: 'executed' } });
        await overdue();
        expect((await notificationOf(invoiceNotificationId)).status).toBe('executed');
      },
    );

    it('that never arrived is given up after its expiry', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay({ status: 500 });
      expect((await pay(invoiceNotificationId)).status).toBe(502);
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
      await sql(`UPDATE outgoing_payments SET expires_at = now() - interval '1 day' WHERE invoice_url = $1`, [
        invoiceUrl,
      ]);
      await overdue();
      const { status, payment_id: paymentId } = await paymentOf(invoiceUrl);
      expect([status, bed.isVoid(paymentId)]).toEqual(['failed', true]);
      expect(await notificationOf(invoiceNotificationId)).toEqual({ status: 'pending', payment_id: null });
    });

    it.each([
      [
        'knows nothing, is given up',
        { status: 404, json: { id: 'NotFoundError', message: 'Unknown payment' } },
        'failed',
      ],
      ['says nothing, stays open', { status: 500 }, 'paying'],
      ['says that it is pending, stays open', { json: { status: 'pending' } }, 'paying'],
    ])('that nobody sends, and of which the SPSP client %s', async (_what, answer, expected) => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay({ status: 500 });
      onPoll(answer);
      await pay(invoiceNotificationId);
      await sql(`UPDATE outgoing_payments SET sending_until = now() - interval '15 s' WHERE invoice_url = $1`, [
        invoiceUrl,
      ]);
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
      await sql(`UPDATE outgoing_payments SET sending_until = now() - interval '25 s' WHERE invoice_url = $1`, [
        invoiceUrl,
      ]);
      await overdue();
      const { status, payment_id: paymentId } = await paymentOf(invoiceUrl);
      expect([status, bed.isVoid(paymentId)]).toEqual([expected, expected === 'failed']);
    });

    it('is not lost while a request sends it', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay({ status: 500 });
      await pay(invoiceNotificationId);
      await sql(
        `UPDATE outgoing_payments SET sending_until = now() + interval '1 minute', created_at = now() - interval '1 hour'
         WHERE invoice_url = $1`,
        [invoiceUrl],
      );
      await overdue();
      expect((await paymentOf(invoiceUrl)).status).toBe('paying');
    });

    it('is never sent after a crash during its setup', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onSetup(async ({ body }) => {
        // The keeper gives the payment up because the setup takes too long.
        await overdue();
        return { status: 201, json: setupResponse(body) };
      });
      const before = bed.peers.callsTo(/^POST \/proxy\/transfers/).length;
      expect((await pay(invoiceNotificationId)).json.id).toBe('ExpiredTransferError');
      expect(bed.peers.callsTo(/^POST \/proxy\/transfers/)).toHaveLength(before);
      expect((await paymentOf(invoiceUrl)).status).toBe('failed');
    });

    it('is followed up at the next start after a crash during its payment', async () => {
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
});
