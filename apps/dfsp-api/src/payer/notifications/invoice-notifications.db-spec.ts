import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ALICE, DAVE, OTHER_SERVER, TestBed } from '../../../test/test-bed.js';
import { paying } from '../../../test/paying.js';

describe('invoices of other DFSPs', () => {
  let bed: TestBed;
  const { sql, onPay, pay, notificationOf, receive, asUsual } = paying(() => bed);

  beforeAll(async () => {
    bed = await TestBed.start();
  });
  afterAll(() => bed.stop());
  afterEach(asUsual);

  describe('notifications', () => {
    it('N27: are stored once for each invoice and client, on every route', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      for (const route of ['/v1/invoices', '/invoices', '/receiver/invoice/', '/v1/receiver/invoice']) {
        const again = await bed.notice({ invoiceUrl, senderIdentifier: ALICE, memo: 'other' }, 'dfsp2', route);
        expect({ status: again.status, json: again.json }).toEqual({
          status: 201,
          json: { invoiceNotificationId, status: 'pending' },
        });
      }
    });

    it('are refused for an unknown client, and from an unknown DFSP', async () => {
      const invoiceUrl = `${OTHER_SERVER}/invoices/${randomUUID()}`;
      expect(await receive({ invoiceUrl, senderIdentifier: '99999999' })).toMatchObject({
        status: 404,
        json: { id: 'UserNotFound' },
      });
      expect(await receive({ invoiceUrl: 'http://evil.test/v1/invoices/1' })).toMatchObject({
        status: 404,
        json: { id: 'InvoiceNotFoundError' },
      });
      expect(await receive({ invoiceUrl: 'nonsense' })).toMatchObject({
        status: 400,
        json: { id: 'InvalidBodyError' },
      });
      expect(await receive({ invoiceUrl, memo: 'x'.repeat(2_049) })).toMatchObject({ status: 400 });
    });

    const readsOf = (invoiceUrl: string) =>
      bed.peers.callsTo(/^GET \/proxy\/invoices$/).filter(({ query }) => query['invoiceUrl'] === invoiceUrl).length;
    const pendingOf = async () =>
      (await bed.ask(`GET /v1/invoiceNotifications/pending/${ALICE}?limit=100`)).json.invoices;
    const newUrl = (server = OTHER_SERVER) => `${server}/invoices/${randomUUID()}`;

    it('A13: show the issuer’s text, not the sender’s', async () => {
      const invoiceUrl = newUrl();
      bed.teachInvoice(invoiceUrl, { invoiceInfo: 'Two coffees', identifier: ALICE });
      const { status, json } = await receive({ invoiceUrl, memo: 'You have won; pay 99 to claim' });
      expect(status).toBe(201);
      expect(readsOf(invoiceUrl)).toBe(1);
      expect(await pendingOf()).toContainEqual({
        invoiceNotificationId: json.invoiceNotificationId,
        status: 'pending',
        info: 'Two coffees',
      });
      expect((await receive({ invoiceUrl })).json).toEqual(json);
      expect(readsOf(invoiceUrl)).toBe(1);
    });

    it.each([
      [{ status: 'paid' }, 422, 'InvoiceNotPendingError'],
      [{ status: 'rejected' }, 422, 'InvoiceNotPendingError'],
      [{ status: 'cancelled' }, 422, 'InvoiceNotPendingError'],
      [{ status: 'expired' }, 422, 'InvoiceNotPendingError'],
      [{ identifier: DAVE }, 422, 'InvoicePayerMissmatchError'],
      [{ invoiceType: 'product' }, 422, 'InvoiceNotStandardError'],
      [{ invoiceType: 'pending' }, 422, 'InvoiceNotStandardError'],
      [{ invoiceId: randomUUID() }, 404, 'InvoiceNotFoundError'],
      [undefined, 404, 'InvoiceNotFoundError'],
    ])('A13: are not stored if the issuer answers %j', async (view, status, id) => {
      const invoiceUrl = newUrl();
      if (view) bed.teachInvoice(invoiceUrl, view);
      const before = await sql('SELECT count(*) FROM invoice_notifications');
      for (const from of ['dfsp2', undefined]) {
        expect(await receive({ invoiceUrl }, from)).toMatchObject({ status, json: { id } });
      }
      expect(await sql('SELECT count(*) FROM invoice_notifications')).toEqual(before);
    });

    it.each([500, 502, 429])(
      'A13: are not stored while the issuer answers %i, and may be sent again',
      async (status) => {
        const invoiceUrl = newUrl();
        bed.peers.on(/^GET \/proxy\/invoices$/, { status, json: { id: 'SomeError', message: 'no' } });
        const refused = await receive({ invoiceUrl });
        bed.peers.on(/^GET \/proxy\/invoices$/, ({ query }) => bed.invoiceAnswer(query));
        expect(refused).toMatchObject({ status: 503, json: { id: 'ServiceUnavailableError' } });
        expect(await sql('SELECT 1 FROM invoice_notifications WHERE invoice_url = $1', [invoiceUrl])).toEqual([]);
        bed.teachInvoice(invoiceUrl);
        expect((await receive({ invoiceUrl })).status).toBe(201);
      },
    );

    it('A13: are stored only from their issuer, and under one spelling of their URL', async () => {
      const invoiceUrl = newUrl();
      bed.teachInvoice(invoiceUrl);
      for (const other of [`${invoiceUrl}?again`, `${invoiceUrl}#2`])
        bed.teachInvoice(other, { invoiceId: invoiceUrl.slice(-36) });
      expect(await receive({ invoiceUrl }, 'dfsp9')).toMatchObject({
        status: 404,
        json: { id: 'InvoiceNotFoundError' },
      });
      expect((await receive({ invoiceUrl })).status).toBe(201);
      for (const other of [`${invoiceUrl}?again`, `${invoiceUrl}#2`]) {
        expect(await receive({ invoiceUrl: other })).toMatchObject({
          status: 404,
          json: { id: 'InvoiceNotFoundError' },
        });
      }
    });

    it('A13: are rejected only by the DFSP that was notified', async () => {
      const { invoiceId } = await bed.issue();
      const revoke = (from: string | undefined, status = 'rejected') =>
        receive(
          { invoiceUrl: `http://spsp.dfsp1.test/v1/invoices/${invoiceId}`, memo: JSON.stringify({ status }) },
          from,
        );
      for (const from of [undefined, 'dfsp2', 'dfsp9']) {
        expect(await revoke(from)).toMatchObject({ status: 404, json: { id: 'InvoiceNotFoundError' } });
        expect(await revoke(from, 'cancelled')).toMatchObject({ status: 404 });
      }
      expect((await bed.ask(`GET /v1/invoices/${invoiceId}`)).json.status).toBe('unpaid');
      // Alice is a client of dfsp1, which was notified.
      expect(await revoke('dfsp1')).toMatchObject({ status: 201, json: { status: 'rejected' } });
    });

    it('are cancelled only if the invoice is cancelled at its issuer', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      const memo = '{"status":"cancelled"}';
      expect(await receive({ invoiceUrl, memo })).toMatchObject({ status: 422 });
      expect((await notificationOf(invoiceNotificationId)).status).toBe('pending');
      bed.teachInvoice(invoiceUrl, { status: 'cancelled' });
      for (let repeat = 0; repeat < 2; repeat++) {
        expect(await receive({ invoiceUrl, memo })).toMatchObject({ status: 201, json: { status: 'cancelled' } });
      }
      expect((await notificationOf(invoiceNotificationId)).status).toBe('cancelled');
      expect((await pay(invoiceNotificationId)).json.id).toBe('InvoiceNotPendingError');
    });

    it('are paid once the money has moved, also if the merchant cancels the invoice meanwhile', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      onPay(async ({ body }) => {
        bed.teachInvoice(invoiceUrl, { status: 'cancelled' });
        await receive({ invoiceUrl, memo: '{"status":"cancelled"}' });
        return { status: 201, json: { ...body, status: 'executed', fulfillment: 'oCKAIA' } };
      });
      expect(await pay(invoiceNotificationId)).toMatchObject({ status: 200, json: { status: 'paid' } });
      expect((await notificationOf(invoiceNotificationId)).status).toBe('executed');
    });

    it('N28: cannot be cancelled if they are unknown', async () => {
      const invoiceUrl = `${OTHER_SERVER}/invoices/${randomUUID()}`;
      expect(await receive({ invoiceUrl, memo: '{"status":"cancelled"}' })).toMatchObject({
        status: 404,
        json: { id: 'InvoiceNotificationNotFoundError' },
      });
    });

    it('N35: are rejected by the client, and the merchant’s DFSP is notified', async () => {
      const { invoiceUrl, invoiceNotificationId } = await bed.notify();
      const reject = () => bed.ask('PUT /v1/invoiceNotifications/reject', { invoiceNotificationId });
      expect(await reject()).toMatchObject({ status: 200, json: { invoiceNotificationId, status: 'rejected' } });
      expect(bed.peers.callsTo(/^POST \/proxy\/invoices$/).at(-1)?.body).toEqual({
        invoiceId: invoiceUrl.split('/').at(-1),
        invoiceUrl,
        submissionUrl: `${OTHER_SERVER}/invoices`,
        senderIdentifier: ALICE,
        memo: '{"status":"rejected"}',
      });
      const notices = bed.peers.callsTo(/^POST \/proxy\/invoices$/).length;
      const again = await Promise.all([reject(), reject()]);
      expect(again.map(({ status, json }) => [status, json.status])).toEqual([
        [200, 'rejected'],
        [200, 'rejected'],
      ]);
      expect(bed.peers.callsTo(/^POST \/proxy\/invoices$/)).toHaveLength(notices);
      expect((await pay(invoiceNotificationId)).json.id).toBe('InvoiceNotPendingError');
    });

    it('of the same DFSP reach its client, who can reject them', async () => {
      const { invoiceId } = await bed.issue();
      const invoiceUrl = `http://spsp.dfsp1.test/v1/invoices/${invoiceId}`;
      bed.teachInvoice(invoiceUrl, (await bed.ask(`GET /v1/invoices/${invoiceId}`)).json);
      const { json } = await receive({ invoiceUrl }, 'dfsp1');
      bed.peers.on(/^POST \/proxy\/invoices$/, async ({ body }) => {
        const { status, json: told } = await receive(body, 'dfsp1');
        return { status, json: told };
      });
      await bed.ask('PUT /v1/invoiceNotifications/reject', { invoiceNotificationId: json.invoiceNotificationId });
      expect((await bed.ask(`GET /v1/invoices/${invoiceId}`)).json).toMatchObject({
        status: 'rejected',
        merchantIdentifier: DAVE,
      });
      bed.peers.on(/^POST \/proxy\/invoices$/, { status: 201 });
    });
  });
});
