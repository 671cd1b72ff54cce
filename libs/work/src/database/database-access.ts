import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DatabaseTarget, databaseTarget, type Endpoint, type SessionAttributes } from './database-target.js';
import { DatabaseTrouble, DatabaseTroubleError, databaseTroubleIn, isFeltByAll, isUselessAfter } from './troubles.js';

const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_TIMEOUT_MS = 10_000;
/** A statement on the server ends a little before the client gives it up, so that the client learns why. */
const CANCEL_BEFORE_MS = 500;
const PAUSE_MS = 100;
/** A database that had no connection left is not asked for a further one for this time, where one is open already. */
const FULL_FOR_MS = 5_000;
/** Least time for one of several servers. */
const ONE_SERVER_MS = 1_000;

/** SQLSTATEs of a server that wants the other kind of encryption, and the driver's error of one that has none. */
const OTHER_ENCRYPTION = /^(28000|ERR_SSL_\w+|ERR_TLS_\w+|EPROTO)$/;
const NO_TLS = /SSL connection/;

export interface DatabaseAccessOptions {
  /** See {@link databaseTarget}. */
  databaseUrl: string;
  /** Schema in which names without a schema are looked up. */
  schema: string;
  /** Time to open a connection, and to wait for a free one. */
  connectTimeoutMs?: number | undefined;
  /** Time to wait for the answer of a statement; then the connection is closed, and the effect is unknown. */
  answerTimeoutMs?: number | undefined;
  /** Name of the connections in `pg_stat_activity`, unless the connection string has one. */
  applicationName?: string | undefined;
}

/** A trouble that was met, and when. */
export interface MetTrouble {
  trouble: DatabaseTrouble;
  /** By `performance.now()`. */
  at: number;
}

/** How one instance of a role reaches its database, and what it has met there. All its connections are made of it. */
export class DatabaseAccess {
  readonly target: DatabaseTarget;
  readonly schema: string;
  readonly connectTimeoutMs: number;
  readonly answerTimeoutMs: number;
  /** Newest trouble that concerns all statements. */
  latestTrouble: MetTrouble | undefined;
  /** Connections of an older generation are not used again. */
  generation = 0;
  /** Pools that can give a connection back; each answers whether it does. */
  private readonly givers: (() => boolean)[] = [];
  private readonly applicationName: string;
  private fullUntil = 0;
  private endpoint: Promise<Endpoint> | undefined;

  /** @throws ConnectionStringError */
  constructor({ databaseUrl, schema, connectTimeoutMs, answerTimeoutMs, applicationName }: DatabaseAccessOptions) {
    this.target = databaseTarget(databaseUrl);
    this.schema = schema;
    this.connectTimeoutMs = this.target.connectTimeoutMs ?? connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
    this.answerTimeoutMs = answerTimeoutMs ?? ANSWER_TIMEOUT_MS;
    this.applicationName = this.target.applicationName ?? applicationName ?? `level-one ${schema}`;
  }

  /** What every connection has in common, wherever it leads. */
  get clientConfig(): pg.ClientConfig {
    const { user, database, options, keepAlive, keepAliveDelayMs, sslNegotiation } = this.target;
    return {
      user,
      database,
      ssl: false,
      sslnegotiation: sslNegotiation,
      keepAlive,
      keepAliveInitialDelayMillis: keepAliveDelayMs,
      ...(options !== undefined && { options }),
    };
  }

  /**
   * Settings of a session on which the code relies, whatever the defaults of the server, the database and the role are.
   * They are set by a statement, because poolers refuse or ignore them at the start of a connection.
   *
   * @param further values by name, as SQL literals or words
   */
  sessionSql(further: Readonly<Record<string, string>> = {}, applicationName = this.applicationName): string {
    const settings = {
      search_path: pg.escapeIdentifier(this.schema),
      application_name: pg.escapeLiteral(applicationName.slice(0, 63)),
      timezone: `'UTC'`,
      datestyle: `'ISO, MDY'`,
      intervalstyle: 'postgres',
      bytea_output: 'hex',
      extra_float_digits: '1',
      standard_conforming_strings: 'on',
      transform_null_equals: 'off',
      array_nulls: 'on',
      default_transaction_isolation: `'read committed'`,
      default_transaction_deferrable: 'off',
      statement_timeout: String(Math.max(1, this.answerTimeoutMs - CANCEL_BEFORE_MS)),
      lock_timeout: '0',
      idle_in_transaction_session_timeout: String(2 * this.answerTimeoutMs),
      ...further,
    };
    const sets = Object.entries(settings).map(([name, value]) => `SET ${name} TO ${value}`);
    return [...sets, DURABLE_COMMITS, NO_LIMIT_OF_IDLENESS].join(';');
  }

  /** Where to connect to. With several servers, the first one that answers and is of the wanted kind. */
  async findEndpoint(): Promise<Endpoint> {
    const { endpoints, attributes } = this.target;
    if (endpoints.length === 1 && attributes === 'any') return endpoints[0];
    this.endpoint ??= this.tryEndpoints();
    return this.endpoint;
  }

