import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ADMIN,
  CONDITION,
  createTestDatabase,
  FULFILLMENT,
  type TestDatabase,
  transferRequest,
} from '@level-one/testing';
import { HotStatements, openDatabase } from '@level-one/platform';
import { AccountType, ChargeKind, CreateTransfers1795000000000 } from '@level-one/transfer';
import type { DataSource } from 'typeorm';
import { CreateLedger1795000000001 } from './create-ledger.migration.js';
import { checkInvariants } from '../../audit/invariants.js';
import { CustomerGraces } from './graces.migration.js';
import { SettlementWindows1798100000000 } from './settlement-windows.migration.js';
import { VoidedDebits1797100000000 } from './voided-debits.migration.js';
import { type CustomerKind, LEDGER_ENTITIES, LEDGER_MIGRATIONS, ledgerMigrations } from '../ledger-schema.js';
import { Ledger } from '../../engine/ledger.js';
import { Statements } from '../../audit/statements.js';
import { POSITION_SUMS } from '../../settlement/positions.js';
import { SettlementWindows } from '../../settlement/settlement-windows.js';

const EXECUTED = '00000000-0000-4000-8000-000000000001';
const PREPARED = '00000000-0000-4000-8000-000000000002';
const REJECTED = '00000000-0000-4000-8000-000000000003';
const ISSUED = '00000000-0000-4000-8000-00000000000a';
const TAKEN_BACK = '00000000-0000-4000-8000-00000000000b';

/** Books as the release before wrote them: 100.00 issued to alice, 5.00 taken back, 1.00 paid, 2.00 held. */
const BOOKS = `
  INSERT INTO accounts (name, posted, held, minimum_allowed_balance, is_disabled, rights) VALUES
    ('issuance', -9500, 0, NULL, false, '{}'), ('alice', 9400, 200, 0, false, '{}'), ('bob', 100, 0, 0, false, '{}');
  INSERT INTO transfers (id, debit_account, credit_account, amount, execution_condition, expires_at, state, authorized,
    proposed_at, prepared_at, executed_at, rejected_at, rejection_reason, fulfillment) VALUES
    ('${ISSUED}', 'issuance', 'alice', 10000, NULL, NULL, 'executed', true, now(), now(), now(), NULL, NULL, NULL),
    ('${TAKEN_BACK}', 'alice', 'issuance', 500, NULL, NULL, 'executed', true, now(), now(), now(), NULL, NULL, NULL),
    ('${EXECUTED}', 'alice', 'bob', 100, '${CONDITION}', date_trunc('second', now()) + interval '1 hour', 'executed', true,
      now(), now(), now(), NULL, NULL, '${FULFILLMENT}'),
    ('${PREPARED}', 'alice', 'bob', 200, '${CONDITION}', date_trunc('second', now()) + interval '1 hour', 'prepared', true,
      now(), now(), NULL, NULL, NULL, NULL),
    ('${REJECTED}', 'alice', 'bob', 300, '${CONDITION}', date_trunc('second', now()) + interval '1 hour', 'rejected', true,
      now(), now(), NULL, now(), 'no', NULL);
  INSERT INTO entries (transfer_id, account, amount, balance, booked_at) VALUES
    ('${ISSUED}', 'issuance', -10000, -10000, now()), ('${ISSUED}', 'alice', 10000, 10000, now()),
    ('${TAKEN_BACK}', 'alice', -500, 9500, now()), ('${TAKEN_BACK}', 'issuance', 500, -9500, now()),
    ('${EXECUTED}', 'alice', -100, 9400, now()), ('${EXECUTED}', 'bob', 100, 100, now());
  INSERT INTO holds VALUES ('${PREPARED}', 'alice', 200);
  INSERT INTO events (sequence, id, transfer_id, state) VALUES
    (1, gen_random_uuid(), '${ISSUED}', 'executed'), (2, gen_random_uuid(), '${TAKEN_BACK}', 'executed'),
    (3, gen_random_uuid(), '${EXECUTED}', 'prepared'), (4, gen_random_uuid(), '${EXECUTED}', 'executed'),
    (5, gen_random_uuid(), '${PREPARED}', 'prepared'), (6, gen_random_uuid(), '${REJECTED}', 'prepared'),
    (7, gen_random_uuid(), '${REJECTED}', 'rejected');
  INSERT INTO events (sequence, id, message) VALUES
    (8, gen_random_uuid(), '{"from":"alice","to":"bob","data":{}}'),
    (9, gen_random_uuid(), '{"from":"alice","to":"bob","data":{"text":"\\u0000"}}');
  UPDATE ledger_head SET last_sequence = 9`;

