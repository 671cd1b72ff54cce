import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestLedger, type TestLedger } from '@level-one/testing';

let test: TestLedger;

beforeEach(async () => {
  test = await openTestLedger();
});

afterEach(async () => {
  await test.close();
});

describe('the schema', () => {
  it('is the one its entities describe', async () => {
    const { upQueries } = await test.dataSource.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
  });

  it.each(['UPDATE entries SET amount = 1', 'DELETE FROM entries', 'TRUNCATE entries', 'DELETE FROM downtimes'])(
    'refuses %s',
    async (sql) => {
      await expect(test.dataSource.query(sql)).rejects.toThrow(/what is booked stays booked/);
    },
  );

  it('refuses an account below its floor, whoever asks', async () => {
    await expect(test.dataSource.query(`UPDATE accounts SET held = 10001 WHERE name = 'alice'`)).rejects.toThrow(
      /accounts_floor/,
    );
  });
});
