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

async function asAdministrator(serverUrl: string, work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function runAsAdministrator(serverUrl: string, sql: string): Promise<void> {
  return asAdministrator(serverUrl, (client) => client.query(sql));
}

/** What a test database holds from its start. It is made once a run, and copied. */
export interface DatabaseTemplate {
  /** Unique among the templates. */
  name: string;
  /** Fills the empty database at this URL, and ends its connections. */
  fill(url: string): Promise<void>;
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.toString();
}

/** Makes the database of a template unless another worker of the run has made it. @returns its name */
async function madeTemplate(serverUrl: string, template: DatabaseTemplate, run: string): Promise<string> {
  const database = `test_template_${run}_${template.name}`;
  await asAdministrator(serverUrl, async (client) => {
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [database]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [database]);
    if (rowCount) return;
    await client.query(`DROP DATABASE IF EXISTS ${database}_new WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${database}_new`);
    await template.fill(urlOf(serverUrl, `${database}_new`));
    await client.query(`ALTER DATABASE ${database}_new RENAME TO ${database}`);
  });
  return database;
}

/** Templates that this worker knows to be there. */
const templates = new Map<string, Promise<string>>();

function templateAt(serverUrl: string, template: DatabaseTemplate, run: string): Promise<string> {
  const key = `${serverUrl} ${template.name}`;
  const made = templates.get(key) ?? madeTemplate(serverUrl, template, run);
  templates.set(key, made);
  made.catch(() => templates.delete(key));
  return made;
}

/**
 * Creates a database on the server that the Jest set-up of the `database` and `e2e` projects provides: an empty one, or
 * a copy of a template.
 */
export async function createTestDatabase(
  serverUrl: string | undefined = process.env['L1P_TEST_DATABASE_URL'],
  template?: DatabaseTemplate,
): Promise<TestDatabase> {
  if (!serverUrl) throw new Error('No test database: name the file *.db-spec.ts or *.e2e-spec.ts');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const run = process.env['L1P_TEST_RUN'];
  const source = template && run && (await templateAt(serverUrl, template, run));
  await runAsAdministrator(serverUrl, `CREATE DATABASE ${name}${source ? ` TEMPLATE ${source}` : ''}`);
  return {
    url: urlOf(serverUrl, name),
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
