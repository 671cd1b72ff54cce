import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openDatabase } from '@level-one/platform';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import type { DataSource } from 'typeorm';
import { DFSP_API_ENTITIES, DFSP_API_MIGRATIONS } from './dfsp-api.database.js';

const QUOTED = '00000000-0000-4000-8000-000000000001';
const PAID = '00000000-0000-4000-8000-000000000002';
const NOTIFIED = '00000000-0000-4000-8000-000000000003';
const FOR_ANYONE = '00000000-0000-4000-8000-000000000004';
const ISSUED_LATER = '00000000-0000-4000-8000-000000000005';

/** Times of the last migration of the first release, and of the one that made the tables of limits. */
const FIRST = 1_700_000_005_000;
const LIMITS = 1_795_300_002_400;

/** A fee tier, a quote of each side, a payment, and invoices with and without a notice, as the first release stored them. */
const FIRST_ROWS = `
  INSERT INTO fee_rules (kind, transfer_type, currency, start_amount, percent, percent_base, min_value, max_value)
    VALUES ('fee', 'p2p', 'USD', 1000, 0.5, NULL, 5, NULL);
  INSERT INTO quotes (payment_id, is_debit, status, identifier, identifier_type, transfer_type, amount, currency, fee,
    commission, receiver, expires_at, params) VALUES
    ('${QUOTED}', true, 'reserved', '26547070', 'eur', 'p2p', 1040, 'USD', 100, 0, 'http://a.test', now(), '{"a":1}'),
    ('${QUOTED}', false, 'used', '78956562', 'eur', 'p2p', 990, 'USD', 0, 7, NULL, now(), '{}');
  INSERT INTO outgoing_payments (payment_id, invoice_url, payer_identifier, account, amount, fee, status, check_at,
    created_at) VALUES
    ('${PAID}', 'http://b.test/invoices/1', '78956562', 'alice', 1040, 10, 'executed', now(), now()),
    ('${QUOTED}', 'http://b.test/invoices/2', '78956562', 'alice', 1040, 10, 'executed', now(), now());
  INSERT INTO receiver_payments (payment_id, identifier, sender_identifier, amount, status, fingerprint, approval,
    expires_at, check_at) VALUES
    ('${PAID}', '26547070', '78956562', 1040, 'executed', '', '{}', '2026-01-02T00:00:00Z', now()),
    ('${QUOTED}', '26547070', '78956562', 1040, 'proposed', '', '{}', '2100-01-01T00:00:00Z', now());
  INSERT INTO invoices (id, type, status, merchant_identifier, name, account, amount, currency, identifier, info,
    notified, created_at) VALUES
    ('${NOTIFIED}', 'standard', 'pending', '26547070', 'Bob', 'bob', 1040, 'USD', '78956562', 'Lunch', true, now()),
    ('${FOR_ANYONE}', 'product', 'pending', '26547070', 'Bob', 'bob', 1040, 'USD', NULL, 'Lunch', false, now());
  INSERT INTO notices (id, kind, status, invoice_id, invoice_url, submission_url, sender_identifier, memo, trace_id,
    attempts, next_attempt_at, created_at) VALUES
    ('${NOTIFIED}', 'issued', 'delivered', '${NOTIFIED}', 'http://b.test/invoices/3', 'http://a.test/invoices',
      '78956562', 'Lunch', '${NOTIFIED}', 1, now(), now()),
    ('${PAID}', 'rejected', 'delivered', 'INV-7', 'http://b.test/invoices/7', 'http://c.test/invoices', '26547070',
      '{"status":"rejected"}', '${PAID}', 1, now(), now())`;

/** Used and reserved limits, as the first release with limits stored them. */
const LIMIT_ROWS = `
  INSERT INTO limit_usage (subject, side, currency, transfer_type, period, starts_on, amount, count)
    VALUES ('78956562', 'debit', 'USD', 'p2p', 'day', '2026-01-02', 1040, 2);
  INSERT INTO limit_reservations (payment_id, side, status, subject, transfer_type, amount, currency, day, week, month)
    VALUES ('${PAID}', 'debit', 'confirmed', '78956562', 'p2p', 1040, 'USD', '2026-01-02', '2025-12-29', '2026-01-01')`;

/** Time of the last migration of the release that gave notices up after a number of attempts. */
const COUNTED_ATTEMPTS = 1_796_500_005_300;

