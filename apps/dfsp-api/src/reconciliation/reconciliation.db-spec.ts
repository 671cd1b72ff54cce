import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { basicAuthorization } from '@level-one/platform';
import { paying } from '../../test/paying.js';
import { receiving } from '../../test/receiving.js';
import { ledgerTransfer, TestBed } from '../../test/test-bed.js';
import { ADVICE, FindingKind } from './findings.js';
import { type FindingDto, ReconciledPart, type ReconciliationDto } from './reconciliation.dto.js';

const ADMIN = { authorization: basicAuthorization('admin', 'admin') };

describe('GET /reconciliation/{part}', () => {
  let bed: TestBed;
  const { sql, pay, asUsual } = paying(() => bed);
  const { approved, sendNews } = receiving(() => bed);

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());
  beforeEach(() => asUsual());

  async function compare(part: ReconciledPart, query = ''): Promise<ReconciliationDto> {
    const { status, json } = await bed.ask(`GET /v1/reconciliation/${part}${query}`, undefined, ADMIN);
    expect({ part, status }).toEqual({ part, status: 200 });
    return json;
  }

  /** Everything that is found in all pages of all parts. */
  async function findings(): Promise<FindingDto[]> {
    const found: FindingDto[] = [];
    for (const part of Object.values(ReconciledPart)) {
      for (let query: string | undefined = '?limit=500'; query !== undefined;) {
        const { differences, open, after }: ReconciliationDto = await compare(part, query);
        found.push(...differences, ...open);
        query = after === null ? undefined : `?limit=500&after=${encodeURIComponent(after)}`;
      }
    }
    return found;
  }

  /** Findings of one payment or row. */
  async function kindsOf(id: string): Promise<FindingKind[]> {
    const of = (await findings()).filter(({ paymentId, subject }) => paymentId === id || subject?.includes(id));
    for (const { kind, cause, action } of of) expect({ cause, action }).toEqual(ADVICE[kind]);
    return of.map(({ kind }) => kind).toSorted();
  }

  /** Alice pays an invoice of bob. */
  async function made(): Promise<{ paymentId: string; notificationId: string }> {
    const { invoiceNotificationId: notificationId } = await bed.notify();
    expect((await pay(notificationId)).status).toBeLessThan(500);
    const [{ payment_id: paymentId }] = await sql(
      'SELECT payment_id FROM outgoing_payments WHERE notification_id = $1',
      [notificationId],
    );
    return { paymentId, notificationId };
  }

  /** Dave is paid an invoice. */
  async function got(): Promise<{ paymentId: string; invoiceId: string }> {
    const payment = await approved();
    await sendNews(payment, 'prepared');
    await sendNews(payment, 'executed');
    return payment;
  }

  it('finds nothing in payments that went well, and tells those under way apart', async () => {
    const [one, two] = [await made(), await got()];
    expect(await kindsOf(one.paymentId)).toEqual([]);
    expect(await kindsOf(two.paymentId)).toEqual([]);
    const open = await approved();
    await sendNews(open, 'prepared');
    expect(await kindsOf(open.paymentId)).toEqual([FindingKind.PaymentUnderWay]);
    const page = await compare(ReconciledPart.Incoming);
    expect(page.open).toMatchObject([{ paymentId: open.paymentId, ageS: expect.any(Number) }]);
    expect(page.differences).toEqual([]);
    await sendNews(open, 'rejected');
    expect(await kindsOf(open.paymentId)).toEqual([]);
  });

  it('names a payment that is executed here and not on the ledger, on both sides', async () => {
    const [one, two] = [await made(), await got()];
    bed.ledgerHas(one.paymentId, 'rejected', { rejection_reason: 'expired' });
    bed.ledgerHas(two.paymentId, 'rejected');
    expect(await kindsOf(one.paymentId)).toEqual([FindingKind.PaymentWithoutTransfer]);
    expect(await kindsOf(two.paymentId)).toEqual([FindingKind.PaymentWithoutTransfer]);
    const { differences } = await compare(ReconciledPart.Outgoing);
    expect(differences.find(({ paymentId }) => paymentId === one.paymentId)?.found).toBe(
      'payment executed, transfer on the own ledger expired',
    );
  });

  it('names money that moved although the payment is told as ended, and what may still move', async () => {
    const moved = await approved();
    await sendNews(moved, 'prepared');
    await sendNews(moved, 'rejected');
    bed.ledgerHas(moved.paymentId, 'executed');
    expect(await kindsOf(moved.paymentId)).toEqual([FindingKind.TransferWithoutPayment]);
    bed.ledgerHas(moved.paymentId, 'prepared');
    expect(await kindsOf(moved.paymentId)).toEqual([FindingKind.PaymentUnderWay]);
    await sql(`UPDATE receiver_payments SET ended_at = now() - interval '2 minutes' WHERE payment_id = $1`, [
      moved.paymentId,
    ]);
    expect(await kindsOf(moved.paymentId)).toEqual([FindingKind.TransferOfEndedPayment]);
  });

  it('names another amount, and another account', async () => {
    const [amount, account] = [await got(), await got()];
    bed.ledgerHas(amount.paymentId, 'executed', { credits: [{ account: 'dave', amount: '10.41' }] });
    bed.ledgerHas(account.paymentId, 'executed', { credits: [{ account: 'alice', amount: '10.40' }] });
    for (const { paymentId } of [amount, account])
      expect(await kindsOf(paymentId)).toEqual([FindingKind.AmountsDiffer]);
  });

  it('names an invoice that is paid without a payment, held by an ended one, or paid and not told so', async () => {
    const { invoiceId: unpaid } = await bed.issue();
    await sql(`UPDATE invoices SET status = 'executed' WHERE id = $1`, [unpaid]);
    expect(await kindsOf(unpaid)).toEqual([FindingKind.InvoicePaidWithoutPayment]);

    const { invoiceId: held } = await bed.issue();
    await sql(`UPDATE invoices SET status = 'approved', payment_id = gen_random_uuid() WHERE id = $1`, [held]);
    expect(await kindsOf(held)).toEqual([FindingKind.InvoiceHeldByEndedPayment]);

    const paid = await got();
    await sql(`UPDATE invoices SET status = 'pending', payment_id = NULL WHERE id = $1`, [paid.invoiceId]);
    expect(await kindsOf(paid.invoiceId)).toEqual([FindingKind.InvoiceUnpaidDespitePayment]);
  });

  it('names a notification that is paid without a payment, held by an ended one, or paid and not told so', async () => {
    const set = (id: string, change: string) => sql(`UPDATE invoice_notifications SET ${change} WHERE id = $1`, [id]);
    const { invoiceNotificationId: unpaid } = await bed.notify();
    await set(unpaid, `status = 'executed', payment_id = gen_random_uuid()`);
    expect(await kindsOf(unpaid)).toEqual([FindingKind.NotificationPaidWithoutPayment]);

    const { invoiceNotificationId: held } = await bed.notify();
    await set(held, `payment_id = gen_random_uuid()`);
    expect(await kindsOf(held)).toEqual([FindingKind.NotificationHeldByEndedPayment]);

    const { notificationId } = await made();
    await set(notificationId, `status = 'pending', payment_id = NULL`);
    expect(await kindsOf(notificationId)).toEqual([FindingKind.NotificationUnpaidDespitePayment]);
  });

  it('names limits that count a failed payment, do not count an executed one, or stay reserved', async () => {
    const set = (status: string, paymentId: string) =>
      sql('UPDATE limit_reservations SET status = $1 WHERE payment_id = $2', [status, paymentId]);
    const failed = await made();
    await sql(`UPDATE outgoing_payments SET status = 'failed' WHERE payment_id = $1`, [failed.paymentId]);
    bed.ledgerHas(failed.paymentId, 'rejected');
    expect(await kindsOf(failed.paymentId)).toContain(FindingKind.LimitCountedForFailedPayment);

    const [reserved, released] = [await made(), await made()];
    await set('reserved', reserved.paymentId);
    expect(await kindsOf(reserved.paymentId)).toEqual([FindingKind.LimitReservedAfterPayment]);
    await set('released', released.paymentId);
    expect(await kindsOf(released.paymentId)).toEqual([FindingKind.LimitNotCounted]);
    await set('confirmed', reserved.paymentId);
    await set('confirmed', released.paymentId);

    expect((await compare(ReconciledPart.Counters)).differences).toEqual([]);
    await sql(`UPDATE limit_usage SET amount = amount + 1 WHERE period = 'day' AND transfer_type = '*'`);
    expect((await compare(ReconciledPart.Counters)).differences[0]).toMatchObject({
      kind: FindingKind.LimitCounterDiffers,
    });
    await sql(`UPDATE limit_usage SET amount = amount - 1 WHERE period = 'day' AND transfer_type = '*'`);
  });

  it('names quotes that are reserved after their payment, used without one, or overdue', async () => {
    const quoteOf = async (status: string, more: string): Promise<string> => {
      const { paymentId } = await made();
      const [{ count }] = await sql('SELECT count(*)::int FROM quotes WHERE payment_id = $1', [paymentId]);
      if (count === 0) {
        await sql(
          `INSERT INTO quotes (payment_id, is_debit, status, identifier, identifier_type, own_identifier,
             own_identifier_type, transfer_type, amount_type, amount, transfer_amount, receive_amount, charged, currency,
             scale, source_amount, fee, commission, peer_fee, peer_commission, expires_at, created_at, params)
           VALUES ($1, true, 'reserved', '1', 'tel', '2', 'tel', 'p2p', 'SEND', 1, 1, 1, 0, 'USD', 2, 1, 0, 0, 0, 0,
             now() + interval '1 hour', now(), '{}')`,
          [paymentId],
        );
      }
      await sql(`UPDATE quotes SET status = '${status}', held_at = NULL ${more} WHERE payment_id = $1`, [paymentId]);
      return paymentId;
    };
    expect(await kindsOf(await quoteOf('used', ''))).toEqual([]);
    expect(await kindsOf(await quoteOf('reserved', ''))).toEqual([FindingKind.QuoteReservedAfterPayment]);
    const unpaid = await quoteOf('used', '');
    await sql(`UPDATE quotes SET payment_id = gen_random_uuid() WHERE payment_id = $1`, [unpaid]);
    const late = await quoteOf('reserved', `, expires_at = now() - interval '1 hour'`);
    await sql(`UPDATE quotes SET payment_id = gen_random_uuid() WHERE payment_id = $1`, [late]);
    const kinds = (await compare(ReconciledPart.Quotes)).differences.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining([FindingKind.QuoteUsedWithoutPayment, FindingKind.QuoteOverdue]));
  });

  it('reads in pages, each row once, and only what is new enough', async () => {
    for (const part of Object.values(ReconciledPart)) {
      const whole = await compare(part, '?limit=500');
      let [compared, pages] = [0, 0];
      for (let query: string | undefined = '?limit=2'; query !== undefined; pages += 1) {
        const page = await compare(part, query);
        expect(page.compared).toBeLessThanOrEqual(2);
        compared += page.compared;
        query = page.after === null ? undefined : `?limit=2&after=${encodeURIComponent(page.after)}`;
      }
      expect({ part, compared }).toEqual({ part, compared: whole.compared });
      expect(pages).toBeGreaterThanOrEqual(Math.ceil(compared / 2));
    }
    expect((await compare(ReconciledPart.Outgoing, '?from=2100-01-01T00:00:00Z')).compared).toBe(0);
  });

  it('is for administrators, refuses bad input, and says when the ledger cannot be read', async () => {
    const status = async (path: string, headers?: Record<string, string>) =>
      (await bed.ask(`GET /v1/reconciliation/${path}`, undefined, headers)).status;
    expect(await status('outgoing')).toBe(403);
    expect(await status('outgoing', { authorization: '' })).toBe(401);
    for (const path of [
      'nothing',
      'outgoing?after=x',
      'quotes?after=x',
      'limits?after=x',
      'outgoing?limit=501',
      'outgoing?from=x',
      'outgoing?x=1',
    ]) {
      expect({ path, status: await status(path, ADMIN) }).toEqual({ path, status: 400 });
    }
    await got();
    bed.peers.on(/^GET \/ledger\/transfers\/[^/]+$/, { status: 500, json: {} });
    expect(await status('incoming', ADMIN)).toBe(503);
    bed.peers.on(/^GET \/ledger\/transfers\/[^/]+$/, ({ route }) => ({
      json: ledgerTransfer(route.split('/').at(-1) ?? randomUUID(), 'executed'),
    }));
  });
});
