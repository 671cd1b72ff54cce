import pg from 'pg';
import type { DataSource } from 'typeorm';

/** A text may hold several statements; with values it is one, prepared once under its name. */
export type Statement = string | { name: string; text: string; values: unknown[] };

/** A busy server may take its time over a new connection. */
export const DATABASE_CONNECT_TIMEOUT_MS = 10_000;
/** A server that went silent is left; what it was asked to do is then unknown. */
const ANSWER_TIMEOUT_MS = 30_000;

/** One connection, from connect to loss. */
export interface DatabaseSession {
  /**
   * Sends statements together, without waiting for one answer before the next statement, and resolves to the rows of
   * each (of a text with several: of its last).
   *
   * @throws the first error; where it was inside a transaction, the database refuses everything up to its end.
   */
  send(...statements: Statement[]): Promise<unknown[][]>;
}

/**
 * A connection of its own to a role's database, beside the pool: for work that is sent in one go instead of statement
 * by statement. It is opened when it is needed, and again after it was lost; a session never outlives its connection.
 */
export class DatabaseConnection {
  private current: Promise<PipelinedSession> | undefined;
  private isClosed = false;

  constructor(
    private readonly dataSource: DataSource,
    /** Run-time parameters of the server for this connection, for example `lock_timeout`. */
    private readonly parameters: Readonly<Record<string, string>> = {},
  ) {}

  /** The open session, or a new one. @throws Error when the database cannot be reached. */
  async session(): Promise<DatabaseSession> {
    if (this.isClosed) throw new Error('The connection was closed');
    const known = await this.current?.catch(() => undefined);
    if (known?.isUsable) return known;
    this.current = PipelinedSession.open(this.clientOptions());
    return this.current;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await (await this.current?.catch(() => undefined))?.close();
  }

  private clientOptions(): pg.ClientConfig {
    // The pool of the DataSource knows how to reach the database, and the schema of this role.
    const { options } = (this.dataSource.driver as unknown as { master: pg.Pool }).master;
    const parameters = Object.entries(this.parameters).map(([name, value]) => `-c ${name}=${value}`);
    return {
      connectionString: options.connectionString,
      options: [options.options, ...parameters].filter(Boolean).join(' '),
      connectionTimeoutMillis: DATABASE_CONNECT_TIMEOUT_MS,
      query_timeout: ANSWER_TIMEOUT_MS,
      keepAlive: true,
    };
  }
}

type QueryResult = pg.QueryResult<Record<string, unknown>> | pg.QueryResult<Record<string, unknown>>[];
/** The socket below a client; corking it puts what several statements send into one packet. */
type Corkable = pg.Client & { connection: { stream: { cork(): void; uncork(): void } } };

class PipelinedSession implements DatabaseSession {
  isUsable = true;

  private constructor(private readonly client: Corkable) {}

  static async open(options: pg.ClientConfig): Promise<PipelinedSession> {
    const client = new pg.Client({ ...options, pipeline: true }) as Corkable;
    const session = new PipelinedSession(client);
    // Whoever uses it learns of its end from the query that fails.
    client.on('error', () => (session.isUsable = false));
    client.on('end', () => (session.isUsable = false));
    await client.connect();
    return session;
  }

  async send(...statements: Statement[]): Promise<unknown[][]> {
    const { stream } = this.client.connection;
    stream.cork();
    const answers = statements.map((statement) => this.client.query(statement as pg.QueryConfig));
    stream.uncork();
    const outcomes = await Promise.allSettled(answers as Promise<QueryResult>[]);
    return outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      const results = [outcome.value].flat();
      return results.at(-1)?.rows ?? [];
    });
  }

  async close(): Promise<void> {
    this.isUsable = false;
    await this.client.end().catch(() => undefined);
  }
}
