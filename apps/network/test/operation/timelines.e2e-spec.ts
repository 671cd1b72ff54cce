import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PaymentTimelineDto, RoleName, TimelineEntryDto } from '@level-one/platform';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import { ROLE_DEFINITIONS } from '../../src/definitions.js';
import type { DfspName } from '../../src/plan/topology.js';
import { notifiedInvoice, pay } from '../support/people.js';
import { channelQuote, transfer } from '../support/quoting.js';
import { type Answer, TestNetwork } from '../support/test-network.js';

const LATEST_MS = 120_000;

const END = 'The payment was executed: the payee has the money';
const ON_LEDGER = [
  ['dfsp-ledger', 'The money is held on the ledger', 'prepared', undefined],
  ['dfsp-ledger', 'The money has moved on the ledger', 'executed', undefined],
];
const PAID_AS_PAYER = [
  ['dfsp-api', 'The client was notified of the invoice', 'pending', undefined],
  [
    'dfsp-api',
    "The payer approved the payment; it is set up with the payee's DFSP",
    'settingUp',
    'alice pays 1.25 USD, fee 0.00 USD',
  ],
  ...ON_LEDGER,
  ['dfsp-api', END, 'executed', undefined],
];
const PAID_AS_PAYEE = [
  ['dfsp-api', 'The invoice can be paid', 'pending', undefined],
  ['dfsp-api', 'A payment of the invoice is under way', 'approved', undefined],
  ...ON_LEDGER,
  ['dfsp-api', END, 'executed', undefined],
  ['dfsp-api', 'The invoice is paid', 'executed', undefined],
];

