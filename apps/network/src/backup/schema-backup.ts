import { accessFor, StartupError } from '@level-one/platform';
import { DatabaseClient } from '@level-one/work';
import { type BackupLine, FORMAT } from './backup-file.js';
import type { Queries } from './queries.js';
import { quoted, readDefinition } from './schema-definition.js';

/** Rows that are read or written at a time. */
const ROWS_AT_ONCE = 500;
/** Longest time for one statement, for example a new index on a large table. */
const STATEMENT_TIMEOUT_MS = 6 * 60 * 60 * 1_000;

/** Texts of values that do not depend on the settings of a server. */
const SESSION = `
  SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL IntervalStyle = 'postgres';
  SET LOCAL bytea_output = 'hex'; SET LOCAL extra_float_digits = 1; SET LOCAL check_function_bodies = off;
  SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL lock_timeout = '30s'`;

/** Reads a schema as it is at one moment, while its role runs. @throws StartupError if there is no such schema */
export async function* backUpSchema(databaseUrl: string, schema: string): AsyncGenerator<BackupLine> {
  const client = await connect(databaseUrl, schema);
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const database = await inSchema(client, schema);
    const [found] = await database.query<{ at: string; server: string }>(
      `SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS at,
         current_setting('server_version') AS server
       FROM pg_namespace WHERE nspname = $1`,
      [schema],
    );
    if (!found) throw new StartupError(`there is no schema ${schema}`);
    const { before, tables, after, sequences } = await readDefinition(database, schema);
    yield { format: FORMAT, schema, takenAt: found.at, server: found.server };
    for (const sql of before) yield { sql };
    let count = 0;
    for (const table of tables) {
      yield { table: table.name, columns: table.columns };
      for await (const rows of rowsOf(database, table.name, table.columns)) {
        count += rows.length;
        yield { rows };
      }
    }
    for (const sequence of sequences) {
      const [state] = await database.query<{ value: string; isCalled: boolean }>(
        `SELECT last_value::text AS value, is_called AS "isCalled" FROM ${quoted(sequence)}`,
      );
      yield { sequence, ...state! };
    }
    for (const sql of after) yield { sql };
    yield { end: true, rowCount: count };
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

/** Rows in the order of the primary key, so that the same rows give the same file. */
async function* rowsOf(
  database: Queries,
  table: string,
  columns: readonly { name: string }[],
): AsyncGenerator<(string | null)[][]> {
  const texts = columns.map(({ name }) => `${quoted(name)}::text`).join(', ');
  const [key] = await database.query<{ columns: string | null }>(
    `SELECT string_agg(quote_ident(attname), ', ' ORDER BY array_position(conkey, attnum)) AS columns
     FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY(conkey)
     WHERE conrelid = $1::regclass AND contype = 'p'`,
    [quoted(table)],
  );
  const orderBy = key?.columns ? ` ORDER BY ${key.columns}` : '';
  await database.query(
    `DECLARE backup_rows NO SCROLL CURSOR FOR SELECT ARRAY[${texts}] AS row FROM ${quoted(table)}${orderBy}`,
  );
  for (;;) {
    const rows = await database.query<{ row: (string | null)[] }>(`FETCH ${ROWS_AT_ONCE} FROM backup_rows`);
    if (rows.length > 0) yield rows.map(({ row }) => row);
    if (rows.length < ROWS_AT_ONCE) break;
  }
  await database.query('CLOSE backup_rows');
}

/** Table with the names of the migrations that a schema has. */
const MIGRATIONS = 'migrations';

/**
 * Brings a backup back into a schema that is missing or empty, all or nothing.
 *
 * @param assertUsable throws for the names of migrations that the version that restores does not know
 * @returns the number of rows
 * @throws StartupError if the schema has anything in it
 */
export async function restoreSchema(
  databaseUrl: string,
  schema: string,
  lines: AsyncIterable<BackupLine>,
  assertUsable: (migrations: readonly string[]) => void = () => undefined,
): Promise<number> {
  const client = await connect(databaseUrl, schema);
  try {
    await client.query('BEGIN');
    await createEmpty(client, schema);
    const rows = await write(await inSchema(client, schema), lines, assertUsable);
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    await client.end();
  }
}

async function write(
  database: Queries,
  lines: AsyncIterable<BackupLine>,
  assertUsable: (migrations: readonly string[]) => void,
): Promise<number> {
  let insert = '';
  /** Where the name of a migration is in a row; -1 in other tables. */
  let migration = -1;
  let count = 0;
  for await (const line of lines) {
    if ('sql' in line) await database.query(line.sql);
    else if ('table' in line) {
      insert = insertInto(line);
      migration = line.table === MIGRATIONS ? line.columns.findIndex(({ name }) => name === 'name') : -1;
    } else if ('rows' in line) {
      if (migration >= 0) assertUsable(line.rows.map((row) => row[migration] ?? ''));
      await database.query(insert, [JSON.stringify(line.rows)]);
      count += line.rows.length;
    } else if ('sequence' in line) {
      await database.query('SELECT setval($1::regclass, $2, $3)', [quoted(line.sequence), line.value, line.isCalled]);
    } else if ('end' in line && line.rowCount !== count) {
      throw new StartupError(`the backup says ${line.rowCount} rows and has ${count}`);
    }
  }
  return count;
}

function insertInto({ table, columns }: { table: string; columns: { name: string; type: string }[] }): string {
  const names = columns.map(({ name }) => quoted(name)).join(', ');
  const values = columns.map(({ type }, index) => `(row ->> ${index})::${type}`).join(', ');
  return `INSERT INTO ${quoted(table)} (${names}) OVERRIDING SYSTEM VALUE
    SELECT ${values} FROM json_array_elements($1::json) AS row`;
}

async function createEmpty(client: DatabaseClient, schema: string): Promise<void> {
  const { rows } = await client.query(
    `SELECT relname AS name FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace WHERE nspname = $1
     UNION ALL SELECT proname FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace WHERE nspname = $1
     LIMIT 1`,
    [schema],
  );
  if (rows.length > 0) {
    throw new StartupError(`schema ${schema} is not empty (${rows[0].name}); restore into a schema of another name`);
  }
  const known = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema]);
  if (known.rowCount === 0) await client.query(`CREATE SCHEMA ${quoted(schema)}`);
}

async function inSchema(client: DatabaseClient, schema: string): Promise<Queries> {
  await client.query(SESSION);
  await client.query(`SET LOCAL search_path = ${quoted(schema)}`);
  return { query: async (sql, values) => (await client.query(sql, values)).rows };
}

async function connect(databaseUrl: string, schema: string): Promise<DatabaseClient> {
  const access = accessFor({ databaseUrl, schema, answerTimeoutMs: STATEMENT_TIMEOUT_MS });
  const client = new DatabaseClient({ access, applicationName: 'level-one backup' });
  try {
    await client.connect();
  } catch (error) {
    throw new StartupError(`the database at ${access.target.shown} cannot be used: ${(error as Error).message}`);
  }
  return client;
}