let database: TestDatabase;
let dataSource: DataSource;

/** Undoes a migration and all after it. */
async function undoFrom(migration: (typeof LEDGER_MIGRATIONS)[number]): Promise<void> {
  const undone = LEDGER_MIGRATIONS.slice(LEDGER_MIGRATIONS.indexOf(migration));
  for (const _ of undone) await dataSource.undoLastMigration({ transaction: 'all' });
}

function open(migrations: typeof LEDGER_MIGRATIONS): Promise<DataSource> {
  return openDatabase({
    settings: { databaseUrl: database.url, databaseSchema: 'ledger', databasePoolSize: 2 },
    entities: LEDGER_ENTITIES,
    migrations,
  });
}

async function read(sql: string): Promise<unknown> {
  return dataSource.query(sql);
}

beforeEach(async () => {
  database = await createTestDatabase();
  const before = await open([CreateTransfers1795000000000, CreateLedger1795000000001]);
  await before.query(BOOKS);
  await before.destroy();
  dataSource = await open(LEDGER_MIGRATIONS);
});

afterEach(async () => {
  await dataSource.destroy();
  await database.drop();
});

describe('a ledger of the release before', () => {
  it('keeps its invariants and every position after the migration', async () => {
    expect(await checkInvariants(dataSource)).toEqual([]);
    const ledger = new Ledger(dataSource, new HotStatements(dataSource), { onError: () => undefined });
    const fees = { feePayments: 0n, feeReceipts: 0n };
    expect(await ledger.reads.listPositions()).toEqual([
      { account: 'alice', payments: 100n, receipts: 0n, ...fees, unsettled: -100n, held: 200n, netDebitCap: null },
      { account: 'bob', payments: 0n, receipts: 100n, ...fees, unsettled: 100n, held: 0n, netDebitCap: null },
    ]);
    expect(await new Statements(dataSource).listEntries('alice', { limit: 10 })).toMatchObject([
      { transferId: EXECUTED, counterparty: 'bob', kind: 'transfer', amount: -100n, balance: 9_400n },
      { transferId: TAKEN_BACK, counterparty: 'issuance', kind: 'issuance', amount: -500n, balance: 9_500n },
      { transferId: ISSUED, counterparty: 'issuance', kind: 'issuance', amount: 10_000n, balance: 10_000n },
    ]);
    await ledger.stop();
  });

  it('continues after the migration: held transfers can be charged and executed, and new transfers are accepted', async () => {
    const ledger = new Ledger(dataSource, new HotStatements(dataSource), { onError: () => undefined });
    await ledger.putAccount({ name: 'fee', accountType: AccountType.Fee });
    const fee = { debitAccount: 'alice', creditAccount: 'fee', amount: 1n, kind: ChargeKind.Fee };
    await ledger.putCharges(PREPARED, [fee]);
    await ledger.fulfilTransfer(PREPARED, FULFILLMENT, ADMIN);
    await ledger.putTransfer(transferRequest({ executionCondition: null }), ADMIN);
    expect(await ledger.reads.readAccount('alice')).toMatchObject({ posted: 9_099n, held: 0n });
    await ledger.stop();
    expect(await checkInvariants(dataSource)).toEqual([]);
  });

  it('A9: counts how often an account is disabled after the migration', async () => {
    const ledger = new Ledger(dataSource, new HotStatements(dataSource), { onError: () => undefined });
    const timesDisabled = [];
    for (const isDisabled of [false, true, true, false, true]) {
      timesDisabled.push((await ledger.putAccount({ name: 'bob', isDisabled })).account.timesDisabled);
    }
    await ledger.stop();
    expect(timesDisabled).toEqual([0, 1, 1, 1, 2]);
    expect(await read('SELECT name, times_disabled FROM accounts ORDER BY name')).toEqual([
      { name: 'alice', times_disabled: 0 },
      { name: 'bob', times_disabled: 2 },
      { name: 'issuance', times_disabled: 0 },
    ]);
  });

  it('has settlements that become settled windows, and an open window after them', async () => {
    await undoFrom(SettlementWindows1798100000000);
    for (const [id, after, to, time] of [
      [EXECUTED, 0, 5, '2026-01-02T00:00:00Z'],
      [PREPARED, 5, 6, '2026-01-03T00:00:00Z'],
    ]) {
      await dataSource.query('INSERT INTO settlements VALUES ($1, $2, $3, 1, $4)', [id, after, to, time]);
    }
    await read(`
      INSERT INTO settlement_positions SELECT '${PREPARED}', account, ${POSITION_SUMS} FROM entries
      WHERE kind = 'transfer' GROUP BY account;
      UPDATE accounts SET position_base = posted`);
    await dataSource.runMigrations({ transaction: 'all' });
    expect(await new SettlementWindows(dataSource).listWindows({ limit: 5 })).toMatchObject([
      { number: 3, state: 'open', openedAt: new Date('2026-01-03T00:00:00Z') },
      { number: 2, state: 'settled', id: PREPARED, openedAt: new Date('2026-01-02T00:00:00Z') },
      { number: 1, state: 'settled', id: EXECUTED, closedAt: new Date('2026-01-02T00:00:00Z') },
    ]);
  });

  it('ruling 39: open transfers have an end, those that credit a connector with the default grace', async () => {
    await undoFrom(CustomerGraces);
    await read(`UPDATE accounts SET account_type = 'con', direct_use = true WHERE name = 'bob'`);
    await read(`UPDATE accounts SET rights = '{read,charge}' WHERE name = 'alice'`);
    await dataSource.runMigrations({ transaction: 'all' });
    expect(
      await read(`SELECT id, extract(epoch FROM open_until - expires_at)::int AS grace FROM transfers ORDER BY id`),
    ).toEqual(
      [EXECUTED, PREPARED, REJECTED, ISSUED, TAKEN_BACK].map((id) => ({ id, grace: id === PREPARED ? 600 : null })),
    );
    expect(await read(`SELECT rights, grace_s FROM accounts WHERE name = 'alice'`)).toEqual([
      { rights: ['read', 'charge', 'void'], grace_s: null },
    ]);
  });

  it('ruling 39: ids that were void for all stay void for all', async () => {
    await undoFrom(VoidedDebits1797100000000);
    await read(`INSERT INTO voided_transfers VALUES ('00000000-0000-4000-8000-00000000000c', now())`);
    await dataSource.runMigrations({ transaction: 'all' });
    expect(await read('SELECT debit_account FROM voided_transfers')).toEqual([{ debit_account: '' }]);
  });

  it('ruling 39: begins to beat with the migration: what was before is no downtime', async () => {
    const heartbeatMs = 20_000;
    const ledger = new Ledger(dataSource, new HotStatements(dataSource), { onError: () => undefined, heartbeatMs });
    await ledger.putAccount({ name: 'carol' });
    expect(await ledger.reads.listDowntimes({ limit: 1 })).toEqual([]);
    await ledger.stop();
  });

  it('A5: has the accounts of each event', async () => {
    const rows = await read('SELECT sequence::int, from_account, to_account FROM events ORDER BY sequence');
    expect(rows).toEqual([
      { sequence: 1, from_account: 'issuance', to_account: 'alice' },
      { sequence: 2, from_account: 'alice', to_account: 'issuance' },
      ...[3, 4, 5, 6, 7].map((sequence) => ({ sequence, from_account: 'alice', to_account: 'bob' })),
      { sequence: 8, from_account: null, to_account: 'bob' },
      { sequence: 9, from_account: null, to_account: null },
    ]);
  });

  it('refuses to change or delete its books', async () => {
    for (const sql of ['UPDATE entries SET amount = 1', 'DELETE FROM entries', 'DELETE FROM accounts']) {
      await expect(dataSource.query(sql)).rejects.toThrow(/what is booked stays booked/);
    }
  });

  it('can be migrated back to the release before, and forward again', async () => {
    const columns = `SELECT table_name, column_name FROM information_schema.columns
      WHERE table_schema = 'ledger' ORDER BY table_name, column_name`;
    const migrated = await read(columns);
    await undoFrom(LEDGER_MIGRATIONS[2]!);
    expect(await read(`SELECT name, posted::int, held::int FROM accounts ORDER BY name`)).toEqual([
      { name: 'alice', posted: 9_400, held: 200 },
      { name: 'bob', posted: 100, held: 0 },
      { name: 'issuance', posted: -9_500, held: 0 },
    ]);
    // The constraints of the release before exist again.
    await expect(read(`INSERT INTO holds VALUES ('${PREPARED}', 'bob', 1)`)).rejects.toThrow(/holds_pkey/);
    await expect(read(`INSERT INTO holds VALUES (gen_random_uuid(), 'bob', 1)`)).rejects.toThrow(/holds_transfer_fkey/);
    await expect(read('UPDATE entries SET amount = 1')).rejects.toThrow(/what is booked stays booked/);

    await dataSource.runMigrations({ transaction: 'all' });
    expect(await read(columns)).toEqual(migrated);
    expect(await checkInvariants(dataSource)).toEqual([]);
  });
});

