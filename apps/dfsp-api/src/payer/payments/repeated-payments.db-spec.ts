import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RoleLogger } from '@level-one/platform';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { EarlierPayments } from './earlier-payments.service.js';
import { paying, REJECTION } from '../../../test/paying.js';
import { ALICE, OTHER_SERVER, TestBed } from '../../../test/test-bed.js';

const UUID = /^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$/;

describe('a repeated payment', () => {
  let bed: TestBed;
  const { sql, onSetup, onPay, onBalance, pay, paymentOf, sent, asUsual } = paying(() => bed);
  const payUrl = (invoiceUrl: string, account = 'alice') =>
    bed.ask('POST /v1/invoice/pay', { invoiceUrl, identifier: ALICE, account });

  beforeAll(async () => {
    bed = await TestBed.start();
    const answer = await bed.ask(`PUT /v1/customers/${ALICE}`, {
      firstName: 'Alice',
      lastName: 'Ames',
      imageUrl: 'https://images.example/one.png',
      isMerchant: false,
      accounts: [
        { name: 'alice', type: 'mWallet' },
        { name: 'alice-savings', type: 'mWallet' },
      ],
    });
    expect(answer.status).toBe(200);
  });
  afterAll(() => bed.stop());
  afterEach(asUsual);

  it('answers as the first one did, by notification and by URL, and sends nothing', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    const first = await pay(invoiceNotificationId);
    const { paymentId } = first.json;
    bed.teachInvoice(invoiceUrl, { status: 'paid' });
    // Nothing that would refuse a new payment matters.
    onBalance('0.00');
    const before = sent().length;
    expect((await pay(invoiceNotificationId)).json).toEqual(first.json);
    const byUrl = await payUrl(invoiceUrl);
    expect(byUrl).toMatchObject({ status: 200, json: { paymentId, status: 'paid' } });
    expect(byUrl.headers['l1p-trace-id']).toBe(paymentId);
    expect(sent()).toHaveLength(before);
  });

  it('answers by URL without a notification, too', async () => {
    const invoiceUrl = `${OTHER_SERVER}/invoices/${randomUUID()}`;
    bed.teachInvoice(invoiceUrl, { invoiceType: 'pending' });
    const first = await payUrl(invoiceUrl);
    expect(first).toMatchObject({ status: 200, json: { status: 'paid' } });
    bed.teachInvoice(invoiceUrl, { invoiceType: 'pending', status: 'paid' });
    expect((await payUrl(invoiceUrl)).json).toEqual(first.json);
  });

  it('waits for the first one while that is under way, and gets its refusal too', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    const waits = jest.spyOn(bed.get(EarlierPayments), 'awaitSender');
    let answerFirst: () => void = () => undefined;
    onPay(async ({ body }) => {
      await new Promise<void>((resolve) => {
        answerFirst = resolve;
      });
      return { status: 201, json: { ...body, status: 'rejected', rejectionMessage: REJECTION } };
    });
    const first = pay(invoiceNotificationId);
    await eventually(async () => expect((await paymentOf(invoiceUrl)).status).toBe('paying'));
    const second = pay(invoiceNotificationId);
    const third = payUrl(invoiceUrl);
    await eventually(async () => expect(waits).toHaveBeenCalledTimes(2));
    answerFirst();
    const answers = await Promise.all([first, second, third]);
    const { payment_id: paymentId } = await paymentOf(invoiceUrl);
    for (const { status, json, headers } of answers) {
      expect({ status, json }).toEqual({
        status: 422,
        json: { id: 'InvoiceNotPendingError', message: 'Invoice is not in pending status', paymentId },
      });
      expect(headers['l1p-trace-id']).toBe(paymentId);
    }
  });

  it('from another account is told so', async () => {
    const { invoiceNotificationId } = await bed.notify();
    const { paymentId } = (await pay(invoiceNotificationId)).json;
    expect(await pay(invoiceNotificationId, 'alice-savings')).toMatchObject({
      status: 422,
      json: { id: 'InvoiceNotPendingError', message: 'You have paid the invoice from another account', paymentId },
    });
  });

  it('of an invoice that somebody else has paid is told so, before and after its setup', async () => {
    const invoiceUrl = `${OTHER_SERVER}/invoices/${randomUUID()}`;
    const told = { status: 422, json: { id: 'InvoiceNotPendingError', message: 'Somebody else has paid the invoice' } };
    bed.teachInvoice(invoiceUrl, { invoiceType: 'pending' });
    onSetup(() => {
      bed.teachInvoice(invoiceUrl, { invoiceType: 'pending', status: 'paid' });
      return { status: 422, json: { id: 'InvoiceNotPendingError', message: 'Invoice is not in pending status' } };
    });
    expect(await payUrl(invoiceUrl)).toMatchObject(told);
    expect(await payUrl(invoiceUrl)).toMatchObject(told);
  });

  it.each([
    ['cancelled', 'InvoiceNotPendingError', 'The invoice is cancelled'],
    ['paid', 'ExpiredTransferError', 'Cannot modify transfer after expires_at date'],
  ])('whose transfer is refused after its setup, while its invoice is %s, is told %s', async (status, id, message) => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    const rejectionMessage = {
      code: 'R02',
      additional_info: { id: 'ExpiredTransferError', message: 'Cannot modify transfer after expires_at date' },
    };
    onPay(({ body }) => {
      bed.teachInvoice(invoiceUrl, { status });
      return { status: 201, json: { ...body, status: 'rejected', rejectionMessage } };
    });
    expect(await pay(invoiceNotificationId)).toMatchObject({ status: 422, json: { id, message } });
  });

  it('is answered as the ledger has it once no request sends it any more', async () => {
    const { invoiceUrl, invoiceNotificationId } = await bed.notify();
    onPay(({ body }) => ({ status: 201, json: { ...body, status: 'pending' } }));
    const first = await pay(invoiceNotificationId);
    expect(first.json).toMatchObject({ status: 'pending' });
    const left = await paymentOf(invoiceUrl);
    expect(left.status).toBe('paying');
    expect(left.sending_until.getTime()).toBeLessThanOrEqual(Date.now());
    const { paymentId } = first.json;
    bed.ledgerHas(paymentId, 'executed', {
      debits: [{ account: 'alice', amount: '10.40' }],
      execution_condition: 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32',
    });
    expect((await pay(invoiceNotificationId)).json).toMatchObject({ paymentId, status: 'paid' });
  });

  describe('every refusal has the id of its payment, which is the trace id, and one line', () => {
    function linesOf(): jest.Mock {
      return jest.spyOn(bed.api.app.get(RoleLogger, { strict: false }), 'info') as unknown as jest.Mock;
    }
    afterEach(() => {
      jest.restoreAllMocks();
    });

    it.each([
      ['too little money', () => onBalance('1.00'), 422, 'InsufficientFundsError', 'payment refused'],
      [
        'a setup that is refused',
        () => onSetup({ status: 422, json: { id: 'NoAccount', message: 'no account' } }),
        422,
        'NoAccount',
        'payment ended',
      ],
      ['a setup that fails', () => onSetup({ status: 500 }), 502, 'ExternalError', 'payment ended'],
      [
        'an expiry',
        () => onPay(({ body }) => ({ status: 201, json: { ...body, status: 'expired' } })),
        422,
        'ExpiredTransferError',
        'payment ended',
      ],
    ] as const)('%s', async (_what, arrange, status, id, message) => {
      const { invoiceNotificationId } = await bed.notify();
      arrange();
      const info = linesOf();
      const answer = await pay(invoiceNotificationId);
      expect(answer).toMatchObject({ status, json: { id } });
      const { paymentId } = answer.json;
      expect(paymentId).toMatch(UUID);
      expect(answer.headers['l1p-trace-id']).toBe(paymentId);
      const lines = info.mock.calls.filter(([, text]) => /^payment (ended|refused)$/.test(String(text)));
      expect(lines).toEqual([[expect.objectContaining({ paymentId, side: 'debit', amount: '10.40' }), message]]);
      expect(Object.keys(lines[0]![0] as object)).not.toContain('payerIdentifier');
    });

    it('and so has one that goes well', async () => {
      const { invoiceNotificationId } = await bed.notify();
      const info = linesOf();
      const { paymentId } = (await pay(invoiceNotificationId)).json;
      const lines = info.mock.calls.filter(([, text]) => text === 'payment ended');
      expect(lines).toEqual([
        [
          { paymentId, side: 'debit', outcome: 'executed', amount: '10.40', durationMs: expect.any(Number) },
          'payment ended',
        ],
      ]);
    });
  });

  it('A7: an unknown quote is refused with the id that was asked for', async () => {
    const paymentId = randomUUID();
    const answer = await bed.ask('POST /v1/transfer', { paymentId });
    expect(answer).toMatchObject({ status: 404, json: { id: 'QuoteNotFoundError', paymentId } });
    expect(answer.headers['l1p-trace-id']).toBe(paymentId);
    expect(await sql('SELECT FROM outgoing_payments WHERE payment_id = $1', [paymentId])).toEqual([]);
  });
});
