// @ts-check
/** Costs of a load for each pair of transfers or each payment: counters are read before and after it. */
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
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

/** What is counted, and not a time. */
const COUNTS = ['roundTrips', 'statements', 'commits', 'writes', 'walBytes'];

/**
 * @typedef {object} Load what a load did
 * @property {number} count pairs or payments
 * @property {number} seconds
 * @property {object} latency
 * @property {number} [cpuMs] of the process that made the load, where it is not this one
 */

export class Meter {
  /** What the idle program does a second, by count. @type {Record<string, number>} */
  idle = {};

  /**
   * @param {import('../postgres.mjs').Postgres} postgres
   * @param {string} database that is measured
   * @param {Pick<import('./node-probes.mjs').NodeProbes, 'counters'>} [server] where one is part of it
   */
  constructor(postgres, database, server) {
    this.postgres = postgres;
    this.database = database;
    this.server = server;
  }

  /** Counts for some seconds what the program does without a load; it is taken off the counts of later loads. */
  async measureIdle(seconds) {
    const before = await this.#read();
    await sleep(seconds * 1_000);
    const after = await this.#read();
    const passed = (after.at - before.at) / 1_000;
    const names = COUNTS.filter((name) => after[name] !== null);
    this.idle = Object.fromEntries(names.map((name) => [name, (after[name] - before[name]) / passed]));
  }

  /**
   * Runs `load` between two readings.
   * @template {Load} L
   * @param {() => Promise<L>} load
   */
  async measure(load) {
    const before = await this.#read();
    const { cpuMs, count, seconds, ...measured } = await load();
    const after = await this.#read();
    const spent = (name) => (after[name] === null ? null : after[name] - before[name]);
    const clientCpuMs = cpuMs ?? spent('benchCpuMs') ?? 0;
    const ours = ['serverCpuMs', 'postgresCpuMs', 'benchCpuMs'].reduce((sum, name) => sum + (spent(name) ?? 0), 0);
    const passed = spent('at') ?? 0;
    const each = (name) => {
      const value = spent(name);
      return value === null ? null : Math.max(0, value - ((this.idle[name] ?? 0) * passed) / 1_000) / count;
    };
    return {
      ...measured,
      count,
      seconds,
      perSecond: count / seconds,
      /** Part of the machine's processor time that other programs used, 0 to 1. */
      othersShare: Math.max(0, (spent('busyMs') ?? 0) - ours - (cpuMs ?? 0)) / (passed * cpus().length),
      /** Of each pair or payment. */
      costs: {
        serverCpuMs: each('serverCpuMs'),
        postgresCpuMs: each('postgresCpuMs'),
        clientCpuMs: clientCpuMs / count,
        roundTrips: each('roundTrips'),
        statements: each('statements'),
        commits: each('commits'),
        writes: each('writes'),
        walBytes: each('walBytes'),
      },
      /** Processor time of each process of the server, and busy time of each of its threads, in ms for each. */
      processes: after.processes.map((process, index) => {
        const spentBy = (name) =>
          process[name] === null ? null : (process[name] - (before.processes[index]?.[name] ?? 0)) / count;
        return { name: process.name, cpuMs: spentBy('cpuMs'), loopMs: spentBy('loopMs') };
      }),
    };
  }

  async #read() {
    const processes = (await this.server?.counters()) ?? [];
    const sumOf = (name) => (this.server ? processes.reduce((sum, process) => sum + process[name], 0) : null);
    const { rows } = await this.postgres.admin.query({ name: 'counters', text: COUNTERS, values: [this.database] });
    const { user, system } = process.cpuUsage();
    return {
      ...rows[0],
      processes,
      serverCpuMs: sumOf('cpuMs'),
      roundTrips: sumOf('roundTrips'),
      postgresCpuMs: cpuMsOfFamily(this.postgres.pid),
      benchCpuMs: (user + system) / 1_000,
      busyMs: busyMsOfMachine(),
      at: performance.now(),
    };
  }
}
