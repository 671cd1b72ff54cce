import { DataSource } from 'typeorm';
import { OutgoingPaymentKeeper } from '../src/payer/payments/outgoing-payment-keeper.js';
import type { FakePeerAnswer, FakePeerAnswerer } from '@level-one/testing';
import { ALICE, setupResponse, type TestBed } from './test-bed.js';

export const REJECTION = {
  code: 'F99',
  name: 'Application Error',
  message: 'Invoice is not in pending status',
  additional_info: { id: 'InvoiceNotPendingError', message: 'Invoice is not in pending status' },
};

/** Helpers for tests of the payer's side. */
export function paying(bed: () => TestBed) {
  const sql = (text: string, values: unknown[] = []) => bed().get(DataSource).query(text, values);
  const onSetup = (answer: FakePeerAnswer | FakePeerAnswerer) => bed().peers.on(/^POST \/proxy\/setup$/, answer);
  const onPay = (answer: FakePeerAnswer | FakePeerAnswerer) => bed().peers.on(/^POST \/proxy\/transfers\//, answer);
  const onPoll = (answer: FakePeerAnswer) => bed().peers.on(/^GET \/proxy\/payments\//, answer);
  const onBalance = (balance: string) =>
    bed().peers.on(/^GET \/ledger\/accounts\//, { json: { balance, minimum_allowed_balance: '0.00' } });
  const pay = (invoiceNotificationId: string, account = 'alice') =>
    bed().ask('PUT /v1/invoiceNotifications/pay', { account, invoiceNotificationId });
  const notificationOf = async (id: string) =>
    (await sql('SELECT status, payment_id FROM invoice_notifications WHERE id = $1', [id]))[0];
  const paymentOf = async (invoiceUrl: string) =>
    (await sql('SELECT * FROM outgoing_payments WHERE invoice_url = $1 ORDER BY created_at DESC', [invoiceUrl]))[0];
  const receive = (body: object, from?: string) =>
    bed().notice({ senderIdentifier: ALICE, memo: 'Lunch', ...body }, from);
  const sent = () => bed().peers.callsTo(/^POST \/proxy\/(setup|transfers)/);

  /** Makes every open payment due now. */
  async function overdue(): Promise<void> {
    await sql(`UPDATE outgoing_payments SET check_at = now() - interval '1 s' WHERE status IN ('settingUp', 'paying')`);
    await bed().get(OutgoingPaymentKeeper).lookAfterDue();
  }

  /** Sets the default answers of the peers. */
  function asUsual(): void {
    onSetup(({ body }) => ({ status: 201, json: setupResponse(body) }));
    onPay(({ body }) => ({ status: 201, json: { ...body, status: 'executed', fulfillment: 'oCKAIA' } }));
    onPoll({ status: 404, json: { id: 'NotFoundError', message: 'Unknown payment' } });
    onBalance('100.00');
  }

  return { sql, onSetup, onPay, onPoll, onBalance, pay, notificationOf, paymentOf, receive, sent, overdue, asUsual };
}
