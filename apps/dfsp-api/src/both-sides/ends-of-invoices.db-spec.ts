import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { FakePeerCall } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { NoticeSender } from '../notices/notice-sender.js';
import { NotificationChecker } from '../payer/notifications/notification-checker.js';
import { receiving } from '../../test/receiving.js';
import { ALICE, OWN_SERVER, TestBed } from '../../test/test-bed.js';

/** More than were made when attempts were counted. */
const MANY = 20;

/** One DFSP API is both the merchant's and the client's: its notices come back to it. */
describe('K3: an invoice and its notification', () => {
  let bed: TestBed;
  const { sql, setup, sendNews } = receiving(() => bed);
  /** The other DFSP does not answer. */
  let isAway = false;

  beforeAll(async () => {
    bed = await TestBed.start();
    connectSides();
  });
  beforeEach(() => {
    isAway = false;
  });
  afterAll(() => bed.stop());

  function connectSides(): void {
    const away = { status: 503, json: { id: 'ServiceUnavailableError', message: 'away' } };
    bed.peers.on(/^POST \/proxy\/invoices$/, async ({ body }: FakePeerCall) => {
      if (isAway) return away;
      const { status, json } = await bed.notice(body, 'dfsp1');
      return { status, json };
    });
    bed.peers.on(/^GET \/proxy\/invoices$/, async ({ query }: FakePeerCall) => {
      if (isAway) return away;
      const { status, json } = await bed.ask(`GET /v1/invoices/${query['invoiceUrl']!.split('/').at(-1)}`);
      return { status, json };
    });
  }

  async function issued(): Promise<{ invoiceId: string; notificationId: string }> {
    const { invoiceId } = await bed.issue();
    const [{ id }] = await sql('SELECT id FROM invoice_notifications WHERE invoice_url = $1', [
      `${OWN_SERVER}/invoices/${invoiceId}`,
    ]);
    return { invoiceId, notificationId: id };
  }

  const reject = (invoiceNotificationId: string) =>
    bed.ask('PUT /v1/invoiceNotifications/reject', { invoiceNotificationId });
  const cancel = (invoiceId: string) => bed.ask(`PUT /v1/invoices/${invoiceId}/cancel`);

  /** Status at the merchant's side and at the client's. */
  async function bothOf({ invoiceId, notificationId }: { invoiceId: string; notificationId: string }) {
    const [{ status: invoice }] = await sql('SELECT status FROM invoices WHERE id = $1', [invoiceId]);
    const [{ status: notification }] = await sql('SELECT status FROM invoice_notifications WHERE id = $1', [
      notificationId,
    ]);
    return [invoice, notification];
  }

  async function tryAgain(times = 1): Promise<void> {
    for (let run = 0; run < times; run++) {
      await sql(`UPDATE notices SET next_attempt_at = now() - interval '1 s'`);
      await bed.get(NoticeSender).lookAfterDue();
    }
  }

  async function check(): Promise<void> {
    await sql(`UPDATE invoice_notifications SET check_at = now() - interval '1 s'`);
    await bed.get(NotificationChecker).lookAfterDue();
  }

  /** A payment of the invoice whose money is prepared. */
  async function prepared(invoiceId: string): Promise<{ invoiceId: string; paymentId: string }> {
    const payment = { invoiceId, paymentId: randomUUID() };
    expect((await setup(payment)).status).toBe(201);
    expect((await sendNews(payment, 'prepared')).status).toBe(200);
    return payment;
  }

  const undeliverable = () => sql(`SELECT kind, last_error_id FROM notices WHERE status = 'undeliverable'`);

  it('are rejected on both sides, when the payment that held the invoice has failed', async () => {
    const both = await issued();
    const payment = await prepared(both.invoiceId);
    expect((await reject(both.notificationId)).status).toBe(200);
    await tryAgain(MANY);
    expect(await bothOf(both)).toEqual(['approved', 'rejected']);
    await sendNews(payment, 'rejected');
    await tryAgain();
    expect(await bothOf(both)).toEqual(['rejected', 'rejected']);
  });

  it('are paid on both sides, when the payment that held the invoice arrives', async () => {
    const both = await issued();
    const payment = await prepared(both.invoiceId);
    await reject(both.notificationId);
    await sendNews(payment, 'executed');
    await tryAgain();
    expect(await bothOf(both)).toEqual(['executed', 'executed']);
    expect(await undeliverable()).toEqual([]);
  });

  it('are rejected on both sides, when the merchant’s DFSP was away for long and this one was restarted', async () => {
    const both = await issued();
    isAway = true;
    await reject(both.notificationId);
    await tryAgain(MANY);
    bed = await bed.restarted();
    await tryAgain();
    expect(await bothOf(both)).toEqual(['pending', 'rejected']);
    isAway = false;
    await tryAgain();
    expect(await bothOf(both)).toEqual(['rejected', 'rejected']);
  });

  it('are cancelled on both sides, when the client’s DFSP was away for long', async () => {
    const both = await issued();
    isAway = true;
    expect((await cancel(both.invoiceId)).status).toBe(200);
    await tryAgain(MANY);
    expect(await bothOf(both)).toEqual(['cancelled', 'pending']);
    isAway = false;
    await tryAgain();
    expect(await bothOf(both)).toEqual(['cancelled', 'cancelled']);
  });

  it('are cancelled on both sides, when the client rejects it at the same time', async () => {
    const both = await issued();
    isAway = true;
    await reject(both.notificationId);
    await cancel(both.invoiceId);
    isAway = false;
    await tryAgain(2);
    expect(await bothOf(both)).toEqual(['cancelled', 'cancelled']);
    expect(await undeliverable()).toEqual([]);
  });

  it('are expired on both sides; what has expired is not shown as pending', async () => {
    const both = await issued();
    const ago = `now() - interval '1 s'`;
    await sql(`UPDATE invoices SET expires_at = ${ago} WHERE id = $1`, [both.invoiceId]);
    await sql(`UPDATE invoice_notifications SET expires_at = ${ago} WHERE id = $1`, [both.notificationId]);
    const { json } = await bed.ask(`GET /v1/invoiceNotifications/pending/${ALICE}?limit=100`);
    expect(JSON.stringify(json)).not.toContain(both.notificationId);
    await check();
    expect((await bothOf(both))[1]).toBe('expired');
    expect((await bed.ask(`GET /v1/invoices/${both.invoiceId}`)).json.status).toBe('expired');
  });

  it.each([
    ['paid', 'executed'],
    ['cancelled', 'cancelled'],
    ['expired', 'expired'],
    ['rejected', 'rejected'],
  ])('end both if the invoice is %s and nobody tells the client’s DFSP', async (_status, end) => {
    const both = await issued();
    await sql('UPDATE invoices SET status = $2 WHERE id = $1', [both.invoiceId, end]);
    isAway = true;
    await check();
    expect((await bothOf(both))[1]).toBe('pending');
    isAway = false;
    await check();
    expect(await bothOf(both)).toEqual([end, end]);
  });

  it('is looked at again after growing pauses, while the invoice is open', async () => {
    const both = await issued();
    for (let run = 0; run < 3; run++) await check();
    const [{ checks, due }] = await sql(
      'SELECT checks, extract(epoch FROM check_at - now())::float8 AS due FROM invoice_notifications WHERE id = $1',
      [both.notificationId],
    );
    expect(checks).toBe(3);
    expect(due).toBeGreaterThan(60);
    expect(due).toBeLessThan(121);
    expect(await bothOf(both)).toEqual(['pending', 'pending']);
  });
});
