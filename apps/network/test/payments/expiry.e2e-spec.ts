import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { ALICE, invoice, notifiedInvoice, pay, pending } from '../support/people.js';
import { TestNetwork } from '../support/test-network.js';

const SETUP_LIFETIME_S = 5;
const LATEST_MS = 60_000;

describe('When nobody answers', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ SETUP_LIFETIME_S: String(SETUP_LIFETIME_S), PAYMENT_GRACE_S: '1' });
  });

  afterAll(async () => {
    await network.close();
  });

  const setUp = (receiver: string) =>
    network.ask('spsp-client-proxy', 'dfsp1', 'POST /spsp/client/v1/setup', {
      body: { receiver, sourceAccount: 'alice', sourceIdentifier: ALICE },
    });

  it('an abandoned setup gives the invoice back (ruling 6)', async () => {
    const { invoiceUrl, invoiceNotificationId } = await notifiedInvoice(network);
    expect((await setUp(invoiceUrl)).status).toBe(201);
    expect(await setUp(invoiceUrl)).toMatchObject({ status: 422, body: { id: 'InvoiceNotPendingError' } });
    await eventually(
      async () => {
        expect(await pay(network, invoiceNotificationId)).toMatchObject({ status: 200, body: { status: 'paid' } });
      },
      { timeoutMs: LATEST_MS, intervalMs: 500 },
    );
  });

  it('an invoice expires', async () => {
    const created = await invoice(network, { expiresAt: new Date(Date.now() + 5_000).toISOString() });
    expect(created.status).toBe(201);
    await eventually(
      async () => {
        const read = await network.ask('dfsp-api', 'dfsp2', `GET /v1/invoices/${created.body.invoiceId}`);
        expect(read.body.status).toBe('expired');
      },
      { timeoutMs: LATEST_MS },
    );
    const url = network.url('spsp-server', 'dfsp2', `/v1/invoices/${created.body.invoiceId}`);
    expect(await setUp(url)).toMatchObject({ status: 422, body: { id: 'InvoiceNotPendingError' } });
  });

  it('N48: without a fulfilment T3, T2 and T1 expire in that order, and the payment with them', async () => {
    const { invoiceUrl, invoiceNotificationId } = await notifiedInvoice(network);
    const setup = (await setUp(invoiceUrl)).body as Record<string, string>;
    const id = setup['id']!;
    const before = await network.balances();
    // Nobody is left who could fulfil.
    await network.running.role('spsp-server', 'dfsp2').close();
    const answer = await network.ask('spsp-client-proxy', 'dfsp1', `POST /spsp/client/v1/transfers/${id}`, {
      body: setup,
    });
    expect(answer).toMatchObject({ status: 201, body: { status: 'expired' } });

    const transfers = await Promise.all([
      network.transfer('dfsp2', id),
      network.transfer(null, id),
      network.transfer('dfsp1', id),
    ]);
    expect(transfers.map(({ body }) => [body.state, body.rejection_reason])).toEqual([
      ['rejected', 'expired'],
      ['rejected', 'expired'],
      ['rejected', 'expired'],
    ]);
    const expiries = transfers.map(({ body }) => Date.parse(body.expires_at));
    expect(expiries).toEqual([...new Set(expiries)].toSorted((a, b) => a - b));
    for (const { body } of transfers) {
      expect(Date.parse(body.timeline.rejected_at)).toBeGreaterThanOrEqual(Date.parse(body.expires_at));
    }
    const ends = transfers.map(({ body }) => Date.parse(body.timeline.rejected_at));
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
    expect(await network.balances()).toEqual(before);
    expect((await pending(network)).map((one) => one.invoiceNotificationId)).toContain(invoiceNotificationId);
  });
});
