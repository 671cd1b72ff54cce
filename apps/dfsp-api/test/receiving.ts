import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { FROM_DFSP_HEADER } from '@level-one/peers';
import { eventually } from '@level-one/testing';
import { DataSource } from 'typeorm';
import { ReceiverPaymentKeeper } from '../src/payee/payments/receiver-payment-keeper.js';
import { ALICE, OWN_SERVER, type TestBed } from './test-bed.js';

/** Helpers for tests of the payee's side. */
export function receiving(bed: () => TestBed) {
  const sql = (text: string, values: unknown[] = []) => bed().get(DataSource).query(text, values);
  const setup = (body: object, from = 'dfsp1') =>
    bed().ask('POST /v1/setup', { senderIdentifier: ALICE, ...body }, { [FROM_DFSP_HEADER]: from });
  const statusOf = async (invoiceId: string) =>
    (await sql('SELECT status FROM invoices WHERE id = $1', [invoiceId]))[0].status;
  const paymentStatus = async (paymentId: string) =>
    (await sql('SELECT status FROM receiver_payments WHERE payment_id = $1', [paymentId]))[0].status;

  async function approved(more: Record<string, unknown> = {}): Promise<{ invoiceId: string; paymentId: string }> {
    const { invoiceId } = await bed().issue(more);
    const paymentId = randomUUID();
    expect((await setup({ invoiceId, paymentId })).status).toBe(201);
    return { invoiceId, paymentId };
  }

  /** Sends news of a payment, with the same state at the ledger. */
  function sendNews(
    payment: { invoiceId: string; paymentId: string },
    status: string,
    more: Record<string, unknown> = {},
  ) {
    if (status === 'expired') bed().ledgerHas(payment.paymentId, 'rejected', { rejection_reason: 'expired' });
    else bed().ledgerHas(payment.paymentId, status);
    return claim(payment, status, more);
  }

  function claim(
    { invoiceId, paymentId }: { invoiceId: string; paymentId: string },
    status: string,
    more: Record<string, unknown> = {},
  ) {
    return bed().ask(`PUT /v1/receivers/invoices/${invoiceId}/payments/${paymentId}`, {
      status,
      transferId: paymentId,
      paymentid: paymentId,
      invoiceId,
      senderIdentifier: ALICE,
      destinationAmount: '10.40',
      memo: 'Lunch',
      ...more,
    });
  }

  const REVOCATIONS = {
    cancelled: (invoiceId: string) => bed().ask(`PUT /v1/invoices/${invoiceId}/cancel`),
    rejected: (invoiceId: string) =>
      bed().notice(
        { invoiceUrl: `${OWN_SERVER}/invoices/${invoiceId}`, senderIdentifier: ALICE, memo: '{"status":"rejected"}' },
        'dfsp1',
      ),
  };

  /** Locks the row of an invoice; the answered function releases it. */
  async function lockInvoice(invoiceId: string): Promise<() => Promise<void>> {
    const runner = bed().get(DataSource).createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT FROM invoices WHERE id = $1 FOR UPDATE', [invoiceId]);
    return async () => {
      await runner.commitTransaction();
      await runner.release();
    };
  }

  /** Resolves once so many statements wait for a lock. */
  const waiting = (many: number) =>
    eventually(async () => {
      const [{ count }] = await sql(
        `SELECT count(*)::int FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      expect(count).toBe(many);
    });

  /** Moves the expiry of a payment into the past, and runs the keeper. */
  async function timeIsOver(paymentId: string): Promise<void> {
    await sql(
      `UPDATE receiver_payments SET expires_at = now() - interval '1 hour', check_at = now() - interval '1 s'
       WHERE payment_id = $1`,
      [paymentId],
    );
    await bed().get(ReceiverPaymentKeeper).lookAfterDue();
  }

  /** What the ledger answers about a transfer from now on; 404: it knows nothing, and can void the id. */
  function ledgerSays(paymentId: string, status: number, json: object): void {
    const { peers } = bed();
    peers.on(new RegExp(`^GET /ledger/transfers/${paymentId}$`), { status, json });
    const voided = { json: { id: paymentId, state: 'void' } };
    peers.on(new RegExp(`^PUT /ledger/transfers/${paymentId}/void$`), status === 404 ? voided : { status, json });
  }

  return {
    sql,
    setup,
    statusOf,
    paymentStatus,
    approved,
    sendNews,
    claim,
    REVOCATIONS,
    lockInvoice,
    waiting,
    timeIsOver,
    ledgerSays,
  };
}
