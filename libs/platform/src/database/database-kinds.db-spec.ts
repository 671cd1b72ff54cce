import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort } from '@level-one/testing';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import type { DatabaseSettings } from '../settings/mixins.js';
import { migrateSchema, openDatabase } from './database.js';
import { OwnPostgres } from './own-postgres.fixture.js';

class CreateNames1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE names (name text PRIMARY KEY)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE names');
  }
}

class AddColour1700000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE names ADD COLUMN colour text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE names DROP COLUMN colour');
  }
}

const OLD = [CreateNames1700000000000];
const NEW = [...OLD, AddColour1700000000100];
const PASSWORD = 'a-secret-word';
const SCHEMA = 'kinds';

let postgres: OwnPostgres;
let certificates: string;

function settingsFor(databaseUrl: string, changes: Partial<DatabaseSettings> = {}): DatabaseSettings {
  return { databaseUrl, databaseSchema: SCHEMA, databasePoolSize: 2, databaseWaitS: 0, migrationWaitS: 30, ...changes };
}

/** A URL of the same server for a user, with parameters. */
function urlFor(user: string, parameters: Record<string, string> = {}): string {
  const url = new URL(postgres.url);
  Object.assign(url, { username: user, password: PASSWORD });
  // As libpq, a space is %20, and + is a plus.
  const words = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  url.search = words.join('&');
  return url.href;
}

async function opened<T>(
  databaseUrl: string,
  work: (dataSource: DataSource) => Promise<T>,
  migrations = OLD,
): Promise<T> {
  const dataSource = await openDatabase({ settings: settingsFor(databaseUrl), entities: [], migrations });
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: Error = await work.then(
    () => new Error('it was not refused'),
    (thrown: Error) => thrown,
  );
  expect(error.message).not.toContain('\n');
  expect(error.message).not.toContain(PASSWORD);
  return `${error.name}: ${error.message}`;
}

const isEncrypted = async (dataSource: DataSource): Promise<boolean> => {
  const [row]: { ssl: boolean }[] = await dataSource.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
  return row!.ssl;
};

function openssl(...words: string[]): void {
  execFileSync('openssl', words, { cwd: certificates, stdio: 'ignore' });
}

beforeAll(async () => {
  certificates = await mkdtemp(join(tmpdir(), 'level-one-certificates-'));
  await chmod(certificates, 0o755);
  openssl(
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-subj',
    '/CN=ca',
  );
  openssl(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'server.key',
    '-out',
    'server.csr',
    '-subj',
    '/CN=localhost',
  );
  await writeFile(join(certificates, 'names'), 'subjectAltName=DNS:localhost\n');
  openssl(
    ...'x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile names -out server.crt'.split(
      ' ',
    ),
  );
  postgres = await OwnPostgres.start();
  await postgres.giveToServer(join(certificates, 'server.key'));
  await postgres.run(
    `ALTER SYSTEM SET ssl_cert_file = '${certificates}/server.crt'`,
    `ALTER SYSTEM SET ssl_key_file = '${certificates}/server.key'`,
    'ALTER SYSTEM SET ssl = on',
    'SELECT pg_reload_conf()',
    `CREATE ROLE owner LOGIN PASSWORD '${PASSWORD}'`,
    `CREATE ROLE worker LOGIN PASSWORD '${PASSWORD}'`,
    'REVOKE ALL ON DATABASE level_one FROM PUBLIC',
    'REVOKE ALL ON SCHEMA public FROM PUBLIC',
    'GRANT CONNECT ON DATABASE level_one TO owner, worker',
    `CREATE SCHEMA ${SCHEMA} AUTHORIZATION owner`,
  );
});

afterAll(async () => {
  await postgres.remove();
  await rm(certificates, { recursive: true });
});

