import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants, existsSync, readFileSync } from 'node:fs';
import { access, chmod, chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { platform, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { assertPortsFree } from '../settings/ports.js';
import { StartupError } from '../settings/settings.js';
import { assertVersion, type Binaries, cannotRun, findBinaries } from './embedded-programs.js';
import {
  type DatabaseOwner,
  type EmbeddedDatabaseOptions,
  EmbeddedServer,
  oneLine,
  STOP_TIMEOUT_MS,
} from './embedded-server.js';

/** Settings of a cluster that is set up to be thrown away: nobody guesses its password, and each connection hashes it. */
const THROW_AWAY_SETUP = ['--no-sync', '--set=scram_iterations=1'];
/** PostgreSQL refuses to run as root; it then runs as this user. */
const DATABASE_USER = 'postgres';

export interface EmbeddedDatabase {
  /** postgres:// URL of database `level_one`. */
  url: string;
  /** Stops the server by fast shutdown; the data stays. */
  stop(): Promise<void>;
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, DATABASE_USER], { stdio: ['ignore', 'pipe', 'ignore'] }));
}

/** Ids of the user that the database runs as, if the process is root. The user is created if missing. */
function databaseOwner(): DatabaseOwner {
  if (userInfo().uid !== 0) return {};
  try {
    return { uid: idOf('-u'), gid: idOf('-g') };
  } catch {
    try {
      execFileSync('useradd', ['--system', '--user-group', DATABASE_USER], { stdio: 'ignore' });
      return { uid: idOf('-u'), gid: idOf('-g') };
    } catch {
      throw new StartupError(
        `PostgreSQL cannot run as root, and its user '${DATABASE_USER}' could not be created; set DATABASE_URL`,
      );
    }
  }
}

/** The database's user must be able to enter the folders of the data and the programs. */
async function assertReachable(target: string, owner: DatabaseOwner): Promise<void> {
  if (owner.uid === undefined) return;
  const closed: string[] = [];
  let folder = target;
  do {
    folder = dirname(folder);
    const { mode, uid, gid } = await stat(folder);
    const bit = uid === owner.uid ? 0o100 : gid === owner.gid ? 0o010 : 0o001;
    if (!(mode & bit)) closed.unshift(folder);
  } while (folder !== dirname(folder));
  if (closed.length === 0) return;
  throw new StartupError(
    `the database's user '${DATABASE_USER}' cannot enter the folder ${closed.join(', nor ')}; ` +
      `put the checkout and DATA_DIR where it can, run as another user than root, or set DATABASE_URL`,
  );
}

/** URL of an existing database. @throws StartupError if it was never started. */
export async function embeddedDatabaseUrl({ dataDir, port }: EmbeddedDatabaseOptions): Promise<string> {
  if (!existsSync(join(dataDir, 'PG_VERSION'))) throw new StartupError(`there is no database in ${dataDir} yet`);
  return urlOf(await passwordOf(resolve(dataDir)), port, 'level_one');
}

function urlOf(password: string, port: number, database: string): string {
  return `postgres://${DATABASE_USER}:${password}@127.0.0.1:${port}/${database}`;
}

async function passwordOf(dataDir: string): Promise<string> {
  const file = `${dataDir}.password`;
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch {
    const password = randomBytes(18).toString('base64url');
    await writeFile(file, `${password}\n`, { mode: 0o600 });
    return password;
  }
}

interface NewCluster {
  dataDir: string;
  password: string;
  owner: DatabaseOwner;
  isThrowAway: boolean;
}

async function initialiseCluster(
  { initdb }: Binaries,
  { dataDir, password, owner, isThrowAway }: NewCluster,
): Promise<void> {
  const passwordFile = `${dataDir}.initial`;
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  if (owner.uid !== undefined) await chown(passwordFile, owner.uid, owner.gid!);
  try {
    const log: string[] = [];
    const child = spawn(
      initdb,
      [
        `--pgdata=${dataDir}`,
        `--username=${DATABASE_USER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        '--locale=C',
        ...(isThrowAway ? THROW_AWAY_SETUP : []),
      ],
      { ...owner, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    child.stderr.on('data', (chunk: Buffer) => log.push(String(chunk)));
    const code = await new Promise<number | null>((done, fail) => {
      child.once('error', (error) => fail(cannotRun(initdb, error)));
      child.once('close', done);
    });
    if (code !== 0) {
      await rm(dataDir, { recursive: true, force: true });
      throw new StartupError(`the embedded PostgreSQL could not be set up in ${dataDir}: ${oneLine(log)}`);
    }
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Stops a server that a killed network left running. Its port was checked to be free of other programs before. */
async function stopLeftover(dataDir: string): Promise<void> {
  const pidFile = join(dataDir, 'postmaster.pid');
  const pid = Number((await readFile(pidFile, 'utf8').catch(() => '')).split('\n')[0]);
  if (!pid || !isAlive(pid) || !isServerOf(pid, dataDir)) return;
  process.kill(pid, 'SIGINT');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(pid) && Date.now() < deadline) await delay(50);
}

/** Whether the process is the server of that folder, and not another one with a reused id. */
function isServerOf(pid: number, dataDir: string): boolean {
  try {
    const command =
      platform() === 'linux'
        ? readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        : execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes(dataDir);
  } catch {
    return false;
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, ms);
  });
}

async function createDatabase(serverUrl: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query(`SELECT 1 FROM pg_database WHERE datname = 'level_one'`);
    if (rowCount === 0) await client.query('CREATE DATABASE level_one');
  } finally {
    await client.end();
  }
}

async function assertWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch {
    throw new StartupError(`the folder ${folder} cannot be written; set DATA_DIR to one that can`);
  }
}

/**
 * Starts a PostgreSQL from node_modules on 127.0.0.1.
 * @throws StartupError with one line that says what to mend.
 */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions): Promise<EmbeddedDatabase> {
  const dataDir = resolve(options.dataDir);
  const programs = await findBinaries();
  const owner = databaseOwner();
  await assertWritable(dirname(dataDir));
  await assertReachable(dataDir, owner);
  await assertReachable(programs.postgres, owner);
  await mkdir(dataDir, { recursive: true });
  await chmod(dataDir, 0o700);
  if (owner.uid !== undefined) await chown(dataDir, owner.uid, owner.gid!);
  const password = await passwordOf(dataDir);
  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    await initialiseCluster(programs, { dataDir, password, owner, isThrowAway: options.isThrowAway ?? false });
  }
  await assertVersion(programs, dataDir);
  await stopLeftover(dataDir);
  await assertPortsFree([options.port], '127.0.0.1');
  const server = await EmbeddedServer.start(programs, { ...options, dataDir }, owner);
  try {
    await createDatabase(urlOf(password, options.port, 'postgres'));
  } catch (error) {
    await server.stop();
    throw new StartupError(`the embedded PostgreSQL in ${dataDir} cannot be used: ${(error as Error).message}`);
  }
  return { url: urlOf(password, options.port, 'level_one'), stop: () => server.stop() };
}
