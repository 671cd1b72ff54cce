import { DATABASE_CONNECT_TIMEOUT_MS } from '@level-one/work';
import pg from 'pg';
import type { DataSource } from 'typeorm';

/** Number of connections for replays. */
export const REPLAY_CONNECTIONS = 2;
/** Server parameters that force reading by index, whatever the statistics of the tables say. */
const PARAMETERS = {
  statement_timeout: '10s',
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
  private readonly pool: pg.Pool;

  constructor(dataSource: DataSource) {
    // The pool of the DataSource has the connection string, and the schema of this role.
    const { options } = (dataSource.driver as unknown as { master: pg.Pool }).master;
    const parameters = Object.entries(PARAMETERS).map(([name, value]) => `-c ${name}=${value}`);
    this.pool = new pg.Pool({
      connectionString: options.connectionString,
      options: [options.options, ...parameters].filter(Boolean).join(' '),
      connectionTimeoutMillis: DATABASE_CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_MS,
      max: REPLAY_CONNECTIONS,
    });
    // A lost connection is reported by the query that fails.
    this.pool.on('connect', (client) => client.on('error', () => undefined));
    this.pool.on('error', () => undefined);
  }

  async query<T>(sql: string, values: unknown[]): Promise<T[]> {
    return (await this.pool.query(sql, values)).rows as T[];
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