describe('A database that somebody else runs', () => {
  it('field F: a schema of its own is enough, without any right on the database but to connect', async () => {
    const tables = await opened(urlFor('owner'), (dataSource) =>
      dataSource.query(`SELECT schemaname FROM pg_tables WHERE tablename = 'names'`),
    );
    expect(tables).toEqual([{ schemaname: SCHEMA }]);
  });

  it('field F: a user who may only write rows is enough for a schema that is complete', async () => {
    await opened(urlFor('owner'), async (dataSource) => {
      await dataSource.query(`GRANT USAGE ON SCHEMA ${SCHEMA} TO worker`);
      await dataSource.query('GRANT SELECT, INSERT ON names TO worker');
      await dataSource.query('GRANT SELECT ON migrations TO worker');
    });
    await opened(urlFor('worker'), (dataSource) => dataSource.query(`INSERT INTO names VALUES ('by worker')`));
    expect(await refusal(opened(urlFor('worker'), async () => undefined, NEW))).toMatch(
      /^StartupError: the database at .* cannot be used: it refuses the login or the rights of this role: /,
    );
  });

  it.each([{ options: '-c search_path=public' }, { options: '-csearch_path=pg_catalog -c statement_timeout=7d' }])(
    'field F: tables are found in its own schema with ?options=%j',
    async (parameters) => {
      const [row] = await opened(urlFor('owner', parameters), (dataSource) =>
        dataSource.query(`SELECT current_schema() AS schema, to_regclass('names')::text AS names`),
      );
      expect(row).toEqual({ schema: SCHEMA, names: 'names' });
    },
  );

  it('field F: settings of the server, the database and the user do not matter', async () => {
    await postgres.run(
      `ALTER ROLE owner SET timezone = 'Asia/Tokyo'`,
      `ALTER ROLE owner SET default_transaction_isolation = 'serializable'`,
      `ALTER ROLE owner SET datestyle = 'German'`,
      `ALTER ROLE owner SET synchronous_commit = off`,
      `ALTER ROLE owner SET search_path = public`,
    );
    const [row] = await opened(urlFor('owner'), (dataSource) =>
      dataSource.query(`SELECT current_setting('timezone') AS zone, current_setting('transaction_isolation') AS isolation,
        current_setting('datestyle') AS datestyle, current_setting('synchronous_commit') AS commits, current_schema() AS schema`),
    );
    expect(row).toEqual({
      zone: 'UTC',
      isolation: 'read committed',
      datestyle: 'ISO, MDY',
      commits: 'on',
      schema: SCHEMA,
    });
  });

  it.each([
    ['disable', {}, false],
    ['allow', {}, false],
    ['prefer', {}, true],
    ['require', {}, true],
    ['verify-ca', { sslrootcert: 'ca.crt' }, true],
    ['verify-full', { sslrootcert: 'ca.crt' }, true],
  ])('field F: sslmode=%s with %j', async (sslmode, files: Record<string, string>, encrypted) => {
    const paths = Object.entries(files).map(([name, file]) => [name, join(certificates, file)]);
    const url = new URL(urlFor('owner', { sslmode, ...(Object.fromEntries(paths) as Record<string, string>) }));
    url.hostname = 'localhost';
    expect(await opened(url.href, isEncrypted)).toBe(encrypted);
  });

  it('field F: verify-full refuses the certificate of another host, and one of another authority', async () => {
    const other = { sslmode: 'verify-full', sslrootcert: join(certificates, 'ca.crt') };
    expect(await refusal(opened(urlFor('owner', other), isEncrypted))).toMatch(/^StartupError: .*altnames/);
    const strange = { sslmode: 'verify-ca', sslrootcert: join(certificates, 'server.crt') };
    expect(await refusal(opened(urlFor('owner', strange), isEncrypted))).toMatch(/^StartupError: .*certificate/);
  });

  it.each([
    [`postgres://owner:${PASSWORD}@127.0.0.1:99999/x`, /^StartupError: DATABASE_URL has a port/],
    [
      `postgres://owner:${PASSWORD}@127.0.0.1:5/x?sslmode=sometimes`,
      /^StartupError: DATABASE_URL sslmode must be one of/,
    ],
    [`postgres://owner:${PASSWORD}@127.0.0.1:5/x?sslmode=verify-full&sslrootcert=/nowhere`, /cannot be read: ENOENT/],
    [`postgres://owner:${PASSWORD}@127.0.0.1:5/x?nonsense=1`, /^StartupError: DATABASE_URL /],
    [`postgres://owner:${PASSWORD}%zz@127.0.0.1:5/x`, /^StartupError: DATABASE_URL /],
    [`host=127.0.0.1 password='${PASSWORD}`, /^StartupError: DATABASE_URL /],
  ])('field F: a wrong URL is one line without its secret: %#', async (url, line) => {
    expect(await refusal(opened(url, isEncrypted))).toMatch(line);
  });

  it('field F: a wrong password, and a database that is missing, are one line at once', async () => {
    const wrong = new URL(urlFor('owner'));
    wrong.password = 'something-else';
    expect(await refusal(opened(wrong.href, isEncrypted))).toMatch(/refuses the login or the rights of this role/);
    const missing = new URL(urlFor('owner'));
    missing.pathname = '/missing';
    expect(await refusal(opened(missing.href, isEncrypted))).toMatch(/cannot be used: .*"missing" does not exist/);
  });
});

