// @ts-check
/** PostgreSQL, load process and ledgers that all parts of a run share. */
import { LoadProcess } from './load/load-process.mjs';
import { Postgres } from '../shared/postgres.mjs';
import { lockFolder } from '../shared/data-folder.mjs';

/** Prefix of a run's databases. Those of a run that was killed are dropped by the next run. */
export const RUN_PREFIX = 'bench_run_';

export class Bench {
  /** Ledgers that have to be stopped. @type {Set<import('./server/ledger-server.mjs').LedgerServer>} */
  running = new Set();

  /** @param {import('./options.mjs').Options} options */
  static async open(options) {
    const unlock = lockFolder(options.dataDir);
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
