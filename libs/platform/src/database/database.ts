import { type DynamicModule, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { DATABASE_CONNECT_TIMEOUT_MS, HotStatements, KeptCopies } from '@level-one/work';
import pg from 'pg';
import { DataSource, type EntityTarget, type MigrationInterface, type ObjectLiteral } from 'typeorm';
import { Health } from '../http/health.js';
import { keepUnit, type UnitToKeep } from './kept-unit.js';
import type { DatabaseSettings } from '../settings/mixins.js';
import { StartupError } from '../settings/settings.js';

/** Key of an advisory lock (any fixed number), so that two instances do not migrate one database at the same time. */
const MIGRATION_LOCK = 4_711_001;

export interface DatabaseOptions {
  settings: DatabaseSettings;
  entities: EntityTarget<ObjectLiteral>[];
  migrations: (new () => MigrationInterface)[];
  /** For a database with amounts in minor units. */
  unit?: UnitToKeep;
}

function placeOf(databaseUrl: string): string {
  const { hostname, port, pathname } = new URL(databaseUrl);
  return `${hostname}:${port || 5432}${pathname}`;
}

function reasonOf(error: unknown): string {
  const { message, code, errors } = error as { message?: string; code?: string; errors?: Error[] };
  return errors?.[0]?.message || message || code || String(error);
}

async function migrateDatabase({ settings, migrations, unit }: DatabaseOptions, dataSource: DataSource): Promise<void> {
  const client = new pg.Client({
    connectionString: settings.databaseUrl,
    connectionTimeoutMillis: DATABASE_CONNECT_TIMEOUT_MS,
  });
  // Without a listener, an error on the idle connection would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(`CREATE SCHEMA IF NOT EXISTS "${settings.databaseSchema}"`);
    await dataSource.initialize();
    if (migrations.length > 0) await dataSource.runMigrations({ transaction: 'all' });
    if (unit) await keepUnit(dataSource, unit);
  } finally {
    await client.end();
  }
}

/**
 * A connection that is lost while the pool hands it out has no error listener yet, and its error would end the process.
 * It is reported by the query that fails.
 */
function surviveLostConnections(dataSource: DataSource): void {
  const pool = (dataSource.driver as unknown as { master: pg.Pool }).master;
  pool.on('connect', (client) => client.on('error', () => undefined));
}

/** Opens the database of one instance: creates and migrates its schema, and bounds its pool. @throws StartupError */
export async function openDatabase(options: DatabaseOptions): Promise<DataSource> {
  const { settings, entities, migrations } = options;
  const dataSource = new DataSource({
    type: 'postgres',
    url: settings.databaseUrl,
    schema: settings.databaseSchema,
    entities: entities as never[],
    migrations,
    poolSize: settings.databasePoolSize,
    connectTimeoutMS: DATABASE_CONNECT_TIMEOUT_MS,
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    // Raw SQL names no schema, so it is set in the search path.
    extra: { options: `-c search_path="${settings.databaseSchema}"` },
  });
  try {
    await migrateDatabase(options, dataSource);
    surviveLostConnections(dataSource);
    return dataSource;
  } catch (error) {
    if (dataSource.isInitialized) await dataSource.destroy();
    if (error instanceof StartupError) throw error;
    throw new StartupError(`the database at ${placeOf(settings.databaseUrl)} cannot be used: ${reasonOf(error)}`);
  }
}

const OPTIONS = Symbol('database options');

@Injectable()
class DatabaseLifecycle implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    health: Health,
  ) {
    health.registerCheck('database', async () => {
      await dataSource.query('SELECT 1');
    });
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

/** Gives a role its `DataSource`. */
@Module({})
export class DatabaseModule {
  static forRole(options: DatabaseOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      providers: [
        { provide: OPTIONS, useValue: options },
        { provide: DataSource, useFactory: openDatabase, inject: [OPTIONS] },
        HotStatements,
        KeptCopies,
        DatabaseLifecycle,
      ],
      exports: [DataSource, HotStatements, KeptCopies],
    };
  }

  constructor(@Inject(OPTIONS) readonly options: DatabaseOptions) {}
}
