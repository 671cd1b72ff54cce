import { accessOf, DatabasePool } from '@level-one/work';
import type { DataSource } from 'typeorm';

/** Number of connections for replays. */
export const REPLAY_CONNECTIONS = 2;
/** Server parameters that force reading by index, whatever the statistics of the tables say. */
const PARAMETERS = {
  statement_timeout: `'9s'`,
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};
const IDLE_MS = 10_000;

/**
 * Connections that read events for subscribers that missed them. They are separate, so that requests do not wait for
 * replays.
 */
export class ReplayPool {
  private readonly pool: DatabasePool;

  constructor(dataSource: DataSource) {
    this.pool = new DatabasePool({
      access: accessOf(dataSource),
      session: PARAMETERS,
      idleTimeoutMillis: IDLE_MS,
      max: REPLAY_CONNECTIONS,
    });
  }

  async query<T>(sql: string, values: unknown[]): Promise<T[]> {
    return (await this.pool.query(sql, values)).rows as T[];
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
