import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ContractError } from '@level-one/errors';
import { AmountType, type Quote } from '@level-one/quote';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { ALICE, BOB, TestBed } from '../../../test/test-bed.js';
import { errorOfRejection } from '../payments/rejection.js';
import type { OutgoingPayment } from '../payments/outgoing-payment.entity.js';
import { OutgoingPaymentsRepository } from '../payments/outgoing-payments.repository.js';
import { OutgoingPaymentsService } from '../payments/outgoing-payments.service.js';
import { ChannelQuotesService } from '../quotes/channel-quotes.service.js';
import { OutgoingQuotesService } from '../quotes/outgoing-quotes.service.js';
import { BulkStatus, RowStatus } from './bulk-payment.entity.js';
import { BulkPaymentsRepository } from './bulk-payments.repository.js';
import { BulkWorker } from './bulk-worker.js';

const CAROL = '78956563';
/** More often than rows were tried before. */
const MANY = 12;

const away = (status = 503, id = 'ServiceUnavailableError') => new ContractError(status, id, 'away');

/** Errors of systems that are away, as they reach a DFSP API. */
const PASSING: [string, Error][] = [
  ['nobody listens', away(502, 'ExternalError')],
  ['too much load', away()],
  ['too many requests', away(429, 'TooManyRequestsError')],
  ['changed credentials', away(401, 'Unauthorized')],
  ['a refusal that says when to try again', new ContractError(422, 'LedgerNotConnectedError', 'no', {}, undefined, 1)],
  ['a receiver that is not connected', away(422, 'NoSubscriptionsError')],
  ['a fault', new TypeError('no')],
  ['a database that is away', Object.assign(new Error('away'), { code: '57P01' })],
];

const IS_LEASED = `check_at > now() + interval '100 s' AND status IN ('waiting', 'checked', 'paying')`;

/** Stores a list of two rows, which no run of the worker is started for. */
function keepList(bulks: BulkPaymentsRepository): Promise<unknown> {
  const now = new Date(Date.now() - 1_000);
  const id = randomUUID();
  const list = {
    id,
    payerIdentifier: ALICE,
    account: 'alice',
    amountType: AmountType.Receive,
    status: BulkStatus.Checking,
    fingerprint: id,
    createdAt: now,
    askUntil: new Date(Date.now() + 600_000),
  };
  const row = { bulkId: id, identifier: BOB, amount: '1', currency: null, errorId: null, message: null, checkAt: now };
  const rowAt = (line: number) => ({ ...row, line, status: RowStatus.Waiting, paymentId: randomUUID() });
  return bulks.keepFirst(list, [rowAt(1), rowAt(2)]);
}

