import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../test-database.js';
import { DatabaseFaults } from './database-faults.js';

describe('faults of a database', () => {
  let database: TestDatabase;
  let faults: DatabaseFaults;

  beforeEach(async () => {
    database = await createTestDatabase();
    faults = new DatabaseFaults(database.url);
    await query('CREATE SCHEMA own', 'CREATE TABLE own.things (id int)', 'INSERT INTO own.things VALUES (1)');
  });

  afterEach(() => database.drop());

  async function query(...statements: string[]): Promise<unknown[]> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      let rows: unknown[] = [];
      for (const sql of statements) rows = (await client.query(sql)).rows;
      return rows;
    } finally {
      await client.end();
    }
  }
  const insert = (): Promise<unknown[]> => query('INSERT INTO own.things VALUES (2)');
  const READ = 'SELECT * FROM own.things';

  it('connections are cut, and new ones taken', async () => {
    const open = new Client({ connectionString: database.url });
    open.on('error', () => undefined);
    await open.connect();
    await faults.cutConnections();
    // The words depend on whether the driver has noticed already.
    await expect(open.query(READ)).rejects.toThrow(/terminat|closed|ended|not queryable/i);
    expect(await query(READ)).toHaveLength(1);
  });

  it('read-only: reads go on, writes are refused, until it ends', async () => {
    await faults.makeReadOnly(true);
    expect(await query(READ)).toHaveLength(1);
    await expect(insert()).rejects.toMatchObject({ code: '25006' });
    await faults.makeReadOnly(false);
    await insert();
  });

  it('full: reads go on, writes are refused as by a full disk, until it ends', async () => {
    await faults.makeFull('own', true);
    expect(await query(READ)).toHaveLength(1);
    await expect(insert()).rejects.toMatchObject({ code: '53100' });
    await faults.makeFull('own', false);
    await insert();
  });
});
