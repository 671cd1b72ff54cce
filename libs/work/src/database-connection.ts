import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { accessOf, type DatabaseAccess, DatabaseClient, DatabaseTrouble, databaseTroubleIn } from './database/index.js';
import { KnownColumns, PreparedQuery, type PreparedStatement } from './prepared-query.js';

/** SQL to send. A text may hold several statements; an object is one statement, prepared once under its name. */
export type Statement = string | PreparedStatement;

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
  private opening: Promise<DatabaseSession> | undefined;
  private opened: PipelinedSession | undefined;
  private isClosed = false;

  private readonly access: DatabaseAccess;

  constructor(
    dataSource: DataSource,
    /** Further settings of its sessions, for example `lock_timeout`. */
    private readonly settings: Readonly<Record<string, string>> = {},
  ) {
    this.access = accessOf(dataSource);
  }

  /** Whether a session is open. */
  get isOpen(): boolean {
    return this.opened?.isUsable ?? false;
  }

  /**
   * The open session, or a new one; while the database has no connection left, in place of one of the pool's.
   *
   * @param mayWait false: it is refused at once then
   * @throws Error if the database cannot be reached
   */
  openSession(mayWait = true): Promise<DatabaseSession> {
    if (this.isClosed) return Promise.reject(new Error('The connection was closed'));
    if (this.opened?.isUsable) return Promise.resolve(this.opened);
    // Who asks while it is being opened gets the same one.
    this.opening ??= this.open(mayWait).finally(() => (this.opening = undefined));
    return this.opening;
  }

  private async open(mayWait: boolean): Promise<DatabaseSession> {
    const { access, settings } = this;
    const open = (): Promise<PipelinedSession> => PipelinedSession.open(access, settings);
    const session = await (mayWait ? access.whileFull(open, () => access.makeRoom()) : open());
    if (this.isClosed) void session.close();
    this.opened = session;
    return session;
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.opening?.catch(() => undefined);
    await this.opened?.close();
  }
}

type QueryResult = pg.QueryResult<Record<string, unknown>> | pg.QueryResult<Record<string, unknown>>[];
/** The socket of a client. Corking it sends several statements in one packet. */
type Corkable = pg.Client & { connection: { stream: { cork(): void; uncork(): void } } };

class PipelinedSession implements DatabaseSession {
  private isLost = false;
  /** The statement that was not answered in time, for which the connection is closed. */
  private unanswered: Error | undefined;
  private readonly columns = new KnownColumns();

  private constructor(private readonly client: Corkable) {}

  static async open(access: DatabaseAccess, settings: Readonly<Record<string, string>>): Promise<PipelinedSession> {
    const client = new DatabaseClient({ access, session: settings, pipeline: true }) as unknown as Corkable;
    const session = new PipelinedSession(client);
    // A lost connection is reported by the query that fails.
    client.on('error', () => (session.isLost = true));
    client.on('end', () => (session.isLost = true));
    await client.connect();
    return session;
  }

  /** False for a session that is lost, or older than the latest renewal: what it has under way ends, and it closes. */
  get isUsable(): boolean {
    if (this.isLost) return false;
    const { access, generation } = this.client as unknown as DatabaseClient;
    if (generation === access.generation) return true;
    void this.close();
    return false;
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
    return answer.catch((thrown: Error) => {
      const error = this.causeOf(thrown);
      // As the driver does: the stack of who sent the statement, not that of who reads the socket.
      Error.captureStackTrace(error);
      throw error;
    });
  }

  /** Statements behind one that is not answered fail with its reason: they end with its connection. */
  private causeOf(error: Error): Error {
    const trouble = databaseTroubleIn(error);
    if (trouble === DatabaseTrouble.NoAnswer) this.unanswered = error;
    return trouble === DatabaseTrouble.Away ? (this.unanswered ?? error) : error;
  }

  async close(): Promise<void> {
    this.isLost = true;
    await this.client.end().catch(() => undefined);
  }
}