describe('B, K12: rows of a bulk payment, while a system is away,', () => {
  let bed: TestBed;
  const quote = jest.fn<(order: { destinationIdentifier: string; paymentId?: string }) => Promise<Quote>>();
  const pay = jest.fn<OutgoingPaymentsService['payQuote']>();
  const findPayment = jest.fn<(paymentId: string) => Promise<OutgoingPayment | null>>();

  beforeAll(async () => {
    bed = await TestBed.start();
    spy();
  });
  afterEach(async () => {
    await sql(`DELETE FROM bulk_payment_rows`);
    await sql(`DELETE FROM bulk_payments`);
  });
  afterAll(() => bed.stop());

  const sql = (text: string, values: unknown[] = []) => bed.get(DataSource).query(text, values);

  function spy(): void {
    quote.mockImplementation(async () => quoted());
    pay.mockResolvedValue({ status: 'executed', fulfillment: null, isFirst: true });
    findPayment.mockResolvedValue(null);
    jest.spyOn(bed.get(ChannelQuotesService), 'quotePaymentOfType').mockImplementation((order) => quote(order));
    jest.spyOn(bed.get(OutgoingPaymentsService), 'payQuote').mockImplementation((id) => pay(id));
    jest.spyOn(bed.get(OutgoingPaymentsRepository), 'findPayment').mockImplementation((id) => findPayment(id));
    jest.spyOn(bed.get(OutgoingQuotesService), 'findQuote').mockResolvedValue(null);
  }

  const quoted = ({ sourceAmount = 100n } = {}) =>
    ({
      params: { payeeName: 'Bob' },
      sourceAmount,
      fee: 0n,
      receiveAmount: 100n,
      scale: 2,
      currency: 'USD',
    }) as unknown as Quote;

  const at = (request: string, body?: unknown) => bed.ask(request, body);
  const upload = async (more: Record<string, unknown> = {}, identifiers = [BOB]) =>
    (
      await at('POST /v1/bulkPayments', {
        sourceIdentifier: ALICE,
        sourceAccount: 'alice',
        rows: identifiers.map((identifier) => ({ identifier, amount: '1' })),
        ...more,
      })
    ).json;
  const statusOf = async (id: string) => (await at(`GET /v1/bulkPayments/${id}`)).json.status;
  const rowsOf = async (id: string) => (await at(`GET /v1/bulkPayments/${id}/rows`)).json.rows;
  const statusesOf = async (id: string) => (await rowsOf(id)).map(({ status }: { status: string }) => status);

  const count = async (from: string) => (await sql(`SELECT FROM bulk_payment_rows AS row ${from}`)).length;
  const isLeased = () => count(`WHERE ${IS_LEASED}`);
  /** Rows that a run would take. */
  const isDue = () =>
    count(
      `JOIN bulk_payments AS bulk ON bulk.id = row.bulk_id WHERE row.check_at <= now()
         AND ((bulk.status, row.status) IN (('checking', 'waiting'), ('paying', 'checked')) AND bulk.ask_until > now()
           OR bulk.status IN ('paying', 'cancelled') AND row.status = 'paying')`,
    );

  /** Works on every row that waits for its next attempt, and on none that is worked on. */
  async function work(times = 1): Promise<void> {
    for (let run = 0; run < times; run++) {
      await eventually(async () => expect(await isLeased()).toBe(0));
      // A run that a request has started may take a row meanwhile.
      await sql(`UPDATE bulk_payment_rows SET check_at = now() - interval '1 s' WHERE NOT (${IS_LEASED})`);
      // Such a run may hold a row that it has not taken yet.
      await eventually(async () => {
        await bed.get(BulkWorker).lookAfterDue();
        expect((await isDue()) + (await isLeased())).toBe(0);
      });
    }
    // A run that a request has started may end the last row; the run after it moves the list.
    await bed.get(BulkPaymentsRepository).advanceAll();
  }

  const pass = (id: string) => sql(`UPDATE bulk_payments SET ask_until = now() - interval '1 s' WHERE id = $1`, [id]);

  it('are taken one at a time, also as the database plans for tables that it last saw empty', async () => {
    const bulks = bed.get(BulkPaymentsRepository);
    const take = async () =>
      (await bulks.takeDue(new Date(), new Date(Date.now() + 180_000), 1)).map(({ line }) => line);
    await keepList(bulks);
    await sql('DELETE FROM bulk_payment_rows');
    await sql('ANALYZE bulk_payment_rows');
    await keepList(bulks);
    expect([await take(), await isLeased(), await take(), await take()]).toEqual([[1], 1, [2], []]);
  });

  it.each(PASSING)('wait to be checked, however often it fails: %s', async (_what, error) => {
    quote.mockRejectedValue(error);
    const { bulkPaymentId: id } = await upload();
    await work(MANY);
    expect(await statusOf(id)).toBe('checking');
    expect(await rowsOf(id)).toMatchObject([{ status: 'waiting', error: expect.any(String) }]);
    quote.mockImplementation(async () => quoted());
    await work();
    expect(await statusOf(id)).toBe('checked');
    const [row] = await rowsOf(id);
    expect(row).toMatchObject({ status: 'checked', name: 'Bob' });
    expect(row.error).toBeUndefined();
  });

  it.each([
    [404, 'UserNotFound'],
    [422, 'LimitExceededError'],
    [422, 'UnprocessableEntityError'],
  ])('are refused at once if they are refused with %i %s', async (status, id) => {
    quote.mockRejectedValue(new ContractError(status, id, 'no'));
    const { bulkPaymentId } = await upload();
    await work();
    expect(await statusOf(bulkPaymentId)).toBe('checked');
    expect(await rowsOf(bulkPaymentId)).toMatchObject([{ status: 'refused', error: id }]);
  });

  it('hold up no others, and after the deadline not even their list; the same list sent again resumes them', async () => {
    quote.mockImplementation(async ({ destinationIdentifier }) => {
      if (destinationIdentifier === CAROL) throw away();
      return quoted();
    });
    const { bulkPaymentId: id, deadline } = await upload({}, [CAROL, BOB]);
    expect(Date.parse(deadline)).toBeGreaterThan(Date.now() + 80_000_000);
    await work(2);
    expect(await statusesOf(id)).toEqual(['waiting', 'checked']);
    await pass(id);
    await work(2);
    expect([await statusOf(id), ...(await statusesOf(id))]).toEqual(['checked', 'waiting', 'checked']);
    expect((await at(`PUT /v1/bulkPayments/${id}/execute`)).status).toBe(200);
    await work();
    expect([await statusOf(id), ...(await statusesOf(id))]).toEqual(['done', 'waiting', 'paid']);
    quote.mockImplementation(async () => quoted());
    expect(await upload({ bulkPaymentId: id }, [CAROL, BOB])).toMatchObject({ status: 'checking' });
    await work();
    expect([await statusOf(id), ...(await statusesOf(id))]).toEqual(['checked', 'checked', 'paid']);
    await at(`PUT /v1/bulkPayments/${id}/execute`);
    await work();
    expect([await statusOf(id), ...(await statusesOf(id))]).toEqual(['done', 'paid', 'paid']);
    // Nothing is left: the same list changes nothing.
    expect(await upload({ bulkPaymentId: id }, [CAROL, BOB])).toMatchObject({ status: 'done' });
  });

  it('are resumed by hand, and a list may state its own deadline', async () => {
    quote.mockRejectedValue(away());
    const { bulkPaymentId: id, deadline } = await upload({ deadline: '2100-01-01T00:00:00+01:00' });
    expect(deadline).toBe('2099-12-31T23:00:00.000Z');
    await work();
    await pass(id);
    await work();
    expect(await statusOf(id)).toBe('checked');
    quote.mockImplementation(async () => quoted());
    expect((await at(`PUT /v1/bulkPayments/${id}/resume`)).json.status).toBe('checking');
    await work();
    expect([await statusOf(id), ...(await statusesOf(id))]).toEqual(['checked', 'checked']);
    await at(`PUT /v1/bulkPayments/${id}/cancel`);
    expect((await at(`PUT /v1/bulkPayments/${id}/resume`)).status).toBe(422);
    for (const [wrong, status] of [
      ['2100-01-01T00:00:00', 400],
      ['tomorrow', 400],
      ['2020-01-01T00:00:00Z', 422],
    ] as const) {
      expect([wrong, (await upload({ deadline: wrong })).id]).toEqual([
        wrong,
        status === 400 ? 'InvalidBodyError' : 'UnprocessableEntityError',
      ]);
    }
  });

  describe('and are paid,', () => {
    async function checked(): Promise<string> {
      quote.mockImplementation(async () => quoted());
      const { bulkPaymentId } = await upload();
      await work();
      expect(await statusOf(bulkPaymentId)).toBe('checked');
      return bulkPaymentId;
    }
    const rejected = (code: string) =>
      errorOfRejection({ code, message: 'no', additional_info: { id: 'UnprocessableEntityError', message: 'no' } });
    const payment = (status: string) => ({ status }) as OutgoingPayment;

    it.each<[string, Error, OutgoingPayment | null]>([
      ['the ledger cannot be asked for the balance', away(), null],
      ['the payment is rejected with T00', rejected('T00'), payment('rejected')],
      ['the payment is rejected with T01', rejected('T01'), payment('rejected')],
      ['the payment is rejected with R00', rejected('R00'), payment('rejected')],
      [
        'the rejection tells that a system was away',
        errorOfRejection({ additional_info: { id: 'ExternalError' } }),
        payment('rejected'),
      ],
      ['the payment was never sent', new ContractError(422, 'QuoteExpiredError', 'never sent'), payment('failed')],
      ['the payment came too late', new ContractError(422, 'ExpiredTransferError', 'late'), payment('expired')],
    ])('are paid by a payment that nothing was sent for before: %s', async (_what, error, known) => {
      const id = await checked();
      pay.mockReset().mockRejectedValue(error);
      findPayment.mockResolvedValue(known);
      await at(`PUT /v1/bulkPayments/${id}/execute`);
      await work(MANY);
      expect([await statusOf(id), ...(await statusesOf(id))]).toEqual(['paying', 'checked']);
      const { calls } = pay.mock;
      expect(new Set(calls.map(([paymentId]) => paymentId)).size).toBe(known ? calls.length : 1);
      pay.mockResolvedValue({ status: 'executed', fulfillment: null, isFirst: true });
      await work();
      expect([await statusOf(id), ...(await statusesOf(id))]).toEqual(['done', 'paid']);
      expect((await rowsOf(id))[0].error).toBeUndefined();
    });

    it('are followed by their own payment while it is open, also after the deadline', async () => {
      const id = await checked();
      pay.mockReset().mockRejectedValue(away(502, 'ExternalError'));
      findPayment.mockResolvedValue(payment('paying'));
      await at(`PUT /v1/bulkPayments/${id}/execute`);
      await work(MANY);
      await pass(id);
      await work(2);
      expect([await statusOf(id), ...(await statusesOf(id))]).toEqual(['paying', 'paying']);
      expect(new Set(pay.mock.calls.map(([paymentId]) => paymentId)).size).toBe(1);
      pay.mockResolvedValue({ status: 'executed', fulfillment: null, isFirst: false });
      await work();
      expect([await statusOf(id), ...(await statusesOf(id))]).toEqual(['done', 'paid']);
    });

    it.each<[string, Error]>([
      ['InsufficientFundsError', new ContractError(422, 'InsufficientFundsError', 'Sender has insufficient funds.')],
      ['InvoiceNotPendingError', errorOfRejection({ code: 'F99', additional_info: { id: 'InvoiceNotPendingError' } })],
    ])('fail at once with %s', async (reason, error) => {
      const id = await checked();
      pay.mockReset().mockRejectedValue(error);
      findPayment.mockResolvedValue(null);
      await at(`PUT /v1/bulkPayments/${id}/execute`);
      await work();
      expect(await statusOf(id)).toBe('done');
      expect(await rowsOf(id)).toMatchObject([{ status: 'failed', error: reason }]);
      expect(pay).toHaveBeenCalledTimes(1);
    });

    it('are cancelled with their list, if their payment ends without money', async () => {
      const id = await checked();
      pay.mockReset().mockRejectedValue(away(502, 'ExternalError'));
      findPayment.mockResolvedValue(payment('paying'));
      await at(`PUT /v1/bulkPayments/${id}/execute`);
      await work();
      expect((await at(`PUT /v1/bulkPayments/${id}/cancel`)).status).toBe(200);
      await work();
      expect(await statusesOf(id)).toEqual(['paying']);
      pay.mockRejectedValue(rejected('T00'));
      findPayment.mockResolvedValue(payment('rejected'));
      await work();
      expect([await statusOf(id), ...(await statusesOf(id))]).toEqual(['cancelled', 'cancelled']);
    });

    it('are not paid at another price', async () => {
      const id = await checked();
      pay.mockReset();
      quote.mockImplementation(async () => quoted({ sourceAmount: 101n }));
      await at(`PUT /v1/bulkPayments/${id}/execute`);
      await work();
      expect(await statusOf(id)).toBe('done');
      expect(await rowsOf(id)).toMatchObject([
        { status: 'failed', message: expect.stringContaining('price has changed') },
      ]);
      expect(pay).not.toHaveBeenCalled();
    });
  });

  it('K9: are taken again as soon as the database takes their result', async () => {
    quote.mockImplementation(async () => quoted());
    const write = jest.spyOn(bed.get(BulkPaymentsRepository), 'moveRow').mockRejectedValue(away());
    const { bulkPaymentId: id } = await upload();
    await eventually(() => expect(write.mock.calls.length).toBeGreaterThan(1));
    write.mockRestore();
    await eventually(async () => {
      await bed.get(BulkWorker).lookAfterDue();
      expect(await statusesOf(id)).toEqual(['checked']);
    });
  });
});
