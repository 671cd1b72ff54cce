import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AdmissionLimiter, type RoleName } from '@level-one/platform';
import { eventually } from '@level-one/testing';
import { randomUUID } from 'node:crypto';
import { DataSource } from 'typeorm';
import type { DfspName } from '../../src/plan/topology.js';
import { channelQuote, transfer as payQuote } from '../support/quoting.js';
import { LATEST_MS, untilNothingIsHeld } from '../support/outcomes.js';
import { ALICE, BOB, invoice, notifiedInvoice, pay } from '../support/people.js';
import { type Answer, TestNetwork } from '../support/test-network.js';

const COUNTED = `
  SELECT table_schema || '.' || table_name AS "table", (xpath('/row/count/text()', query_to_xml(
    format('SELECT count(*) AS count FROM %I.%I', table_schema, table_name), false, true, '')))[1]::text::int AS count
  FROM information_schema.tables
  WHERE table_schema LIKE $1 AND table_type = 'BASE TABLE' AND table_name NOT IN ('subscription_cursors', 'used_signatures')
  ORDER BY 1`;

describe('When a role has too much to do', () => {
  let network: TestNetwork;
  const filled: AdmissionLimiter[] = [];

  beforeAll(async () => {
    network = await TestNetwork.start({ ADMISSION_MIN: '1', ADMISSION_MAX: '1', ADMISSION_QUEUE: '0' });
  });

  afterEach(async () => {
    for (const limiter of filled.splice(0)) limiter.release();
    await untilNothingIsHeld(network);
  });

  afterAll(async () => {
    expect(await network.violations()).toEqual([]);
    await network.close();
  });

  /** Something is in progress that takes the role's only place, until the end of the test or {@link free}. */
  async function fill(...places: [RoleName, DfspName][]): Promise<void> {
    for (const [role, dfsp] of places) {
      const limiter = network.running.role(role, dfsp).app.get(AdmissionLimiter, { strict: false });
      await limiter.admit();
      filled.push(limiter);
    }
  }

  function free(): void {
    for (const limiter of filled.splice(0)) limiter.release();
  }

  /** Rows of each table of a DFSP, or of both. */
  const rowsOf = (dfsp: DfspName | 'dfsp' = 'dfsp'): Promise<unknown[]> =>
    network.running
      .role('dfsp-api', 'dfsp1')
      .app.get(DataSource, { strict: false })
      .query(COUNTED, [`${dfsp}%`]);

  function expectNotNow({ status, body, headers }: Answer): void {
    expect([status, body.id]).toEqual([503, 'ServiceUnavailableError']);
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }

  const bulk = (request: string, body?: object): Promise<Answer> =>
    network.ask('dfsp-api', 'dfsp1', request, { ...(body && { body }) });

  it('its DFSP API refuses what begins something, and nobody stores or is asked anything', async () => {
    const quote = await channelQuote(network);
    const { invoiceNotificationId: notification } = await notifiedInvoice(network);
    await fill(['dfsp-api', 'dfsp1'], ['dfsp-api', 'dfsp2']);
    const before = await rowsOf();
    const balances = await network.balances();
    for (const refused of [
      await channelQuote(network),
      await payQuote(network, quote.body.paymentId),
      await invoice(network),
      await pay(network, notification),
      await network.ask('dfsp-api', 'dfsp1', `GET /v1/invoiceNotifications/${notification}`),
      await network.ask('dfsp-api', 'dfsp1', `GET /v1/client/${BOB}`),
    ]) {
      expectNotNow(refused);
    }
    expect(await rowsOf()).toEqual(before);
    expect(await network.balances()).toEqual(balances);
    free();
    expect((await payQuote(network, quote.body.paymentId)).body.status).toBe('executed');
    expect((await pay(network, notification)).body.status).toBe('paid');
    expect((await channelQuote(network)).status).toBe(201);
    expect((await invoice(network)).status).toBe(201);
  });

  it('everything that follows from what was accepted goes on, and what only reads its own DFSP is answered', async () => {
    const quote = await channelQuote(network);
    await fill(['dfsp-api', 'dfsp2'], ['scheme-adapter', 'dfsp2'], ['spsp-server', 'dfsp2']);
    await fill(['scheme-adapter', 'dfsp1'], ['spsp-server', 'dfsp1']);
    expect((await payQuote(network, quote.body.paymentId)).body.status).toBe('executed');
    free();

    await fill(['dfsp-api', 'dfsp1'], ['scheme-adapter', 'dfsp1'], ['spsp-server', 'dfsp1']);
    const { invoiceNotificationId: id } = await notifiedInvoice(network);
    await eventually(async () => {
      const read = await network.ask('dfsp-api', 'dfsp1', `GET /v1/quotes/${quote.body.paymentId}`);
      expect(read.body.status).toBe('used');
    });
    const reject = { body: { invoiceNotificationId: id } };
    const rejected = await network.ask('dfsp-api', 'dfsp1', 'PUT /v1/invoiceNotifications/reject', reject);
    expect(rejected.body.status).toBe('rejected');
    for (const role of ['dfsp-api', 'spsp-server', 'scheme-adapter'] as const) {
      const path = role === 'scheme-adapter' ? '/scheme/adapter/v1/health' : '/v1/health';
      expect((await network.ask(role, 'dfsp1', `GET ${path}`)).status).toBe(200);
    }
  });

  it("its scheme adapter refuses other DFSPs' quotes: their channels are told when to come again", async () => {
    await fill(['scheme-adapter', 'dfsp2']);
    const before = await rowsOf('dfsp2');
    expectNotNow(await channelQuote(network));
    expect(await rowsOf('dfsp2')).toEqual(before);
    free();
    const quote = await channelQuote(network);
    expect((await payQuote(network, quote.body.paymentId)).body.status).toBe('executed');
  });

  it("its SPSP server refuses other DFSPs' setups: the invoice stays payable, and is paid later", async () => {
    const { invoiceNotificationId: notification } = await notifiedInvoice(network);
    // Now the price is agreed.
    await network.ask('dfsp-api', 'dfsp1', `GET /v1/invoiceNotifications/${notification}`);
    await fill(['spsp-server', 'dfsp2']);
    const before = await rowsOf('dfsp2');
    const balances = await network.balances();
    expectNotNow(await pay(network, notification));
    expect(await rowsOf('dfsp2')).toEqual(before);
    expect(await network.balances()).toEqual(balances);
    free();
    expect((await pay(network, notification)).body.status).toBe('paid');
  });

  it('rows of a bulk payment wait until it has less to do', async () => {
    await fill(['scheme-adapter', 'dfsp2']);
    const bulkPaymentId = randomUUID();
    const rows = [{ identifier: BOB, amount: '1' }];
    const list = { bulkPaymentId, sourceIdentifier: ALICE, sourceAccount: 'alice', rows };
    expect((await bulk('POST /v1/bulkPayments', list)).status).toBe(201);
    const database = network.running.role('dfsp-api', 'dfsp1').app.get(DataSource, { strict: false });
    await eventually(
      async () => {
        const tried = 'SELECT attempts, status FROM bulk_payment_rows WHERE bulk_id = $1';
        expect(await database.query(tried, [bulkPaymentId])).toEqual([{ attempts: 1, status: 'waiting' }]);
      },
      { timeoutMs: LATEST_MS },
    );
    free();
    await eventually(
      async () => expect((await bulk(`GET /v1/bulkPayments/${bulkPaymentId}`)).body.status).toBe('checked'),
      { timeoutMs: LATEST_MS },
    );
  });

  it('has the answer in its OpenAPI document, at these routes only', async () => {
    const found: Record<string, string[]> = {};
    for (const role of ['dfsp-api', 'spsp-server', 'scheme-adapter', 'spsp-client', 'dfsp-ledger'] as const) {
      const { body } = await network.ask(role, 'dfsp1', 'GET /docs-json', { auth: null });
      const operations = Object.entries<Record<string, any>>(body.paths).flatMap(([path, item]) =>
        Object.entries<any>(item)
          .filter(([, { responses }]) => responses?.['503']?.headers?.['Retry-After'] !== undefined)
          .filter(([, operation]) => operation['x-alias-of'] === undefined)
          .map(([method]) => `${method.toUpperCase()} ${path}`),
      );
      found[role] = operations.toSorted();
    }
    expect(found).toEqual({
      'dfsp-api': [
        'GET /directory/v1/resources',
        'GET /v1/client/{userNumber}',
        'GET /v1/invoice',
        'GET /v1/invoiceFees/{invoiceUrl}/{identifier}/{account}',
        'GET /v1/invoiceNotifications/{invoiceNotificationId}',
        'GET /v1/invoices/{invoiceId}',
        'POST /v1/invoice/pay',
        'POST /v1/invoices',
        'POST /v1/merchantInvoice',
        'POST /v1/quote',
        'POST /v1/quotes',
        'POST /v1/transfer',
        'PUT /v1/invoiceNotifications/pay',
      ],
      'scheme-adapter': ['POST /scheme/adapter/v1/quotes'],
      'spsp-server': ['POST /v1/setup'],
      'spsp-client': [],
      'dfsp-ledger': [],
    });
  });
});
