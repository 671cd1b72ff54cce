import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { receiving } from '../../../test/receiving.js';
import { DAVE, ledgerTransfer, TestBed } from '../../../test/test-bed.js';
import { Retention } from '@level-one/work';
import { ReceiverPaymentKeeper } from './receiver-payment-keeper.js';

describe('payments to customers', () => {
  let bed: TestBed;
  const { sql, setup, statusOf, paymentStatus, approved, sendNews, timeIsOver, ledgerSays, REVOCATIONS } = receiving(
    () => bed,
  );
  const reservationOf = async (paymentId: string) =>
    (await sql('SELECT status FROM limit_reservations WHERE payment_id = $1', [paymentId]))[0]?.status;

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());

  it('A8: are deleted when they are old and moved no money, and no others', async () => {
    const [old, executed] = [await approved(), await approved()];
    await sendNews(executed, 'prepared');
    await sendNews(executed, 'executed');
    await timeIsOver(old.paymentId);
    await bed.get(Retention).deleteOld();
    expect(await paymentStatus(old.paymentId)).toBe('expired');
    await sql(`UPDATE receiver_payments SET expires_at = now() - interval '91 days'`);
    await bed.get(Retention).deleteOld();
    expect(await sql('SELECT 1 FROM receiver_payments WHERE payment_id = $1', [old.paymentId])).toEqual([]);
    expect(await paymentStatus(executed.paymentId)).toBe('executed');
  });

  describe('that fail', () => {
    it.each(['rejected', 'expired'])('because they are %s leave the invoice payable', async (status) => {
      const payment = await approved();
      await sendNews(payment, 'prepared');
      for (let repeat = 0; repeat < 2; repeat++) expect((await sendNews(payment, status)).status).toBe(200);
      expect(await statusOf(payment.invoiceId)).toBe('pending');
      expect(await sendNews(payment, 'prepared')).toMatchObject({
        status: 422,
        json: { id: 'InvoiceNotPendingError' },
      });
      expect((await setup({ invoiceId: payment.invoiceId, paymentId: randomUUID() })).status).toBe(201);
      expect((await sendNews(payment, 'rejected')).status).toBe(200);
      expect(await statusOf(payment.invoiceId)).toBe('approved');
    });

    it('ruling 6: because no transfer comes free the invoice at their expiry, and are refused after it', async () => {
      const payment = await approved();
      await bed.get(ReceiverPaymentKeeper).lookAfterDue();
      expect(await statusOf(payment.invoiceId)).toBe('approved');
      await timeIsOver(payment.paymentId);
      expect(await statusOf(payment.invoiceId)).toBe('pending');
      expect(await sendNews(payment, 'prepared')).toMatchObject({
        status: 422,
        json: { id: 'InvoiceNotPendingError' },
      });
      expect(bed.isVoid(payment.paymentId)).toBe(true);
    });

    it('to a number are refused after their expiry too', async () => {
      const paymentId = randomUUID();
      await setup({ identifier: DAVE, amount: '5', paymentId });
      await timeIsOver(paymentId);
      const answer = await bed.ask(`PUT /v1/payments/${paymentId}`, { status: 'prepared' });
      expect(answer).toMatchObject({ status: 422, json: { id: 'ExpiredTransferError' } });
    });

    it('are refused after their expiry, also before the keeper has expired them', async () => {
      const payment = await approved();
      await sql(`UPDATE receiver_payments SET expires_at = now() - interval '1 s' WHERE payment_id = $1`, [
        payment.paymentId,
      ]);
      expect((await sendNews(payment, 'prepared')).json.id).toBe('InvoiceNotPendingError');
    });

    it.each([
      ['is away', { status: 503, json: { id: 'ServiceUnavailableError', message: 'away' } }],
      ['has the transfer as prepared', { json: ledgerTransfer('1', 'prepared') }],
    ])('keep the invoice while the ledger %s, and free it once no transfer can come', async (_what, answer) => {
      const { invoiceId, paymentId } = await approved();
      const route = new RegExp(`^PUT /ledger/transfers/${paymentId}/void$`);
      bed.peers.on(route, answer);
      for (let repeat = 0; repeat < 2; repeat++) {
        await timeIsOver(paymentId);
        expect([await paymentStatus(paymentId), await statusOf(invoiceId)]).toEqual(['proposed', 'approved']);
        expect(await reservationOf(paymentId)).toBe('reserved');
      }
      bed.peers.on(route, ({ route: asked }) => bed.voidAnswer(asked));
      await timeIsOver(paymentId);
      expect([await paymentStatus(paymentId), await statusOf(invoiceId)]).toEqual(['expired', 'pending']);
      expect(await reservationOf(paymentId)).toBe('released');
    });

    it('but were executed pay the invoice', async () => {
      const { invoiceId, paymentId } = await approved();
      bed.ledgerHas(paymentId, 'executed');
      await timeIsOver(paymentId);
      expect([await paymentStatus(paymentId), await statusOf(invoiceId)]).toEqual(['executed', 'executed']);
      expect(await reservationOf(paymentId)).toBe('confirmed');
    });

    it.each(['cancelled', 'rejected'] as const)('are given up when their invoice is %s', async (how) => {
      const { invoiceId, paymentId } = await approved();
      const route = new RegExp(`^PUT /ledger/transfers/${paymentId}/void$`);
      bed.peers.on(route, { status: 503, json: { id: 'ServiceUnavailableError', message: 'away' } });
      expect(await REVOCATIONS[how](invoiceId)).toMatchObject({ status: 503 });
      expect([await paymentStatus(paymentId), await statusOf(invoiceId)]).toEqual(['proposed', 'approved']);
      bed.peers.on(route, ({ route: asked }) => bed.voidAnswer(asked));
      for (let repeat = 0; repeat < 2; repeat++) {
        expect([200, 201]).toContain((await REVOCATIONS[how](invoiceId)).status);
        expect([await paymentStatus(paymentId), await statusOf(invoiceId)]).toEqual(['rejected', how]);
      }
      expect([bed.isVoid(paymentId), await reservationOf(paymentId)]).toEqual([true, 'released']);
      expect((await bed.ask(`GET /v1/payments/${paymentId}`)).json).toMatchObject({
        state: 'rejected',
        reason: { id: 'InvoiceNotPendingError' },
      });
    });

    it.each([
      ['cancelled', 422, 'InvoiceNotPendingError'],
      ['rejected', 503, 'ServiceUnavailableError'],
    ] as const)('keep their invoice from being %s once their transfer is at the ledger', async (how, status, id) => {
      const { invoiceId, paymentId } = await approved();
      bed.ledgerHas(paymentId, 'prepared');
      expect(await REVOCATIONS[how](invoiceId)).toMatchObject({ status, json: { id } });
      expect([await paymentStatus(paymentId), await statusOf(invoiceId)]).toEqual(['proposed', 'approved']);
    });

    it('but execute all the same take the invoice from a later payment', async () => {
      const late = await approved();
      await timeIsOver(late.paymentId);
      const next = { invoiceId: late.invoiceId, paymentId: randomUUID() };
      expect((await setup(next)).status).toBe(201);
      expect((await sendNews(late, 'executed')).status).toBe(200);
      expect(await sendNews(next, 'prepared')).toMatchObject({ status: 422, json: { id: 'InvoiceNotPendingError' } });
      expect(await statusOf(late.invoiceId)).toBe('executed');
    });

    it('are either approved or given up if both happen at once', async () => {
      for (let round = 0; round < 5; round++) {
        const payment = await approved();
        await sql(`UPDATE receiver_payments SET check_at = now() - interval '1 s' WHERE payment_id = $1`, [
          payment.paymentId,
        ]);
        const [told] = await Promise.all([
          sendNews(payment, 'prepared'),
          sql(`UPDATE receiver_payments SET expires_at = now() WHERE payment_id = $1`, [payment.paymentId]).then(() =>
            bed.get(ReceiverPaymentKeeper).lookAfterDue(),
          ),
        ]);
        const [status, invoice] = [await paymentStatus(payment.paymentId), await statusOf(payment.invoiceId)];
        expect([
          [200, 'prepared', 'approved'],
          [422, 'expired', 'pending'],
          // Refused before the keeper has given it up.
          [422, 'proposed', 'approved'],
        ]).toContainEqual([told.status, status, invoice]);
      }
    });
  });

  describe('whose transfer was approved, without further news', () => {
    it.each([
      [200, ledgerTransfer('1', 'executed'), 'executed', 'executed'],
      [
        200,
        ledgerTransfer('1', 'executed', { credits: [{ account: 'alice', amount: '10.40' }] }),
        'rejected',
        'pending',
      ],
      [200, ledgerTransfer('1', 'executed', { credits: [{ account: 'dave', amount: '0.01' }] }), 'rejected', 'pending'],
      [200, ledgerTransfer('1', 'rejected', { rejection_reason: 'expired' }), 'expired', 'pending'],
      [200, ledgerTransfer('1', 'rejected', { rejection_reason: 'no' }), 'rejected', 'pending'],
      [404, { id: 'NotFoundError', message: 'Unknown transfer' }, 'expired', 'pending'],
      [200, ledgerTransfer('1', 'prepared'), 'prepared', 'approved'],
      [200, {}, 'prepared', 'approved'],
      [500, {}, 'prepared', 'approved'],
      [403, { id: 'UnauthorizedError', message: 'no' }, 'prepared', 'approved'],
    ])('end as their transfer did: %i %j', async (status, json, paymentEnds, invoiceEnds) => {
      const payment = await approved();
      await sendNews(payment, 'prepared');
      ledgerSays(payment.paymentId, status, json);
      await timeIsOver(payment.paymentId);
      expect(await paymentStatus(payment.paymentId)).toBe(paymentEnds);
      expect(await statusOf(payment.invoiceId)).toBe(invoiceEnds);
    });

    it('are not asked for at the ledger before their expiry', async () => {
      const payment = await approved();
      await sendNews(payment, 'prepared');
      await sql(`UPDATE receiver_payments SET check_at = now() - interval '1 s' WHERE payment_id = $1`, [
        payment.paymentId,
      ]);
      const asked = () => bed.peers.callsTo(new RegExp(`transfers/${payment.paymentId}`)).length;
      const before = asked();
      await bed.get(ReceiverPaymentKeeper).lookAfterDue();
      expect(asked()).toBe(before);
      expect(await paymentStatus(payment.paymentId)).toBe('prepared');
    });
  });
});
