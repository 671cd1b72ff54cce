import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LEDGER_ENTITIES } from '@level-one/ledger';
import {
  KeepUnit1796200000000,
  type RunningRole,
  settingsFromEnvironment,
  startRole,
  StartupError,
} from '@level-one/platform';
import { callerOf, createTestDatabase, openTestDataSource, type TestDatabase } from '@level-one/testing';
import type { DataSource } from 'typeorm';
import { dfspLedgerRole } from './dfsp-ledger.role.js';
import { DfspLedgerSettings } from './dfsp-ledger.settings.js';

const SCHEMA = 'dfsp1_ledger';

let database: TestDatabase;

function start(environment: Record<string, string>): Promise<RunningRole> {
  return startRole(
    dfspLedgerRole,
    settingsFromEnvironment(DfspLedgerSettings, {
      PORT: '0',
      LOG_LEVEL: 'silent',
      DEMO_NETWORK: 'true',
      DFSP: 'dfsp1',
      DATABASE_URL: database.url,
      DATABASE_SCHEMA: SCHEMA,
      LEDGER_ADMIN_PASSWORD: 'admin',
      TOKEN_SECRET: 'a secret of the tests',
      ...environment,
    }),
  );
}

async function refusalOf(environment: Record<string, string>): Promise<string> {
  const error: unknown = await start(environment).then(
    (running) => running.close(),
    (refusal: unknown) => refusal,
  );
  expect(error).toBeInstanceOf(StartupError);
  return (error as Error).message;
}

/** Starts a ledger and opens an account. */
async function openBooks(environment: Record<string, string>): Promise<void> {
  const ledger = await start(environment);
  const call = callerOf(ledger, '/ledger');
  expect(await call('PUT', '/accounts/alice', { name: 'alice', balance: '1234' })).toMatchObject({
    status: 201,
  });
  await ledger.close();
}

async function balanceOfAlice(environment: Record<string, string>): Promise<unknown> {
  const ledger = await start(environment);
  const { json } = await callerOf(ledger, '/ledger')('GET', '/accounts/alice');
  await ledger.close();
  return json.balance;
}

async function inDatabase<T>(work: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = await openTestDataSource(database, { schema: SCHEMA, entities: LEDGER_ENTITIES });
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** Changes the database to that of a release before ledgers stored their unit. */
async function forgetUnit(): Promise<void> {
  await inDatabase(async (dataSource) => {
    await dataSource.query('DROP TABLE kept_unit');
    await dataSource.query('DELETE FROM migrations WHERE name = $1', [KeepUnit1796200000000.name]);
  });
}

beforeEach(async () => {
  database = await createTestDatabase();
});

afterEach(() => database.drop());

describe('a ledger stores the unit of its amounts', () => {
  it('field E: and refuses to start in another currency or scale', async () => {
    await openBooks({ CURRENCY: 'UGX' });
    expect(await refusalOf({ CURRENCY: 'UGX', SCALE: '2' })).toBe(
      'SCALE (is 2): the amounts in this database have 0 decimals',
    );
    expect(await refusalOf({ CURRENCY: 'JPY' })).toBe('CURRENCY (is "JPY"): the amounts in this database are in UGX');
    expect(await refusalOf({})).toBe(
      'CURRENCY (is "USD"): the amounts in this database are in UGX; ' +
        'SCALE (is 2): the amounts in this database have 0 decimals',
    );
    expect(await balanceOfAlice({ CURRENCY: 'UGX', PRECISION: '12' })).toBe('1234');
  });

  it('field E: and accepts another one as long as there are no accounts', async () => {
    await (await start({})).close();
    await openBooks({ CURRENCY: 'KWD' });
    expect(await refusalOf({})).toMatch(/are in KWD.*have 3 decimals/);
    expect(await balanceOfAlice({ CURRENCY: 'KWD' })).toBe('1234.000');
  });

  it('field E: and requires the scale for an older database if the default was another one then', async () => {
    await openBooks({ CURRENCY: 'UGX', SCALE: '2' });
    await forgetUnit();
    expect(await refusalOf({ CURRENCY: 'UGX' })).toBe(
      'SCALE is missing (the amounts in this database are older than its record of their decimals; ' +
        'without SCALE they had 2)',
    );
    expect(await balanceOfAlice({ CURRENCY: 'UGX', SCALE: '2' })).toBe('1234.00');
    expect(await refusalOf({ CURRENCY: 'UGX' })).toBe('SCALE (is 0): the amounts in this database have 2 decimals');
  });

  it('field E: and requires the scale for an older database if the default was another one then', async () => {
    await openBooks({});
    await forgetUnit();
    expect(await balanceOfAlice({})).toBe('1234.00');
    const kept = await inDatabase((dataSource) => dataSource.query('SELECT * FROM kept_unit'));
    expect(kept).toEqual([{ id: 1, currency: 'USD', scale: 2 }]);
  });
});
