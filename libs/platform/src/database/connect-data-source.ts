import {
  accessOf,
  DatabaseAccess,
  type DatabaseAccessOptions,
  type DataSourceContents,
  dataSourceWith,
} from '@level-one/work';
import type { DataSource } from 'typeorm';
import { StartupError } from '../settings/settings.js';

/** A `DataSource` of a role, which is not connected yet. @throws StartupError */
export function dataSourceOf(options: DatabaseAccessOptions & DataSourceContents): DataSource {
  return dataSourceWith(accessFor(options), options);
}

/** @throws StartupError */
export function accessFor(options: DatabaseAccessOptions): DatabaseAccess {
  try {
    return new DatabaseAccess(options);
  } catch (error) {
    throw new StartupError(`DATABASE_URL ${(error as Error).message}`);
  }
}

/** Where the database of a `DataSource` is, without login. */
export function placeOf(dataSource: DataSource): string {
  return accessOf(dataSource).target.shown;
}
