import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { checkInvariants, LEDGER_ENTITIES, ledgerMigrations } from '@level-one/ledger';
import { openDatabase } from '@level-one/platform';
import { ADMIN, FULFILLMENT, openTestLedger, type TestLedger, transferRequest } from '@level-one/testing';
import { AccountType } from '@level-one/transfer';
import { assertOfThisVersion, knownMigrations } from '../migrate/known-migrations.js';
import { type BackupLine, readBackup, writeBackup } from './backup-file.js';
import { backUpSchema, restoreSchema } from './schema-backup.js';

const SCHEMA = 'test_ledger';

let test: TestLedger;
let url: string;
let folder: string;

beforeAll(async () => {
  test = await openTestLedger();
  url = test.databaseUrl;
  folder = await mkdtemp(join(tmpdir(), 'level-one-backup-'));
});

afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true });
});

async function pay(content = {}): Promise<string> {
  const request = transferRequest(content);
  await test.ledger.putTransfer(request, ADMIN);
  await test.ledger.fulfilTransfer(request.content.id, FULFILLMENT, ADMIN);
  return request.content.id;
}

async function backUp(name: string, schema = SCHEMA): Promise<string> {
  const path = join(folder, name);
  await writeBackup(path, backUpSchema(url, schema));
  return path;
}

/** Lines of a backup, without the first one; expressions without brackets, which PostgreSQL writes in two ways. */
async function linesOf(path: string): Promise<string[]> {
  const text = gunzipSync(await readFile(path)).toString('utf8');
  return text
    .split('\n')
    .slice(1)
    .map((line) => (line.startsWith('{"sql"') ? line.replaceAll(/[()]/g, '') : line));
}

/** Opens a restored ledger as its role does, which migrates and reads it. */
async function openRestored(schema: string) {
  return openDatabase({
    settings: { databaseUrl: url, databaseSchema: schema, databasePoolSize: 2 },
    entities: LEDGER_ENTITIES,
    migrations: ledgerMigrations(AccountType.MobileWallet),
  });
}

describe('a backup of a ledger', () => {
  it('brings back the same schema and the same rows, on which the role goes on', async () => {
    const memo = { text: `"quoted" \\ back, ü, 😀, \n line, \t tab`, deep: { a: [1, null] } };
    await pay({ creditMemo: memo, amount: 123n });
    await test.ledger.putTransfer(transferRequest({ amount: 7n }), ADMIN);
    const path = await backUp('one.gz');
    await restoreSchema(url, 'restored', readBackup(path));
    expect(await linesOf(await backUp('two.gz', 'restored'))).toEqual(await linesOf(path));

    const restored = await openRestored('restored');
    expect(await checkInvariants(restored)).toEqual([]);
    const { upQueries } = await restored.driver.createSchemaBuilder().log();
    expect(upQueries.map(({ query }) => query)).toEqual([]);
    await expect(restored.query('DELETE FROM entries')).rejects.toThrow(/what is booked stays booked/);
    const next = `INSERT INTO entries (transfer_id, account, amount, balance, booked_at)
      VALUES (gen_random_uuid(), 'x', 1, 1, now()) RETURNING id::int - (SELECT max(id) FROM entries)::int AS step`;
    expect(await restored.query(next)).toEqual([{ step: 1 }]);
    await restored.destroy();
  });

  it('is of one moment, also while payments are executed', async () => {
    const stop = { now: false };
    const paying = (async () => {
      while (!stop.now) await pay({ amount: 1n });
    })();
    const path = await backUp('busy.gz');
    stop.now = true;
    await paying;
    await restoreSchema(url, 'busy', readBackup(path));
    const restored = await openRestored('busy');
    expect(await checkInvariants(restored)).toEqual([]);
    await restored.destroy();
  });

  it('is not restored over anything', async () => {
    const path = await backUp('three.gz');
    await expect(restoreSchema(url, SCHEMA, readBackup(path))).rejects.toThrow(/is not empty/);
    await test.dataSource.query(
      'CREATE SCHEMA with_function; CREATE FUNCTION with_function.f() RETURNS int LANGUAGE sql AS $$SELECT 1$$',
    );
    await expect(restoreSchema(url, 'with_function', readBackup(path))).rejects.toThrow(/is not empty/);
    await test.dataSource.query('CREATE SCHEMA made_before');
    expect(await restoreSchema(url, 'made_before', readBackup(path))).toBeGreaterThan(0);
  });

  it('is restored as a whole or not at all', async () => {
    const path = await backUp('four.gz');
    async function* without(count: number): AsyncGenerator<BackupLine> {
      const lines: BackupLine[] = [];
      for await (const line of readBackup(path)) lines.push(line);
      yield* lines.slice(0, -count);
      throw new Error('cut');
    }
    await expect(restoreSchema(url, 'cut', without(1))).rejects.toThrow('cut');
    const [{ exists }] = await test.dataSource.query(`SELECT to_regnamespace('cut') IS NOT NULL AS exists`);
    expect(exists).toBe(false);
  });

  it('that is not whole, or none, is refused', async () => {
    const whole = await readFile(await backUp('five.gz'));
    for (const [name, bytes, reason] of [
      ['half.gz', whole.subarray(0, whole.length / 2), /is no backup|is not whole/],
      ['text.gz', Buffer.from('SELECT 1'), /is no backup/],
      ['empty.gz', Buffer.alloc(0), /is not whole|is no backup/],
    ] as const) {
      const path = join(folder, name);
      await writeFile(path, bytes);
      await expect(restoreSchema(url, 'refused', readBackup(path))).rejects.toThrow(reason);
    }
    await expect(restoreSchema(url, 'refused', readBackup(join(folder, 'missing.gz')))).rejects.toThrow(/missing\.gz/);
    await expect(writeBackup(join(folder, 'none.gz'), backUpSchema(url, 'no_such_schema'))).rejects.toThrow(
      /no schema/,
    );
    await expect(readFile(join(folder, 'none.gz'))).rejects.toThrow(/ENOENT/);
  });

  it('refuses a schema with objects that it would lose', async () => {
    await test.dataSource.query(`CREATE SCHEMA with_view; CREATE VIEW with_view.v AS SELECT 1 AS one`);
    await expect(writeBackup(join(folder, 'view.gz'), backUpSchema(url, 'with_view'))).rejects.toThrow(/relation v/);
  });

  it('field S: of a newer version is refused in one line, and nothing is restored', async () => {
    const known = knownMigrations();
    const lines: BackupLine[] = [];
    for await (const line of readBackup(await backUp('six.gz'))) lines.push(line);
    const restore = (schema: string, from: readonly BackupLine[]) =>
      restoreSchema(url, schema, Readable.from(from), (names) => assertOfThisVersion('six.gz', names, known));
    const at = lines.findIndex((line, index) => 'rows' in line && hasMigrations(lines[index - 1]!));
    const { rows } = lines[at] as { rows: (string | null)[][] };
    const newer = [...rows, rows.at(-1)!.with(rows.at(-1)!.length - 1, 'FromTheFuture1999999999999')];
    await expect(restore('newer', lines.with(at, { rows: newer }))).rejects.toThrow(
      /^six\.gz is of a newer version: it has FromTheFuture1999999999999, which .*$/,
    );
    const [{ exists }] = await test.dataSource.query(`SELECT to_regnamespace('newer') IS NOT NULL AS exists`);
    expect(exists).toBe(false);
    expect(await restore('same_version', lines)).toBeGreaterThan(0);
  });
});

function hasMigrations(line: BackupLine): boolean {
  return 'table' in line && line.table === 'migrations';
}
