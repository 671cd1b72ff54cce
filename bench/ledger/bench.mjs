// @ts-check
/** PostgreSQL, load process and ledgers that all parts of a run share. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LoadProcess } from './load/load-process.mjs';
import { Postgres } from '../shared/postgres.mjs';
import { codeOf } from '../shared/errors.mjs';

/** Prefix of a run's databases. Those of a run that was killed are dropped by the next run. */
export const RUN_PREFIX = 'bench_run_';

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/** Locks the data folder: a second run would stop the first one's PostgreSQL and distort its figures. */
function lock(folder) {
  const file = join(resolve(folder), 'run.pid');
  mkdirSync(resolve(folder), { recursive: true });
  try {
    const owner = Number(readFileSync(file, 'utf8'));
    if (owner > 0 && owner !== process.pid && isRunning(owner)) {
      throw new Error(`another benchmark (process ${owner}) runs on ${folder}; wait for it, or give --data-dir`);
    }
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}

export class Bench {
  /** Ledgers that have to be stopped. @type {Set<import('./server/ledger-server.mjs').LedgerServer>} */
  running = new Set();

  /** @param {import('./options.mjs').Options} options */
  static async open(options) {
    const unlock = lock(options.dataDir);
    try {
      const postgres = await Postgres.start(options.dataDir);
      const bench = new Bench(options, postgres, unlock);
      await bench.#dropLeftovers();
      return bench;
    } catch (error) {
      unlock();
      throw error;
    }
  }

  constructor(options, postgres, unlock) {
    this.options = options;
    this.postgres = postgres;
    this.load = new LoadProcess();
    this.unlock = unlock;
  }

  /** Ends every process and drops the databases of this run; templates stay. */
  async close() {
    this.load.stop();
    await Promise.all([...this.running].map((server) => server.stop()));
    await this.#dropLeftovers().catch(() => undefined);
    await this.postgres.stop();
    this.unlock();
  }

  async #dropLeftovers() {
    for (const database of await this.postgres.databasesLike(RUN_PREFIX)) await this.postgres.dropDatabase(database);
  }
}
