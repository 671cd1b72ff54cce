import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { changeDue, deleteDue, takeDue } from './due-rows.js';

@Entity('chores')
class Chore {
  @PrimaryColumn('integer', { name: 'chore_id' })
  choreId: number;

  @Column('integer', { name: 'due_at' })
  dueAt: number;

  @Column('text')
  state: string;
}

const COUNT = 40;
const NOW = 50;
const LATER = 100;
const DUE = { where: `state = 'open' AND due_at <= :now`, parameters: { now: NOW }, since: 'dueAt' } as const;

describe('rows that are due', () => {
  let database: TestDatabase;
  let dataSource: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = new DataSource({ type: 'postgres', url: database.url, entities: [Chore], synchronize: true });
    await dataSource.initialize();
  });

  beforeEach(async () => {
    await dataSource.manager.deleteAll(Chore);
    const chores = Array.from({ length: COUNT }, (_, choreId) => ({ choreId, dueAt: COUNT - choreId, state: 'open' }));
    await dataSource.manager.insert(Chore, chores);
  });

  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  const take = (limit: number): Promise<Chore[]> =>
    takeDue(dataSource.manager, Chore, { ...DUE, limit, lease: { dueAt: LATER } });

  it('are each taken by one of many workers, and by no other until the lease ends', async () => {
    const taken = (await Promise.all(Array.from({ length: 20 }, () => take(2)))).flat();
    const rest = await take(COUNT);
    const ids = [...taken, ...rest].map(({ choreId }) => choreId);
    expect(ids).toHaveLength(COUNT);
    expect(new Set(ids).size).toBe(COUNT);
    expect(await take(COUNT)).toEqual([]);
  });

  it('come in order of their due time, at most as many as requested', async () => {
    const taken = await take(3);
    expect(taken.map(({ choreId }) => choreId).toSorted((a, b) => a - b)).toEqual([COUNT - 3, COUNT - 2, COUNT - 1]);
  });

  it('are at most as many as requested, also as the database plans for a table that it last saw empty', async () => {
    await dataSource.manager.deleteAll(Chore);
    await dataSource.query('ANALYZE chores');
    await dataSource.manager.insert(
      Chore,
      [1, 2, 3].map((choreId) => ({ choreId, dueAt: choreId, state: 'open' })),
    );
    expect((await take(1)).map(({ choreId }) => choreId)).toEqual([1]);
    expect((await take(1)).map(({ choreId }) => choreId)).toEqual([2]);
    expect(await deleteDue(dataSource.manager, Chore, { ...DUE, limit: 1 })).toBe(1);
  });

  it('are changed, and returned with the requested members', async () => {
    const changed = await changeDue(dataSource.manager, Chore, {
      ...DUE,
      limit: 1,
      changes: { state: 'done' },
      returning: ['choreId', 'state'],
    });
    expect(changed).toEqual([{ choreId: COUNT - 1, state: 'done' }]);
    expect(await dataSource.manager.countBy(Chore, { state: 'done' })).toBe(1);
  });

  it('are deleted, at most as many as requested', async () => {
    expect(await deleteDue(dataSource.manager, Chore, { ...DUE, limit: 30 })).toBe(30);
    expect(await deleteDue(dataSource.manager, Chore, { ...DUE, limit: 30 })).toBe(COUNT - 30);
  });
});
