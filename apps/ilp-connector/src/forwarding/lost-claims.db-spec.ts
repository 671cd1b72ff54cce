import { expect, it } from '@jest/globals';
import { openDatabase } from '@level-one/platform';
import { createTestDatabase } from '@level-one/testing';
import type { DataSource, MigrationInterface } from 'typeorm';
import { CreateLostClaims1764380000000, FileLostClaims1764420000000 } from './lost-claim.entity.js';
import { LostClaimStore } from './lost-claim-store.js';

const FOUND = {
  ledger: 'own',
  transferId: '00000000-0000-4000-8000-000000000001',
  amount: '10.40',
  fulfillment: 'oCKA',
} as const;
const LATER = { ...FOUND, transferId: '00000000-0000-4000-8000-000000000002' };

const INSERT = 'INSERT INTO lost_claims (ledger, transfer_id, amount, fulfillment) VALUES ($1, $2, $3, $4)';

const valuesOf = ({ ledger, transferId, amount, fulfillment }: typeof FOUND | typeof LATER) => [
  ledger,
  transferId,
  amount,
  fulfillment,
];

it('claims that an older version kept, before or after the migration, are filed; each by one instance', async () => {
  const database = await createTestDatabase();
  const open = (migrations: (new () => MigrationInterface)[]): Promise<DataSource> =>
    openDatabase({
      settings: { databaseUrl: database.url, databaseSchema: 'connector', databasePoolSize: 2 },
      entities: [],
      migrations,
    });
  const first = await open([CreateLostClaims1764380000000]);
  await first.query(INSERT, valuesOf(FOUND));
  await first.destroy();

  const dataSource = await open([CreateLostClaims1764380000000, FileLostClaims1764420000000]);
  await dataSource.query(INSERT, valuesOf(LATER));
  const store = new LostClaimStore(dataSource);
  const taken = await Promise.all([store.takeDue(10, 60_000), store.takeDue(10, 60_000)]);
  const due = taken.flat().toSorted((one, other) => one.transferId.localeCompare(other.transferId));
  expect(due).toMatchObject([
    { ...FOUND, state: 'lost', attempts: 1, statement: null },
    { ...LATER, state: 'lost', attempts: 1 },
  ]);
  expect(await store.sums(7)).toEqual([{ ledger: 'own', state: 'lost', count: 2, amount: '20.80' }]);

  const end = { statement: 's', attempts: 0, reason: null, pauseMs: undefined };
  await store.write(due[0]!, { ...end, state: 'booked' });
  await store.write(due[1]!, { ...end, state: 'refused', reason: 'no' });
  expect(await store.sums(7)).toEqual([{ ledger: 'own', state: 'refused', count: 1, amount: '10.40' }]);
  // What has ended stays so, also for an instance that asked at the same time.
  await store.write(due[0]!, { ...end, state: 'waiting', pauseMs: 1_000 });
  expect(await dataSource.query('SELECT state FROM lost_claims ORDER BY transfer_id')).toEqual([
    { state: 'booked' },
    { state: 'refused' },
  ]);
  expect(await store.keep(FOUND)).toBe(false);

  // As the database plans for a table that it last saw empty.
  await dataSource.query('DELETE FROM lost_claims');
  await dataSource.query('ANALYZE lost_claims');
  await store.keep(FOUND);
  await store.keep(LATER);
  expect([await store.takeDue(1, 60_000), await store.takeDue(1, 60_000)]).toMatchObject([[FOUND], [LATER]]);
  await dataSource.destroy();
  await database.drop();
});
