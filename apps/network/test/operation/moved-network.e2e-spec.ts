import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { DataSource } from 'typeorm';
import { notifiedInvoice, pay, pending } from '../support/people.js';
import { channelQuote, transfer } from '../support/quoting.js';
import { type Answer, TestNetwork } from '../support/test-network.js';

const RECONCILIATION = '/v1/reconciliation';

/** All roles are started again at other addresses, on what they have kept. */
describe('a network that has moved', () => {
  let network: TestNetwork;
  let paidId: string;
  let openId: string;
  let unpaid: { invoiceId: string; invoiceNotificationId: string };
  let untold: { invoiceId: string; invoiceNotificationId: string };
  let quotedId: string;

  const api = (dfsp: 'dfsp1' | 'dfsp2', request: string): Promise<Answer> => network.ask('dfsp-api', dfsp, request);

  /**
   * As if the payee's DFSP had stopped before it was told that a payment is executed, and before the client's DFSP took
   * the notice of an invoice.
   */
  async function forgetEnds(databaseUrl: string): Promise<void> {
    const database = await new DataSource({ type: 'postgres', url: databaseUrl }).initialize();
    const changes: [string, string][] = [
      [
        `UPDATE dfsp2_dfsp_api.receiver_payments SET status = 'prepared', check_at = now(),
           created_at = now() - interval '2 days', expires_at = now() - interval '2 days' WHERE payment_id = $1`,
        openId,
      ],
      [
        `UPDATE dfsp2_dfsp_api.notices SET status = 'pending', next_attempt_at = now() WHERE invoice_id = $1`,
        untold.invoiceId,
      ],
      ['DELETE FROM dfsp1_dfsp_api.invoice_notifications WHERE id = $1', untold.invoiceNotificationId],
    ];
    for (const [statement, id] of changes) expect((await database.query(statement, [id]))[1]).toBe(1);
    await database.destroy();
  }

  async function payInvoice(): Promise<string> {
    const { invoiceNotificationId } = await notifiedInvoice(network);
    const paid = await pay(network, invoiceNotificationId);
    expect(paid).toMatchObject({ status: 200, body: { status: 'paid' } });
    return paid.body.paymentId;
  }

  beforeAll(async () => {
    network = await TestNetwork.start();
    paidId = await payInvoice();
    openId = await payInvoice();
    unpaid = await notifiedInvoice(network);
    untold = await notifiedInvoice(network, { amount: '3.33' });
    quotedId = (await channelQuote(network)).body.paymentId;
    network = await network.moveElsewhere(forgetEnds);
  });

  afterAll(() => network.close());

  it('finds numbers at the new addresses, and pays', async () => {
    expect((await api('dfsp2', 'GET /v1/client/78956562')).status).toBe(200);
    await payInvoice();
    const { body: quote } = await channelQuote(network);
    expect(await transfer(network, quote.paymentId)).toMatchObject({ status: 201 });
  });

  it('pays an invoice that was issued at the old address', async () => {
    const { invoiceId, invoiceNotificationId } = unpaid;
    expect(await pay(network, invoiceNotificationId)).toMatchObject({ status: 200, body: { status: 'paid' } });
    await eventually(async () => {
      expect((await api('dfsp2', `GET /v1/invoices/${invoiceId}`)).body).toMatchObject({ status: 'paid' });
    });
  });

  it('delivers the notice of an invoice to where the DFSP of its client is now, and it is paid', async () => {
    const info = 'Invoice from Bob Diaz for 3.33 USD';
    const notice = await eventually(
      async () => {
        const found = (await pending(network)).find((one) => one.info === info);
        return found ?? Promise.reject(new Error('not notified'));
      },
      { timeoutMs: 60_000, intervalMs: 100 },
    );
    expect(await pay(network, notice.invoiceNotificationId)).toMatchObject({ status: 200, body: { status: 'paid' } });
  });

  it('ends a payment as its ledger says, though the account has another URI now', async () => {
    await eventually(
      async () => {
        expect((await api('dfsp2', `GET /v1/payments/${openId}?side=credit`)).body).toMatchObject({
          state: 'executed',
        });
      },
      { timeoutMs: 60_000 },
    );
  });

  it('refuses a price that was agreed before, for it names the old ledger; no money moves', async () => {
    const before = await network.balance('dfsp1', 'erin');
    expect((await transfer(network, quotedId)).status).toBe(422);
    expect((await api('dfsp1', `GET /v1/payments/${quotedId}`)).body).toMatchObject({ state: 'failed' });
    expect((await api('dfsp2', `GET /v1/payments/${quotedId}`)).status).toBe(404);
    expect(await network.balance('dfsp1', 'erin')).toBe(before);
  });

  it('lists payments of before by their account, under its name', async () => {
    const { body } = await api('dfsp2', 'GET /v1/payments?side=credit&account=bob');
    const found = body.payments.find((one: { paymentId: string }) => one.paymentId === paidId);
    expect(found).toMatchObject({ customer: { account: 'bob' } });
  });

  it('finds no difference between what was kept before and its ledgers', async () => {
    for (const dfsp of ['dfsp1', 'dfsp2'] as const) {
      for (const part of ['outgoing', 'incoming']) {
        const { status, body } = await network.ask('dfsp-api', dfsp, `GET ${RECONCILIATION}/${part}`, {
          auth: `admin:${network.running.plan.secrets.admin}`,
        });
        expect([dfsp, part, status, body.differences]).toEqual([dfsp, part, 200, []]);
      }
    }
  });
});
