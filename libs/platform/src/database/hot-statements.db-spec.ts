import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, eventually, type TestDatabase } from '@level-one/testing';
import { HotStatements, type HotTable, refusalIn } from '@level-one/work';
import { Column, type DataSource, Entity, type MigrationInterface, PrimaryColumn, type QueryRunner } from 'typeorm';
import { openDatabase } from './database.js';

const amount = { to: (value: bigint) => value, from: (text: string) => BigInt(text) };

@Entity('things')
class Thing {
  @PrimaryColumn('text')
  name: string;

  @Column('bigint', { name: 'amount_held', transformer: amount })
  amountHeld: bigint;

  @Column('json', { nullable: true })
  memo: unknown;

  get isLarge(): boolean {
    return this.amountHeld > 100n;
  }
}

class CreateThings1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE things (name text PRIMARY KEY, amount_held bigint NOT NULL CHECK (amount_held >= 0), memo json)`);
    await runner.query('CREATE TABLE notes (id bigserial, thing text, note text)');
    await runner.query(`
      CREATE FUNCTION note_thing(thing text, note text) RETURNS boolean LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO notes (thing, note) VALUES (note_thing.thing, note_thing.note);
        RETURN true;
      END $$`);
    await runner.query(`
      CREATE FUNCTION refuse_thing(thing text) RETURNS boolean LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION USING ERRCODE = 'LV900', MESSAGE = 'No', DETAIL = thing;
      END $$`);
    await runner.query(`
      CREATE FUNCTION most_things(most int) RETURNS boolean LANGUAGE plpgsql AS $$
      BEGIN
        PERFORM pg_advisory_xact_lock(1);
        IF (SELECT count(*) FROM things) > most THEN
          RAISE EXCEPTION USING ERRCODE = 'LV901', MESSAGE = 'Too many';
        END IF;
        RETURN true;
      END $$`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE things, notes');
  }
}

describe('hot statements', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let statements: HotStatements;
  let things: HotTable<Thing>;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openDatabase({
      settings: { databaseUrl: database.url, databaseSchema: 'hot', databasePoolSize: 2 },
      entities: [Thing],
      migrations: [CreateThings1700000000000],
    });
    statements = new HotStatements(dataSource);
    things = statements.tableOf(Thing);
  });

  beforeEach(() => dataSource.query('DELETE FROM things'));

  afterAll(async () => {
    await statements?.onApplicationShutdown();
    await dataSource?.destroy();
    await database?.drop();
  });

  const keep = (row: Partial<Thing>) => things.insertOrFind(['name', 'amountHeld', 'memo'], ['name'])(row);

  it('insert a row once, and find it then as it was kept first', async () => {
    const first = await keep({ name: 'a', amountHeld: 5_000_000_000_000_000_001n, memo: [1, { b: 2 }] });
    expect(first).toEqual({ row: expect.any(Thing), isNew: true });
    expect(first.row).toEqual({ name: 'a', amountHeld: 5_000_000_000_000_000_001n, memo: [1, { b: 2 }] });
    expect(first.row.isLarge).toBe(true);
    expect(await keep({ name: 'a', amountHeld: 7n, memo: null })).toEqual({ row: first.row, isNew: false });
  });

  it('insert a row unless its key is taken', async () => {
    const insert = things.insertNew();
    const row = (name: string) => Object.assign(new Thing(), { name, amountHeld: 1n, memo: null });
    expect([await insert(row('a')), await insert(row('a')), await insert(row('b'))]).toEqual([true, false, true]);
  });

  it('insert one row for many who insert it at once, and tell one of them that it is new', async () => {
    const kept = await Promise.all(
      Array.from({ length: 50 }, (_, index) => keep({ name: 'b', amountHeld: BigInt(index), memo: null })),
    );
    expect(kept.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(kept.map(({ row }) => row.amountHeld)).size).toBe(1);
  });

  it('find rows that are there, and none that are not', async () => {
    await keep({ name: 'a', amountHeld: 1n, memo: null });
    const find = things.select('WHERE name = $1');
    expect(await find('a')).toEqual([{ name: 'a', amountHeld: 1n, memo: null }]);
    expect(await find('z')).toEqual([]);
  });

  it('answer alike the first time and later, one by one or sent together', async () => {
    await keep({ name: 'a', amountHeld: 1n, memo: null });
    const rows = Array.from({ length: 5 }, () => [{ name: 'a', amountHeld: 1n, memo: null }]);
    for (const find of [things.select('WHERE name = $1'), things.select('WHERE $1 = name')]) {
      expect(await Promise.all(rows.map(() => find('a')))).toEqual(rows);
      expect([await find('z'), await find('a'), await find('a')]).toEqual([[], rows[0], rows[0]]);
    }
    const divide = statements.prepare<{ part: number }>('SELECT (10 / $1::int)::int AS part');
    await expect(divide(0)).rejects.toMatchObject({ code: '22012' });
    expect(await divide(2)).toEqual([{ part: 5 }]);
    await expect(divide(0)).rejects.toMatchObject({ code: '22012' });
    expect([await divide(5), await divide(1)]).toEqual([[{ part: 2 }], [{ part: 10 }]]);
  });

  it('have no rows as an answer if they answer none', async () => {
    const forget = statements.prepare('DELETE FROM things WHERE name = $1');
    expect([await forget('a'), await forget('a'), await forget('a')]).toEqual([[], [], []]);
  });

  it('change a row and answer it with what else they are asked for', async () => {
    await keep({ name: 'a', amountHeld: 1n, memo: null });
    const raise = things.query<{ was: string }>(
      `UPDATE {table} SET amount_held = amount_held + $2 WHERE name = $1 RETURNING {columns}, (amount_held - $2)::text AS was`,
    );
    expect(await raise('a', 10n)).toEqual([{ name: 'a', amountHeld: 11n, memo: null, was: '1' }]);
  });

  it('change several rows together, each to values of its own, and tell which', async () => {
    for (const name of ['a', 'b', 'c']) await keep({ name, amountHeld: 1n, memo: null });
    const raise = things.updateEach('name', ['amountHeld', 'memo'], '{table}.amount_held < given.amount_held');
    const given = [
      { name: 'c', amountHeld: 5_000_000_000_000_000_001n, memo: { said: 'it\'s "so"', list: [1] } },
      { name: 'a', amountHeld: 0n, memo: null },
      { name: 'none', amountHeld: 9n, memo: null },
      { name: 'b', amountHeld: 2n, memo: null },
    ];
    expect(await raise(given)).toEqual([true, false, false, true]);
    expect(await things.select('ORDER BY name')()).toEqual([
      { name: 'a', amountHeld: 1n, memo: null },
      given[3],
      given[0],
    ]);
    expect(await raise(given)).toEqual([false, false, false, false]);
  });

  it('change none of several rows if one of them is refused', async () => {
    for (const name of ['a', 'b']) await keep({ name, amountHeld: 1n, memo: null });
    const set = things.updateEach('name', ['amountHeld'], 'true');
    const given = [
      { name: 'a', amountHeld: 2n },
      { name: 'b', amountHeld: -1n },
    ];
    await expect(set(given)).rejects.toThrow('things_amount_held_check');
    expect(await things.select('ORDER BY name')()).toMatchObject([{ amountHeld: 1n }, { amountHeld: 1n }]);
  });

  it('change the same rows from two sides at once without a deadlock, each row once', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `row ${index}`);
    for (const name of names) await keep({ name, amountHeld: 0n, memo: null });
    const take = things.updateEach('name', ['amountHeld'], '{table}.amount_held = 0');
    const rows = (order: readonly string[]) => order.map((name) => ({ name, amountHeld: 1n }));
    for (let round = 0; round < 10; round += 1) {
      const [some, others] = await Promise.all([take(rows(names)), take(rows(names.toReversed()))]);
      expect([...some, ...others].filter(Boolean)).toHaveLength(names.length);
      await dataSource.query('UPDATE things SET amount_held = 0');
    }
  });

  it('insert several rows together, change those that are there on a condition, and tell which they wrote', async () => {
    for (const name of ['a', 'b']) await keep({ name, amountHeld: 5n, memo: [1] });
    const write = things.insertEach('name', ['name', 'amountHeld', 'memo'], {
      properties: ['amountHeld'],
      condition: 'kept.amount_held < excluded.amount_held',
    });
    const given = [
      { name: 'c', amountHeld: 9_007_199_254_740_993n, memo: { said: 'so' } },
      { name: 'b', amountHeld: 4n, memo: null },
      { name: 'a', amountHeld: 6n, memo: null },
    ];
    expect(await write(given)).toEqual([true, false, true]);
    expect(await things.select('ORDER BY name')()).toEqual([
      { name: 'a', amountHeld: 6n, memo: [1] },
      { name: 'b', amountHeld: 5n, memo: [1] },
      given[0],
    ]);
    const refused = [
      { name: 'd', amountHeld: 1n, memo: null },
      { name: 'e', amountHeld: -1n, memo: null },
    ];
    await expect(write(refused)).rejects.toThrow('things_amount_held_check');
    expect(await things.select(`WHERE name = 'd'`)()).toEqual([]);
  });

  it('insert the same rows from two sides at once without a deadlock, each row once', async () => {
    const write = things.insertEach('name', ['name', 'amountHeld']);
    for (let round = 0; round < 10; round += 1) {
      const rows = Array.from({ length: 40 }, (_, index) => ({ name: `row ${round} ${index}`, amountHeld: 1n }));
      const [some, others] = await Promise.all([write(rows), write(rows.toReversed())]);
      expect([...some, ...others].filter(Boolean)).toHaveLength(rows.length);
    }
  });

  it('take part in a transaction, which undoes them', async () => {
    const find = things.select('WHERE name = $1');
    const insert = things.insertNew();
    const undone = dataSource.transaction(async (manager) => {
      await insert(Object.assign(new Thing(), { name: 'a', amountHeld: 1n, memo: null }), manager);
      expect(await find.within(manager)('a')).toHaveLength(1);
      expect(await find('a')).toEqual([]);
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect(await find('a')).toEqual([]);
  });

  it('call functions in order with a new row, and only with a new one', async () => {
    const insert = things.insertNewWith('note_thing(name, {2})', `note_thing(name, {1} || ' ' || memo::text)`);
    const row = Object.assign(new Thing(), { name: 'a', amountHeld: 1n, memo: [1] });
    expect([await insert(row, 'second', 'first'), await insert(row, 'third', 'fourth')]).toEqual([true, false]);
    const keepAndNote = things.insertOrFind(['name', 'amountHeld'], ['name'], 'note_thing(name, {1})');
    expect(await keepAndNote({ name: 'b', amountHeld: 2n }, 'b')).toMatchObject({ row: { name: 'b' }, isNew: true });
    expect(await keepAndNote({ name: 'b', amountHeld: 3n }, 'c')).toMatchObject({ isNew: false });
    const notes: object[] = await dataSource.query('SELECT thing, note FROM notes ORDER BY id');
    expect(notes).toEqual([
      { thing: 'a', note: 'first' },
      { thing: 'a', note: 'second [1]' },
      { thing: 'b', note: 'b' },
    ]);
  });

  it('are undone when a function refuses them, and tell why', async () => {
    const insert = things.insertNewWith('note_thing(name, {1})', 'refuse_thing(name)');
    const refused = insert(Object.assign(new Thing(), { name: 'a', amountHeld: 1n, memo: null }), 'undone');
    expect(refusalIn(await refused.catch((error: unknown) => error))).toEqual({ code: 'LV900', detail: 'a' });
    expect(await dataSource.query('SELECT FROM things')).toEqual([]);
    expect(await dataSource.query(`SELECT FROM notes WHERE note = 'undone'`)).toEqual([]);
    const others = ['42P01', 'LV', undefined].map((code) => refusalIn(Object.assign(new Error('no'), { code })));
    expect(others).toEqual([undefined, undefined, undefined]);
  });

  it('see in their functions what others have counted meanwhile, so that two at once do not both win', async () => {
    const insert = things.insertNewWith('most_things({1})');
    const other = new HotStatements(dataSource);
    const insertOther = other.tableOf(Thing).insertNewWith('most_things({1})');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 ? insert : insertOther)(
          Object.assign(new Thing(), { name: `d${index}`, amountHeld: 1n, memo: null }),
          7,
        ),
      ),
    );
    await other.onApplicationShutdown();
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(await dataSource.query('SELECT count(*)::int AS things FROM things')).toEqual([{ things: 7 }]);
  });

  it('fail one by one: those on the same connection go on', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) =>
        keep({ name: `c${index}`, amountHeld: index % 2 ? -1n : 1n, memo: null }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? 'rejected' : 'fulfilled')),
    );
  });

  it('go on after their connections were lost', async () => {
    const find = things.select('WHERE name = $1');
    await find('a');
    await dataSource.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    // The loss of a connection is noticed by a statement, or a moment later.
    await eventually(async () => expect(await find('a')).toEqual([]));
  });

  it('know no column that the entity does not have', () => {
    expect(() => things.insertOrFind(['colour' as never], ['name'])).toThrow('Thing has no column colour');
  });
});
