import { type DynamicModule, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { HotStatements, KeptCopies } from '@level-one/work';
import { DataSource, type EntityTarget, type MigrationInterface, type ObjectLiteral } from 'typeorm';
import { Health } from '../http/health.js';
import { RoleLogger } from '../logging/logger.js';
import { measureDatabase } from '../metrics/database-metrics.js';
import { RoleMetrics } from '../metrics/role-metrics.js';
import type { DatabaseSettings } from '../settings/mixins.js';
import { connectionsOf, tooFewConnections } from './connection-count.js';
import { dataSourceOf, placeOf } from './connect-data-source.js';
import { DatabaseHealth } from './database-health.js';
import { whenUsable } from './database-wait.js';
import { keepUnit, type UnitToKeep } from './kept-unit.js';
import { refuseTransactionPooler } from './pooler.js';
import { assertComplete, createSchema, readSchemaState, runMigrations, type SchemaState } from './schema-migrations.js';

const MIGRATION_WAIT_S = 60;

/** The tables of a role. */
export interface RoleTables {
  entities: EntityTarget<ObjectLiteral>[];
  migrations: (new () => MigrationInterface)[];
}

export interface DatabaseOptions extends RoleTables {
  settings: DatabaseSettings;
  /** For a database with amounts in minor units. */
  unit?: UnitToKeep;
  /** Connections that the role opens beside those of every role. Default 0. */
  furtherConnections?: number;
}

type Warn = (line: string) => void;

/**
 * Opens the database of one instance: waits until it can be used, creates and migrates its schema unless `MIGRATE` is
 * false, and bounds its pool.
 *
 * @param warn receives lines for an operator
 * @throws StartupError with one line
 */
export async function openDatabase(options: DatabaseOptions, warn: Warn = () => undefined): Promise<DataSource> {
  const { settings, unit, furtherConnections } = options;
  const wait = { waitMs: (settings.databaseWaitS ?? 0) * 1_000, warn };
  return whenOpen(options, wait, async (dataSource) => {
    await refuseTransactionPooler(dataSource);
    await migrate(dataSource, settings);
    if (unit) await keepUnit(dataSource, unit);
    const tooFew = await tooFewConnections(dataSource, connectionsOf(settings.databasePoolSize, furtherConnections));
    if (tooFew) warn(tooFew);
    return dataSource;
  });
}

/** Opens a `DataSource` for work that is repeated until the database can be used, and closes it when that fails. */
async function whenOpen<T>(
  { settings, entities, migrations }: DatabaseOptions,
  wait: { waitMs: number; warn: Warn },
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const newDataSource = (): DataSource =>
    dataSourceOf({
      databaseUrl: settings.databaseUrl,
      schema: settings.databaseSchema,
      connectTimeoutMs: settings.databaseConnectTimeoutMs,
      answerTimeoutMs: settings.databaseAnswerTimeoutMs,
      poolSize: settings.databasePoolSize,
      entities,
      migrations,
    });
  return whenUsable({ ...wait, place: placeOf(newDataSource()) }, async () => {
    const dataSource = newDataSource();
    try {
      if (settings.migrate !== false) await createSchema(dataSource, migrationTimes(settings));
      await dataSource.initialize();
      return await work(dataSource);
    } catch (error) {
      if (dataSource.isInitialized) await dataSource.destroy().catch(() => undefined);
      throw error;
    }
  });
}

function migrationTimes({ migrationWaitS = MIGRATION_WAIT_S }: DatabaseSettings): { lockWaitMs: number } {
  return { lockWaitMs: migrationWaitS * 1_000 };
}

/** A schema that has all its migrations is only read, so that nothing but that needs further rights or a lock. */
async function migrate(dataSource: DataSource, settings: DatabaseSettings): Promise<void> {
  const state = await readSchemaState(dataSource);
  if (settings.migrate === false) assertComplete(dataSource, state);
  else if (state.pending.length > 0) await runMigrations(dataSource, migrationTimes(settings));
}

/**
 * Migrates the schema of a role, as a step of its own.
 *
 * @param isDryRun the migrations are only listed
 * @returns the state before
 * @throws StartupError with one line
 */
export async function migrateSchema(
  tables: RoleTables,
  settings: DatabaseSettings,
  { isDryRun, warn }: { isDryRun: boolean; warn: Warn },
): Promise<SchemaState> {
  const own = { ...settings, databasePoolSize: 1, migrate: !isDryRun };
  const wait = { waitMs: (settings.databaseWaitS ?? 0) * 1_000, warn };
  return whenOpen({ ...tables, settings: own }, wait, async (dataSource) => {
    await refuseTransactionPooler(dataSource);
    const state = await readSchemaState(dataSource);
    if (!isDryRun && state.pending.length > 0) await runMigrations(dataSource, migrationTimes(own));
    await dataSource.destroy();
    return state;
  });
}

const OPTIONS = Symbol('database options');

@Injectable()
class DatabaseLifecycle implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    statements: HotStatements,
    health: Health,
    metrics: RoleMetrics,
  ) {
    measureDatabase(metrics, dataSource, statements);
    const database = new DatabaseHealth(dataSource, statements);
    health.registerCheck('database', () => database.check());
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

interface HasOptions {
  provide?: unknown;
  useValue?: DatabaseOptions;
}

/** The database of a role, found in its module and what that imports; undefined if it has none. */
export function databaseOptionsIn(module: unknown): DatabaseOptions | undefined {
  const { providers = [], imports = [] } = (module ?? {}) as { providers?: HasOptions[]; imports?: unknown[] };
  const given = providers.find(({ provide }) => provide === OPTIONS)?.useValue;
  if (given) return given;
  for (const one of imports) {
    const found = databaseOptionsIn(one);
    if (found) return found;
  }
  return undefined;
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
        {
          provide: DataSource,
          useFactory: (given: DatabaseOptions, logger: RoleLogger) =>
            openDatabase(given, (line) => logger.warn({}, line)),
          inject: [OPTIONS, RoleLogger],
        },
        HotStatements,
        KeptCopies,
        DatabaseLifecycle,
      ],
      exports: [DataSource, HotStatements, KeptCopies],
    };
  }

  constructor(@Inject(OPTIONS) readonly options: DatabaseOptions) {}
}
