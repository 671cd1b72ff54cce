import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { basicAuthorization, RoleLogger, type RunningRole } from '@level-one/platform';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { startDfspLedger } from './dfsp-ledger.fixture.js';

let database: TestDatabase;
let ledger: RunningRole;

async function put(name: string, body: object): Promise<void> {
  const answer = await ledger.app.inject({
    method: 'PUT',
    url: `/ledger/accounts/${name}`,
    headers: { authorization: basicAuthorization('admin', 'admin'), 'content-type': 'application/json' },
    payload: JSON.stringify({ name, ...body }),
  });
  expect([200, 201]).toContain(answer.statusCode);
}

beforeAll(async () => {
  database = await createTestDatabase();
});

afterAll(async () => {
  await ledger?.close();
  await database?.drop();
});

it('A1: a ledger warns at its start of accounts of kind mw with direct use that may go below zero', async () => {
  const warn = jest.spyOn(RoleLogger.prototype, 'warn');
  ledger = await startDfspLedger(database);
  expect(warn).not.toHaveBeenCalled();
  await put('old-fees', { accountType: 'mw', direct_use: true, minimum_allowed_balance: '-100' });
  await put('old-connector', { accountType: 'mw', direct_use: true, minimum_allowed_balance: '-infinity' });
  await put('alice', { accountType: 'mw', direct_use: true });
  await put('bob', { accountType: 'mw', minimum_allowed_balance: '-100' });
  await put('connector', { accountType: 'con', minimum_allowed_balance: '-infinity' });
  await ledger.close();
  ledger = await startDfspLedger(database);
  expect(warn.mock.calls).toEqual([
    [{ account: 'old-connector, old-fees' }, expect.stringContaining('docs/operate.md')],
  ]);

  // The remedy of docs/operate.md ends the warning.
  for (const name of ['old-fees', 'old-connector']) {
    await put(name, { minimum_allowed_balance: '0', direct_use: false });
  }
  await ledger.close();
  warn.mockClear();
  ledger = await startDfspLedger(database);
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});
