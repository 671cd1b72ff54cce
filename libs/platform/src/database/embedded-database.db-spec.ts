import { describe, expect, it } from '@jest/globals';
import { eventually, freePort } from '@level-one/testing';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { StartupError } from '../settings/settings.js';
import { startEmbeddedDatabase } from './embedded-database.js';
import { assertPlainFolder } from './embedded-programs.js';

describe('field M, S: the embedded PostgreSQL says in one line what to do', () => {
  it('about data of another main version', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'level-one-'));
    // Also the database's own user may enter it.
    await chmod(folder, 0o755);
    const dataDir = join(folder, 'data');
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'PG_VERSION'), '14\n');
    await expect(startEmbeddedDatabase({ dataDir, port: 1 })).rejects.toThrow(
      /^the data in \S+ was made by PostgreSQL 14, and the embedded one is version \d+; start .*$/,
    );
    await rm(folder, { recursive: true });
  });

  it.each(['/home/a$b', '/home/a"b', '/home/a`b', '/home/a\nb'])(
    'about a folder that a shell misreads: %j',
    (folder) => {
      expect(() => assertPlainFolder(folder)).toThrow(StartupError);
    },
  );

  it.each(["/home/O'Neil/a b#c%20?&é", '/opt/(level) [one];'])('and nothing about %s', (folder) => {
    expect(() => assertPlainFolder(folder)).not.toThrow();
  });
});

describe('field N: the embedded PostgreSQL', () => {
  it('that ends by itself, as on a full disk, is started again until it is stopped', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'level-one-'));
    await chmod(folder, 0o755);
    const dataDir = join(folder, 'data');
    const lines: string[] = [];
    const database = await startEmbeddedDatabase({
      dataDir,
      port: await freePort(),
      isThrowAway: true,
      tellRestart: (line) => lines.push(line),
    });
    const ask = async (): Promise<unknown> => {
      const client = new pg.Client({ connectionString: database.url });
      client.on('error', () => undefined);
      await client.connect();
      return (await client.query('SELECT 1 AS one').finally(() => client.end())).rows;
    };
    try {
      process.kill(Number((await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n')[0]), 'SIGKILL');
      await eventually(async () => expect(lines.at(-1)).toBe('the embedded PostgreSQL runs again'), {
        timeoutMs: 60_000,
      });
      expect(lines).toEqual([
        'the embedded PostgreSQL has ended; it is started again',
        'the embedded PostgreSQL runs again',
      ]);
      expect(await ask()).toEqual([{ one: 1 }]);
    } finally {
      await database.stop();
    }
    await expect(ask()).rejects.toThrow(/ECONNREFUSED/);
    await rm(folder, { recursive: true });
  });
});
