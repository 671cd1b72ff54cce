import { DATABASE_CONNECT_TIMEOUT_MS } from '@level-one/platform';
import pg from 'pg';
import type { DataSource } from 'typeorm';

/** Connections for what subscribers missed, beside those of requests. */
export const REPLAY_CONNECTIONS = 2;
/** Few rows by an index, and never a table, whatever the server knows of its size. */
const PARAMETERS = {
  statement_timeout: '10s',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};
const IDLE_MS = 10_000;

/** Reads what subscribers missed; requests do not wait behind it. */
export class ReplayPool {
  private readonly pool: pg.Pool;

  constructor(dataSource: DataSource) {
    // The pool of the DataSource knows how to reach the database, and the schema of this role.
    const { options } = (dataSource.driver as unknown as { master: pg.Pool }).master;
    const parameters = Object.entries(PARAMETERS).map(([name, value]) => `-c ${name}=${value}`);
    this.pool = new pg.Pool({
      connectionString: options.connectionString,
      options: [options.options, ...parameters].filter(Boolean).join(' '),
      connectionTimeoutMillis: DATABASE_CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_MS,
      max: REPLAY_CONNECTIONS,
    });
    // The query that fails tells of a connection that is lost.
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
