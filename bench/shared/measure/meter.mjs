// @ts-check
/** Costs of a load for each pair: counters are read before and after it. */
import { cpus } from 'node:os';
import { busyMsOfMachine, cpuMsOfFamily } from './cpu-time.mjs';

const COUNTERS = `
  SELECT
    (SELECT xact_commit FROM pg_stat_database WHERE datname = $1)::float8 AS commits,
    pg_snapshot_xmax(pg_current_snapshot())::text::float8 AS writes,
    (
      SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = $1)
    )::float8 AS statements,
    pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS "walBytes"`;

export class Meter {
  /**
   * @param {import('../postgres.mjs').Postgres} postgres
   * @param {string} database that is measured
   * @param {import('../../ledger/server/ledger-server.mjs').LedgerServer} [server] where one is part of it
   */
  constructor(postgres, database, server) {
    this.postgres = postgres;
    this.database = database;
    this.server = server;
  }

  /**
   * Runs `load` between two readings.
   * @param {() => Promise<{ pairs: number, seconds: number, latency: object, cpuMs: number }>} load
   */
  async measure(load) {
    const before = await this.#read();
    const { cpuMs: clientCpuMs, pairs, seconds, ...measured } = await load();
    const after = await this.#read();
    const difference = (name) => (after[name] === null ? null : after[name] - before[name]);
    const perPair = (name) => (after[name] === null ? null : (difference(name) ?? 0) / pairs);
    const spent = (name) => difference(name) ?? 0;
    const ours = clientCpuMs + spent('serverCpuMs') + spent('postgresCpuMs') + spent('benchCpuMs');
    return {
      ...measured,
      pairs,
      seconds,
      pairsPerSecond: pairs / seconds,
      /** Part of the machine's processor time that other programs used, 0 to 1. */
      othersShare: Math.max(0, spent('busyMs') - ours) / (spent('at') * cpus().length),
      perPair: {
        serverCpuMs: perPair('serverCpuMs'),
        postgresCpuMs: perPair('postgresCpuMs'),
        clientCpuMs: clientCpuMs / pairs,
        roundTrips: perPair('roundTrips'),
        statements: perPair('statements'),
        commits: perPair('commits'),
        writes: perPair('writes'),
        walBytes: perPair('walBytes'),
      },
    };
  }

  async #read() {
    const { cpuMs: serverCpuMs, roundTrips } = this.server
      ? await this.server.counters()
      : { cpuMs: null, roundTrips: null };
    const { rows } = await this.postgres.admin.query({ name: 'counters', text: COUNTERS, values: [this.database] });
    const { user, system } = process.cpuUsage();
    return {
      ...rows[0],
      serverCpuMs,
      roundTrips,
      postgresCpuMs: cpuMsOfFamily(this.postgres.pid),
      benchCpuMs: (user + system) / 1_000,
      busyMs: busyMsOfMachine(),
      at: performance.now(),
    };
  }
}
