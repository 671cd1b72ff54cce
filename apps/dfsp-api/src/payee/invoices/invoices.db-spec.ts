import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InvoiceRepository } from '@level-one/invoice';
import { HotStatements } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { ALICE, DAVE, OTHER_SERVER, OWN_SERVER, statusesOf, TestBed } from '../../../test/test-bed.js';
import { NoticeKind } from '../../notices/notice.entity.js';
import { NoticeSender } from '../../notices/notice-sender.js';
import { newNotice } from '../../notices/notices.repository.js';
import { MerchantInvoicesRepository } from './merchant-invoices.repository.js';

const valid = { account: 'dave', amount: '10.40', identifier: ALICE, merchantIdentifier: DAVE };

describe('invoices of merchants', () => {
  let bed: TestBed;

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());

  const notices = () => bed.peers.callsTo(/^POST \/proxy\/invoices$/);
  const storedInvoices = async () => (await bed.get(DataSource).query('SELECT count(*) FROM invoices'))[0].count;

  it('are issued, and the client’s DFSP is notified', async () => {
    const before = notices().length;
    const answer = await bed.ask('POST /v1/merchantInvoice', { ...valid, unknown: 'ignored' });
    expect(answer.status).toBe(201);
    const { invoiceId, ...rest } = answer.json;
    expect(rest).toEqual({
      account: 'dave',
      firstName: 'Dave',
      lastName: 'Dunn',
      currencyCode: 'USD',
      currencySymbol: '$',
      amount: '10.40',
      status: 'pending',
      identifier: ALICE,
      merchantIdentifier: DAVE,
      invoiceType: 'standard',
      info: 'Invoice from Dave Dunn for 10.40 USD',
    });
    expect(notices().slice(before)).toMatchObject([
      {
        body: {
          invoiceId,
          invoiceUrl: `${OWN_SERVER}/invoices/${invoiceId}`,
          submissionUrl: `${OWN_SERVER}/invoices`,
          senderIdentifier: ALICE,
          memo: 'Invoice from Dave Dunn for 10.40 USD',
        },
      },
    ]);
    await bed.get(NoticeSender).settle();
    expect(await bed.get(InvoiceRepository).findInvoice(invoiceId)).toMatchObject({ notified: true });
  });

  it('are one invoice if the channel sends them again under its own id', async () => {
    const invoiceId = randomUUID();
    const request = { ...valid, invoiceId: invoiceId.toUpperCase(), expiresAt: '2100-01-01T00:00:00.000Z' };
    const before = notices().length;
    const answers = [
      ...(await Promise.all([1, 2, 3].map(() => bed.ask('POST /v1/merchantInvoice', request)))),
      await bed.ask('POST /v1/merchantInvoice', { ...request, amount: '10.4' }),
    ];
    for (const { status, json } of answers) {
      expect(status).toBe(201);
      expect(json).toEqual({ ...answers[0]!.json, invoiceId, status: 'pending' });
    }
    expect(notices().slice(before)).toHaveLength(1);
    await bed.ask(`PUT /v1/invoices/${invoiceId}/cancel`);
    expect((await bed.ask('POST /v1/merchantInvoice', request)).json.status).toBe('cancelled');
  });

  it('are issued once, with one notice, by two instances at once', async () => {
    const invoices = bed.get(InvoiceRepository);
    const other = new HotStatements(bed.get(DataSource));
    const instances = [bed.get(MerchantInvoicesRepository), new MerchantInvoicesRepository(invoices, other)];
    const { invoiceId: anyId } = await bed.issue();
    const any = (await invoices.findInvoice(anyId))!;
    for (let round = 0; round < 5; round++) {
      const invoice = Object.assign({}, any, { id: randomUUID() });
      const drafts = instances.map(() =>
        newNotice({
          kind: NoticeKind.Issued,
          invoiceId: invoice.id,
          invoiceUrl: `${OWN_SERVER}/invoices/${invoice.id}`,
          submissionUrl: `${OTHER_SERVER}/invoices`,
          senderIdentifier: ALICE,
          memo: 'Lunch',
          deadlineAt: new Date(Date.now() + 60_000),
        }),
      );
      const both = await Promise.all(instances.map((one, index) => one.issueInvoice(invoice, drafts[index])));
      expect(both.filter(({ isNew }) => isNew)).toHaveLength(1);
      expect(both.map((one) => one.invoice.id)).toEqual([invoice.id, invoice.id]);
      const stored = await bed.get(DataSource).query('SELECT id FROM notices WHERE invoice_id = $1', [invoice.id]);
      expect(stored).toEqual([{ id: drafts[both.findIndex(({ isNew }) => isNew)]!.id }]);
    }
    await other.onApplicationShutdown();
  });

  it.each([
    { amount: '10.41' },
    { identifier: '78956563' },
    { info: 'Lunch' },
    { invoiceType: 'product' },
    { expiresAt: '2100-01-01T00:00:00.000Z' },
  ])('cannot have the id of another invoice: %o', async (changes) => {
    const invoiceId = randomUUID();
    expect((await bed.ask('POST /v1/merchantInvoice', { ...valid, invoiceId })).status).toBe(201);
    const before = notices().length;
    expect(await bed.ask('POST /v1/merchantInvoice', { ...valid, invoiceId, ...changes })).toMatchObject({
      status: 422,
      json: { id: 'AlreadyExistsError' },
    });
    expect(notices()).toHaveLength(before);
    expect((await bed.ask('POST /v1/merchantInvoice', { ...valid, invoiceId: 'x' })).status).toBe(400);
  });

  it('are readable by other DFSPs on every route', async () => {
    const { invoiceId } = await bed.issue({ info: 'Lunch', expiresAt: '2100-01-01T00:00:00.000Z' });
    for (const route of [
      `/v1/invoices/${invoiceId}`,
      `/invoices/${invoiceId}`,
      `/v1/invoice/${invoiceId.toUpperCase()}`,
    ]) {
      const { status, json } = await bed.ask(`GET ${route}`);
      expect(status).toBe(200);
      expect(json).toEqual({
        type: 'invoice',
        invoiceId,
        account: 'http://adapter.dfsp1.test/ilp/ledger/v1/accounts/dave',
        name: 'Dave Dunn',
        currencyCode: 'USD',
        currencySymbol: '$',
        amount: '10.40',
        status: 'unpaid',
        invoiceType: 'standard',
        merchantIdentifier: DAVE,
        invoiceInfo: 'Lunch',
        identifier: ALICE,
        expiresAt: '2100-01-01T00:00:00.000Z',
      });
    }
  });

  it.each([randomUUID(), 'bad', '1'])('N24: are not found by the id %s', async (id) => {
    expect(await bed.ask(`GET /v1/invoices/${id}`)).toMatchObject({
      status: 404,
      json: { id: 'InvoiceNotFoundError' },
    });
  });

  it('of types without a client cause no notification', async () => {
    const before = notices().length;
    for (const type of ['pending', 'product']) {
      const { invoiceId } = await bed.issue({ invoiceType: type, identifier: undefined });
      expect(await bed.get(InvoiceRepository).findInvoice(invoiceId)).toMatchObject({ type, identifier: null });
    }
    expect(notices().length).toBe(before);
    await bed.issue({ invoiceType: 'cashOut' });
    expect(notices().length).toBe(before + 1);
  });

  it('are issued on every alias', async () => {
    expect((await bed.ask('POST /merchantInvoice', { ...valid, amount: 10.4 })).json).toMatchObject({
      amount: '10.40',
    });
    expect((await bed.ask('POST /v1/invoices', valid)).json).toMatchObject({ status: 'pending' });
    const { identifier: userNumber, ...others } = valid;
    expect((await bed.ask('POST /v1/merchantInvoice', { ...others, userNumber })).json).toMatchObject({
      identifier: ALICE,
    });
    expect((await bed.ask('POST /v1/invoice/product/add', others)).json).toMatchObject({ invoiceType: 'product' });
    expect(await bed.ask('POST /v1/invoice/cashOut/add', valid)).toMatchObject({ status: 404 });
    expect(await bed.ask('POST /v1/invoice/product/add', { ...valid, invoiceType: 'pending' })).toMatchObject({
      status: 422,
      json: { id: 'WrongInvoiceTypeError' },
    });
    const byUri = 'http://adapter.dfsp1.test/ilp/ledger/v1/accounts/dave';
    for (const account of [byUri, 'dfsp1.dave.account']) {
      expect((await bed.ask('POST /v1/merchantInvoice', { ...valid, account })).json).toMatchObject({
        account: 'dave',
      });
    }
  });

  it.each([
    [{ amount: '0' }, 422, 'UnprocessableEntityError'],
    [{ amount: '-1' }, 422, 'UnprocessableEntityError'],
    [{ amount: '1.001' }, 422, 'UnprocessableEntityError'],
    [{ amount: '100000000' }, 422, 'UnprocessableEntityError'],
    [{ amount: 'ten' }, 400, 'InvalidBodyError'],
    [{ identifier: '99999999' }, 404, 'ClientNotFound'],
    [{ merchantIdentifier: '99999999' }, 404, 'MerchantNotFound'],
    [{ merchantIdentifier: ALICE, account: 'alice' }, 404, 'MerchantNotFound'],
    [{ account: 'alice' }, 404, 'MerchantNotFound'],
    [{ account: undefined }, 400, 'InvalidBodyError'],
    [{ amount: undefined }, 400, 'InvalidBodyError'],
    [{ identifier: undefined }, 400, 'InvalidBodyError'],
    [{ identifier: 'x'.repeat(33) }, 400, 'InvalidBodyError'],
    [{ merchantIdentifier: undefined }, 400, 'InvalidBodyError'],
    [{ invoiceType: 'gift' }, 400, 'InvalidBodyError'],
    [{ currencyCode: 'EUR' }, 422, 'UnprocessableEntityError'],
    [{ currencySymbol: '€' }, 422, 'UnprocessableEntityError'],
    [{ currency: 'EUR' }, 422, 'UnprocessableEntityError'],
    [{ scale: 0 }, 422, 'UnprocessableEntityError'],
    [{ invoiceType: 'standard', type: 'pending' }, 422, 'WrongInvoiceTypeError'],
    [{ expiresAt: '2000-01-01T00:00:00Z' }, 422, 'UnprocessableEntityError'],
    [{ expiresAt: 'tomorrow' }, 400, 'InvalidBodyError'],
  ])('N20 to N23: are refused with %j, and nothing is stored or sent', async (wrong, status, id) => {
    const before = [await storedInvoices(), notices().length];
    expect(await bed.ask('POST /v1/merchantInvoice', { ...valid, ...wrong })).toMatchObject({ status, json: { id } });
    expect([await storedInvoices(), notices().length]).toEqual(before);
  });

  it('field A: may name their type by either member, and only the currency of the ledger', async () => {
    const body = {
      ...valid,
      invoiceType: undefined,
      type: 'pending',
      currencyCode: 'USD',
      currencySymbol: '$',
      scale: 2,
    };
    expect(await bed.ask('POST /v1/merchantInvoice', body)).toMatchObject({
      status: 201,
      json: { invoiceType: 'pending', currencyCode: 'USD', currencySymbol: '$' },
    });
  });

  it.each([{ currencyCode: 'EUR' }, { currencySymbol: '€' }, { currency: 'EUR' }, { scale: 0 }])(
    'field A: are refused with %j on the alias paths too',
    async (wrong) => {
      for (const path of ['/v1/invoices', '/v1/invoice/standard/add', '/merchantInvoice']) {
        expect((await bed.ask(`POST ${path}`, { ...valid, ...wrong })).status).toBe(422);
      }
    },
  );

  it('N23: are refused with the names of the missing fields', async () => {
    const { json } = await bed.ask('POST /v1/merchantInvoice', {});
    const messages = json.validationErrors.map(({ message }: { message: string }) => message);
    expect(messages).toEqual(
      expect.arrayContaining([
        'AccountMissingError',
        'AmountMissingError',
        'IdentifierMissingError',
        'MerchantIdentifierMissingError',
      ]),
    );
  });

  it.each([[{}], [{ invoiceUrl: `${OTHER_SERVER}/invoices/1`, amount: '1' }], ['[]'], ['{']])(
    'D7: are refused if the body is neither invoice nor notification, or both: %j',
    async (body) => {
      expect(await bed.ask('POST /v1/invoices', body)).toMatchObject({ status: 400, json: { id: 'InvalidBodyError' } });
    },
  );

  it('N26: are refused in another content type than JSON', async () => {
    const answer = await bed.ask('POST /v1/invoices', '<xml/>', { 'content-type': 'application/xml' });
    expect(answer).toMatchObject({ status: 415, json: { id: 'UnsupportedMediaTypeError' } });
  });

  it('are notified to the SPSP server that the channel names', async () => {
    await bed.issue({ spspServer: `${OTHER_SERVER}/` });
    expect(notices().at(-1)?.body.submissionUrl).toBe(`${OTHER_SERVER}/invoices`);
    expect(bed.peers.callsTo(/query$/).at(-1)?.query['receiver']).toBe(`${OTHER_SERVER}/receivers/${ALICE}`);
    bed.peers.on(/^GET \/proxy\/query$/, { status: 404, json: { id: 'InvalidReceiverIdError', message: 'no' } });
    const answer = await bed.ask('POST /v1/merchantInvoice', { ...valid, spspServer: 'http://evil.test/v1' });
    expect(answer).toMatchObject({ status: 404, json: { id: 'ClientNotFound' } });
    bed.peers.on(/^GET \/proxy\/query$/, { json: { type: 'payee', name: 'Alice Ames' } });
  });

  it('are stored also if the notice fails; it is tried again under the same trace', async () => {
    bed.peers.on(/^POST \/proxy\/invoices$/, { status: 500 });
    const traceId = randomUUID();
    const { status, json } = await bed.ask('POST /v1/merchantInvoice', valid, { 'l1p-trace-id': traceId });
    expect(status).toBe(201);
    expect(await bed.get(InvoiceRepository).findInvoice(json.invoiceId)).toMatchObject({ notified: false });
    bed.peers.on(/^POST \/proxy\/invoices$/, { status: 201 });
    await due();
    await bed.get(NoticeSender).lookAfterDue();
    expect(await bed.get(InvoiceRepository).findInvoice(json.invoiceId)).toMatchObject({ notified: true });
    const attempts = notices().filter(({ body }) => body.invoiceId === json.invoiceId);
    expect(attempts.map((call) => call.headers['l1p-trace-id'])).toEqual([traceId, traceId]);
    await due();
    await bed.get(NoticeSender).lookAfterDue();
    expect(notices().filter(({ body }) => body.invoiceId === json.invoiceId)).toHaveLength(2);
  });

  it('are notified once if many instances send at the same time', async () => {
    bed.peers.on(/^POST \/proxy\/invoices$/, { status: 503 });
    const { invoiceId } = await bed.issue();
    bed.peers.on(/^POST \/proxy\/invoices$/, { status: 201 });
    await due();
    await Promise.all(Array.from({ length: 5 }, () => bed.get(NoticeSender).lookAfterDue()));
    expect(notices().filter(({ body }) => body.invoiceId === invoiceId)).toHaveLength(2);
  });

  it('are cancelled, and the client’s DFSP is notified', async () => {
    const { invoiceId } = await bed.issue();
    expect(await bed.ask(`PUT /v1/invoices/${invoiceId}/cancel`)).toMatchObject({
      status: 200,
      json: { type: 'invoice', invoiceId, status: 'cancelled' },
    });
    expect(notices().at(-1)?.body).toMatchObject({
      invoiceId,
      submissionUrl: `${OWN_SERVER}/invoices`,
      memo: '{"status":"cancelled"}',
    });
  });

  it('N29: are cancelled once, also by many requests at once', async () => {
    const { invoiceId } = await bed.issue();
    const answers = await Promise.all(Array.from({ length: 5 }, () => bed.ask(`PUT /v1/invoices/${invoiceId}/cancel`)));
    expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 200]);
    const told = notices().filter(({ body }) => body.invoiceId === invoiceId && body.memo.includes('cancelled'));
    expect(told).toHaveLength(1);
    expect((await bed.ask(`PUT /v1/invoices/${invoiceId}/cancel`)).json).toEqual(answers[0]!.json);
  });

  it('N30: cannot be cancelled without a client', async () => {
    const { invoiceId } = await bed.issue({ invoiceType: 'product' });
    const answer = await bed.ask(`PUT /v1/invoices/${invoiceId}/cancel`);
    expect(answer).toMatchObject({ status: 422, json: { id: 'InvoiceNotStandardError' } });
  });

  it('are not notified any more if they are cancelled before the notice was delivered', async () => {
    bed.peers.on(/^POST \/proxy\/invoices$/, { status: 500 });
    const { invoiceId } = await bed.issue();
    bed.peers.on(/^POST \/proxy\/invoices$/, ({ body }) =>
      body.memo === '{"status":"cancelled"}'
        ? { status: 404, json: { id: 'InvoiceNotificationNotFoundError', message: 'not here' } }
        : { status: 201 },
    );
    await bed.ask(`PUT /v1/invoices/${invoiceId}/cancel`);
    await bed.get(NoticeSender).settle();
    await due();
    await bed.get(NoticeSender).lookAfterDue();
    expect(notices().filter(({ body }) => body.invoiceId === invoiceId)).toHaveLength(2);
    bed.peers.on(/^POST \/proxy\/invoices$/, { status: 201 });
  });

  it('are rejected once by the memo of the client they name', async () => {
    const { invoiceId } = await bed.issue();
    const invoiceUrl = `${OWN_SERVER}/invoices/${invoiceId}`;
    const memo = '{"status":"rejected"}';
    const reject = (pair: object) => bed.notice({ memo, ...pair }, 'dfsp1');
    expect(await reject({ invoiceUrl, senderIdentifier: 'somebody' })).toMatchObject({ status: 404 });
    expect(
      await reject({ invoiceUrl: `${OTHER_SERVER}/invoices/${invoiceId}`, senderIdentifier: ALICE }),
    ).toMatchObject({
      status: 404,
      json: { id: 'InvoiceNotificationNotFoundError' },
    });
    for (let repeat = 0; repeat < 2; repeat++) {
      expect(await reject({ invoiceUrl, senderIdentifier: ALICE })).toMatchObject({
        status: 201,
        json: { invoiceNotificationId: invoiceId, status: 'rejected' },
      });
    }
    expect((await bed.ask(`GET /v1/invoices/${invoiceId}`)).json.status).toBe('rejected');
    expect((await bed.ask(`PUT /v1/invoices/${invoiceId}/cancel`)).json.id).toBe('InvoiceNotPendingError');
  });

  /** Makes every notice due now, as time would. */
  async function due(): Promise<void> {
    await bed.get(DataSource).query(`UPDATE notices SET next_attempt_at = now() - interval '1 s'`);
  }
});
