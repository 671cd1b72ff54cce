// @ts-check
/** PostgreSQL for measurements: the embedded one, with its default durability. */
import { mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import pg from 'pg';
import { startEmbeddedDatabase } from '../../dist/libs/platform/src/index.js';
import { summaryOf } from './measure/statistics.mjs';

/** Counts statements; all other settings have their defaults. */
const FLAGS = ['shared_preload_libraries=pg_stat_statements'];
const SYNC_TEST_COMMITS = 200;

/** A TCP port that is free at this moment. */
export async function freePort() {
  const server = createServer();
  await new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(0, '127.0.0.1', () => done(undefined));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  await new Promise((done) => {
    server.close(done);
  });
  return port;
}

export class Postgres {
  #database;

  /** @param {string} folder of the cluster; it is kept with the filled ledgers in it */
  static async start(folder) {
    const dataDir = join(resolve(folder), 'postgres');
    await mkdir(resolve(folder), { recursive: true });
    const database = await startEmbeddedDatabase({ dataDir, port: await freePort(), flags: FLAGS });
    const [pid] = (await readFile(join(dataDir, 'postmaster.pid'), 'utf8')).split('\n');
    const postgres = new Postgres(database, Number(pid));
    await postgres.admin.connect();
    await postgres.admin.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    return postgres;
  }

  constructor(database, pid) {
    this.#database = database;
    /** Process id of the postmaster. */
    this.pid = pid;
    this.admin = new pg.Client({ connectionString: database.url });
    // Without a listener an error on the idle connection ends the process; the next query fails anyway.
    this.admin.on('error', () => undefined);
  }

  /** URL of a database. */
  urlOf(database) {
    return Object.assign(new URL(this.#database.url), { pathname: `/${database}` }).href;
  }

  /** Creates a database, replacing one of the same name; as a copy of `template` if it is given. */
  async createDatabase(name, template) {
    await this.dropDatabase(name);
    await this.admin.query(
      template === undefined
        ? `CREATE DATABASE "${name}"`
        : `CREATE DATABASE "${name}" TEMPLATE "${template}" STRATEGY FILE_COPY`,
    );
  }

  async dropDatabase(name) {
    await this.admin.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
  }

  async renameDatabase(from, to) {
    await this.admin.query(`ALTER DATABASE "${from}" RENAME TO "${to}"`);
  }

  /** Names of the databases with this prefix. */
  async databasesLike(prefix) {
    const { rows } = await this.admin.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [prefix]);
    return rows.map(({ datname }) => datname);
  }

  /** Runs `work` with a connection to a database. */
  async connected(database, work) {
    const client = new pg.Client({ connectionString: this.urlOf(database) });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** Version, and the settings of durability. */
  async settings() {
    const names = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method'];
    const { rows } = await this.admin.query(
      'SELECT name, setting FROM pg_settings WHERE name = ANY($1) ORDER BY array_position($1, name)',
      [names],
    );
    return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
  }

  /** Time of a durable commit of one row, in milliseconds. */
  async syncTest() {
    await this.admin.query('CREATE TABLE IF NOT EXISTS sync_test (number integer)');
    const times = [];
    for (let number = 0; number < SYNC_TEST_COMMITS; number += 1) {
      const begun = performance.now();
      await this.admin.query('INSERT INTO sync_test VALUES ($1)', [number]);
      times.push(performance.now() - begun);
    }
    await this.admin.query('DROP TABLE sync_test');
    return summaryOf(times);
  }

  /** Makes a checkpoint, so that none falls into a measurement. */
  async checkpoint() {
    await this.admin.query('CHECKPOINT');
  }

  async stop() {
    await this.admin.end().catch(() => undefined);
    await this.#database.stop();
  }
}
