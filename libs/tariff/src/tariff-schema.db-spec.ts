import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, openTestDataSource, type TestDatabase } from '@level-one/testing';
import { DataSource } from 'typeorm';
import { TARIFF_ENTITIES, TARIFF_MIGRATIONS } from './tariff-schema.js';

describe('tables of the tariff', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openTestDataSource(database, {
      entities: TARIFF_ENTITIES,
      migrations: TARIFF_MIGRATIONS,
    });
  });

  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  async function differences(): Promise<string[]> {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query);
  }

  it('match their entities', async () => {
    expect(await differences()).toEqual([]);
  });

  it('can be migrated back and forth', async () => {
    const back = TARIFF_MIGRATIONS.length;
    for (let step = 0; step < back; step++) await dataSource.undoLastMigration();
    expect(await dataSource.runMigrations()).toHaveLength(back);
    expect(await differences()).toEqual([]);
  });
});
