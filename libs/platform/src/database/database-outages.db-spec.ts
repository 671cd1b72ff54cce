import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { accessOf, HotStatements, KeptCopies, type KeptCopy, notifyChangesOf } from '@level-one/work';
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { toContractError } from '../errors/errors.js';
import { openDatabase } from './database.js';
import { DatabaseHealth } from './database-health.js';
import { OwnPostgres } from './own-postgres.fixture.js';

class CreateThings1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE things (name text PRIMARY KEY, colour text NOT NULL)');
    for (const statement of notifyChangesOf('things', 'name')) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE things');
  }
}

const CONNECT_MS = 1_000;
const ANSWER_MS = 2_000;
/** Both limits, and what a machine that is busy with other work adds. */
const BOUND_MS = CONNECT_MS + ANSWER_MS + 20_000;
const LATEST_MS = 60_000;

/** An instance of a role, with every kind of connection that roles have. */
class Instance {
  readonly statements: HotStatements;
  readonly health: DatabaseHealth;
  readonly copies: KeptCopies;
  readonly colours: KeptCopy<string | undefined>;
  private readonly insertHot: (name: string) => Promise<unknown>;

  private constructor(readonly dataSource: DataSource) {
    this.statements = new HotStatements(dataSource);
    this.health = new DatabaseHealth(dataSource, this.statements);
    this.copies = new KeptCopies(dataSource);
    const select = this.copies.statements.prepare<{ colour: string }>('SELECT colour FROM things WHERE name = $1');
    this.colours = this.copies.keep({
      tables: ['things'],
      max: 10,
      load: async (name) => (await select(name))[0]?.colour,
    });
    this.insertHot = this.statements.prepare(`INSERT INTO things VALUES ($1, 'hot')`);
  }

  static async open(databaseUrl: string, poolSize = 3): Promise<Instance> {
    const dataSource = await openDatabase({
      settings: {
        databaseUrl,
        databaseSchema: 'outages',
        databasePoolSize: poolSize,
        databaseConnectTimeoutMs: CONNECT_MS,
        databaseAnswerTimeoutMs: ANSWER_MS,
        databaseWaitS: 60,
      },
      entities: [],
      migrations: [CreateThings1700000000000],
    });
    return new Instance(dataSource);
  }

  /** The ways in which roles write. */
  writes(name: string): (() => Promise<unknown>)[] {
    return [
      () => this.dataSource.query(`INSERT INTO things VALUES ($1, 'pool')`, [`${name} pool`]),
      () => this.insertHot(`${name} hot`),
      () =>
        this.dataSource.transaction(async (manager) => {
          await manager.query(`INSERT INTO things VALUES ($1, 'first')`, [`${name} first`]);
          await manager.query(`INSERT INTO things VALUES ($1, 'second')`, [`${name} second`]);
        }),
    ];
  }

  /** Answers of the ways to write: status, and for a refusal its message. */
  answersTo(name: string): Promise<(string | number)[]> {
    return Promise.all(
      this.writes(name).map(async (write) => {
        try {
          await write();
          return 200;
        } catch (error) {
          const { status, message, retryAfterS } = toContractError(error);
          return retryAfterS === undefined ? `${status} without Retry-After: ${message}` : `${status} ${message}`;
        }
      }),
    );
  }

  async healthText(): Promise<string> {
    return this.health.check().then(
      () => 'OK',
      (error: Error) => error.message,
    );
  }

  async close(): Promise<void> {
    await Promise.all([this.statements.onApplicationShutdown(), this.copies.onApplicationShutdown()]);
    await this.dataSource.destroy().catch(() => undefined);
  }
}

