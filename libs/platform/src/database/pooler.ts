import { accessOf, DatabaseClient } from '@level-one/work';
import type { DataSource } from 'typeorm';
import { StartupError } from '../settings/settings.js';

/** Rounds of the check: a pooler that others use too may give the same connection by chance. */
const ROUNDS = 3;

/**
 * Refuses a pooler that gives each transaction another connection of the database: notifications (`LISTEN`), settings
 * of a session and prepared statements would be lost without an error. Poolers that give a connection for a session
 * work.
 *
 * @throws StartupError
 */
export async function refuseTransactionPooler(dataSource: DataSource): Promise<void> {
  const access = accessOf(dataSource);
  const first = new DatabaseClient({ access });
  const second = new DatabaseClient({ access });
  try {
    await first.connect();
    // A server itself tells its clients the number of the process that serves them.
    const number = await processOf(first);
    if (number === (first as unknown as { processID: number | null }).processID) return;
    await second.connect();
    for (let round = 0; round < ROUNDS; round += 1) {
      await second.query('BEGIN');
      const other = await processOf(second);
      const same = await processOf(first);
      await second.query('COMMIT');
      if (other === number || same !== number) throw poolerRefused(access.target.shown);
    }
  } finally {
    for (const client of [first, second]) client.end().catch(() => undefined);
  }
}

async function processOf(client: DatabaseClient): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]!.pid;
}

function poolerRefused(shown: string): StartupError {
  return new StartupError(
    `${shown} is a pooler that changes the connection after each transaction, which loses notifications and settings; ` +
      'use its session mode (PgBouncer: pool_mode=session) or connect to the database itself',
  );
}
