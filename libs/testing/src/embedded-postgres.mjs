import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedDatabase } from '../../../dist/libs/platform/src/index.js';

/** A TCP port that nobody listens on at this moment. */
async function findFreePort() {
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
 * Resolves to its URL and a function that stops it and deletes the folder.
 */
export async function startThrowAwayPostgres() {
  const folder = await mkdtemp(join(tmpdir(), 'level-one-test-postgres-'));
  const deleteFolder = () => rm(folder, { recursive: true, force: true });
  try {
    // The database's user has to enter it.
    await chmod(folder, 0o755);
    const dataDir = join(folder, 'data');
    const database = await startEmbeddedDatabase({ dataDir, port: await findFreePort(), isThrowAway: true });
    return {
      url: database.url,
      stop: async () => {
        await database.stop();
        await deleteFolder();
      },
    };
  } catch (error) {
    await deleteFolder();
    throw error;
  }
}
