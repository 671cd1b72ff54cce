import pg from 'pg';
import type { DataSource } from 'typeorm';
import { KnownColumns, PreparedQuery, type PreparedStatement } from './prepared-query.js';

/** SQL to send. A text may hold several statements; an object is one statement, prepared once under its name. */
export type Statement = string | PreparedStatement;

/** Time to open a connection; a busy server is slow. */
export const DATABASE_CONNECT_TIMEOUT_MS = 10_000;
/** Time to wait for an answer; then the connection is closed, and the effect of what was sent is unknown. */
const ANSWER_TIMEOUT_MS = 30_000;

/** One open connection. */
export interface DatabaseSession {
  /**
   * Sends statements together and resolves to the rows of each (of a text with several statements: of its last).
   *
   * @throws Error the first error. Inside a transaction, the database then refuses all further statements until its
   * end.
   */
  send(...statements: Statement[]): Promise<unknown[][]>;
}

/**
 * A connection to a role's database outside the pool, for work that is sent at once instead of statement by statement.
 * It is opened on demand, and again after it is lost. A session ends with its connection.
 */
export class DatabaseConnection {
  private current: Promise<PipelinedSession> | undefined;
  private isClosed = false;

  constructor(
    private readonly dataSource: DataSource,
    /** Run-time parameters of the server for this connection, for example `lock_timeout`. */
    private readonly parameters: Readonly<Record<string, string>> = {},
  ) {}

  /** The open session, or a new one. @throws Error if the database cannot be reached. */
  async openSession(): Promise<DatabaseSession> {
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
    // The pool of the DataSource has the connection string, and the schema of this role.
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
/** The socket of a client. Corking it sends several statements in one packet. */
type Corkable = pg.Client & { connection: { stream: { cork(): void; uncork(): void } } };

class PipelinedSession implements DatabaseSession {
  isUsable = true;
  private readonly columns = new KnownColumns();

  private constructor(private readonly client: Corkable) {}

  static async open(options: pg.ClientConfig): Promise<PipelinedSession> {
    const client = new pg.Client({ ...options, pipeline: true }) as Corkable;
    const session = new PipelinedSession(client);
    // A lost connection is reported by the query that fails.
    client.on('error', () => (session.isUsable = false));
    client.on('end', () => (session.isUsable = false));
    await client.connect();
    return session;
  }

  async send(...statements: Statement[]): Promise<unknown[][]> {
    const [first] = statements;
    if (statements.length === 1 && first) return [await this.answerOf(first)];
    const { stream } = this.client.connection;
    stream.cork();
    const answers = statements.map((statement) => this.answerOf(statement));
    stream.uncork();
    const outcomes = await Promise.allSettled(answers);
    return outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }

  private async answerOf(statement: Statement): Promise<unknown[]> {
    if (typeof statement !== 'string') return this.answerOfPrepared(statement);
    const results = [(await this.client.query(statement)) as QueryResult].flat();
    return results.at(-1)?.rows ?? [];
  }

  private answerOfPrepared(statement: PreparedStatement): Promise<unknown[]> {
    const answer = new Promise<unknown[]>((resolve, reject) => {
      const query = new PreparedQuery(statement, this.columns, (error, result) =>
        error ? reject(error) : resolve(result.rows),
      );
      this.client.query(query as unknown as pg.Submittable);
    });
    return answer.catch((error: Error) => {
      // As the driver does: the stack of who sent the statement, not that of who reads the socket.
      Error.captureStackTrace(error);
      throw error;
    });
  }

  async close(): Promise<void> {
    this.isUsable = false;
    await this.client.end().catch(() => undefined);
  }
}