  /** The next connection looks for a server again. */
  forgetEndpoint(): void {
    this.endpoint = undefined;
  }

  /** No connection that is open now is used again: the server has become read-only, or its tables have changed. */
  renew(): void {
    this.generation += 1;
    this.forgetEndpoint();
  }

  /** Notes what a connection or a statement failed with. */
  noteFailure(error: unknown): void {
    const trouble = databaseTroubleIn(error);
    if (trouble === DatabaseTrouble.TooManyConnections) this.fullUntil = performance.now() + FULL_FOR_MS;
    if (trouble !== undefined && isFeltByAll(trouble)) this.latestTrouble = { trouble, at: performance.now() };
    if (isUselessAfter(error ?? {})) this.renew();
  }

  /** @param give gives one connection back to the database, or answers false */
  onNeed(give: () => boolean): void {
    this.givers.push(give);
  }

  /** Gives one connection of a pool back to the database, for one that this instance needs more. */
  makeRoom(): void {
    this.givers.some((give) => give());
  }

  /** Whether the database has refused a further connection a short while ago. */
  get isFull(): boolean {
    return performance.now() < this.fullUntil;
  }

  /**
   * Repeats work on a connection while the database has none left, for as long as a connection may take to open.
   *
   * @param isFull called after each refusal
   */
  async whileFull<T>(work: () => Promise<T>, isFull?: () => void): Promise<T> {
    const deadline = performance.now() + this.connectTimeoutMs;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const mayWait = databaseTroubleIn(error) === DatabaseTrouble.TooManyConnections;
        if (!mayWait || performance.now() + PAUSE_MS > deadline) throw error;
      }
      isFull?.();
      await sleep(PAUSE_MS);
    }
  }

  private async tryEndpoints(): Promise<Endpoint> {
    try {
      return await this.firstWanted();
    } catch (error) {
      this.forgetEndpoint();
      throw error;
    }
  }

  private async firstWanted(): Promise<Endpoint> {
    const { endpoints, attributes } = this.target;
    const servers = new Set(endpoints.map(({ shown }) => shown)).size;
    const timeoutMs = Math.max(ONE_SERVER_MS, Math.floor(this.connectTimeoutMs / servers));
    let failure: unknown;
    let second: Endpoint | undefined;
    const isDone = new Set<string>();
    for (const endpoint of endpoints) {
      if (isDone.has(endpoint.shown)) continue;
      try {
        if (await this.isWanted(endpoint, timeoutMs)) return endpoint;
        second ??= endpoint;
        isDone.add(endpoint.shown);
      } catch (error) {
        // A server that refuses the encryption, but says more without it, is told by what it says then.
        failure = error;
        if (!wantsOtherEncryption(error)) isDone.add(endpoint.shown);
      }
    }
    if (attributes === 'prefer-standby' && second) return second;
    if (second)
      throw new DatabaseTroubleError(DatabaseTrouble.ReadOnly, `no server of ${this.target.shown} is ${attributes}`);
    throw failure;
  }

  private async isWanted(endpoint: Endpoint, connectionTimeoutMillis: number): Promise<boolean> {
    const { attributes } = this.target;
    const client = new pg.Client({
      ...this.clientConfig,
      ...addressOf(endpoint),
      password: () => this.target.password(endpoint),
      connectionTimeoutMillis,
      query_timeout: connectionTimeoutMillis,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      if (attributes === 'any') return true;
      const { rows } = await client.query<ServerKind>(READ_KIND);
      return isOfKind(rows[0]!, attributes);
    } finally {
      // Its end is not waited for: a server that hangs would not answer it.
      client.end().catch(() => undefined);
    }
  }
}

/** Never less than a durable commit; more, if it is configured. */
const DURABLE_COMMITS = `
  SELECT set_config('synchronous_commit',
    CASE current_setting('synchronous_commit') WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false)`;
/** Parameters that only newer servers have. */
const NO_LIMIT_OF_IDLENESS = `
  SELECT set_config(name, '0', false) FROM pg_settings
  WHERE name IN ('idle_session_timeout', 'transaction_timeout') AND setting <> '0'`;

interface ServerKind {
  isStandby: boolean;
  isReadOnly: boolean;
}

const READ_KIND = `
  SELECT pg_is_in_recovery() AS "isStandby", current_setting('default_transaction_read_only') = 'on' AS "isReadOnly"`;

function isOfKind({ isStandby, isReadOnly }: ServerKind, attributes: SessionAttributes): boolean {
  switch (attributes) {
    case 'read-write':
      return !isStandby && !isReadOnly;
    case 'read-only':
      return isStandby || isReadOnly;
    case 'primary':
      return !isStandby;
    case 'standby':
    case 'prefer-standby':
      return isStandby;
    default:
      return true;
  }
}

function wantsOtherEncryption(error: unknown): boolean {
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  return OTHER_ENCRYPTION.test(code) || NO_TLS.test(message);
}

/** Members of the driver's configuration for an endpoint. */
export function addressOf({ host, port, encryption }: Endpoint): Pick<pg.ClientConfig, 'host' | 'port' | 'ssl'> {
  return { host, port, ssl: encryption };
}