/** A notice that was refused, one that was withdrawn, one that is tried, and a notification. */
const NOTICES_OF_COUNTED_ATTEMPTS = `
  INSERT INTO notices (id, kind, status, invoice_id, invoice_url, submission_url, sender_identifier, memo, trace_id,
    attempts, next_attempt_at, last_error, created_at)
  SELECT gen_random_uuid(), 'cancelled', status, name, 'http://b.test/invoices/8', 'http://a.test/invoices', '1', '',
    gen_random_uuid(), 12, now(), error, now()
  FROM (VALUES ('refused', 'givenUp', 'UserNotFound: User was not found'), ('withdrawn', 'givenUp', NULL),
    ('tried', 'pending', 'ExternalError: III.A: 502')) AS notice (name, status, error);
  INSERT INTO invoice_notifications (id, invoice_url, sender_identifier, memo, status, created_at)
    VALUES ('${NOTIFIED}', 'http://b.test/invoices/8', '1', '', 'pending', now())`;

describe('a DFSP API of an older release', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  const open = (migrations: typeof DFSP_API_MIGRATIONS): Promise<DataSource> =>
    openDatabase({
      settings: { databaseUrl: database.url, databaseSchema: 'dfsp_api', databasePoolSize: 2 },
      entities: DFSP_API_ENTITIES,
      migrations,
    });
  const until = (time: number): typeof DFSP_API_MIGRATIONS =>
    DFSP_API_MIGRATIONS.filter(({ name }) => Number(name.slice(-13)) <= time);

  beforeAll(async () => {
    database = await createTestDatabase();
    const first = await open(until(FIRST));
    await first.query(FIRST_ROWS);
    await first.destroy();
    const withLimits = await open(until(LIMITS));
    await withLimits.query(LIMIT_ROWS);
    await withLimits.destroy();
    const withCounts = await open(until(COUNTED_ATTEMPTS));
    await withCounts.query(NOTICES_OF_COUNTED_ATTEMPTS);
    await withCounts.destroy();
    dataSource = await open(DFSP_API_MIGRATIONS);
  });

  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  it('keeps its tariff in force for all payments, with a lower priority than special rules', async () => {
    const rules: object[] = await dataSource.query(
      `SELECT name, version, kind, start_amount::text, percent::text, min_value::text, max_value::text, priority, side,
         payer_identifier, valid_from, valid_to FROM fee_rules
       WHERE transfer_type = 'p2p' AND currency = 'USD' ORDER BY name`,
    );
    const always = {
      version: 1,
      priority: 1_000,
      side: null,
      payer_identifier: null,
      valid_from: new Date(0),
      valid_to: null,
    };
    const tier = { ...always, kind: 'fee' };
    expect(rules).toEqual([
      {
        ...always,
        kind: 'commission',
        name: 'commission p2p USD from 10',
        start_amount: '10',
        percent: '2',
        min_value: '0',
        max_value: '50',
      },
      { ...tier, name: 'fee p2p USD from 1000', start_amount: '1000', percent: '0.5', min_value: '5', max_value: null },
      { ...tier, name: 'fee p2p USD from 20', start_amount: '20', percent: '1', min_value: '1', max_value: '5' },
    ]);
    expect(await dataSource.query('SELECT count(*)::int AS rules FROM fee_rules')).toEqual([{ rules: 25 }]);
  });

  it('keeps its quotes, without a charge of the payee, in their currency, with the transfer amount as debit', async () => {
    const quotes: object[] = await dataSource.query(
      `SELECT is_debit, status, amount::int, transfer_amount::int, receive_amount::int, charged::int, peer_fee::int,
         source_amount::int, fee::int, commission::int, scale, amount_type, own_identifier, shown_at, params
       FROM quotes ORDER BY id`,
    );
    const both = { charged: 0, peer_fee: 0, scale: 2, amount_type: 'SEND', own_identifier: '', shown_at: null };
    const of = (amount: number) => ({ ...both, amount, transfer_amount: amount, receive_amount: amount });
    expect(quotes).toEqual([
      {
        ...of(1_040),
        is_debit: true,
        status: 'reserved',
        source_amount: 1_040,
        fee: 100,
        commission: 0,
        params: { a: 1 },
      },
      { ...of(990), is_debit: false, status: 'used', source_amount: null, fee: 0, commission: 7, params: {} },
    ]);
  });

  it('keeps its payments, as payments of invoices without a commission', async () => {
    const payments: object[] = await dataSource.query(
      `SELECT payment_id, invoice_url, is_quoted, amount::int, fee::int, commission::int, status FROM outgoing_payments
       WHERE payment_id = '${PAID}'`,
    );
    expect(payments).toEqual([
      {
        payment_id: PAID,
        invoice_url: 'http://b.test/invoices/1',
        is_quoted: false,
        amount: 1_040,
        fee: 10,
        commission: 0,
        status: 'executed',
      },
    ]);
  });

  it('knows the payees of its payments as far as it has quotes, and when old setups were over', async () => {
    expect(
      await dataSource.query(
        'SELECT payment_id, payee_identifier, ended_at FROM outgoing_payments ORDER BY payment_id',
      ),
    ).toEqual([
      { payment_id: QUOTED, payee_identifier: '26547070', ended_at: null },
      { payment_id: PAID, payee_identifier: null, ended_at: null },
    ]);
    const payments: { payment_id: string; created_at: Date; ended_at: Date | null }[] = await dataSource.query(
      'SELECT payment_id, created_at, ended_at FROM receiver_payments ORDER BY payment_id DESC',
    );
    expect(payments).toEqual([
      { payment_id: PAID, created_at: new Date('2026-01-02T00:00:00Z'), ended_at: null },
      { payment_id: QUOTED, created_at: expect.any(Date), ended_at: null },
    ]);
    // As an instance of the release before writes it.
    await dataSource.query(`UPDATE receiver_payments SET status = 'expired' WHERE payment_id = $1`, [QUOTED]);
    const [ended] = await dataSource.query('SELECT ended_at FROM receiver_payments WHERE payment_id = $1', [QUOTED]);
    expect(ended).toEqual({ ended_at: expect.any(Date) });
  });

  it('knows where the clients of its invoices were notified', async () => {
    expect(await dataSource.query('SELECT id, submission_url FROM invoices ORDER BY id')).toEqual([
      { id: NOTIFIED, submission_url: 'http://a.test/invoices' },
      { id: FOR_ANYONE, submission_url: null },
    ]);
  });

  it('knows it also of invoices that an instance of the older release issues beside this one', async () => {
    await dataSource.transaction(async (manager) => {
      await manager.query(`
        INSERT INTO invoices (id, type, status, merchant_identifier, name, account, amount, currency, identifier, info,
          notified, created_at) VALUES
          ('${ISSUED_LATER}', 'standard', 'pending', '26547070', 'Bob', 'bob', 1, 'USD', '78956562', '', false, now())`);
      for (const [index, kind] of ['rejected', 'issued', 'issued', 'cancelled'].entries())
        await manager.query(`
          INSERT INTO notices (id, kind, status, invoice_id, invoice_url, submission_url, sender_identifier, memo,
            trace_id, attempts, next_attempt_at, created_at)
          SELECT gen_random_uuid(), '${kind}', 'pending', '${ISSUED_LATER}', 'http://b.test/invoices/5',
            'http://${kind}-${index}.test/invoices', '78956562', '', gen_random_uuid(), 1, now(), now()`);
    });
    expect(await dataSource.query(`SELECT submission_url FROM invoices WHERE id = '${ISSUED_LATER}'`)).toEqual([
      { submission_url: 'http://issued-1.test/invoices' },
    ]);
  });

  it('has as undeliverable what it gave up after failed attempts, and compares its notifications at once', async () => {
    const names = ['refused', 'withdrawn', 'tried'];
    const notices = await dataSource.query(
      'SELECT invoice_id AS name, status, last_error_id AS error FROM notices WHERE invoice_id = ANY ($1) ORDER BY 1',
      [names],
    );
    expect(notices).toEqual([
      { name: 'refused', status: 'undeliverable', error: 'UserNotFound' },
      { name: 'tried', status: 'pending', error: 'ExternalError' },
      { name: 'withdrawn', status: 'withdrawn', error: null },
    ]);
    const due = await dataSource.query('SELECT checks FROM invoice_notifications WHERE check_at <= now()');
    expect(due).toEqual([{ checks: 0 }]);
  });

  it('finds the functions that its statements call', async () => {
    await expect(dataSource.query(`SELECT refuse_payment(7, 'amount')`)).rejects.toMatchObject({
      code: 'LV001',
      detail: '7 amount',
    });
  });

  it('keeps the use of its limits, counted for every payer', async () => {
    expect(await dataSource.query(`SELECT subject, pool, amount::int, count FROM limit_usage`)).toEqual([
      { subject: '78956562', pool: '', amount: 1_040, count: 2 },
    ]);
    expect(await dataSource.query(`SELECT payment_id, pool, status, amount::int FROM limit_reservations`)).toEqual([
      { payment_id: PAID, pool: '', status: 'confirmed', amount: 1_040 },
    ]);
  });

  it('does not know when old rows changed, and keeps it from now on', async () => {
    expect(await dataSource.query('SELECT reserved_at, state_times FROM limit_reservations')).toEqual([
      { reserved_at: null, state_times: null },
    ]);
    const read = (): Promise<object[]> =>
      dataSource.query('SELECT state_times FROM invoices WHERE id = $1', [FOR_ANYONE]);
    expect(await read()).toEqual([{ state_times: null }]);
    await dataSource.query(`UPDATE invoices SET status = 'cancelled' WHERE id = $1`, [FOR_ANYONE]);
    const change = { at: expect.any(String), from: 'pending', to: 'cancelled' };
    expect(await read()).toEqual([{ state_times: [change] }]);
  });
});