describe('The timeline of a payment', () => {
  let network: TestNetwork;

  beforeAll(async () => {
    network = await TestNetwork.start({ IPR_EXPIRY_S: '3', LATE_GRACE_S: '1', SWEEP_INTERVAL_MS: '100' });
  });

  afterAll(() => network.close());

  const ask = (role: RoleName, dfsp: DfspName | null, id: string, auth: string | null = 'admin:admin') => {
    const [base = ''] = ROLE_DEFINITIONS[role].basePaths;
    const path = base === '' ? '' : `/${base}`;
    return network.ask<PaymentTimelineDto>(role, dfsp, `GET ${path}/timeline/${id}`, { auth });
  };

  /** Kind and state of each entry; the rows of one kind are told apart by what happened. */
  async function read(role: RoleName, dfsp: DfspName | null, id: string): Promise<TimelineEntryDto[]> {
    const { status, body, text } = await ask(role, dfsp, id);
    expect([status, body?.paymentId, text]).toEqual([200, id, text]);
    const times = body.entries.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
    expect(body.missing).toBeUndefined();
    return body.entries;
  }

  /** Of the DFSP's channel: where and what, in order. */
  async function readAsChannel(dfsp: DfspName, id: string): Promise<(string | undefined)[][]> {
    const { status, body, text } = await network.ask('dfsp-api', dfsp, `GET /v1/payments/${id}/timeline`);
    expect([status, body?.missing, text]).toEqual([200, undefined, text]);
    const entries = body.entries as (TimelineEntryDto & { role: string })[];
    return entries.map(({ role, what, state, detail }) => [role, what, state, detail]);
  }

  const statesIn = (entries: TimelineEntryDto[], what: RegExp): (string | undefined)[] =>
    entries.filter((entry) => what.test(entry.what)).map(({ state }) => state);

  /** Pays a notified invoice from the channel; answers the payment's id. */
  async function payNotified(): Promise<{ paymentId: string; answer: Answer }> {
    const { invoiceNotificationId, invoiceId } = await notifiedInvoice(network, { amount: '1.25' });
    const answer = await pay(network, invoiceNotificationId);
    const listed = await network.ask('dfsp-api', 'dfsp1', `GET /v1/payments?invoice=${invoiceId}`);
    return { paymentId: listed.body.payments[0].paymentId, answer };
  }

  const setExpiry = (dfsp: DfspName, table: string, id: string, at: string): Promise<unknown> =>
    network.running
      .role('dfsp-api', dfsp)
      .app.get(DataSource, { strict: false })
      .query(`UPDATE ${table} SET expires_at = $2 WHERE id = $1`, [id, at]);

  it('is read by operators only, at each role with rows of payments', async () => {
    const places = network.running.plan.instances.filter(({ role }) => ROLE_DEFINITIONS[role].timeline);
    expect(new Set(places.map(({ role }) => role)).size).toBe(6);
    for (const { role, dfsp } of places) {
      const at = dfsp;
      const unknown = randomUUID();
      expect([role, (await ask(role, at, unknown, null)).status]).toEqual([role, 401]);
      expect([role, (await ask(role, at, unknown, 'dfsp1:dfsp1')).status]).not.toEqual([role, 200]);
      expect([role, (await ask(role, at, 'x')).body]).toMatchObject([role, { id: 'InvalidUriParameterError' }]);
      expect(await read(role, at, unknown)).toEqual([]);
      const root = await network.ask(role, at, `GET /timeline/${unknown}`, { auth: 'admin:admin' });
      expect([role, root.status]).toEqual([role, 200]);
    }
  });

  it('of a paid notification: every role has its part, in order, also after a restart', async () => {
    const { paymentId, answer } = await payNotified();
    expect(answer).toMatchObject({ status: 200, body: { status: 'paid' } });
    const payer = await read('dfsp-api', 'dfsp1', paymentId);
    expect(statesIn(payer, /notif/)).toEqual(['pending', 'executed']);
    expect(statesIn(payer, /^The (payer|payment (is sent|was executed))/)).toEqual(['settingUp', 'paying', 'executed']);
    expect(payer.map(({ detail }) => detail)).toContain('alice pays 1.25 USD, fee 0.00 USD');
    await eventually(
      async () => {
        const payee = await read('dfsp-api', 'dfsp2', paymentId);
        expect(statesIn(payee, /^(The|A payment of the) invoice/)).toEqual(['pending', 'approved', 'executed']);
        expect(statesIn(payee, /DFSP (has to be|was) notified about/)).toEqual(['pending', 'delivered']);
        expect(statesIn(payee, /^(The payment (to|was)|Its transfer)/)).toEqual(['proposed', 'prepared', 'executed']);
        const server = await read('spsp-server', 'dfsp2', paymentId);
        expect(server.map(({ state }) => state)).toEqual(['issued', 'executed', 'told']);
      },
      { timeoutMs: LATEST_MS },
    );
    const client = await read('spsp-client', 'dfsp1', paymentId);
    expect(client.map(({ state }) => state)).toEqual(['setUp', 'pending', 'executed']);
    for (const dfsp of ['dfsp1', null, 'dfsp2'] as const) {
      const ledger = await read(dfsp === null ? 'central-ledger' : 'dfsp-ledger', dfsp, paymentId);
      expect(statesIn(ledger, /^The transfer/)).toEqual(['prepared', 'executed']);
      const events = ledger.filter(({ kind }) => kind === 'ledgerEvent');
      expect(events.map(({ state }) => state)).toEqual(['prepared', 'executed']);
    }
    const connector = await read('ilp-connector', 'dfsp1', paymentId);
    expect(statesIn(connector, /own ledger was (prep|exec)/)).toEqual(['prepared', 'executed']);
    expect(statesIn(connector, /central ledger was (prep|exec)/)).toEqual(['prepared', 'executed']);
    await network.running.restart('dfsp-api', 'dfsp1');
    expect(await read('dfsp-api', 'dfsp1', paymentId)).toEqual(payer);
    expect(await readAsChannel('dfsp1', paymentId)).toEqual(expect.arrayContaining(PAID_AS_PAYER));
    expect(await readAsChannel('dfsp2', paymentId)).toEqual(expect.arrayContaining(PAID_AS_PAYEE));
  });

  it('of a payment that the centre refuses: rejected with the reason, and the invoice can be paid again', async () => {
    const cap = (balance: string) =>
      network.ask('central-ledger', null, 'PUT /accounts/dfsp1', {
        auth: 'admin:admin',
        body: { name: 'dfsp1', minimum_allowed_balance: balance },
      });
    const before = await network.ask('central-ledger', null, 'GET /accounts/dfsp1', { auth: 'admin:admin' });
    expect(await cap(before.body.balance)).toMatchObject({ status: 200 });
    const { paymentId, answer } = await payNotified();
    expect(answer.status).toBe(422);
    await cap(before.body.minimum_allowed_balance);
    const payer = await read('dfsp-api', 'dfsp1', paymentId);
    expect(payer.at(-1)).toMatchObject({ state: expect.stringMatching('rejected|released|confirmed') });
    const rejected = payer.find(({ what }) => what === 'The payment was rejected: no money has moved');
    expect(rejected).toMatchObject({
      kind: 'state',
      state: 'rejected',
      detail: expect.stringContaining('destination'),
    });
    const ledger = await read('dfsp-ledger', 'dfsp1', paymentId);
    expect(statesIn(ledger, /^The transfer/)).toEqual(['prepared', 'rejected']);
    const asChannel = await readAsChannel('dfsp1', paymentId);
    expect(asChannel.filter(([role]) => role === 'dfsp-ledger').map(([, , state]) => state)).toEqual([
      'prepared',
      'rejected',
    ]);
    const { reason } = (await network.ask('dfsp-api', 'dfsp1', `GET /v1/payments/${paymentId}`)).body;
    expect(asChannel).toContainEqual(['dfsp-api', rejected!.what, 'rejected', reason.message]);
    const centre = await read('central-ledger', null, paymentId);
    expect(centre).toMatchObject([{ state: 'void', detail: 'for debits of dfsp1' }]);
  });

  it('of a payment that nobody fulfils: swept by the ledgers, expired at both sides', async () => {
    const { body: quote } = await channelQuote(network, { amount: '2' });
    const server = 'spsp-server';
    let answer: Answer | undefined;
    await network.running.restart(server, 'dfsp2', async () => {
      answer = await transfer(network, quote.paymentId);
    });
    expect(answer).toMatchObject({ status: 422, body: { id: 'ExpiredTransferError' } });
    const payer = await read('dfsp-api', 'dfsp1', quote.paymentId);
    expect(statesIn(payer, /price|quote/)).toEqual(['reserved', 'expired']);
    expect(statesIn(payer, /^The (payment is sent|payment expired)/)).toEqual(['paying', 'expired']);
    const ledger = await read('dfsp-ledger', 'dfsp2', quote.paymentId);
    expect(ledger.find(({ state, kind }) => state === 'rejected' && kind !== 'ledgerEvent')).toMatchObject({
      kind: 'sweep',
      detail: 'expired',
    });
    const lastOnes = (await readAsChannel('dfsp1', quote.paymentId)).slice(-4).map(([role, , state]) => [role, state]);
    expect(lastOnes[0]).toEqual(['dfsp-ledger', 'rejected']);
    expect(lastOnes).toContainEqual(['dfsp-api', 'expired']);
  });

  it('of a price that nobody paid: when the invoice expired, and who was notified of it', async () => {
    const { invoiceId, invoiceNotificationId } = await notifiedInvoice(network, { amount: '1.25' });
    const path = `GET /v1/invoiceNotifications/${invoiceNotificationId}`;
    const { paymentId } = (await network.ask('dfsp-api', 'dfsp1', path)).body;
    const expiresAt = new Date().toISOString();
    await setExpiry('dfsp2', 'invoices', invoiceId, expiresAt);
    await setExpiry('dfsp1', 'invoice_notifications', invoiceNotificationId, expiresAt);
    const ends = (entries: TimelineEntryDto[], of: string) =>
      entries.filter((one) => one.of === of).map(({ id, state, at }) => [id, state, state === 'expired' ? at : '']);
    const [issued, notified] = [invoiceId, invoiceNotificationId].map((id) => [
      [id, 'pending', ''],
      [id, 'expired', expiresAt],
    ]);
    await eventually(
      async () => {
        expect(ends(await read('dfsp-api', 'dfsp2', paymentId), 'invoice')).toEqual(issued);
        expect(ends(await read('dfsp-api', 'dfsp1', paymentId), 'notification')).toEqual(notified);
      },
      { timeoutMs: LATEST_MS },
    );
  });

  it('is shown to a channel while the ledger is away, without its part, and of no payment that is not known', async () => {
    const { body: quote } = await channelQuote(network, { amount: '2' });
    const path = `GET /v1/payments/${quote.paymentId}/timeline`;
    expect(await network.ask('dfsp-api', 'dfsp1', path)).toMatchObject({ status: 404, body: { id: 'NotFoundError' } });
    expect(await transfer(network, quote.paymentId)).toMatchObject({ status: 201 });
    expect((await network.ask('dfsp-api', 'dfsp1', path, { auth: null })).status).toBe(401);
    await network.running.restart('dfsp-ledger', 'dfsp1', async () => {
      const { status, body } = await network.ask('dfsp-api', 'dfsp1', path);
      expect([status, body.missing]).toEqual([
        200,
        [{ what: 'the transfer on the own ledger', reason: 'ServiceUnavailableError' }],
      ]);
      expect(body.entries.at(0)).toMatchObject({ role: 'dfsp-api', state: 'reserved' });
    });
  });
});