describe('A database that cannot be used', () => {
  let postgres: OwnPostgres;
  let instance: Instance;
  let round = 0;

  beforeAll(async () => {
    postgres = await OwnPostgres.start();
    await postgres.run('CREATE SCHEMA outages');
  });

  beforeEach(async () => {
    instance = await Instance.open(postgres.url);
    round += 1;
    expect(await instance.answersTo(`before ${round}`)).toEqual([200, 200, 200]);
    expect(await instance.healthText()).toBe('OK');
  });

  afterEach(() => instance.close());
  afterAll(() => postgres.remove());

  const untilGoodAgain = (): Promise<void> =>
    eventually(
      async () => {
        round += 1;
        expect([await instance.healthText(), ...(await instance.answersTo(`after ${round}`))]).toEqual([
          'OK',
          200,
          200,
          200,
        ]);
      },
      { timeoutMs: LATEST_MS, intervalMs: 250 },
    );

  /** Rows of writes that were refused: of the transaction both or none. */
  async function assertNothingHalfDone(): Promise<void> {
    const [result] = await postgres.run(
      `SELECT count(*) FILTER (WHERE colour = 'first')::int AS first, count(*) FILTER (WHERE colour = 'second')::int AS second
       FROM outages.things`,
    );
    const { first, second } = result!.rows[0] as { first: number; second: number };
    expect(first).toBe(second);
  }

  it('away: 503 that says so, and good again by itself', async () => {
    await postgres.stop();
    expect(await instance.answersTo('stopped')).toEqual(
      Array.from({ length: 3 }, () => '503 The database cannot be reached; try again'),
    );
    expect(await instance.healthText()).toBe('cannot be reached');
    await postgres.startAgain();
    await untilGoodAgain();
    await assertNothingHalfDone();
  });

  it('frozen: 503 in bounded time on every path, and good again by itself', async () => {
    await postgres.freeze();
    try {
      const begunAt = performance.now();
      // More than the pool has connections, so that some wait for one.
      const answers = (await Promise.all([instance.answersTo('frozen a'), instance.answersTo('frozen b')])).flat();
      expect(new Set(answers)).toEqual(new Set(['503 The database does not answer in time; try again']));
      expect(performance.now() - begunAt).toBeLessThan(BOUND_MS);
      expect(await instance.healthText()).toBe('does not answer in time');
    } finally {
      await postgres.thaw();
    }
    await untilGoodAgain();
    await assertNothingHalfDone();
  });

  it('killed: every answer is 503 or a success until it is back, and its copies in memory are read anew', async () => {
    await postgres.run(`INSERT INTO outages.things VALUES ('kept', 'red')`);
    await eventually(async () => expect(await instance.colours.read('kept')).toBe('red'));
    await postgres.kill();
    for (const answer of await instance.answersTo('killed')) expect(answer).toMatch(/^503 The database /);
    await eventually(() => postgres.startAgain(), { timeoutMs: LATEST_MS, intervalMs: 500 });
    await postgres.run(`UPDATE outages.things SET colour = 'blue' WHERE name = 'kept'`);
    await untilGoodAgain();
    await eventually(async () => expect(await instance.colours.read('kept')).toBe('blue'), { timeoutMs: LATEST_MS });
    await assertNothingHalfDone();
  });

  it('ends one connection or all of them: 503 at most once for each', async () => {
    const ended = instance.dataSource.query(`SELECT pg_terminate_backend(pg_backend_pid())`);
    expect(toContractError(await ended.catch((error: unknown) => error))).toMatchObject({
      status: 503,
      retryAfterS: 2,
    });
    await postgres.run(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
    );
    await untilGoodAgain();
  });

  it('read-only: 503 for writes, reads go on, health says it, and writes work as soon as it is lifted', async () => {
    const database = new URL(postgres.url).pathname.slice(1);
    await postgres.run(`ALTER DATABASE ${database} SET default_transaction_read_only = on`);
    await postgres.run(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()',
    );
    await eventually(async () => {
      expect(await instance.answersTo(`read-only ${(round += 1)}`)).toEqual(
        Array.from({ length: 3 }, () => '503 The database is read-only; try again'),
      );
    });
    expect(await instance.healthText()).toBe('is read-only');
    expect(await instance.dataSource.query('SELECT count(*)::int > 0 AS found FROM things')).toEqual([{ found: true }]);
    await postgres.run(
      'SET default_transaction_read_only = off',
      `ALTER DATABASE ${database} RESET default_transaction_read_only`,
    );
    await untilGoodAgain();
  });

  it.each([
    ['53100', 'is full', 'is full'],
    ['53200', 'is out of memory', 'is out of memory'],
    ['40001', 'is busy', 'OK'],
    ['40P01', 'is busy', 'OK'],
    ['55P03', 'is busy', 'OK'],
    ['57014', 'does not answer in time', 'OK'],
    ['57P03', 'is starting up or recovering', 'OK'],
    ['53300', 'has no connection left', 'OK'],
    ['58030', 'is damaged or has lost its files', 'is damaged or has lost its files'],
    ['42501', 'refuses the login or the rights of this role', 'refuses the login or the rights of this role'],
  ])('answers SQLSTATE %s: 503, it %s; health: %s', async (code, trouble, health) => {
    await postgres.run(
      `CREATE FUNCTION outages.refuse() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '${code}'; END $$`,
      'CREATE TRIGGER refuse BEFORE INSERT ON outages.things FOR EACH ROW EXECUTE FUNCTION outages.refuse()',
    );
    expect(await instance.answersTo('refused')).toEqual(
      Array.from({ length: 3 }, () => `503 The database ${trouble}; try again`),
    );
    expect(await instance.healthText()).toBe(health);
    await postgres.run('DROP FUNCTION outages.refuse CASCADE');
    await untilGoodAgain();
    await assertNothingHalfDone();
  });

  it('has lost a table: 503, and health says that the schema is another one', async () => {
    await postgres.run('ALTER TABLE outages.things RENAME TO others');
    expect(new Set(await instance.answersTo('lost'))).toEqual(
      new Set(['503 The database has another schema than this version needs; try again']),
    );
    expect(await instance.healthText()).toBe('has another schema than this version needs');
    await postgres.run('ALTER TABLE outages.others RENAME TO things');
    await untilGoodAgain();
  });

  it('has no connection left for others: an instance works with those that it has, more slowly', async () => {
    const [limits] = await postgres.run('CREATE ROLE narrow LOGIN SUPERUSER', `SELECT 1`);
    expect(limits).toBeDefined();
    await postgres.run(
      `ALTER ROLE narrow NOSUPERUSER PASSWORD 'narrow' CONNECTION LIMIT 4`,
      'GRANT USAGE ON SCHEMA outages TO narrow',
      'GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA outages TO narrow',
    );
    const url = new URL(postgres.url);
    Object.assign(url, { username: 'narrow', password: 'narrow' });
    const narrow = await Instance.open(url.href, 10);
    try {
      const answers = await Promise.all(Array.from({ length: 12 }, (_, index) => narrow.answersTo(`narrow ${index}`)));
      expect(new Set(answers.flat())).toEqual(new Set([200]));
      expect(await narrow.healthText()).toBe('OK');
    } finally {
      await narrow.close();
    }
  });

  it('has waiting statements: one that waits too long for a lock is cancelled on the server, too', async () => {
    const other = instance.dataSource.createQueryRunner();
    await other.startTransaction();
    await other.query('LOCK TABLE things');
    expect(new Set(await instance.answersTo('locked'))).toEqual(
      new Set(['503 The database does not answer in time; try again']),
    );
    const [waiting] = await postgres.run(`SELECT FROM pg_locks WHERE NOT granted`);
    expect(waiting!.rowCount).toBe(0);
    await other.rollbackTransaction();
    await other.release();
    await untilGoodAgain();
  });
});

