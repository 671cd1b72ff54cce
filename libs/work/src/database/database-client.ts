/* oxlint-disable no-underscore-dangle -- names of the driver's members */
import pg from 'pg';
import type { Socket } from 'node:net';
import type { DatabaseAccess } from './database-access.js';
import type { Endpoint } from './database-target.js';
import { DatabaseTrouble, DatabaseTroubleError } from './troubles.js';

export interface DatabaseClientOptions {
  access: DatabaseAccess;
  /** Further settings of the session, see `DatabaseAccess.sessionSql`. */
  session?: Readonly<Record<string, string>>;
  /** Name in `pg_stat_activity`. */
  applicationName?: string;
  /** Statements are sent without waiting for the answers to those before. */
  pipeline?: boolean;
  /** Time to wait for an answer. Default: that of the access. */
  answerTimeoutMs?: number;
}

/** Members of the driver's client that its types do not name. */
interface DriverClient {
  ssl: unknown;
  port: number;
  host: string;
  password: unknown;
  connection: pg.Connection & { stream: Socket; ssl: unknown };
  _getActiveQuery(): unknown;
}

type ConnectCallback = (error: Error | null, client?: pg.Client) => void;

/** One connection of a role to its database: with its own session settings, and with a limit on every wait. */
export class DatabaseClient extends pg.Client {
  readonly access: DatabaseAccess;
  readonly generation: number;
  private readonly answerTimeoutMs: number;
  private readonly sessionSql: string;
  private readonly isPipelined: boolean;
  private isGivenUp = false;

  constructor({ access, session, applicationName, pipeline = false, answerTimeoutMs }: DatabaseClientOptions) {
    const timeoutMs = answerTimeoutMs ?? access.answerTimeoutMs;
    super({ ...access.clientConfig, pipeline, ...(pipeline && { query_timeout: timeoutMs }) });
    this.access = access;
    this.generation = access.generation;
    this.answerTimeoutMs = timeoutMs;
    this.isPipelined = pipeline;
    this.sessionSql = access.sessionSql(session, applicationName);
    // A lost connection is reported by the statement that fails; without a listener it would end the process.
    this.on('error', () => undefined);
    this.driver.connection.on('errorMessage', (error: object) => access.noteFailure(error));
  }

  override connect(): Promise<this>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<this> | void {
    const opening = this.open();
    if (!callback) return opening;
    opening.then(
      () => process.nextTick(callback, null, this),
      (error: unknown) => process.nextTick(callback, error),
    );
  }

  /**
   * Limits the wait for an answer; then the connection is closed. A server that hangs sends nothing. A pipelined
   * connection has a limit on each of its statements instead.
   */
  waitAtMost(timeoutMs: number): void {
    if (this.isPipelined) return;
    const { stream } = this.driver.connection;
    stream.removeAllListeners('timeout');
    stream.setTimeout(timeoutMs, () => {
      if (this.driver._getActiveQuery()) stream.destroy(noAnswer('it did not answer in time'));
    });
  }

  private get driver(): DriverClient {
    return this as unknown as DriverClient;
  }

  private async open(): Promise<this> {
    const { access } = this;
    let giveUp: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_, reject) => {
      giveUp = setTimeout(() => reject(noAnswer('it does not answer')), access.connectTimeoutMs);
    });
    try {
      await Promise.race([this.openSession(), tooLate]);
      this.waitAtMost(this.answerTimeoutMs);
      return this;
    } catch (error) {
      this.isGivenUp = true;
      this.driver.connection.stream.destroy();
      access.forgetEndpoint();
      access.noteFailure(error);
      throw error;
    } finally {
      clearTimeout(giveUp);
    }
  }

  private async openSession(): Promise<void> {
    const endpoint = await this.access.findEndpoint();
    if (this.isGivenUp) return;
    this.aimAt(endpoint);
    await super.connect();
    await this.query(this.sessionSql);
  }

  private aimAt(endpoint: Endpoint): void {
    const { driver } = this;
    driver.host = endpoint.host;
    driver.port = endpoint.port;
    driver.password = () => this.access.target.password(endpoint);
    driver.ssl = endpoint.encryption;
    driver.connection.ssl = endpoint.encryption;
  }
}

function noAnswer(message: string): DatabaseTroubleError {
  return new DatabaseTroubleError(DatabaseTrouble.NoAnswer, message);
}
