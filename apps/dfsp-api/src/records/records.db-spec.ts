import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { paying, REJECTION } from '../../test/paying.js';
import { receiving } from '../../test/receiving.js';
import { ALICE, BOB, DAVE, TestBed } from '../../test/test-bed.js';

describe('payments and documents in lists (ruling 38)', () => {
  let bed: TestBed;
  const { sql, onPay, pay, asUsual } = paying(() => bed);
  const { approved, sendNews, timeIsOver } = receiving(() => bed);

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());
  beforeEach(() => asUsual());

  const get = (path: string, headers?: Record<string, string>) => bed.ask(`GET /v1/${path}`, undefined, headers);
  const idsOf = (json: any): string[] => json.payments.map(({ paymentId }: { paymentId: string }) => paymentId);

  /** Pays a new invoice of bob; answers the id of the payment. */
  async function paid(): Promise<{ paymentId: string; invoiceUrl: string; invoiceNotificationId: string }> {
    const notified = await bed.notify();
    const answer = await pay(notified.invoiceNotificationId);
    const [{ payment_id: paymentId }] = await sql(
      'SELECT payment_id FROM outgoing_payments WHERE notification_id = $1',
      [notified.invoiceNotificationId],
    );
    expect(answer.status).toBeLessThan(500);
    return { ...notified, paymentId };
  }

  /** All pages of a list of payments. */
  async function all(query: string): Promise<string[]> {
    const found: string[] = [];
    for (let path: string | undefined = `payments?${query}`; path !== undefined;) {
      const { status, json } = await get(path);
      expect({ path, status }).toEqual({ path, status: 200 });
      found.push(...idsOf(json));
      path = json.next?.split('/v1/')[1];
    }
    return found;
  }

  it('shows a payment that was made: amounts, counterpart, times, invoice and transfers', async () => {
    const { paymentId, invoiceUrl, invoiceNotificationId } = await paid();
    const { status, json } = await get(`payments/${paymentId.toUpperCase()}`);
    expect(status).toBe(200);
    expect(json).toEqual({
      paymentId,
      side: 'debit',
      state: 'executed',
      amount: '10.40',
      fee: '0.00',
      commission: '0.00',
      currency: 'USD',
      customer: { identifier: ALICE, account: 'alice' },
      counterpart: { identifier: BOB, name: 'Bob Diaz', account: expect.stringMatching(/\/accounts\/bob$/) },
      invoice: { invoiceId: invoiceUrl.split('/').at(-1), invoiceUrl, invoiceNotificationId },
      isQuoted: expect.any(Boolean),
      createdAt: expect.any(String),
      expiresAt: expect.any(String),
      endedAt: expect.any(String),
      transfers: [
        {
          ledger: 'own',
          id: paymentId,
          uri: `http://adapter.dfsp1.test/ilp/ledger/v1/transfers/${paymentId}`,
        },
        { ledger: 'central', id: paymentId },
        { ledger: 'other', id: paymentId },
      ],
    });
  });

  it('says why a payment failed, on either side', async () => {
    onPay(({ body }) => ({ status: 201, json: { ...body, status: 'rejected', rejectionMessage: REJECTION } }));
    const { paymentId } = await paid();
    expect((await get(`payments/${paymentId}`)).json).toMatchObject({
      state: 'rejected',
      endedAt: expect.any(String),
      reason: { id: 'InvoiceNotPendingError', message: 'Invoice is not in pending status' },
    });
    const arrived = await approved();
    await sendNews(arrived, 'prepared');
    expect((await get(`payments/${arrived.paymentId}`)).json).toMatchObject({
      side: 'credit',
      state: 'pending',
      step: 'prepared',
      customer: { identifier: DAVE, account: 'dave' },
      counterpart: { identifier: ALICE },
      invoice: { invoiceId: arrived.invoiceId },
      fee: '0.00',
    });
    bed.ledgerHas(arrived.paymentId, 'rejected', {
      credits: [{ account: 'x', amount: '10.40', rejected: true, rejection_message: REJECTION }],
    });
    await timeIsOver(arrived.paymentId);
    expect((await get(`payments/${arrived.paymentId}`)).json).toMatchObject({
      state: 'rejected',
      endedAt: expect.any(String),
      reason: { id: 'InvoiceNotPendingError' },
    });
    const forgotten = await approved();
    await timeIsOver(forgotten.paymentId);
    expect((await get(`payments/${forgotten.paymentId}`)).json).toMatchObject({
      state: 'expired',
      reason: { id: 'ExpiredTransferError' },
      transfers: [],
    });
  });

  it('says what the payee of a quoted payment keeps after the fee', async () => {
    const paymentId = randomUUID();
    await sql(
      `INSERT INTO receiver_payments (payment_id, identifier, sender_identifier, amount, status, is_quoted, fingerprint,
         approval, expires_at, check_at, ended_at)
       VALUES ($1, $2, $3, 1000, 'executed', true, '', '{"destinationAccount":"dave"}', now(), now(), now())`,
      [paymentId, DAVE, ALICE],
    );
    await sql(
      `INSERT INTO quotes (payment_id, is_debit, status, identifier, identifier_type, own_identifier,
         own_identifier_type, transfer_type, amount_type, amount, transfer_amount, receive_amount, charged, currency,
         scale, fee, commission, peer_fee, peer_commission, source_amount, expires_at, created_at, params)
       VALUES ($1, false, 'used', $3, 'eur', $2, 'eur', 'p2p', 'SEND', 1000, 1000, 925, 75, 'USD', 2, 100, 0, 25, 0,
         NULL, now(), now(), '{"request":{"payer":{},"payee":{}}}')`,
      [paymentId, DAVE, ALICE],
    );
    expect((await get(`payments/${paymentId}`)).json).toMatchObject({
      side: 'credit',
      amount: '10.00',
      fee: '1.00',
      receiveAmount: '9.25',
    });
    const { paymentId: withoutQuote } = await approved();
    expect((await get(`payments/${withoutQuote}`)).json).not.toHaveProperty('receiveAmount');
  });

  it('finds payments by state, customer, account, invoice, side and time', async () => {
    const made = await paid();
    const got = await approved();
    const both = [got.paymentId, made.paymentId];
    expect((await all('')).slice(0, 2)).toEqual(both);
    expect(await all(`invoice=${encodeURIComponent(made.invoiceUrl)}`)).toEqual([made.paymentId]);
    expect(await all(`invoice=${made.invoiceUrl.split('/').at(-1)}`)).toEqual([made.paymentId]);
    expect(await all(`invoice=${got.invoiceId}`)).toEqual([got.paymentId]);
    expect(await all(`invoice=${randomUUID()}`)).toEqual([]);
    for (const query of [
      'state=executed',
      'side=debit',
      `customer=${ALICE}`,
      'account=alice',
      'account=Alice',
      `payment=${made.paymentId.slice(0, 8).toUpperCase()}`,
      `account=${encodeURIComponent('http://adapter.dfsp1.test/ilp/ledger/v1/accounts/alice')}`,
      'account=dfsp1.alice.account',
    ]) {
      expect({ query, first: (await all(query))[0] }).toEqual({ query, first: made.paymentId });
      expect(await all(query)).not.toContain(got.paymentId);
    }
    for (const query of ['state=pending', 'side=credit', `customer=${DAVE}`, 'account=dave']) {
      expect({ query, first: (await all(query))[0] }).toEqual({ query, first: got.paymentId });
      expect(await all(query)).not.toContain(made.paymentId);
    }
    for (const { paymentId } of [made, got]) {
      const { customer, counterpart } = (await get(`payments/${paymentId}`)).json;
      expect(counterpart.identifier).not.toBe(customer.identifier);
      for (const { identifier } of [customer, counterpart])
        expect(await all(`party=${identifier}`)).toContain(paymentId);
      expect(await all(`customer=${counterpart.identifier}`)).not.toContain(paymentId);
    }
    expect(await all('party=5550009')).toEqual([]);
    const { createdAt, amount } = (await get(`payments/${made.paymentId}`)).json;
    expect(await all(`amount=${amount}0`)).toContain(made.paymentId);
    expect(await all('amount=7777.77')).toEqual([]);
    expect(await all('amount=much')).toEqual([]);
    expect(await all('payment=ffffffff')).toEqual([]);
    const from = encodeURIComponent(createdAt);
    expect(await all(`from=${from}`)).toEqual(both);
    expect(await all(`to=${from}`)).not.toContain(made.paymentId);
  });

  it('are listed in pages that miss nothing and repeat nothing while payments are added', async () => {
    for (let index = 0; index < 4; index += 1) await (index % 2 === 0 ? paid() : approved());
    // A payment inside the DFSP has two sides, at the same time here.
    const { paymentId } = await paid();
    await sql(
      `INSERT INTO receiver_payments (payment_id, identifier, sender_identifier, amount, status, is_quoted, fingerprint,
         approval, expires_at, check_at, created_at)
       SELECT payment_id, $2, payer_identifier, amount, 'executed', false, '', '{"destinationAccount":"dave"}',
         created_at, created_at, created_at FROM outgoing_payments WHERE payment_id = $1`,
      [paymentId, DAVE],
    );
    const whole = await all('limit=200');
    expect(whole.filter((id) => id === paymentId)).toHaveLength(2);
    const found: string[] = [];
    for (let path: string | undefined = 'payments?limit=1'; path !== undefined;) {
      const { json } = await get(path);
      found.push(...idsOf(json));
      if (found.length === 2) await paid();
      path = json.next?.split('/v1/')[1];
    }
    expect(found).toEqual(whole);
    expect((await get(`payments/${paymentId}`)).json).toMatchObject({
      side: 'debit',
      transfers: [{ ledger: 'own' }],
      payeeSide: { side: 'credit', state: 'executed', customer: { identifier: DAVE, account: 'dave' } },
    });
    expect((await get(`payments/${paymentId}?side=credit`)).json).toMatchObject({ side: 'credit' });
  });

  it('lists invoices, notifications, quotes and bulk payments with their filters', async () => {
    const { invoiceId } = await bed.issue();
    const { invoiceNotificationId, invoiceUrl } = await bed.notify();
    const lists = {
      invoices: [`state=pending&customer=${DAVE}`, `client=${ALICE}`, ''],
      invoiceNotifications: [`state=pending&customer=${ALICE}`, `invoice=${encodeURIComponent(invoiceUrl)}`, ''],
    };
    const firsts = { invoices: { invoiceId }, invoiceNotifications: { invoiceNotificationId } };
    for (const name of ['invoices', 'invoiceNotifications'] as const) {
      for (const query of lists[name]) {
        const { status, json } = await get(`${name}?limit=1&${query}`);
        expect({ name, query, status, found: json[name] }).toMatchObject({ status: 200, found: [firsts[name]] });
      }
      expect((await get(`${name}?state=rejected&limit=1`)).json[name]).toEqual([]);
      const { next } = (await get(`${name}?limit=1`)).json;
      expect((await get(next.split('/v1/')[1])).json[name]).toHaveLength(1);
    }
    const order = { sourceIdentifier: ALICE, sourceAccount: 'alice', rows: [{ identifier: BOB, amount: '1' }] };
    const { bulkPaymentId } = (await bed.ask('POST /v1/bulkPayments', order)).json;
    expect((await get(`bulkPayments?customer=${ALICE}`)).json.bulkPayments).toMatchObject([{ bulkPaymentId }]);
    expect((await get('bulkPayments?state=done')).json.bulkPayments).toEqual([]);
    const quotes = (await get('quotes')).json.quotes as { side: string; paymentId: string }[];
    for (const { paymentId } of quotes) {
      const found = (await get(`quotes?payment=${paymentId}`)).json.quotes as { paymentId: string }[];
      expect(new Set(found.map((one) => one.paymentId))).toEqual(new Set([paymentId]));
    }
    for (const { side } of quotes) {
      expect((await get(`quotes?side=${side}`)).json.quotes.every((one: any) => one.side === side)).toBe(true);
    }
    expect((await get('quotes?limit=200&state=reserved&customer=none')).json).toEqual({ quotes: [], next: null });
  });

  it.each([
    'payments?status=executed',
    'payments?state=done',
    'payments?state=executed&state=failed',
    'payments?from=2026-01-01',
    'payments?to=2026-01-01T00:00:00',
    'payments?limit=0',
    'payments?limit=201',
    'payments?limit=1.5',
    'payments?after=x',
    'payments?after=1.7',
    'quotes?after=1.2d4c9a1b-7e30-4f68-9c55-b08a6f1e3d72',
    'payments?side=both',
    'payments?payment=c178fe8',
    'payments?customer=',
    'payments/x',
    'payments/2d4c9a1b-7e30-4f68-9c55-b08a6f1e3d72?state=pending',
    'invoices?invoice=1',
    'invoiceNotifications?issuer=dfsp2',
    'bulkPayments?account=alice',
  ])('refuses what it does not understand: %s', async (path) => {
    expect(await get(path)).toMatchObject({ status: 400, json: { id: 'InvalidUriParameterError' } });
  });

  it('is for channels and administrators of the DFSP, and unknown payments are 404', async () => {
    const admin = { authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` };
    const backend = { authorization: `Basic ${Buffer.from('spsp-backend:backend-password').toString('base64')}` };
    expect((await get('payments', admin)).status).toBe(200);
    expect((await get('payments', backend)).status).toBe(403);
    expect((await get('payments', { authorization: '' })).status).toBe(401);
    expect(await get(`payments/${randomUUID()}`)).toMatchObject({ status: 404, json: { id: 'NotFoundError' } });
  });
});