describe('Migrations as a step of their own', () => {
  const migrate = (isDryRun: boolean, migrations = NEW): ReturnType<typeof migrateSchema> =>
    migrateSchema({ entities: [], migrations }, settingsFor(urlFor('owner')), { isDryRun, warn: () => undefined });
  const start = (migrations: typeof NEW): Promise<DataSource> =>
    openDatabase({ settings: settingsFor(urlFor('owner'), { migrate: false }), entities: [], migrations });

  it('field S: a role that may not migrate refuses an older schema; the step migrates it; an older version refuses it', async () => {
    await migrate(false, OLD);
    expect(await refusal(start(NEW))).toBe(
      'StartupError: the schema kinds lacks 1 migrations, from AddColour1700000000100 on, and MIGRATE is false; ' +
        'run "npm run migrate" first (docs/operate.md)',
    );
    expect(await migrate(true)).toEqual({ done: ['CreateNames1700000000000'], pending: ['AddColour1700000000100'] });
    expect(await migrate(false)).toMatchObject({ pending: ['AddColour1700000000100'] });
    expect(await migrate(true)).toMatchObject({ pending: [] });
    const dataSource = await start(NEW);
    expect(await dataSource.query('SELECT count(colour)::int AS count FROM names')).toEqual([{ count: 0 }]);
    await dataSource.destroy();
    expect(await refusal(start(OLD))).toMatch(
      /^StartupError: the schema kinds is newer than this version, .*AddColour1700000000100/,
    );
    expect(await refusal(migrate(false, OLD))).toMatch(/^StartupError: the schema kinds is newer than this version/);
  });
});

const PGBOUNCER = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path));

describe('PgBouncer', () => {
  async function throughPooler<T>(mode: string, work: (url: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), 'level-one-pgbouncer-'));
    const port = await freePort();
    const server = new URL(postgres.url);
    const config = join(folder, 'pgbouncer.ini');
    const text = `[databases]\nlevel_one = host=127.0.0.1 port=${server.port} user=owner password=${PASSWORD}`;
    const rest = `[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = any\npool_mode = ${mode}`;
    await writeFile(config, `${text}\n${rest}\n`);
    await chmod(folder, 0o755);
    const { uid, gid } = { uid: 65_534, gid: 65_534 };
    const isRoot = process.getuid?.() === 0;
    const child = spawn(PGBOUNCER!, [config], { stdio: 'ignore', ...(isRoot && { uid, gid }) });
    const url = new URL(urlFor('owner', { sslmode: 'disable' }));
    url.port = String(port);
    try {
      await eventually(async () => expect(child.exitCode).toBe(null));
      return await work(url.href);
    } finally {
      child.kill('SIGKILL');
      await rm(folder, { recursive: true });
    }
  }

  const open = (databaseUrl: string): Promise<DataSource> =>
    openDatabase({ settings: settingsFor(databaseUrl, { databaseWaitS: 30 }), entities: [], migrations: NEW });

  it('field F: works in session mode, and is refused in transaction mode in one line', async () => {
    if (!PGBOUNCER) {
      process.stdout.write('skipped: PgBouncer is not installed\n');
      return;
    }
    await throughPooler('session', async (url) => {
      const dataSource = await open(url);
      expect(await dataSource.query('SELECT current_schema() AS schema')).toEqual([{ schema: SCHEMA }]);
      await dataSource.destroy();
    });
    await throughPooler('transaction', async (url) => {
      expect(await refusal(open(url))).toMatch(
        /^StartupError: .* is a pooler that changes the connection after each transaction/,
      );
    });
  });
});
