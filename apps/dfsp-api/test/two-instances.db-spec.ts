import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FROM_DFSP_HEADER } from '@level-one/peers';
import { basicAuthorization } from '@level-one/platform';
import { InvoiceNotificationRepository, InvoiceRepository } from '@level-one/invoice';
import { QuoteSide, TransferType } from '@level-one/quote';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { PaymentLog } from '../src/ledger/payment-log.js';
import { type ReceiverPayment, ReceiverPaymentStatus } from '../src/payee/payments/receiver-payment.entity.js';
import { ReceiverPaymentsRepository } from '../src/payee/payments/receiver-payments.repository.js';
import { OutgoingPaymentStatus } from '../src/payer/payments/outgoing-payment.entity.js';
import { OutgoingPaymentOutcomes } from '../src/payer/payments/outgoing-payment-outcomes.js';
import { OutgoingPaymentsRepository } from '../src/payer/payments/outgoing-payments.repository.js';
import { draft, incoming, keepQuote, outgoing, P2P } from './quoted-payments.js';
import { receiving } from './receiving.js';
import { ALICE, DAVE, statusesOf, TestBed } from './test-bed.js';

const ADMIN = { authorization: basicAuthorization('admin', 'admin') };
const ROOM = { quotesPerCustomer: 7, setupsPerCustomer: 6 };

