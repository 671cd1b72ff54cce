import { accessOf, DatabaseClient } from '@level-one/work';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DataSource, MigrationExecutor, type QueryRunner } from 'typeorm';
import { StartupError } from '../settings/settings.js';

/** First key of the advisory locks of migrations (any fixed number); the second one is made of the schema's name. */
const MIGRATION_LOCK = 4_711_002;
const POLL_MS = 200;
/** Longest time for one statement of a migration. */
const STATEMENT_TIMEOUT_MS = 60 * 60 * 1_000;

/** Migrations of a schema, by name and in order. */
export interface SchemaState {
  /** Those that it has. */
  done: readonly string[];
  /** Those that it still needs. */
  pending: readonly string[];
}

export interface MigrationTimes {
  /** How long another process that migrates the same schema is waited for, in ms. */
  lockWaitMs: number;
}

type Query = (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

function schemaOf(dataSource: DataSource): string {
  return accessOf(dataSource).schema;
}

function namesOf(dataSource: DataSource): string[] {
  return dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name);
}

/** Reads which migrations a schema has. @throws StartupError if it has some that this version does not know */
export async function readSchemaState(dataSource: DataSource): Promise<SchemaState> {
  const schema = schemaOf(dataSource);
  const known = namesOf(dataSource);
  const [table]: { exists: boolean }[] = await dataSource.query(
    `SELECT to_regclass(format('%I.migrations', $1::text)) IS NOT NULL AS exists`,
    [schema],
  );
  const rows: { name: string }[] = table?.exists
    ? await dataSource.query(`SELECT name FROM "${schema}".migrations ORDER BY id`)
    : [];
  const done = rows.map(({ name }) => name);
  assertMigrationsKnown(done, new Set(known), {
    what: `the schema ${schema} is newer than this version, or belongs to another role`,
    advice: 'start the version that made it, or go back as docs/operate.md says',
  });
  return { done, pending: known.filter((name) => !done.includes(name)) };
}

/** @throws StartupError with one line, `what` and `advice` in it, if this version does not know one of the migrations */
export function assertMigrationsKnown(
  names: readonly string[],
  known: ReadonlySet<string>,
  { what, advice }: { what: string; advice: string },
): void {
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  throw new StartupError(`${what}: it has ${unknown.join(', ')}, which this version does not know; ${advice}`);
}

/** @throws StartupError if the schema lacks a migration */
export function assertComplete(dataSource: DataSource, { pending }: SchemaState): void {
  if (pending.length === 0) return;
  throw new StartupError(
    `the schema ${schemaOf(dataSource)} lacks ${pending.length} migrations, from ${pending[0]} on, and MIGRATE is false; ` +
      'run "npm run migrate" first (docs/operate.md)',
  );
}

/**
 * Creates the schema if it is missing. The right to create one is needed only then.
 *
 * @throws StartupError if another process keeps the lock of its migrations
 */
export async function createSchema(dataSource: DataSource, times: MigrationTimes): Promise<void> {
  const access = accessOf(dataSource);
  const client = new DatabaseClient({
    access,
    applicationName: lockName(access.schema),
    session: holderSettings(times),
  });
  await client.connect();
  try {
    const query: Query = async (sql, values) => (await client.query(sql, values)).rows as Record<string, unknown>[];
    const [found] = await query('SELECT FROM pg_namespace WHERE nspname = $1', [access.schema]);
    if (found) return;
    await query('BEGIN');
    await takeLock(query, access.schema, times);
    await query(`CREATE SCHEMA IF NOT EXISTS "${access.schema}"`);
    await query('COMMIT');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Runs the migrations that a schema lacks, in one transaction that holds a lock. A process that stops in the middle
 * loses the lock after half of the time that others wait for it.
 *
 * @returns their names
 * @throws StartupError if another process keeps the lock
 */
export async function runMigrations(dataSource: DataSource, times: MigrationTimes): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  const client = (await runner.connect()) as DatabaseClient;
  try {
    client.waitAtMost(STATEMENT_TIMEOUT_MS);
    await runner.startTransaction();
    for (const [name, value] of Object.entries(holderSettings(times)))
      await runner.query(`SET LOCAL ${name} = ${value}`);
    await runner.query(`SET LOCAL application_name = '${lockName(schemaOf(dataSource))}'`);
    const query: Query = (sql, values) => runner.query(sql, values) as Promise<Record<string, unknown>[]>;
    await takeLock(query, schemaOf(dataSource), times);
    const done = await executePending(dataSource, runner);
    await runner.commitTransaction();
    return done;
  } catch (error) {
    if (runner.isTransactionActive) await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    client.waitAtMost(client.access.answerTimeoutMs);
    await runner.release();
  }
}

async function executePending(dataSource: DataSource, runner: QueryRunner): Promise<string[]> {
  const executor = new MigrationExecutor(dataSource, runner);
  executor.transaction = 'all';
  return (await executor.executePendingMigrations()).map(({ name }) => name);
}

function holderSettings({ lockWaitMs }: MigrationTimes): Record<string, string> {
  return {
    statement_timeout: String(STATEMENT_TIMEOUT_MS),
    idle_in_transaction_session_timeout: String(Math.max(1, Math.round(lockWaitMs / 2))),
  };
}

/** Name of a connection that migrates, by which others name it. */
function lockName(schema: string): string {
  return `level-one migrates ${schema}`.slice(0, 63);
}

async function takeLock(query: Query, schema: string, { lockWaitMs }: MigrationTimes): Promise<void> {
  const deadline = performance.now() + lockWaitMs;
  for (;;) {
    const [row] = await query('SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS taken', [MIGRATION_LOCK, schema]);
    if (row?.['taken']) return;
    if (performance.now() > deadline) throw await lockedBy(query, schema, lockWaitMs);
    await sleep(POLL_MS);
  }
}

async function lockedBy(query: Query, schema: string, lockWaitMs: number): Promise<StartupError> {
  const [holder] = await query(
    `SELECT pid, application_name AS name, host(client_addr) AS address, to_char(backend_start, 'HH24:MI:SS') AS since
     FROM pg_locks JOIN pg_stat_activity USING (pid)
     WHERE locktype = 'advisory' AND granted AND classid = $1 AND objid::bigint = hashtext($2)::bigint & 4294967295`,
    [MIGRATION_LOCK, schema],
  );
  const who = holder
    ? `"${String(holder['name'])}" (process ${String(holder['pid'])} of the database, from ` +
      `${String(holder['address'] ?? 'a Unix socket')}, since ${String(holder['since'])} UTC); end it with ` +
      `SELECT pg_terminate_backend(${String(holder['pid'])})`
    : 'another process; try again';
  return new StartupError(
    `the lock on migrations of schema ${schema} was not free within ${Math.ceil(lockWaitMs / 1_000)} s: held by ${who}`,
  );
}
