import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '@level-one/testing';
import { forgetChangesOf, KeptCopies, type KeptCopy, notifyChangesOf } from '@level-one/work';
import { setTimeout } from 'node:timers/promises';
import { type DataSource, type MigrationInterface, type QueryRunner } from 'typeorm';
import { openDatabase } from './database.js';

class CreateThings1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE things (name text PRIMARY KEY, colour text NOT NULL)');
    await runner.query('CREATE TABLE shapes (name text PRIMARY KEY)');
    for (const statement of [...notifyChangesOf('things', 'name'), ...notifyChangesOf('shapes')]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['things', 'shapes']) {
      for (const statement of forgetChangesOf(table)) await runner.query(statement);
    }
    await runner.query('DROP TABLE things, shapes');
  }
}

/** One instance with copies of colours by name. */
interface Instance {
  copies: KeptCopies;
  colours: KeptCopy<string | undefined>;
  /** Names that were read from the database. */
  reads: string[];
}

describe('kept copies', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let one: Instance;
  let other: Instance;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await openDatabase({
      settings: { databaseUrl: database.url, databaseSchema: 'copies', databasePoolSize: 4 },
      entities: [],
      migrations: [CreateThings1700000000000],
    });
  });

  beforeEach(async () => {
    await dataSource.query('TRUNCATE things, shapes');
    await dataSource.query(`INSERT INTO things VALUES ('a', 'red'), ('b', 'green'), ('c', 'blue')`);
    one = await startInstance();
    other = await startInstance();
  });

  afterEach(() => Promise.all([one, other].map(({ copies }) => copies.onApplicationShutdown())));

  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  async function startInstance(max = 100): Promise<Instance> {
    const copies = new KeptCopies(dataSource);
    const reads: string[] = [];
    const select = copies.statements.prepare<{ colour: string }>('SELECT colour FROM things WHERE name = $1');
    const load = async (name: string): Promise<string | undefined> => {
      reads.push(name);
      return (await select(name))[0]?.colour;
    };
    const instance = { copies, colours: copies.keep({ tables: ['things', 'shapes'], max, load }), reads };
    await keptAgain(instance);
    return instance;
  }

  /** Resolves when the instance listens, so that it serves from memory. */
  async function keptAgain({ colours, reads }: Instance): Promise<void> {
    for (;;) {
      await colours.read('a');
      const before = reads.length;
      await colours.read('a');
      if (reads.length === before) break;
      await setTimeout(10);
    }
    colours.forget();
    reads.length = 0;
  }

  /** Resolves when the instance serves this colour. */
  async function serves({ colours }: Instance, name: string, colour: string | undefined): Promise<void> {
    while ((await colours.read(name)) !== colour) await setTimeout(5);
  }

  const paint = (name: string, colour: string) =>
    dataSource.query('UPDATE things SET colour = $2 WHERE name = $1', [name, colour]);

  it('are read once, also for those who ask at the same time', async () => {
    const colours = await Promise.all(Array.from({ length: 10 }, () => one.colours.read('a')));
    expect(new Set(colours)).toEqual(new Set(['red']));
    await one.colours.read('a');
    expect(one.reads).toEqual(['a']);
  });

  it('are made right when another instance changes a row, and no others', async () => {
    for (const { colours } of [one, other]) await Promise.all([colours.read('a'), colours.read('b')]);
    await paint('a', 'yellow');
    one.copies.forget('things', 'a');
    expect(await one.colours.read('a')).toBe('yellow');
    await serves(other, 'a', 'yellow');
    await other.colours.read('b');
    expect(other.reads).toEqual(['a', 'b', 'a']);
  });

  it('are told of inserts, of deletes, of other tables, and of all rows at once', async () => {
    expect(await other.colours.read('new')).toBeUndefined();
    await dataSource.query(`INSERT INTO things VALUES ('new', 'white')`);
    await serves(other, 'new', 'white');
    await dataSource.query(`DELETE FROM things WHERE name = 'new'`);
    await serves(other, 'new', undefined);
    await Promise.all([other.colours.read('a'), other.colours.read('b')]);
    other.reads.length = 0;
    await dataSource.query(`INSERT INTO shapes VALUES ('round')`);
    while (!other.reads.includes('b')) {
      await setTimeout(5);
      await Promise.all([other.colours.read('a'), other.colours.read('b')]);
    }
    await dataSource.query('TRUNCATE things');
    await serves(other, 'a', undefined);
  });

  it('are told of a change when it commits, and of none that is undone', async () => {
    await one.colours.read('a');
    await dataSource
      .transaction(async (manager) => {
        await manager.query(`UPDATE things SET colour = 'black' WHERE name = 'a'`);
        throw new Error('undo');
      })
      .catch(() => undefined);
    await dataSource.query(`INSERT INTO things VALUES ('later', 'grey')`);
    await serves(one, 'later', 'grey');
    expect(await one.colours.read('a')).toBe('red');
    expect(one.reads.filter((name) => name === 'a')).toHaveLength(1);
  });

  it('keep nothing that was read before a change', async () => {
    let answer = (_colour: string): void => undefined;
    const slow = one.copies.keep({
      tables: ['things'],
      max: 1,
      load: () => new Promise<string>((resolve) => (answer = resolve)),
    });
    const before = slow.read('a');
    one.copies.forget('things', 'a');
    answer('old');
    expect(await before).toBe('old');
    const after = slow.read('a');
    answer('new');
    expect(await after).toBe('new');
    expect(await slow.read('a')).toBe('new');
  });

  it('keep nothing that could not be read', async () => {
    let isBroken = true;
    const load = async (): Promise<string> => {
      if (isBroken) throw new Error('broken');
      return 'right';
    };
    const copy = one.copies.keep({ tables: ['things'], max: 1, load });
    await expect(copy.read('a')).rejects.toThrow('broken');
    isBroken = false;
    expect(await copy.read('a')).toBe('right');
  });

  it('are at most as many as were allowed', async () => {
    const small = await startInstance(2);
    for (const name of ['a', 'b', 'c', 'b', 'c', 'a']) await small.colours.read(name);
    expect(small.reads).toEqual(['a', 'b', 'c', 'a']);
    await small.copies.onApplicationShutdown();
  });

  it('serve nothing old after the connection of the listener broke', async () => {
    expect(await other.colours.read('a')).toBe('red');
    // A change of which this instance is told nothing, as while its connection is lost.
    await dataSource.transaction(async (manager) => {
      await manager.query('ALTER TABLE things DISABLE TRIGGER USER');
      await manager.query(`UPDATE things SET colour = 'purple' WHERE name = 'a'`);
      await manager.query('ALTER TABLE things ENABLE TRIGGER USER');
    });
    expect(await other.colours.read('a')).toBe('red');
    const cut: unknown[] = await dataSource.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND (query LIKE 'LISTEN%' OR query = 'SELECT')`,
    );
    expect(cut).toHaveLength(2);
    await serves(other, 'a', 'purple');
    await keptAgain(other);
    expect(await other.colours.read('a')).toBe('purple');
    await paint('a', 'orange');
    await serves(other, 'a', 'orange');
  });
});
