import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DataSource } from 'typeorm';
import { ALICE, DAVE, TestBed } from '../../test/test-bed.js';

const ROWS = Number(process.env['RECORDS'] ?? 20_000);
/** As a DFSP's day: one in fifty failed, few are open, and Alice and Dave have a hundred each. */
const STATUS = (open: string, failed: string) =>
  `CASE WHEN n % 5000 = 0 THEN '${open}' WHEN n % 50 = 0 THEN '${failed}' ELSE 'executed' END`;
const CUSTOMER = (one: string) => `CASE WHEN n % ${ROWS / 100} = 0 THEN '${one}' ELSE (n % 5000)::text END`;
const AT = `now() - (n || ' seconds')::interval`;
const FILL = `
  INSERT INTO outgoing_payments (payment_id, invoice_url, is_quoted, payer_identifier, account, amount, fee, commission,
    status, expires_at, check_at, created_at)
    SELECT gen_random_uuid(), 'http://spsp.dfsp2.test/v1/invoices/' || n, true, ${CUSTOMER(ALICE)},
      'account' || n % 5000, 1, 0, 0, ${STATUS('paying', 'rejected')}, now(), 'infinity', ${AT}
    FROM generate_series(1, ${ROWS}) AS n;
  INSERT INTO invoices (id, type, status, merchant_identifier, name, account, amount, currency, identifier, info,
    notified, created_at)
    SELECT gen_random_uuid(), 'pending', ${STATUS('pending', 'rejected')}, ${CUSTOMER(DAVE)}, 'Dave', 'dave', 1, 'USD',
      ${CUSTOMER(ALICE)}, '', true, ${AT} FROM generate_series(1, ${ROWS}) AS n;
  INSERT INTO receiver_payments (payment_id, invoice_id, identifier, sender_identifier, amount, status, is_quoted,
    fingerprint, approval, expires_at, check_at, created_at)
    SELECT id, id, merchant_identifier, identifier, 1, CASE status WHEN 'pending' THEN 'prepared' ELSE status END, true,
      '', json_build_object('destinationAccount', 'http://adapter.dfsp1.test/ilp/ledger/v1/accounts/' || name), now(),
      'infinity', created_at FROM invoices;
  INSERT INTO invoice_notifications (id, invoice_url, sender_identifier, memo, status, created_at)
    SELECT gen_random_uuid(), 'http://spsp.dfsp2.test/v1/invoices/' || n, ${CUSTOMER(ALICE)}, '',
      ${STATUS('pending', 'rejected')}, ${AT} FROM generate_series(1, ${ROWS}) AS n;
  INSERT INTO quotes (payment_id, is_debit, status, identifier, identifier_type, own_identifier, own_identifier_type,
    transfer_type, amount_type, amount, transfer_amount, receive_amount, charged, currency, scale, fee, commission,
    peer_fee, peer_commission, source_amount, expires_at, created_at, params)
    SELECT payment_id, true, CASE status WHEN 'paying' THEN 'reserved' ELSE 'used' END, '${DAVE}', 'eur',
      payer_identifier, 'eur', 'p2p', 'SEND', 1, 1, 1, 0, 'USD', 2, 0, 0, 0, 0, 1, now() + interval '1 day', created_at,
      '{"request":{"payer":{},"payee":{}}}' FROM outgoing_payments;
  INSERT INTO bulk_payments (id, payer_identifier, account, amount_type, status, fingerprint, created_at)
    SELECT payment_id, payer_identifier, account, 'SEND', CASE status WHEN 'paying' THEN 'checked' ELSE 'done' END, '',
      created_at FROM outgoing_payments;
  ANALYZE outgoing_payments, receiver_payments, invoices, invoice_notifications, quotes, bulk_payments`;

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

describe(`lists of a DFSP with ${ROWS} rows of each kind`, () => {
  let bed: TestBed;
  let said: { text: string; values: unknown[] }[] = [];

  beforeAll(async () => {
    bed = await TestBed.start();
    const dataSource = bed.get(DataSource);
    for (const statement of FILL.split(';\n')) await dataSource.query(statement);
    const { logger } = dataSource;
    dataSource.logger = Object.assign(Object.create(logger) as typeof logger, {
      logQuery: (text: string, values: unknown[] = []) => void said.push({ text, values }),
    });
  }, 120_000);
  afterAll(() => bed.stop());

  it.each([
    'payments',
    'payments?state=pending',
    'payments?state=rejected',
    'payments?state=executed',
    `payments?customer=${ALICE}`,
    `payments?customer=${DAVE}&state=executed`,
    'payments?account=account7',
    'payments?invoice=77',
    'payments?invoice=2d4c9a1b-7e30-4f68-9c55-b08a6f1e3d72',
    'payments?from=2020-01-01T00:00:00Z&to=2030-01-01T00:00:00Z',
    'invoices',
    'invoices?state=pending',
    'invoices?state=rejected',
    `invoices?customer=${DAVE}`,
    `invoices?client=${ALICE}`,
    'invoiceNotifications',
    'invoiceNotifications?state=pending',
    `invoiceNotifications?customer=${ALICE}`,
    'invoiceNotifications?invoice=77',
    'quotes',
    'quotes?state=reserved',
    'quotes?state=used',
    `quotes?customer=${ALICE}`,
    'quotes?side=debit',
    'bulkPayments',
    'bulkPayments?state=checked',
    `bulkPayments?customer=${ALICE}`,
  ])('%s: two pages read hardly more than they show', async (path) => {
    for (let page = 0, next: string | null = `/v1/${path}`; page < 2 && next !== null; page += 1) {
      said = [];
      const { status, json } = await bed.ask(`GET ${next.replace('http://localhost', '')}`);
      expect(status).toBe(200);
      next = json.next;
      const asked = said;
      said = [];
      const nodes: Plan[] = [];
      for (const { text, values } of asked) {
        const [{ 'QUERY PLAN': plans }] = await bed
          .get(DataSource)
          .query(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, values);
        nodes.push(...nodesOf(plans[0].Plan));
      }
      expect(nodes).not.toHaveLength(0);
      const read = nodes.map((node) => (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0));
      expect({ path, scans: nodes.filter((node) => node['Node Type'] === 'Seq Scan') }).toEqual({ path, scans: [] });
      expect(Math.max(...read)).toBeLessThan(1_000);
    }
  });
});
