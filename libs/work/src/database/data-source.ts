import { DataSource, type EntityTarget, type MigrationInterface, type ObjectLiteral } from 'typeorm';
import type { DatabaseAccess } from './database-access.js';
import { DatabasePool } from './database-pool.js';

/** What is in a database, and how many connections the pool has at most. */
export interface DataSourceContents {
  entities?: readonly EntityTarget<ObjectLiteral>[] | undefined;
  migrations?: readonly (new () => MigrationInterface)[] | undefined;
  poolSize?: number | undefined;
}

/** A `DataSource` whose connections are those of an access. It is not connected yet. */
export function dataSourceWith(
  access: DatabaseAccess,
  { entities = [], migrations = [], poolSize }: DataSourceContents,
): DataSource {
  return new DataSource({
    type: 'postgres',
    // TypeORM makes its pool of this class, and gives it what is in `extra`.
    driver: { Pool: DatabasePool },
    schema: access.schema,
    entities: entities as never[],
    migrations: [...migrations],
    ...(poolSize !== undefined && { poolSize }),
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    extra: { access },
  });
}
