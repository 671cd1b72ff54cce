import { randomBytes } from 'node:crypto';
import { DatabaseAccess, type DataSourceContents, dataSourceWith } from '@level-one/work';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';

/** A database that belongs to one test file. */
export interface TestDatabase {
  /** postgres:// URL of the new, empty database. */
  url: string;
  /** Deletes the database, even with open connections. */
  drop(): Promise<void>;
}

async function runAsAdministrator(serverUrl: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/**
 * Creates an empty database, unless told otherwise on the server that the Jest set-up of the `database` and `e2e`
 * projects provides.
 */
export async function createTestDatabase(
  serverUrl: string | undefined = process.env['L1P_TEST_DATABASE_URL'],
): Promise<TestDatabase> {
  if (!serverUrl) throw new Error('No test database: name the file *.db-spec.ts or *.e2e-spec.ts');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await runAsAdministrator(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    drop: () => runAsAdministrator(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Connects to a test database, and runs the migrations that are given. */
export async function openTestDataSource(
  { url }: Pick<TestDatabase, 'url'>,
  { schema = 'public', ...contents }: DataSourceContents & { schema?: string } = {},
): Promise<DataSource> {
  const dataSource = await dataSourceWith(new DatabaseAccess({ databaseUrl: url, schema }), contents).initialize();
  await dataSource.runMigrations();
  return dataSource;
}