/** A file system of this many bytes; undefined if this user cannot make one. */
async function smallDisk(): Promise<{ path: string; remove(): Promise<void> } | undefined> {
  const path = await mkdtemp(join(tmpdir(), 'level-one-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=0777', 'tmpfs', path], { stdio: 'ignore' });
  } catch {
    await rm(path, { recursive: true });
    return undefined;
  }
  return {
    path,
    remove: async () => {
      execFileSync('umount', [path]);
      await rm(path, { recursive: true });
    },
  };
}

describe('A full disk', () => {
  it('is 503, health says it for as long as it lasts, and it is good again by itself', async () => {
    const disk = await smallDisk();
    if (!disk) {
      process.stdout.write('skipped: a small file system cannot be mounted by this user\n');
      return;
    }
    const postgres = await OwnPostgres.start();
    let instance: Instance | undefined;
    try {
      await postgres.giveToServer(disk.path);
      await postgres.run(`CREATE TABLESPACE small LOCATION '${disk.path}'`, 'CREATE DATABASE small TABLESPACE small');
      const url = new URL(postgres.url);
      url.pathname = '/small';
      const opened = (instance = await Instance.open(url.href));
      expect(await opened.healthText()).toBe('OK');
      const fill = `INSERT INTO things SELECT gen_random_uuid()::text || n, repeat(md5(n::text), 20) FROM generate_series(1, 1000) n`;
      const ballast = join(disk.path, 'ballast');
      await writeFile(ballast, Buffer.alloc(4 * 1_024 * 1_024));
      let refusal: unknown;
      while (refusal === undefined) refusal = await opened.dataSource.query(fill).then(() => undefined, String);
      const big = `INSERT INTO things SELECT gen_random_uuid()::text, string_agg(md5(random()::text), '') FROM generate_series(1, 20000)`;
      const refused = await opened.dataSource.query(big).catch((error: unknown) => toContractError(error));
      expect(refused).toMatchObject({ status: 503, retryAfterS: 10, message: 'The database is full; try again' });
      const until = performance.now() + 8_000;
      while (performance.now() < until) expect(await opened.healthText()).toBe('is full');
      await rm(ballast);
      await eventually(async () => expect(await opened.healthText()).toBe('OK'), { timeoutMs: LATEST_MS });
      expect(await opened.answersTo('room')).toEqual([200, 200, 200]);
      expect(accessOf(opened.dataSource).latestTrouble?.trouble).toBe('is full');
    } finally {
      await instance?.close();
      await postgres.run('DROP DATABASE IF EXISTS small WITH (FORCE)', 'DROP TABLESPACE IF EXISTS small');
      await postgres.remove();
      await disk.remove();
    }
  });
});
