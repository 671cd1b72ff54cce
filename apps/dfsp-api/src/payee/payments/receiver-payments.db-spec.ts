import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { FROM_DFSP_HEADER } from '@level-one/peers';
import { DataSource } from 'typeorm';
import { eventually } from '@level-one/testing';
import { ALICE, DAVE, ledgerTransfer, OWN_SERVER, statusesOf, TestBed } from '../../../test/test-bed.js';
import { Retention } from '../../retention/retention.js';
import { ReceiverPaymentKeeper } from './receiver-payment-keeper.js';
import { ReceiverPaymentsRepository } from './receiver-payments.repository.js';

const CAROL = '78956563';

describe('payments to customers', () => {
  let bed: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());

  const sql = (text: string, values: unknown[] = []) => bed.get(DataSource).query(text, values);
  const setup = (body: object, from = 'dfsp1') =>
    bed.ask('POST /v1/setup', { senderIdentifier: ALICE, ...body }, { [FROM_DFSP_HEADER]: from });
  const statusOf = async (invoiceId: string) =>
    (await sql('SELECT status FROM invoices WHERE id = $1', [invoiceId]))[0].status;
  const paymentStatus = async (paymentId: string) =>
    (await sql('SELECT status FROM receiver_payments WHERE payment_id = $1', [paymentId]))[0].status;

  async function approved(more: Record<string, unknown> = {}): Promise<{ invoiceId: string; paymentId: string }> {
    const { invoiceId } = await bed.issue(more);
    const paymentId = randomUUID();
    expect((await setup({ invoiceId, paymentId })).status).toBe(201);
    return { invoiceId, paymentId };
  }

  /** Tells what the ledger says too. */
  function tell(payment: { invoiceId: string; paymentId: string }, status: string, more: Record<string, unknown> = {}) {
    if (status === 'expired') bed.ledgerHas(payment.paymentId, 'rejected', { rejection_reason: 'expired' });
    else bed.ledgerHas(payment.paymentId, status);
    return claim(payment, status, more);
  }

  function claim(
    { invoiceId, paymentId }: { invoiceId: string; paymentId: string },
    status: string,
    more: Record<string, unknown> = {},
  ) {
    return bed.ask(`PUT /v1/receivers/invoices/${invoiceId}/payments/${paymentId}`, {
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
    cancelled: (invoiceId: string) => bed.ask(`PUT /v1/invoices/${invoiceId}/cancel`),
    rejected: (invoiceId: string) =>
      bed.notice(
        { invoiceUrl: `${OWN_SERVER}/invoices/${invoiceId}`, senderIdentifier: ALICE, memo: '{"status":"rejected"}' },
        'dfsp1',
      ),
  };

  /** Keeps an invoice from everybody until what it answers is called. */
  async function lockInvoice(invoiceId: string): Promise<() => Promise<void>> {
    const runner = bed.get(DataSource).createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT FROM invoices WHERE id = $1 FOR UPDATE', [invoiceId]);
    return async () => {
      await runner.commitTransaction();
      await runner.release();
    };
  }

  /** Until so many statements wait for a lock. */
  const waiting = (many: number) =>
    eventually(async () => {
      const [{ count }] = await sql(
        `SELECT count(*)::int FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`,
      );
      expect(count).toBe(many);
    });

  /** Lets the time of a payment be over, as the clock would, and the keeper come by. */
  async function timeIsOver(paymentId: string): Promise<void> {
    await sql(
      `UPDATE receiver_payments SET expires_at = now() - interval '1 hour', check_at = now() - interval '1 s'
       WHERE payment_id = $1`,
      [paymentId],
    );
    await bed.get(ReceiverPaymentKeeper).lookAfterDue();
  }

  const ledgerSays = (paymentId: string, status: number, json: object) =>
    bed.peers.on(new RegExp(`^GET /ledger/transfers/${paymentId}$`), { status, json });

  describe('are set up', () => {
    it('for an invoice, which is then kept for them', async () => {
      const { invoiceId } = await bed.issue();
      const paymentId = randomUUID();
      const before = Date.now();
      const { status, json } = await setup({ invoiceId, paymentId: paymentId.toUpperCase() });
      expect(status).toBe(201);
      expect(json).toEqual({
        id: paymentId,
        name: 'Dave Dunn',
        destinationAccount: 'http://adapter.dfsp1.test/ilp/ledger/v1/accounts/dave',
        currencyCode: 'USD',
        currencySymbol: '$',
        destinationAmount: '10.40',
        expiresAt: expect.any(String),
        data: { senderIdentifier: ALICE },
        status: 'proposed',
      });
      const lifetimeMs = Date.parse(json.expiresAt) - before;
      expect(lifetimeMs).toBeGreaterThanOrEqual(60_000);
      expect(lifetimeMs).toBeLessThan(62_000);
      expect(await statusOf(invoiceId)).toBe('approved');
      expect((await bed.ask(`GET /v1/invoices/${invoiceId}`)).json.status).toBe('unpaid');
    });

    it('for a number', async () => {
      const paymentId = randomUUID();
      expect(await setup({ identifier: DAVE, amount: 5, paymentId })).toMatchObject({
        status: 201,
        json: { id: paymentId, name: 'Dave Dunn', destinationAmount: '5.00' },
      });
    });

    it('never for longer than the invoice lasts', async () => {
      const expiresAt = new Date(Date.now() + 5_000).toISOString();
      const { invoiceId } = await bed.issue({ expiresAt });
      expect((await setup({ invoiceId, paymentId: randomUUID() })).json.expiresAt).toBe(expiresAt);
    });

    it('N41: the same request gets the same answer, another one none', async () => {
      const { invoiceId } = await bed.issue();
      const request = { invoiceId, paymentId: randomUUID(), memo: { b: 1, a: 2 } };
      const first = await setup(request);
      for (const same of [request, { ...request, memo: { a: 2, b: 1 } }]) {
        expect(await setup(same)).toMatchObject({ status: 201, json: first.json });
      }
      for (const other of [{ memo: 'other' }, { amount: '10.40' }, { senderIdentifier: CAROL }]) {
        expect(await setup({ ...request, ...other })).toMatchObject({
          status: 422,
          json: { id: 'AlreadyExistsError' },
        });
      }
    });

    it('N41: the same request many times at once gets one answer', async () => {
      const { invoiceId } = await bed.issue();
      const request = { invoiceId, paymentId: randomUUID() };
      const answers = await Promise.all(Array.from({ length: 6 }, () => setup(request)));
      expect(new Set(answers.map(({ status, json }) => JSON.stringify({ status, json }))).size).toBe(1);
      expect(answers[0]?.status).toBe(201);
    });

    it('N37: one of many payments of an invoice', async () => {
      const { invoiceId } = await bed.issue();
      const answers = await Promise.all(Array.from({ length: 6 }, () => setup({ invoiceId, paymentId: randomUUID() })));
      expect(statusesOf(answers)).toEqual([201, 422, 422, 422, 422, 422]);
      expect(answers.find(({ status }) => status === 422)?.json.id).toBe('InvoiceNotPendingError');
      expect((await sql('SELECT count(*) FROM receiver_payments WHERE invoice_id = $1', [invoiceId]))[0].count).toBe(
        '1',
      );
    });

    it('on the older route too', async () => {
      const { invoiceId } = await bed.issue();
      expect(
        await bed.ask(`PUT /invoices/${invoiceId}`, { senderIdentifier: ALICE, status: 'proposed' }),
      ).toMatchObject({
        status: 201,
        json: { status: 'proposed', destinationAmount: '10.40' },
      });
    });

    it.each([
      [{ invoiceId: randomUUID() }, 404, 'InvoiceNotFoundError'],
      [{ invoiceId: 'bad' }, 404, 'InvoiceNotFoundError'],
      [{ identifier: '99999999', amount: '1' }, 404, 'UserNotFound'],
      [{ identifier: DAVE }, 400, 'InvalidBodyError'],
      [{}, 400, 'InvalidBodyError'],
      [{ identifier: DAVE, amount: '0' }, 422, 'UnprocessableEntityError'],
      [{ identifier: DAVE, amount: '1', paymentId: '1' }, 400, 'InvalidBodyError'],
      [{ identifier: DAVE, amount: '1', senderIdentifier: 7 }, 400, 'InvalidBodyError'],
    ])('N38 to N40: but not with %j', async (body, status, id) => {
      expect(await setup({ paymentId: randomUUID(), ...body })).toMatchObject({ status, json: { id } });
    });

    it('N31, N32, N40: but not by another payer, another amount, or when it is not to be paid', async () => {
      const { invoiceId } = await bed.issue();
      const paymentId = randomUUID();
      expect(await setup({ invoiceId, paymentId, senderIdentifier: CAROL })).toMatchObject({
        status: 422,
        json: { id: 'InvoicePayerMissmatchError' },
      });
      expect(await setup({ invoiceId, paymentId, amount: '10.41' })).toMatchObject({
        status: 422,
        json: { id: 'UnprocessableEntityError' },
      });
      await bed.ask(`PUT /v1/invoices/${invoiceId}/cancel`);
      expect(await setup({ invoiceId, paymentId })).toMatchObject({
        status: 422,
        json: { id: 'InvoiceNotPendingError' },
      });
      const { invoiceId: expired } = await bed.issue({ expiresAt: '2100-01-01T00:00:00Z' });
      await sql(`UPDATE invoices SET expires_at = now() - interval '1 s' WHERE id = $1`, [expired]);
      expect((await setup({ invoiceId: expired, paymentId })).json.id).toBe('InvoiceNotPendingError');
      expect((await bed.ask(`GET /v1/invoices/${expired}`)).json.status).toBe('expired');
    });

    it('and when their money waits, neither merchant nor client can take the invoice back', async () => {
      const payment = await approved();
      await tell(payment, 'prepared');
      for (const revoke of Object.values(REVOCATIONS)) {
        expect(await revoke(payment.invoiceId)).toMatchObject({ status: 422, json: { id: 'InvoiceNotPendingError' } });
      }
      expect((await tell(payment, 'executed')).status).toBe(200);
      expect(await statusOf(payment.invoiceId)).toBe('executed');
    });
  });

  describe.each(Object.keys(REVOCATIONS) as (keyof typeof REVOCATIONS)[])('whose invoice is %s', (revoked) => {
    const revoke = (invoiceId: string) => REVOCATIONS[revoked](invoiceId);

    it('A7: before their money comes do not keep it, and are refused when it comes', async () => {
      const payment = await approved();
      expect(await revoke(payment.invoiceId)).toMatchObject({ status: revoked === 'cancelled' ? 200 : 201 });
      expect(await statusOf(payment.invoiceId)).toBe(revoked);
      expect(await tell(payment, 'prepared')).toMatchObject({ status: 422, json: { id: 'InvoiceNotPendingError' } });
      expect(await paymentStatus(payment.paymentId)).toBe('proposed');
      expect((await setup({ invoiceId: payment.invoiceId, paymentId: randomUUID() })).json.id).toBe(
        'InvoiceNotPendingError',
      );
      await timeIsOver(payment.paymentId);
      expect([await paymentStatus(payment.paymentId), await statusOf(payment.invoiceId)]).toEqual(['expired', revoked]);
    });

    it('A7: while their money comes either have it or are refused', async () => {
      const won = { payment: 0, revocation: 0 };
      for (let round = 0; round < 12; round++) {
        const payment = await approved();
        const release = await lockInvoice(payment.invoiceId);
        const [prepare, take] = [() => tell(payment, 'prepared'), () => revoke(payment.invoiceId)];
        // Both wait for the invoice, the one first and then the other.
        const first = round % 2 === 0 ? prepare() : take();
        await waiting(1);
        const second = round % 2 === 0 ? take() : prepare();
        await waiting(2);
        await release();
        await Promise.all([first, second]);
        const [told, taken] = round % 2 === 0 ? [await first, await second] : [await second, await first];
        const isPaid = told.status === 200;
        won[isPaid ? 'payment' : 'revocation'] += 1;
        expect([told.json.id, taken.json.id]).toEqual(
          isPaid ? [undefined, 'InvoiceNotPendingError'] : ['InvoiceNotPendingError', undefined],
        );
        expect([taken.status < 300, await paymentStatus(payment.paymentId), await statusOf(payment.invoiceId)]).toEqual(
          isPaid ? [false, 'prepared', 'approved'] : [true, 'proposed', revoked],
        );
        expect((await tell(payment, isPaid ? 'executed' : 'rejected')).status).toBe(200);
        expect(await statusOf(payment.invoiceId)).toBe(isPaid ? 'executed' : revoked);
      }
      expect(won).toEqual({ payment: 6, revocation: 6 });
    });
  });

  describe('that were only set up keep nothing from other DFSPs', () => {
    const PENDING = { invoiceType: 'pending' };

    it('A7: an invoice is held against payments of the same DFSP, and by the first whose money waits', async () => {
      const { invoiceId } = await bed.issue(PENDING);
      const [one, two, three] = [randomUUID(), randomUUID(), randomUUID()];
      expect((await setup({ invoiceId, paymentId: one }, 'dfsp2')).status).toBe(201);
      expect((await setup({ invoiceId, paymentId: randomUUID() }, 'dfsp2')).json.id).toBe('InvoiceNotPendingError');
      const payers = { [one]: ALICE, [two]: CAROL, [three]: ALICE };
      expect((await setup({ invoiceId, paymentId: two, senderIdentifier: CAROL }, 'dfsp1')).status).toBe(201);
      expect((await bed.ask('POST /v1/setup', { invoiceId, paymentId: three, senderIdentifier: ALICE })).status).toBe(
        201,
      );
      const answers = await Promise.all(
        [one, two, three].map((paymentId) =>
          tell({ invoiceId, paymentId }, 'prepared', { senderIdentifier: payers[paymentId] }),
        ),
      );
      expect(statusesOf(answers)).toEqual([200, 422, 422]);
      const first = [one, two, three][answers.findIndex(({ status }) => status === 200)]!;
      expect((await setup({ invoiceId, paymentId: randomUUID() }, 'dfsp3')).json.id).toBe('InvoiceNotPendingError');
      expect(
        (await tell({ invoiceId, paymentId: first }, 'executed', { senderIdentifier: payers[first] })).status,
      ).toBe(200);
      expect(await sql('SELECT status, payment_id FROM invoices WHERE id = $1', [invoiceId])).toEqual([
        { status: 'executed', payment_id: first },
      ]);
    });

    it('A7: a payment whose time is over while it is told of keeps no invoice', async () => {
      const { invoiceId } = await bed.issue(PENDING);
      const [one, two] = [randomUUID(), randomUUID()];
      await setup({ invoiceId, paymentId: one }, 'dfsp2');
      const late = (await bed.get(ReceiverPaymentsRepository).find(one))!;
      await timeIsOver(one);
      expect(await bed.get(ReceiverPaymentsRepository).prepare(late, new Date())).toBe(false);
      expect(await statusOf(invoiceId)).toBe('pending');
      expect((await setup({ invoiceId, paymentId: two }, 'dfsp1')).status).toBe(201);
      expect((await tell({ invoiceId, paymentId: two }, 'prepared')).status).toBe(200);
    });

    it('A7: an invoice for one client is set up by the DFSP that was told of it', async () => {
      const { invoiceId } = await bed.issue();
      expect(await setup({ invoiceId, paymentId: randomUUID() }, 'dfsp2')).toMatchObject({
        status: 422,
        json: { id: 'InvoicePayerMissmatchError' },
      });
      expect((await setup({ invoiceId, paymentId: randomUUID() }, 'dfsp1')).status).toBe(201);
    });

    it('A7, A8: nobody who is proven has a small allowance of their own', async () => {
      await sql(`UPDATE receiver_payments SET status = 'expired' WHERE status = 'proposed'`);
      const unproven = () =>
        bed.ask('POST /v1/setup', { identifier: DAVE, senderIdentifier: ALICE, amount: '1', paymentId: randomUUID() });
      for (let many = 0; many < 40; many++) expect((await unproven()).status).toBe(201);
      const answers = await Promise.all(Array.from({ length: 30 }, unproven));
      expect(statusesOf(answers)).toEqual([...Array(10).fill(201), ...Array(20).fill(429)]);
      const refused = await unproven();
      expect(refused).toMatchObject({ status: 429, json: { id: 'TooManyRequestsError' } });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
      expect((await setup({ identifier: DAVE, amount: '1', paymentId: randomUUID() })).status).toBe(201);
      await sql(`UPDATE receiver_payments SET status = 'expired' WHERE status = 'proposed'`);
    });
  });

  describe('are approved and executed', () => {
    it('once, however often it is said', async () => {
      const payment = await approved();
      for (const status of ['proposed', 'prepared', 'prepared', 'executed', 'executed', 'prepared']) {
        expect(await tell(payment, status)).toMatchObject({ status: 200, json: {} });
      }
      expect((await bed.ask(`GET /v1/invoices/${payment.invoiceId}`)).json.status).toBe('paid');
      const another = await setup({ invoiceId: payment.invoiceId, paymentId: randomUUID() });
      expect(another.json.id).toBe('InvoiceNotPendingError');
      expect(await tell(payment, 'rejected')).toMatchObject({ status: 422 });
    });

    it('without a setup, when the invoice is free for it', async () => {
      const { invoiceId } = await bed.issue();
      const payment = { invoiceId, paymentId: randomUUID() };
      expect((await tell(payment, 'executed')).status).toBe(404);
      expect((await tell(payment, 'proposed')).status).toBe(200);
      expect(await statusOf(invoiceId)).toBe('approved');
      expect((await tell({ invoiceId, paymentId: randomUUID() }, 'prepared')).json.id).toBe('InvoiceNotPendingError');
    });

    it('N36: a product again and again, by anybody, and it stays pending', async () => {
      const { invoiceId } = await bed.issue({ invoiceType: 'product' });
      for (const senderIdentifier of [ALICE, CAROL]) {
        const payment = { invoiceId, paymentId: randomUUID() };
        expect((await setup({ ...payment, senderIdentifier })).status).toBe(201);
        expect((await tell(payment, 'prepared', { senderIdentifier })).status).toBe(200);
        expect((await tell(payment, 'executed', { senderIdentifier })).status).toBe(200);
      }
      expect(await statusOf(invoiceId)).toBe('pending');
      const rows = await sql('SELECT status FROM receiver_payments WHERE invoice_id = $1', [invoiceId]);
      expect(rows).toEqual([{ status: 'executed' }, { status: 'executed' }]);
    });

    it('also simply to a number, on both routes', async () => {
      const paymentId = randomUUID();
      await setup({ identifier: DAVE, amount: '5', paymentId });
      const body = { transferId: paymentId, paymentid: paymentId, destinationAmount: '5.00' };
      const route = `PUT /v1/receivers/${DAVE}/payments/${paymentId}`;
      const five = { credits: [{ account: 'dave', amount: '5.00' }] };
      bed.ledgerHas(paymentId, 'prepared', five);
      expect(await bed.ask(route, { ...body, status: 'prepared' })).toMatchObject({ status: 200, json: {} });
      const byId = (status: string) => bed.ask(`PUT /v1/payments/${paymentId}`, { status });
      expect(await byId('executed')).toMatchObject({ status: 422, json: { id: 'UnprocessableEntityError' } });
      expect(await paymentStatus(paymentId)).toBe('prepared');
      bed.ledgerHas(paymentId, 'executed', five);
      expect(await byId('expired')).toMatchObject({ status: 422 });
      expect(await byId('executed')).toMatchObject({ status: 200 });
      expect(await paymentStatus(paymentId)).toBe('executed');
    });

    it.each([
      [{ destinationAmount: '10.41' }, 422, 'UnprocessableEntityError'],
      [{ destinationAmount: 'x' }, 400, 'InvalidBodyError'],
      [{ senderIdentifier: CAROL }, 422, 'InvoicePayerMissmatchError'],
      [{ paymentid: randomUUID() }, 400, 'InvalidBodyError'],
      [{ invoiceId: randomUUID() }, 400, 'InvalidBodyError'],
      [{ status: 'settled' }, 400, 'InvalidBodyError'],
    ])('N45: but not with %j', async (wrong, status, id) => {
      const payment = await approved();
      expect(await tell(payment, 'prepared', wrong)).toMatchObject({ status, json: { id } });
      expect(await paymentStatus(payment.paymentId)).toBe('proposed');
    });

    it('but not for another invoice, an unknown one, or by an unknown payment', async () => {
      const payment = await approved();
      const { invoiceId } = await bed.issue();
      expect(await tell({ ...payment, invoiceId }, 'prepared')).toMatchObject({ status: 422 });
      expect(await tell({ invoiceId: randomUUID(), paymentId: randomUUID() }, 'prepared')).toMatchObject({
        status: 404,
        json: { id: 'InvoiceNotFoundError' },
      });
      expect(await bed.ask(`PUT /v1/payments/${randomUUID()}`, { status: 'prepared' })).toMatchObject({
        status: 404,
        json: { id: 'QuoteNotFoundError' },
      });
      expect(await bed.ask('PUT /v1/payments/1', { status: 'prepared' })).toMatchObject({
        status: 400,
        json: { id: 'InvalidUriParameterError' },
      });
    });
  });

  describe('are as the own ledger says, whoever tells of them', () => {
    const five = (name: string) => ({ credits: [{ account: name, amount: '10.40' }] });

    it.each(['prepared', 'executed', 'rejected', 'expired'])('A2: not %s before the ledger says so', async (status) => {
      const payment = await approved();
      expect(await claim(payment, status)).toMatchObject({ status: 422, json: { id: 'UnprocessableEntityError' } });
      bed.ledgerHas(payment.paymentId, 'proposed');
      expect((await claim(payment, status)).status).toBe(422);
      expect(await paymentStatus(payment.paymentId)).toBe('proposed');
      expect(await statusOf(payment.invoiceId)).toBe('approved');
    });

    it.each(['executed', 'rejected', 'expired'])('A2: not %s while the transfer is prepared', async (status) => {
      const payment = await approved();
      await tell(payment, 'prepared');
      expect((await claim(payment, status)).status).toBe(422);
      expect((await bed.ask(`PUT /v1/payments/${payment.paymentId}`, { status })).status).toBe(422);
      expect(await paymentStatus(payment.paymentId)).toBe('prepared');
      expect((await bed.ask(`GET /v1/invoices/${payment.invoiceId}`)).json.status).toBe('unpaid');
    });

    it.each([
      five('alice'),
      five('fees'),
      { credits: [{ account: 'dave', amount: '10.39' }] },
      { credits: [{ account: 'dave', amount: '1040' }] },
      { credits: [] },
    ])('A2: not with a transfer that is of something else: %j', async (other) => {
      const payment = await approved();
      for (const status of ['prepared', 'executed']) {
        bed.ledgerHas(payment.paymentId, status, other);
        expect((await claim(payment, status)).status).toBe(422);
        expect((await bed.ask(`PUT /v1/payments/${payment.paymentId}`, { status })).status).toBe(422);
      }
      expect(await paymentStatus(payment.paymentId)).toBe('proposed');
      expect(await statusOf(payment.invoiceId)).toBe('approved');
    });

    it('A2: one transfer pays one payment', async () => {
      const [one, other] = [await approved(), await approved()];
      bed.ledgerHas(one.paymentId, 'executed');
      for (const status of ['prepared', 'executed']) {
        expect((await claim(other, status, { transferId: one.paymentId })).status).toBe(422);
      }
      expect((await claim(one, 'executed')).status).toBe(200);
      expect(await statusOf(other.invoiceId)).toBe('approved');
    });

    it('A2: an invoice is not even kept for a transfer that is not there, or of something else', async () => {
      const { invoiceId } = await bed.issue();
      const payment = { invoiceId, paymentId: randomUUID() };
      expect((await claim(payment, 'prepared')).status).toBe(422);
      bed.ledgerHas(payment.paymentId, 'prepared', five('alice'));
      expect((await claim(payment, 'prepared')).status).toBe(422);
      expect(await statusOf(invoiceId)).toBe('pending');
      expect(await sql('SELECT 1 FROM receiver_payments WHERE payment_id = $1', [payment.paymentId])).toEqual([]);
      expect((await tell(payment, 'prepared')).status).toBe(200);
    });

    it.each([500, 401, 403])(
      'A2: while the ledger is not read (%i) nothing moves, and they may be told again',
      async (status) => {
        const payment = await approved();
        ledgerSays(payment.paymentId, status, {});
        for (const told of ['prepared', 'executed', 'rejected']) {
          expect(await claim(payment, told)).toMatchObject({ status: 503, json: { id: 'ServiceUnavailableError' } });
        }
        expect(await paymentStatus(payment.paymentId)).toBe('proposed');
        expect(await statusOf(payment.invoiceId)).toBe('approved');
        ledgerSays(payment.paymentId, 200, ledgerTransfer(payment.paymentId, 'prepared'));
        expect((await claim(payment, 'prepared')).status).toBe(200);
      },
    );
  });

  it('A8: that came to nothing are deleted when they are old, and no others', async () => {
    const [old, executed] = [await approved(), await approved()];
    await tell(executed, 'prepared');
    await tell(executed, 'executed');
    await timeIsOver(old.paymentId);
    await bed.get(Retention).deleteOld();
    expect(await paymentStatus(old.paymentId)).toBe('expired');
    await sql(`UPDATE receiver_payments SET expires_at = now() - interval '91 days'`);
    await bed.get(Retention).deleteOld();
    expect(await sql('SELECT 1 FROM receiver_payments WHERE payment_id = $1', [old.paymentId])).toEqual([]);
    expect(await paymentStatus(executed.paymentId)).toBe('executed');
  });

  it('A8: a memo has at most 4 KiB', async () => {
    const memo = (bytes: number) =>
      setup({ identifier: DAVE, amount: '1', paymentId: randomUUID(), memo: 'x'.repeat(bytes) });
    expect((await memo(4_096 - 2)).status).toBe(201);
    expect(await memo(4_096)).toMatchObject({ status: 400, json: { id: 'InvalidBodyError' } });
  });

  describe('that fail', () => {
    it.each(['rejected', 'expired'])('because they are %s leave the invoice to be paid again', async (status) => {
      const payment = await approved();
      await tell(payment, 'prepared');
      for (let repeat = 0; repeat < 2; repeat++) expect((await tell(payment, status)).status).toBe(200);
      expect(await statusOf(payment.invoiceId)).toBe('pending');
      expect(await tell(payment, 'prepared')).toMatchObject({ status: 422, json: { id: 'InvoiceNotPendingError' } });
      expect((await setup({ invoiceId: payment.invoiceId, paymentId: randomUUID() })).status).toBe(201);
      expect((await tell(payment, 'rejected')).status).toBe(200);
      expect(await statusOf(payment.invoiceId)).toBe('approved');
    });

    it('ruling 6: because none comes leave the invoice when their time is over, and then are refused', async () => {
      const payment = await approved();
      await bed.get(ReceiverPaymentKeeper).lookAfterDue();
      expect(await statusOf(payment.invoiceId)).toBe('approved');
      await timeIsOver(payment.paymentId);
      expect(await statusOf(payment.invoiceId)).toBe('pending');
      expect(await tell(payment, 'prepared')).toMatchObject({ status: 422, json: { id: 'InvoiceNotPendingError' } });
      expect(bed.peers.callsTo(new RegExp(`transfers/${payment.paymentId}`))).toEqual([]);
    });

    it('are refused after their time too when they are simply to a number', async () => {
      const paymentId = randomUUID();
      await setup({ identifier: DAVE, amount: '5', paymentId });
      await timeIsOver(paymentId);
      const answer = await bed.ask(`PUT /v1/payments/${paymentId}`, { status: 'prepared' });
      expect(answer).toMatchObject({ status: 422, json: { id: 'ExpiredTransferError' } });
    });

    it('are refused when they come after their time, whether or not the keeper has come by', async () => {
      const payment = await approved();
      await sql(`UPDATE receiver_payments SET expires_at = now() - interval '1 s' WHERE payment_id = $1`, [
        payment.paymentId,
      ]);
      expect((await tell(payment, 'prepared')).json.id).toBe('InvoiceNotPendingError');
    });

    it('and whose money comes all the same leave nothing for the payment after them', async () => {
      const late = await approved();
      await timeIsOver(late.paymentId);
      const next = { invoiceId: late.invoiceId, paymentId: randomUUID() };
      expect((await setup(next)).status).toBe(201);
      expect((await tell(late, 'executed')).status).toBe(200);
      expect(await tell(next, 'prepared')).toMatchObject({ status: 422, json: { id: 'InvoiceNotPendingError' } });
      expect(await statusOf(late.invoiceId)).toBe('executed');
    });

    it('are either approved or given up when both happen at once', async () => {
      for (let round = 0; round < 5; round++) {
        const payment = await approved();
        await sql('UPDATE receiver_payments SET check_at = now() WHERE payment_id = $1', [payment.paymentId]);
        const [told] = await Promise.all([
          tell(payment, 'prepared'),
          sql(`UPDATE receiver_payments SET expires_at = now() WHERE payment_id = $1`, [payment.paymentId]).then(() =>
            bed.get(ReceiverPaymentKeeper).lookAfterDue(),
          ),
        ]);
        const [status, invoice] = [await paymentStatus(payment.paymentId), await statusOf(payment.invoiceId)];
        expect([
          [200, 'prepared', 'approved'],
          [422, 'expired', 'pending'],
          // Refused before the keeper came by; it will.
          [422, 'proposed', 'approved'],
        ]).toContainEqual([told.status, status, invoice]);
      }
    });
  });

  describe('whose transfer was approved and of which nothing more is heard', () => {
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
    ])('end as the ledger says: %i %j', async (status, json, paymentEnds, invoiceEnds) => {
      const payment = await approved();
      await tell(payment, 'prepared');
      ledgerSays(payment.paymentId, status, json);
      await timeIsOver(payment.paymentId);
      expect(await paymentStatus(payment.paymentId)).toBe(paymentEnds);
      expect(await statusOf(payment.invoiceId)).toBe(invoiceEnds);
    });

    it('are not asked about before their time is over', async () => {
      const payment = await approved();
      await tell(payment, 'prepared');
      await sql('UPDATE receiver_payments SET check_at = now() WHERE payment_id = $1', [payment.paymentId]);
      const asked = () => bed.peers.callsTo(new RegExp(`transfers/${payment.paymentId}`)).length;
      const before = asked();
      await bed.get(ReceiverPaymentKeeper).lookAfterDue();
      expect(asked()).toBe(before);
      expect(await paymentStatus(payment.paymentId)).toBe('prepared');
    });
  });
});
