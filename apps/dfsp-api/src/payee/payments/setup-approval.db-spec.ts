import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { receiving } from '../../../test/receiving.js';
import { ALICE, DAVE, statusesOf, TestBed } from '../../../test/test-bed.js';
import { ReceiverPaymentsRepository } from './receiver-payments.repository.js';

const CAROL = '78956563';

describe('payments to customers', () => {
  let bed: TestBed;
  const { sql, setup, statusOf, paymentStatus, approved, sendNews, REVOCATIONS, lockInvoice, waiting, timeIsOver } =
    receiving(() => bed);

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());

  describe('are set up', () => {
    it('for an invoice, which is then reserved', async () => {
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
      const expiresAt = Date.parse(json.expiresAt);
      expect(expiresAt).toBeGreaterThanOrEqual(before + 60_000);
      expect(expiresAt).toBeLessThanOrEqual(Date.now() + 60_000);
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

    it('no longer than until the invoice expires', async () => {
      const expiresAt = new Date(Date.now() + 30_000).toISOString();
      const { invoiceId } = await bed.issue({ expiresAt });
      expect((await setup({ invoiceId, paymentId: randomUUID() })).json.expiresAt).toBe(expiresAt);
    });

    it('N41: with the same answer to a repeated request; another request with the id is refused', async () => {
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

    it('N41: with one answer to many repeated requests at once', async () => {
      const { invoiceId } = await bed.issue();
      const request = { invoiceId, paymentId: randomUUID() };
      const answers = await Promise.all(Array.from({ length: 6 }, () => setup(request)));
      expect(new Set(answers.map(({ status, json }) => JSON.stringify({ status, json }))).size).toBe(1);
      expect(answers[0]?.status).toBe(201);
    });

    it('N37: once if many payments of one invoice are asked for at once', async () => {
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
    ])('N38 to N40: not with %j', async (body, status, id) => {
      expect(await setup({ paymentId: randomUUID(), ...body })).toMatchObject({ status, json: { id } });
    });

    it('N31, N32, N40: not by another payer, with another amount, or for an invoice that is not payable', async () => {
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

    it('and once they are prepared, no merchant can cancel the invoice, and a client’s rejection has to wait', async () => {
      const payment = await approved();
      await sendNews(payment, 'prepared');
      expect(await REVOCATIONS.cancelled(payment.invoiceId)).toMatchObject({
        status: 422,
        json: { id: 'InvoiceNotPendingError' },
      });
      expect(await REVOCATIONS.rejected(payment.invoiceId)).toMatchObject({
        status: 503,
        json: { id: 'ServiceUnavailableError' },
        headers: { 'retry-after': '5' },
      });
      expect((await sendNews(payment, 'executed')).status).toBe(200);
      expect(await statusOf(payment.invoiceId)).toBe('executed');
    });
  });

  describe.each(['cancelled', 'rejected'] as const)('whose invoice is %s', (revoked) => {
    const revoke = (invoiceId: string) => REVOCATIONS[revoked](invoiceId);

    it('A7: before their transfer is prepared are given up, and refused when it comes', async () => {
      const payment = await approved();
      expect(await revoke(payment.invoiceId)).toMatchObject({ status: revoked === 'cancelled' ? 200 : 201 });
      expect(await statusOf(payment.invoiceId)).toBe(revoked);
      expect(await sendNews(payment, 'prepared')).toMatchObject({
        status: 422,
        json: { id: 'InvoiceNotPendingError' },
      });
      expect([bed.isVoid(payment.paymentId), await paymentStatus(payment.paymentId)]).toEqual([true, 'rejected']);
      expect((await setup({ invoiceId: payment.invoiceId, paymentId: randomUUID() })).json.id).toBe(
        'InvoiceNotPendingError',
      );
      await timeIsOver(payment.paymentId);
      expect([await paymentStatus(payment.paymentId), await statusOf(payment.invoiceId)]).toEqual([
        'rejected',
        revoked,
      ]);
    });

    it('A7: while their money comes are either paid or refused', async () => {
      const won = { payment: 0, revocation: 0 };
      const refusal = revoked === 'rejected' ? 'ServiceUnavailableError' : 'InvoiceNotPendingError';
      for (let round = 0; round < 12; round++) {
        const payment = await approved();
        const release = await lockInvoice(payment.invoiceId);
        const [prepare, take] = [() => sendNews(payment, 'prepared'), () => revoke(payment.invoiceId)];
        // Both wait for the lock on the invoice, in turn first the one and first the other.
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
          isPaid ? [undefined, refusal] : ['InvoiceNotPendingError', undefined],
        );
        expect([taken.status < 300, await paymentStatus(payment.paymentId), await statusOf(payment.invoiceId)]).toEqual(
          isPaid ? [false, 'prepared', 'approved'] : [true, 'rejected', revoked],
        );
        expect((await sendNews(payment, isPaid ? 'executed' : 'rejected')).status).toBe(200);
        expect(await statusOf(payment.invoiceId)).toBe(isPaid ? 'executed' : revoked);
      }
      expect(won).toEqual({ payment: 6, revocation: 6 });
    });
  });

  describe('that were only set up do not block other DFSPs', () => {
    const PENDING = { invoiceType: 'pending' };

    it('A7: an invoice is reserved within one DFSP; the first prepared payment gets it', async () => {
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
          sendNews({ invoiceId, paymentId }, 'prepared', { senderIdentifier: payers[paymentId] }),
        ),
      );
      expect(statusesOf(answers)).toEqual([200, 422, 422]);
      const first = [one, two, three][answers.findIndex(({ status }) => status === 200)]!;
      expect((await setup({ invoiceId, paymentId: randomUUID() }, 'dfsp3')).json.id).toBe('InvoiceNotPendingError');
      expect(
        (await sendNews({ invoiceId, paymentId: first }, 'executed', { senderIdentifier: payers[first] })).status,
      ).toBe(200);
      expect(await sql('SELECT status, payment_id FROM invoices WHERE id = $1', [invoiceId])).toEqual([
        { status: 'executed', payment_id: first },
      ]);
    });

    it('A7: a payment that expires while its news is processed gets no invoice', async () => {
      const { invoiceId } = await bed.issue(PENDING);
      const [one, two] = [randomUUID(), randomUUID()];
      await setup({ invoiceId, paymentId: one }, 'dfsp2');
      const late = (await bed.get(ReceiverPaymentsRepository).findPayment(one))!;
      await timeIsOver(one);
      expect(await bed.get(ReceiverPaymentsRepository).preparePayment(late, null, new Date())).toBe(false);
      expect(await statusOf(invoiceId)).toBe('pending');
      expect((await setup({ invoiceId, paymentId: two }, 'dfsp1')).status).toBe(201);
      expect((await sendNews({ invoiceId, paymentId: two }, 'prepared')).status).toBe(200);
    });

    it('A7: a payment of a client’s invoice is set up only by the DFSP that was notified', async () => {
      const { invoiceId } = await bed.issue();
      expect(await setup({ invoiceId, paymentId: randomUUID() }, 'dfsp2')).toMatchObject({
        status: 422,
        json: { id: 'InvoicePayerMissmatchError' },
      });
      expect((await setup({ invoiceId, paymentId: randomUUID() }, 'dfsp1')).status).toBe(201);
    });

    it('A7, A8: unproven requests share a small allowance', async () => {
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

  it('A8: a memo has at most 4 KiB', async () => {
    const memo = (bytes: number) =>
      setup({ identifier: DAVE, amount: '1', paymentId: randomUUID(), memo: 'x'.repeat(bytes) });
    expect((await memo(4_096 - 2)).status).toBe(201);
    expect(await memo(4_096)).toMatchObject({ status: 400, json: { id: 'InvalidBodyError' } });
  });
});
