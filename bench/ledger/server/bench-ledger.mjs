// @ts-check
/** A measured ledger: its database, process and accounts. */
import { openFundedAccounts, openRoleAccounts } from './accounts.mjs';
import { accountsOf } from '../../shared/sql/cases.mjs';
import { LedgerServer } from './ledger-server.mjs';
import { Meter } from '../../shared/measure/meter.mjs';
import { messageOf } from '../../shared/errors.mjs';

export class BenchLedger {
  /**
   * @param {import('../bench.mjs').Bench} bench
   * @param {object} options
   * @param {string} options.database name; created for this ledger
   * @param {string} [options.template] database to copy
   * @param {import('../../shared/sql/cases.mjs').Case[]} options.cases their accounts are opened, with money
   */
  static async open(bench, { database, template, cases }) {
    await bench.postgres.createDatabase(database, template);
    const server = await LedgerServer.start(bench.postgres.urlOf(database));
    bench.running.add(server);
    const tokens = await openRoleAccounts(server);
    await openFundedAccounts(server, accountsOf(cases));
    const ledger = new BenchLedger(bench, database, server, tokens);
    // A new process has not compiled its code yet.
    const warmUp = { case: cases[0], connections: 64, seconds: bench.options.startSeconds };
    await ledger.run('http', { ...ledger.target, ...warmUp });
    await bench.postgres.checkpoint();
    return ledger;
  }

  constructor(bench, database, server, tokens) {
    this.bench = bench;
    this.database = database;
    this.server = server;
    this.tokens = tokens;
    this.meter = new Meter(bench.postgres, database, server.probes);
  }

  /** Base URL and tokens for a load. */
  get target() {
    return { ledger: this.server.url, tokens: this.tokens };
  }

  /**
   * Runs a load on it, after a warm-up that is not counted.
   * @param {{ case: import('../../shared/sql/cases.mjs').Case, connections: number, seconds: number, warmUpSeconds: number }}
   * line
   */
  async measure({ seconds, warmUpSeconds, ...line }) {
    const job = { ...this.target, ...line };
    await this.run('http', { ...job, seconds: warmUpSeconds });
    return this.meter.measure(() => this.run('http', { ...job, seconds }));
  }

  /** Runs one job of the load process against it. An error includes the ledger's last log lines. */
  async run(kind, job) {
    try {
      return await this.bench.load.run(kind, job);
    } catch (error) {
      const words = this.server.lastWords;
      const message = messageOf(error);
      throw new Error(words === '' ? message : `${message}\nthe ledger logged: ${words}`, { cause: error });
    }
  }

  async close() {
    await this.bench.load.run('close', { ledger: this.server.url });
    await this.server.stop();
    this.bench.running.delete(this.server);
    await this.bench.postgres.dropDatabase(this.database);
  }
}
