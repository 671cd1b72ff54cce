import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { QuoteSide, TransferType } from '@level-one/quote';
import { basicAuthorization } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { PaymentLog } from '../src/ledger/payment-log.js';
import { ReceiverPaymentStatus } from '../src/payee/payments/receiver-payment.entity.js';
import { ReceiverPaymentsRepository } from '../src/payee/payments/receiver-payments.repository.js';
import { type OutgoingPayment, OutgoingPaymentStatus } from '../src/payer/payments/outgoing-payment.entity.js';
import { OutgoingPaymentKeeper } from '../src/payer/payments/outgoing-payment-keeper.js';
import { OutgoingPaymentOutcomes } from '../src/payer/payments/outgoing-payment-outcomes.js';
import { OutgoingPaymentsRepository, type PaymentEnd } from '../src/payer/payments/outgoing-payments.repository.js';
import { draft, incoming, keepQuote, outgoing, P2P } from './quoted-payments.js';
import { TestBed } from './test-bed.js';

const ADMIN = { authorization: basicAuthorization('admin', 'admin') };
/** Not tried again. */
const refusalOfDatabase = new ContractError(422, 'UnprocessableEntityError', 'no');
const EXECUTED: PaymentEnd = { status: OutgoingPaymentStatus.Executed, fulfillment: 'oAKAAA' };