describe('two instances of a DFSP API that move the same rows at once', () => {
  let bed: TestBed;
  let other: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start(ROOM);
    other = await bed.besides();
  });
  afterAll(async () => {
    await other?.api.close();
    await bed?.stop();
  });
  beforeEach(async () => {
    await sql('TRUNCATE quotes, limit_reservations, limit_usage, receiver_payments, outgoing_payments');
  });

  const sql = (text: string, values: unknown[] = []) => bed.get(DataSource).query(text, values);
  /** Attempts on both instances in turn, all at once; answers what each was answered, errors by their ids. */
  const atOnce = <T>(many: number, attempt: (on: TestBed, index: number) => Promise<T>): Promise<(T | string)[]> =>
    Promise.all(
      Array.from({ length: many }, (_, index) =>
        attempt(index % 2 ? other : bed, index).catch((error: { id: string }) => error.id),
      ),
    );
  const countOf = (answers: unknown[], answer: unknown): number => answers.filter((one) => one === answer).length;
  /** Count of payments of a day, of all types, by pool; and states of the reservations. */
  const usage = async (subject: string): Promise<object> => ({
    used: Object.fromEntries(
      (
        await sql(
          `SELECT pool, count FROM limit_usage
           WHERE subject = $1 AND period = 'day' AND transfer_type = '*' AND count > 0`,
          [subject],
        )
      ).map(({ pool, count }: { pool: string; count: number }) => [pool, count]),
    ),
    reservations: (
      await sql('SELECT status FROM limit_reservations WHERE subject = $1 ORDER BY status', [subject])
    ).map(({ status }: { status: string }) => status),
  });

  const limitTo = async (rule: object): Promise<void> => {
    const name = `rule ${randomUUID()}`;
    expect((await bed.ask('POST /v1/limitRules', { rules: [{ name, currency: 'USD', ...rule }] }, ADMIN)).status).toBe(
      201,
    );
  };
  const noLimits = async (): Promise<void> => {
    expect((await bed.ask('PUT /v1/limitRules', { rules: [] }, ADMIN)).status).toBe(200);
  };

  const heldQuotes = () => sql('SELECT status, held_at IS NOT NULL AS held FROM quotes');
  const payments = (on: TestBed) => on.get(OutgoingPaymentsRepository);
  const received = (on: TestBed) => on.get(ReceiverPaymentsRepository);

  describe('on the side of the payer', () => {
    it('keep a quote once, counted once', async () => {
      const quote = draft(QuoteSide.Debit);
      const answers = await atOnce(12, (on) => keepQuote(on, quote));
      expect([countOf(answers, true), countOf(answers, false)]).toEqual([1, 11]);
      expect(await usage(ALICE)).toEqual({ used: { '': 1 }, reservations: ['reserved'] });
    });

    it('keep no more quotes than a limit allows, and nothing of one that is refused', async () => {
      await limitTo({ side: 'debit', maxCountDaily: 5 });
      const answers = await atOnce(16, (on) => keepQuote(on, draft(QuoteSide.Debit)));
      expect([countOf(answers, true), countOf(answers, 'LimitExceededError')]).toEqual([5, 11]);
      expect(await usage(ALICE)).toEqual({ used: { '': 5 }, reservations: Array(5).fill('reserved') });
      expect(await heldQuotes()).toHaveLength(5);
      await noLimits();
    });

    it('claim a quote for one payment', async () => {
      const quote = draft(QuoteSide.Debit);
      await keepQuote(bed, quote);
      const answers = await atOnce(12, (on) => payments(on).claimPayment(outgoing(quote.paymentId), P2P));
      expect([countOf(answers, true), countOf(answers, false)]).toEqual([1, 11]);
      expect(await heldQuotes()).toEqual([{ status: 'reserved', held: true }]);
      expect(await usage(ALICE)).toEqual({ used: { '': 1 }, reservations: ['reserved'] });
    });

    it('claim a notification for one payment, and store nothing of the others', async () => {
      const { invoiceUrl, invoiceNotificationId: notificationId } = await bed.notify();
      const unquoted = (index: number) =>
        outgoing(randomUUID(), { isQuoted: false, invoiceUrl: `${invoiceUrl}?${index}`, notificationId });
      const answers = await atOnce(12, (on, index) => payments(on).claimPayment(unquoted(index), P2P));
      expect([countOf(answers, true), countOf(answers, false)]).toEqual([1, 11]);
      expect(await sql('SELECT payment_id FROM outgoing_payments')).toEqual(
        await sql('SELECT payment_id FROM invoice_notifications WHERE id = $1', [notificationId]),
      );
      expect(await usage(ALICE)).toEqual({ used: { '': 1 }, reservations: ['reserved'] });
    });

    it('pay a notification or reject it, never both', async () => {
      for (let round = 0; round < 5; round++) {
        const { invoiceUrl, invoiceNotificationId: notificationId } = await bed.notify();
        const payment = outgoing(randomUUID(), { isQuoted: false, invoiceUrl, notificationId });
        const outcomes = await Promise.all([
          payments(bed).claimPayment(payment, P2P),
          other.get(InvoiceNotificationRepository).rejectNotification(notificationId),
        ]);
        expect(outcomes.filter(Boolean)).toHaveLength(1);
      }
    });

    it('send a payment of a quote again once, while it is open', async () => {
      const quote = draft(QuoteSide.Debit);
      const payment = outgoing(quote.paymentId, { sendingUntil: new Date(Date.now() + 60_000) });
      await keepQuote(bed, quote);
      await payments(bed).claimPayment(payment, P2P);
      expect(await payments(other).resendPayment(payment)).toBe(false);
      await payments(other).leavePayment(payment.paymentId);
      const answers = await atOnce(8, (on) => payments(on).resendPayment(payment));
      expect([countOf(answers, true), countOf(answers, false)]).toEqual([1, 7]);
      await payments(other).leavePayment(payment.paymentId);
      expect(await payments(bed).endPayment(payment, { status: OutgoingPaymentStatus.Failed })).toBe(true);
      expect(await payments(other).resendPayment(payment)).toBe(false);
    });

    it('give up the same payment, which fails once, with its quote and its limits', async () => {
      const quote = draft(QuoteSide.Debit);
      const payment = outgoing(quote.paymentId);
      await keepQuote(bed, quote);
      await payments(bed).claimPayment(payment, P2P);
      const ended = [bed, other].map((on) => jest.spyOn(on.get(PaymentLog), 'ended'));
      const failed = { status: OutgoingPaymentStatus.Failed };
      const answers = await atOnce(8, async (on) => {
        const end = await on.get(OutgoingPaymentOutcomes).giveUp(payment);
        await on.get(OutgoingPaymentOutcomes).recordEnd(payment, end!);
        return end;
      });
      expect(answers).toEqual(Array.from({ length: 8 }, () => failed));
      expect(ended.flatMap(({ mock }) => mock.calls)).toHaveLength(1);
      expect(bed.isVoid(payment.paymentId)).toBe(true);
      expect(await payments(bed).findPayment(payment.paymentId)).toMatchObject(failed);
      expect(await heldQuotes()).toEqual([{ status: 'expired', held: false }]);
      expect(await usage(ALICE)).toEqual({ used: {}, reservations: ['released'] });
    });

    it('end a payment one way only, with its quote and its limits', async () => {
      for (let round = 0; round < 6; round++) {
        await sql('TRUNCATE quotes, limit_reservations, limit_usage, outgoing_payments');
        const quote = draft(QuoteSide.Debit);
        const payment = outgoing(quote.paymentId);
        await keepQuote(bed, quote);
        await payments(bed).claimPayment(payment, P2P);
        const ends = [OutgoingPaymentStatus.Executed, OutgoingPaymentStatus.Expired] as const;
        const answers = await atOnce(8, (on, index) =>
          payments(on).endPayment(payment, { status: ends[(index + round) % 2]! }),
        );
        expect(countOf(answers, true)).toBe(1);
        const [{ status }] = await sql('SELECT status FROM outgoing_payments');
        const isExecuted = status === OutgoingPaymentStatus.Executed;
        expect(await heldQuotes()).toEqual([{ status: isExecuted ? 'used' : 'expired', held: false }]);
        const reservations = [isExecuted ? 'confirmed' : 'released'];
        expect(await usage(ALICE)).toEqual({ used: isExecuted ? { '': 1 } : {}, reservations });
      }
    });
  });

  describe('on the side of the payee', () => {
    it('A7, A8: give no more quotes and setups to one DFSP than its allowances', async () => {
      const from = { [FROM_DFSP_HEADER]: 'dfsp2' };
      const quotes = await atOnce(20, (on) =>
        on.ask(
          'POST /v1/quotes',
          {
            paymentId: randomUUID(),
            payer: { identifier: '1', identifierType: 'eur' },
            payee: { identifier: DAVE, identifierType: 'eur' },
            transferType: 'p2p',
            amountType: 'SEND',
            amount: { amount: '1', currency: 'USD' },
          },
          { authorization: basicAuthorization('scheme-adapter', 'adapter-password'), initiator: 'PROXY', ...from },
        ),
      );
      expect(statusesOf(quotes as never)).toEqual([...Array(7).fill(200), ...Array(13).fill(429)]);
      expect(await usage(DAVE)).toEqual({ used: { dfsp2: 7 }, reservations: Array(7).fill('reserved') });
      const setups = await atOnce(20, (on) =>
        on.ask(
          'POST /v1/setup',
          { identifier: DAVE, senderIdentifier: ALICE, amount: '1', paymentId: randomUUID() },
          from,
        ),
      );
      expect(statusesOf(setups as never)).toEqual([...Array(6).fill(201), ...Array(14).fill(429)]);
      expect(await usage(DAVE)).toMatchObject({ used: { dfsp2: 13 } });
    });

    it('A7: prepare no more payments than a limit allows; the others change nothing', async () => {
      await limitTo({ side: 'credit', maxCountDaily: 4 });
      const quotes = Array.from({ length: 10 }, () => draft(QuoteSide.Credit));
      for (const [index, quote] of quotes.entries()) await keepQuote(bed, quote, `dfsp${index}`);
      const answers = await atOnce(10, (on, index) =>
        received(on).addPayment(incoming(quotes[index]!.paymentId), TransferType.P2p),
      );
      expect([countOf(answers, 'added'), countOf(answers, 'LimitExceededError')]).toEqual([4, 6]);
      expect(await usage(DAVE)).toMatchObject({ used: { '': 4 } });
      expect(await sql('SELECT FROM receiver_payments')).toHaveLength(4);
      expect(await sql('SELECT FROM quotes WHERE held_at IS NOT NULL')).toHaveLength(4);
      await noLimits();
    });

    it('A7: prepare a payment once', async () => {
      const quote = draft(QuoteSide.Credit);
      await keepQuote(bed, quote, 'dfsp2');
      const answers = await atOnce(10, (on) => received(on).addPayment(incoming(quote.paymentId), TransferType.P2p));
      expect([countOf(answers, 'added'), countOf(answers, 'known')]).toEqual([1, 9]);
      expect(await usage(DAVE)).toEqual({ used: { '': 1 }, reservations: ['reserved'] });
    });

    it('A7: give an invoice to one of the payments that are prepared at once', async () => {
      const { invoiceId } = await bed.issue({ invoiceType: 'pending', identifier: undefined });
      const quotes = Array.from({ length: 8 }, () => draft(QuoteSide.Credit, { invoiceId }));
      for (const quote of quotes) await keepQuote(bed, quote, 'dfsp2');
      const answers = await atOnce(8, (on, index) =>
        received(on).addPayment(incoming(quotes[index]!.paymentId, { invoiceId }), TransferType.P2p),
      );
      expect([countOf(answers, 'added'), countOf(answers, 'refused')]).toEqual([1, 7]);
      expect(await sql('SELECT payment_id FROM receiver_payments')).toEqual(
        await sql(`SELECT payment_id FROM invoices WHERE id = $1 AND status = 'approved'`, [invoiceId]),
      );
      expect(await usage(DAVE)).toMatchObject({ used: { '': 1, dfsp2: 7 } });
    });

    const setUp = (on: TestBed, invoiceId: string, senderIdentifier = ALICE) =>
      received(on).addPayment(
        incoming(randomUUID(), {
          invoiceId,
          senderIdentifier,
          status: ReceiverPaymentStatus.Proposed,
          transferId: null,
        }),
        TransferType.Invoice,
      );

    it('A7: set up one payment of an invoice for each DFSP', async () => {
      const { invoiceId } = await bed.issue();
      const answers = await atOnce(6, (on) => setUp(on, invoiceId));
      expect([countOf(answers, 'added'), countOf(answers, 'refused')]).toEqual([1, 5]);
    });

    it('A7: set up payments of an invoice or cancel it, never both', async () => {
      for (let round = 0; round < 5; round++) {
        const { invoiceId } = await bed.issue();
        const [isSetUp, isCancelled] = await Promise.all([
          setUp(bed, invoiceId),
          other.get(InvoiceRepository).cancelInvoice(invoiceId, new Date()),
        ]);
        expect([isSetUp === 'added', isCancelled].filter(Boolean)).toHaveLength(1);
      }
    });

    it('set up payments of a standard invoice by its client only, of others by anyone, of products many', async () => {
      const invoices: [Record<string, unknown>, string[]][] = [
        [{}, ['refused', 'added']],
        [{ invoiceType: 'pending', identifier: undefined }, ['added', 'refused']],
        [{ invoiceType: 'product', identifier: undefined }, ['added', 'added']],
      ];
      for (const [kind, expected] of invoices) {
        const { invoiceId } = await bed.issue(kind);
        expect([await setUp(bed, invoiceId, 'somebody'), await setUp(other, invoiceId)]).toEqual(expected);
      }
      const { invoiceId } = await bed.issue();
      await sql(`UPDATE invoices SET expires_at = now() - interval '1 s' WHERE id = $1`, [invoiceId]);
      expect(await setUp(bed, invoiceId)).toBe('refused');
    });

    it('A7: free the invoice of a payment that fails while it is being prepared', async () => {
      const { lockInvoice, waiting } = receiving(() => bed);
      const { invoiceId } = await bed.issue({ invoiceType: 'pending', identifier: undefined });
      const [first, second] = ['dfsp2', 'dfsp3'].map((fromDfsp) =>
        incoming(randomUUID(), {
          invoiceId,
          fromDfsp,
          status: ReceiverPaymentStatus.Proposed,
          isQuoted: false,
          transferId: null,
        }),
      ) as [ReceiverPayment, ReceiverPayment];
      for (const one of [first, second])
        expect(await received(bed).addPayment(one, TransferType.Invoice)).toBe('added');
      const holder = () => sql('SELECT status, payment_id FROM invoices WHERE id = $1', [invoiceId]);
      expect(await holder()).toEqual([{ status: 'approved', payment_id: first.paymentId }]);
      const unlock = await lockInvoice(invoiceId);
      const preparing = received(bed).preparePayment(second, TransferType.Invoice, new Date());
      await waiting(1);
      const failing = received(other).failPayment(second, ReceiverPaymentStatus.Rejected);
      await waiting(2);
      await unlock();
      expect(await Promise.all([preparing, failing])).toEqual([true, true]);
      expect(await holder()).toEqual([{ status: 'pending', payment_id: null }]);
      expect(await received(other).preparePayment(first, TransferType.Invoice, new Date())).toBe(true);
    });

    it('A7: end a payment one way only, with its invoice, its quote and its limits', async () => {
      for (let round = 0; round < 6; round++) {
        await sql('TRUNCATE quotes, limit_reservations, limit_usage, receiver_payments');
        const { invoiceId } = await bed.issue();
        const quote = draft(QuoteSide.Credit, { invoiceId });
        const payment = incoming(quote.paymentId, { invoiceId });
        await keepQuote(bed, quote, 'dfsp2');
        expect(await received(bed).addPayment(payment, TransferType.P2p)).toBe('added');
        const answers = await atOnce(8, async (on, index) =>
          (index + round) % 2
            ? received(on).failPayment(payment, ReceiverPaymentStatus.Expired)
            : (await received(on).executePayment(payment)).moved,
        );
        // The ledger decides: what it has executed is executed, also after the payment was given up.
        const [{ status }] = await sql('SELECT status FROM receiver_payments');
        expect(status).toBe('executed');
        expect(countOf(answers, true)).toBeLessThanOrEqual(2);
        expect(await sql('SELECT status, payment_id FROM invoices WHERE id = $1', [invoiceId])).toEqual([
          { status: 'executed', payment_id: quote.paymentId },
        ]);
        expect(await heldQuotes()).toEqual([{ status: 'used', held: false }]);
        expect(await usage(DAVE)).toEqual({ used: { '': 1 }, reservations: ['confirmed'] });
      }
    });
  });
});
