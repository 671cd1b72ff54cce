import { describe, expect, it } from '@jest/globals';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
