import pg from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import type { DatabaseAccess } from './database-access.js';
import { DatabaseClient, type DatabaseClientOptions } from './database-client.js';

/** The pool gives up shortly after a connection has, whose reason is the better one. */
const LATER_MS = 500;

export interface DatabasePoolOptions extends pg.PoolConfig, Pick<DatabaseClientOptions, 'access' | 'session'> {}

type TakeCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (end?: boolean | Error) => void,
) => void;

/** Pool of a role's connections. While the database has no further connection, it waits for one of its own. */
export class DatabasePool extends pg.Pool {
  private readonly access: DatabaseAccess;
  /** Maximum of connections. */
  readonly maxOpen: number;
  /** Takings that had to wait for a connection, and how long they did. */
  readonly waits = { count: 0, ms: 0 };
  /** Connections that it gives back as soon as they are free. */
  private owed = 0;

  constructor(options: DatabasePoolOptions) {
    const connectionTimeoutMillis = options.access.connectTimeoutMs + LATER_MS;
    super({ ...options, Client: DatabaseClient as unknown as new () => pg.ClientBase, connectionTimeoutMillis });
    this.access = options.access;
    this.maxOpen = this.options.max;
    this.access.onNeed(() => this.makeRoom());
    this.on('error', () => undefined);
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: TakeCallback): void;
  override connect(callback?: TakeCallback): Promise<pg.PoolClient> | void {
    const taking = this.isExhausted ? this.takeLater() : this.takeNow();
    if (!callback) return taking;
    void taking.then(
      (client) => process.nextTick(callback, undefined, client, client.release.bind(client)),
      (error: Error) => process.nextTick(callback, error, undefined, () => undefined),
    );
  }

  private get isExhausted(): boolean {
    return this.idleCount === 0 && this.totalCount >= this.options.max;
  }

  private takeNow(): Promise<pg.PoolClient> {
    return this.access.whileFull(() => this.takeCurrent());
  }

  private async takeLater(): Promise<pg.PoolClient> {
    const startedMs = performance.now();
    this.waits.count += 1;
    try {
      return await this.takeNow();
    } finally {
      this.waits.ms += performance.now() - startedMs;
    }
  }

  /** Gives one connection back, but not its last one: at once if it is idle, else when it is free. */
  private makeRoom(): boolean {
    this.owed += 1;
    this.fitToDatabase();
    if (this.owed === 0) return false;
    if (this.idleCount > 0) void this.giveBackIdle();
    return true;
  }

  private async giveBackIdle(): Promise<void> {
    const client = await super.connect().catch(() => undefined);
    if (client && !this.settleDebt(client)) client.release();
  }

  /** Ends a connection if one is owed. @returns whether it did */
  private settleDebt(client: pg.PoolClient): boolean {
    if (this.owed === 0) return false;
    this.owed -= 1;
    client.release(true);
    return true;
  }

  /** While the database has no connection left, the pool is no larger than what it has: who wants one waits in its queue. */
  private fitToDatabase(): void {
    this.owed = Math.max(0, Math.min(this.owed, this.totalCount - 1));
    this.options.max = this.access.isFull
      ? Math.max(1, Math.min(this.maxOpen, this.totalCount - this.owed))
      : this.maxOpen;
  }

  /** A connection that is not older than the latest renewal. */
  private async takeCurrent(): Promise<pg.PoolClient> {
    for (;;) {
      this.fitToDatabase();
      const client = await super.connect();
      if (this.settleDebt(client)) continue;
      if ((client as unknown as DatabaseClient).generation === this.access.generation) return client;
      client.release(true);
    }
  }
}

/** Runs a transaction whose statements may take longer than others. */
export async function inLongTransaction<T>(
  dataSource: DataSource,
  { isolation, timeoutMs }: { isolation: 'READ COMMITTED' | 'REPEATABLE READ'; timeoutMs: number },
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  return dataSource.transaction(isolation, async (manager) => {
    const client = (await manager.queryRunner!.connect()) as DatabaseClient;
    client.waitAtMost(timeoutMs);
    try {
      await manager.query(`SET LOCAL statement_timeout = ${timeoutMs}`);
      return await work(manager);
    } finally {
      client.waitAtMost(client.access.answerTimeoutMs);
    }
  });
}

/** The access of a `DataSource` whose pool is a {@link DatabasePool}. */
export function accessOf(dataSource: DataSource): DatabaseAccess {
  const { access } = (dataSource.options as unknown as { extra: { access: DatabaseAccess } }).extra;
  return access;
}
