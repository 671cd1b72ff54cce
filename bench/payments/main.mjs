#!/usr/bin/env node
// @ts-check
/** Measures whole payments through the demo network, see bench/README.md. */
import { parseArgs } from 'node:util';
import { cpuMsOfFamily } from '../shared/measure/cpu-time.mjs';
import { describeMachine } from '../shared/header.mjs';
import { Postgres } from '../shared/postgres.mjs';
import { say, stampOf, Table, writeResults } from '../shared/report.mjs';
import { median, summaryOf } from '../shared/measure/statistics.mjs';
import { Network } from '../network/network.mjs';
import { prepareAccounts, WAY_NAMES, WAYS } from '../network/ways.mjs';

const FOLDER = 'data/bench-payments';
const DATABASE = 'bench_payments';
const PORT_BASE = 9_000;
const CONNECTIONS = [1, 8, 32];
const ROUNDS = 5;
const PAYMENTS = 200;
const WARM_UP = 100;

const COUNTERS = `
  SELECT sum(xact_commit)::float8 AS commits, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS "walBytes"
  FROM pg_stat_database`;

/** Pays in one way; each connection makes one payment after the other. Answers the milliseconds of each. */
async function pay(network, way, { connections, payments }) {
  const times = [];
  let begun = 0;
  const connection = async () => {
    while (begun < payments) {
      begun += 1;
      const at = performance.now();
      await WAYS[way](network);
      times.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  return times;
}

async function counters({ postgres, network }) {
  const { rows } = await postgres.admin.query(COUNTERS);
  return {
    ...rows[0],
    serverCpuMs: cpuMsOfFamily(network.pid),
    postgresCpuMs: cpuMsOfFamily(postgres.pid),
    at: performance.now(),
  };
}

/** @returns {Promise<object>} rate, latency and costs of a payment */
async function measure(bench, way, connections) {
  const before = await counters(bench);
  const latency = summaryOf(await pay(bench.network, way, { connections, payments: PAYMENTS }));
  const after = await counters(bench);
  const perPayment = (name) => (after[name] === null ? null : (after[name] - before[name]) / PAYMENTS);
  return {
    way,
    connections,
    perSecond: (PAYMENTS * 1_000) / (after.at - before.at),
    latency,
    serverCpuMs: perPayment('serverCpuMs'),
    postgresCpuMs: perPayment('postgresCpuMs'),
    commits: perPayment('commits'),
    walBytes: perPayment('walBytes'),
  };
}

/** Measures both ways in turn, so that other load of the machine affects both. */
async function compare(bench, connections, table) {
  const rounds = [];
  for (let round = 0; round < bench.rounds; round += 1) {
    const row = {};
    for (const way of WAY_NAMES) row[way] = table.add(await measure(bench, way, connections));
    rounds.push(row);
  }
  const ratioOf = (value) => rounds.map(({ plain, quoted }) => value(quoted) / value(plain));
  return [
    { what: `payments/s, ${connections} at once`, ratios: ratioOf(({ perSecond }) => perSecond) },
    { what: `p50, ${connections} at once`, ratios: ratioOf(({ latency }) => latency.p50) },
    { what: `server ms, ${connections} at once`, ratios: ratioOf(({ serverCpuMs }) => serverCpuMs) },
  ];
}

async function run(bench) {
  const header = await describeMachine(bench.postgres);
  await prepareAccounts(bench.network);
  for (const way of WAY_NAMES) await pay(bench.network, way, { connections: 8, payments: WARM_UP });
  const table = new Table('Payments', [
    { title: 'way', width: 7, value: ({ way }) => way },
    { title: 'at once', width: 7, value: ({ connections }) => connections },
    { title: 'a second', width: 8, digits: 1, value: ({ perSecond }) => perSecond },
    { title: 'p50 ms', width: 7, digits: 1, value: ({ latency }) => latency.p50 },
    { title: 'p99 ms', width: 7, digits: 1, value: ({ latency }) => latency.p99 },
    { title: 'server ms', width: 9, digits: 1, value: ({ serverCpuMs }) => serverCpuMs },
    { title: 'pg ms', width: 6, digits: 1, value: ({ postgresCpuMs }) => postgresCpuMs },
    { title: 'commits', width: 7, digits: 1, value: ({ commits }) => commits },
    { title: 'WAL bytes', width: 9, value: ({ walBytes }) => walBytes },
  ]);
  const ratios = [];
  for (const connections of CONNECTIONS) ratios.push(...(await compare(bench, connections, table)));
  const summary = new Table(`Quoted / plain, of ${bench.rounds} rounds`, [
    { title: 'of', width: 26, value: ({ what }) => what },
    { title: 'median', width: 6, digits: 2, value: (row) => median(row.ratios) },
    { title: 'least', width: 6, digits: 2, value: (row) => Math.min(...row.ratios) },
    { title: 'most', width: 6, digits: 2, value: (row) => Math.max(...row.ratios) },
  ]);
  for (const row of ratios) summary.add(row);
  say(`\nresults: ${await writeResults(`payments-${stampOf(new Date())}`, { header, ratios })}`);
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: String(ROUNDS) } } });
const postgres = await Postgres.start(FOLDER);
try {
  await postgres.createDatabase(DATABASE);
  const network = await Network.start({ databaseUrl: postgres.urlOf(DATABASE), portBase: PORT_BASE });
  try {
    await run({ postgres, network, rounds: Number(values.rounds) });
  } finally {
    await network.stop();
  }
} finally {
  await postgres.stop();
}