/** One account of each kind of the release before, and some without a kind. */
const ACCOUNTS = `
  INSERT INTO accounts (name, posted, held, minimum_allowed_balance, is_disabled, account_type, rights) VALUES
    ('plain', 0, 0, 0, false, NULL, '{}'), ('customer', 0, 0, 0, false, 'mw', '{}'),
    ('connector', 0, 0, NULL, false, 'con', '{}'), ('commission', 0, 0, 0, false, 'c', '{}'),
    ('fees', 0, 0, 0, false, NULL, '{}'), ('admin', 0, 0, 0, false, NULL, '{admin}'),
    ('spsp-server', 0, 0, 0, false, NULL, '{reject,subscribe}')`;

describe.each<[string, CustomerKind]>([
  ['a DFSP', AccountType.MobileWallet],
  ['the centre', AccountType.Dfsp],
])('the accounts of %s', (_, customerKind) => {
  it('A1: get kinds, keep those they have, and have direct use if nothing was set', async () => {
    const other = await createTestDatabase();
    const openOther = (migrations: typeof LEDGER_MIGRATIONS): Promise<DataSource> =>
      openDatabase({
        settings: { databaseUrl: other.url, databaseSchema: 'ledger', databasePoolSize: 2 },
        entities: LEDGER_ENTITIES,
        migrations,
      });
    const before = await openOther(ledgerMigrations(customerKind).slice(0, 2));
    await before.query(BOOKS);
    await before.query(ACCOUNTS);
    await before.destroy();
    const migrated = await openOther(ledgerMigrations(customerKind));
    const rows: { name: string; kind: string }[] = await migrated.query(
      `SELECT name, concat_ws(' ', account_type, direct_use, has_entries, rights) AS kind FROM accounts ORDER BY name`,
    );
    const isCentre = customerKind === AccountType.Dfsp;
    expect(Object.fromEntries(rows.map(({ name, kind }) => [name, kind]))).toEqual({
      admin: 'role f f {admin}',
      alice: `${customerKind} t t {}`,
      bob: `${customerKind} t t {}`,
      commission: 'c f f {}',
      connector: 'con t f {}',
      customer: 'mw f f {}',
      fees: isCentre ? 'f f f {}' : 'mw t f {}',
      issuance: 'issuance f t {}',
      plain: `${customerKind} t f {}`,
      'spsp-server': 'role f f {reject,subscribe,fulfil}',
    });
    expect(await checkInvariants(migrated)).toEqual([]);
    await migrated.destroy();
    await other.drop();
  });
});