describe('executed payments of a DFSP API that are written with others', () => {
  let bed: TestBed;
  let other: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start();
    other = await bed.besides();
  });
  afterAll(async () => {
    await other?.api.close();
    await bed?.stop();
  });
  beforeEach(async () => {
    await sql('TRUNCATE quotes, limit_reservations, limit_usage, receiver_payments, outgoing_payments');
  });
  afterEach(() => void jest.restoreAllMocks());

  const sql = (text: string, values: unknown[] = []) => bed.get(DataSource).query(text, values);
  const quotes = () => sql('SELECT status, held_at IS NOT NULL AS held, count(*)::int FROM quotes GROUP BY 1, 2');
  const reservations = () => sql('SELECT status, count(*)::int FROM limit_reservations GROUP BY 1');
  const ofPayer = (on: TestBed) => on.get(OutgoingPaymentsRepository);
  const ofPayee = (on: TestBed) => on.get(ReceiverPaymentsRepository);
  const statusAt = async (on: TestBed, { paymentId }: OutgoingPayment) =>
    (await on.ask(`GET /v1/payments/${paymentId}`, undefined, ADMIN)).json.state;

  /** Runs work, and answers how many statements moved rows of a table meanwhile. */
  async function writesDuring(table: string, work: () => Promise<unknown>): Promise<number> {
    const count = async () =>
      Number(
        (await sql(`SELECT count(DISTINCT xmin::text)::int AS count FROM ${table} WHERE status = 'executed'`))[0].count,
      );
    const before = await count();
    await work();
    return (await count()) - before;
  }

  async function paying(): Promise<OutgoingPayment> {
    const quote = draft(QuoteSide.Debit);
    await keepQuote(bed, quote);
    const payment = outgoing(quote.paymentId);
    await ofPayer(bed).claimPayment(payment, P2P);
    return payment;
  }

  async function prepared(more: Partial<ReturnType<typeof incoming>> = {}) {
    const quote = draft(QuoteSide.Credit);
    await keepQuote(bed, quote, 'dfsp2');
    const payment = incoming(quote.paymentId, more);
    expect(await ofPayee(bed).addPayment(payment, TransferType.P2p)).toBe('added');
    return payment;
  }

  describe('on the side of the payer', () => {
    it('move with their quotes and limits, in one commit', async () => {
      const payments = [await paying(), await paying(), await paying()];
      const writes = await writesDuring('outgoing_payments', () =>
        Promise.all(
          payments.map(async (payment, index) =>
            expect(await ofPayer(bed).executeWithOthers(payment, `fulfillment ${index}`)).toBe(true),
          ),
        ),
      );
      expect(writes).toBe(1);
      for (const [index, payment] of payments.entries()) {
        expect(await ofPayer(other).findPayment(payment.paymentId)).toMatchObject({
          status: 'executed',
          fulfillment: `fulfillment ${index}`,
          endedAt: expect.any(Date),
        });
      }
      expect(await quotes()).toEqual([{ status: 'used', held: false, count: 3 }]);
      expect(await reservations()).toEqual([{ status: 'confirmed', count: 3 }]);
    });

    it('are shown as executed by the instance that has told so, before they are written', async () => {
      const payment = await paying();
      const written = ofPayer(bed).executeWithOthers(payment, null);
      expect(await ofPayer(bed).findPayment(payment.paymentId)).toMatchObject({ status: 'executed' });
      const second = await paying();
      const alsoWritten = ofPayer(bed).executeWithOthers(second, null);
      expect(await statusAt(bed, second)).toBe('executed');
      expect(await Promise.all([written, alsoWritten])).toEqual([true, true]);
    });

    it('are written when the role stops', async () => {
      const third = await bed.besides();
      const payment = await paying();
      const written = ofPayer(third).executeWithOthers(payment, null);
      await third.api.close();
      expect(await written).toBe(true);
      expect(await ofPayer(bed).findPayment(payment.paymentId)).toMatchObject({ status: 'executed' });
    });

    it('end once, with the keeper of another instance', async () => {
      const payment = await paying();
      const ended = [bed, other].map((on) => jest.spyOn(on.get(PaymentLog), 'ended'));
      await Promise.all([
        bed.get(OutgoingPaymentOutcomes).recordExecuted(payment, EXECUTED),
        other.get(OutgoingPaymentOutcomes).recordEnd(payment, EXECUTED),
      ]);
      expect(ended.flatMap(({ mock }) => mock.calls)).toHaveLength(1);
      expect(await ofPayer(bed).findPayment(payment.paymentId)).toMatchObject({ status: 'executed' });
      expect(await quotes()).toEqual([{ status: 'used', held: false, count: 1 }]);
    });

    it('are written as soon as the database takes them', async () => {
      const payment = await paying();
      const write = jest.spyOn(ofPayer(bed), 'executeWithOthers');
      write.mockRejectedValueOnce(new Error('the database is away'));
      await bed.get(OutgoingPaymentOutcomes).recordExecuted(payment, EXECUTED);
      expect(write).toHaveBeenCalledTimes(2);
      expect(await ofPayer(other).findPayment(payment.paymentId)).toMatchObject(EXECUTED);
    });

    it('of requests that are repeated at once are counted once', async () => {
      const payment = await paying();
      const answers = await Promise.all([1, 2, 3].map(() => ofPayer(bed).executeWithOthers(payment, null)));
      expect(answers.filter(Boolean)).toHaveLength(1);
    });

    it('do not wait for an instance that starts and makes all open payments due', async () => {
      const [payment, open] = [await paying(), await paying()];
      const now = new Date();
      await bed.get(DataSource).transaction(async (manager) => {
        await manager.query('SELECT FROM outgoing_payments WHERE payment_id = $1 FOR NO KEY UPDATE', [
          payment.paymentId,
        ]);
        await ofPayer(other).checkAllNow(now);
      });
      const due = await sql('SELECT payment_id FROM outgoing_payments WHERE check_at = $1', [now]);
      expect(due).toEqual([{ payment_id: open.paymentId }]);
    });

    it('stay open for their keeper if they are never written', async () => {
      const payment = await paying();
      jest.spyOn(ofPayer(bed), 'executeWithOthers').mockRejectedValue(refusalOfDatabase);
      await bed.get(OutgoingPaymentOutcomes).recordExecuted(payment, EXECUTED);
      expect(await ofPayer(bed).findPayment(payment.paymentId)).toMatchObject({ status: 'paying' });
      bed.ledgerHas(payment.paymentId, 'executed', {
        debits: [{ account: 'alice', amount: '10.00' }],
        credits: [{ account: 'connector', amount: '10.00' }],
      });
      await sql('UPDATE outgoing_payments SET check_at = now()');
      await bed.get(OutgoingPaymentKeeper).lookAfterDue();
      expect(await ofPayer(bed).findPayment(payment.paymentId)).toMatchObject({ status: 'executed' });
    });
  });

  describe('on the side of the payee', () => {
    it('move with their quotes and limits, in one commit', async () => {
      const payments = [await prepared(), await prepared(), await prepared()];
      const writes = await writesDuring('receiver_payments', () =>
        Promise.all(
          payments.map(async (payment) =>
            expect(await ofPayee(bed).executeWithOthers(payment)).toEqual({ moved: true, invoice: false }),
          ),
        ),
      );
      expect(writes).toBe(1);
      expect(await quotes()).toEqual([{ status: 'used', held: false, count: 3 }]);
      expect(await reservations()).toEqual([{ status: 'confirmed', count: 3 }]);
    });

    it('pay each its own invoice; the second payment of one invoice is told so', async () => {
      const [one, two] = [await bed.issue(), await bed.issue()].map(({ invoiceId }) => invoiceId);
      const payments = [await prepared({ invoiceId: one! }), await prepared({ invoiceId: two! })];
      const another = await prepared();
      // It executed at the ledger, although the invoice is that of the first one.
      await sql('UPDATE receiver_payments SET invoice_id = $2 WHERE payment_id = $1', [another.paymentId, one]);
      const executions = await Promise.all(
        [...payments, another].map((payment) => ofPayee(bed).executeWithOthers(payment)),
      );
      expect(executions.map(({ moved }) => moved)).toEqual([true, true, true]);
      expect(executions.filter(({ invoice }) => invoice)).toHaveLength(2);
      expect(executions[1]!.invoice).toBe(true);
      const paid = await sql(
        `SELECT invoices.id, invoices.status, invoices.payment_id = receiver_payments.payment_id AS own,
           invoices.payer_identifier = receiver_payments.sender_identifier AS payer
         FROM invoices JOIN receiver_payments USING (payment_id) WHERE invoices.id = ANY ($1)`,
        [[one, two]],
      );
      expect(paid).toHaveLength(2);
      for (const invoice of paid) expect(invoice).toMatchObject({ status: 'executed', own: true, payer: true });
    });

    it('end once, however often and wherever the news comes', async () => {
      const payment = await prepared();
      const ended = [bed, other].map((on) => jest.spyOn(on.get(PaymentLog), 'ended'));
      const executions = await Promise.all([
        ...Array.from({ length: 6 }, (_, index) => ofPayee(index % 2 ? other : bed).executeWithOthers(payment)),
        ofPayee(other).executePayment(payment),
      ]);
      expect(executions.filter(({ moved }) => moved)).toHaveLength(1);
      expect(ended.flatMap(({ mock }) => mock.calls)).toHaveLength(1);
      expect(await quotes()).toEqual([{ status: 'used', held: false, count: 1 }]);
    });

    it('that both instances hear of at once are ended once each', async () => {
      const payments = [];
      for (let index = 0; index < 12; index += 1) payments.push(await prepared());
      const executions = await Promise.all([
        ...payments.map((payment) => ofPayee(bed).executeWithOthers(payment)),
        ...payments.toReversed().map((payment) => ofPayee(other).executeWithOthers(payment)),
      ]);
      expect(executions.filter(({ moved }) => moved)).toHaveLength(12);
      expect(await reservations()).toEqual([{ status: 'confirmed', count: 12 }]);
    });

    it('are those that are known, also one that was given up: the ledger decides', async () => {
      const [payment, givenUp] = [await prepared(), await prepared()];
      await ofPayee(bed).failPayment(givenUp, ReceiverPaymentStatus.Expired);
      const executions = await Promise.all(
        [incoming(randomUUID()), payment, givenUp].map((one) => ofPayee(bed).executeWithOthers(one)),
      );
      expect(executions.map(({ moved }) => moved)).toEqual([false, true, true]);
      expect(await quotes()).toEqual([{ status: 'used', held: false, count: 2 }]);
      expect(await reservations()).toEqual([{ status: 'confirmed', count: 2 }]);
    });
  });
});
