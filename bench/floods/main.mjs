#!/usr/bin/env node
// @ts-check
/** Measures an honest payment beside floods of guesses and of replays, see bench/README.md. */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import { request } from 'undici';
import { describeMachine } from '../shared/header.mjs';
import { Postgres } from '../shared/postgres.mjs';
import { say, stampOf, Table, writeResults } from '../shared/report.mjs';
import { median } from '../shared/measure/statistics.mjs';
import { Network } from '../network/network.mjs';
import { prepareAccounts, WAYS } from '../network/ways.mjs';

const FOLDER = 'data/bench-floods';
const DATABASE = 'bench_floods';
const WARM_UP = 100;
const GUESSERS = 64;
const SOCKETS = 20;
const FLOODER = 'flooder';
const DIRECTORY = 10;
const DFSP_API = 100;
const DFSP_LEDGER = 108;
/** The flood starts this long before the first payment. */
const FLOOD_AHEAD_MS = 1_000;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    payments: { type: 'string', default: '50' },
    events: { type: 'string', default: '50000' },
    port: { type: 'string', default: '9000' },
  },
});
const rounds = Number(values.rounds);
const payments = Number(values.payments);
const events = Number(values.events);
const portBase = Number(values.port);

const basic = (name) => `Basic ${Buffer.from(`${name}:${name}`).toString('base64')}`;
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Pays one payment after the other. @returns {Promise<number[]>} milliseconds of each */
async function pay(network, count) {
  const times = [];
  for (let i = 0; i < count; i += 1) {
    const at = performance.now();
    await WAYS.quoted(network);
    times.push(performance.now() - at);
  }
  return times;
}

function summaryOf(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: median(sorted), p95: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN };
}

/** Gives the flooder's account a long log. @returns {Promise<number>} the sequence of its last event */
async function fillLog(databaseUrl) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('SET search_path = dfsp1_dfsp_ledger');
    const { rows } = await client.query(
      `WITH head AS (UPDATE ledger_head SET last_sequence = last_sequence + $1 RETURNING last_sequence - $1 AS before),
         filled AS (
           INSERT INTO events (sequence, id, message, to_account)
           SELECT before + n, gen_random_uuid(),
             json_build_object('from', 'admin', 'to', $2::text, 'data', json_build_object('text', repeat('x', 600))), $2
           FROM head, generate_series(1, $1::bigint) AS n
         )
       SELECT before + $1 AS last FROM head`,
      [events, FLOODER],
    );
    await client.query('ANALYZE events');
    return Number(rows[0].last);
  } finally {
    await client.end();
  }
}

async function openAccount(network) {
  const ledger = `${network.urlOf(DFSP_LEDGER)}/ledger`;
  const headers = { authorization: basic('admin'), 'content-type': 'application/json' };
  const body = JSON.stringify({ name: FLOODER, password: FLOODER });
  const answer = await request(`${ledger}/accounts/${FLOODER}`, { method: 'PUT', headers, body });
  await answer.body.dump();
  const login = await request(`${ledger}/auth_token`, { headers: { authorization: basic(FLOODER) } });
  const { token } = /** @type {{ token: string }} */ (await login.body.json());
  return token;
}

/**
 * Runs `work` during a flood.
 * @returns {Promise<{ result: any, counts: any }>} its result, and the answers the flood got
 */
async function during(workerData, work) {
  const worker = new Worker(new URL('flood-worker.mjs', import.meta.url), { workerData });
  const failed = new Promise((_, reject) => worker.once('error', reject));
  await sleep(FLOOD_AHEAD_MS);
  const result = await Promise.race([work(), failed]);
  const counted = new Promise((resolve) => worker.once('message', resolve));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage('stop');
  const counts = await counted;
  await worker.terminate();
  return { result, counts };
}

function floodsOf(network, token, lastSequence) {
  const ledger = `${network.urlOf(DFSP_LEDGER)}/ledger`;
  const targets = [
    { url: `${ledger}/auth_token`, name: 'alice' },
    { url: `${network.urlOf(DFSP_API)}/v1/feeRules`, name: 'dfsp1' },
    { url: `${network.urlOf(DIRECTORY)}/dfsps`, name: 'nobody' },
  ];
  return {
    'no flood': (work) => work().then((result) => ({ result, counts: {} })),
    [`${GUESSERS} guess`]: (work) => during({ kind: 'guesses', targets, clients: GUESSERS }, work),
    [`${SOCKETS} replay`]: (work) =>
      during(
        { kind: 'replays', targets: [{ url: ledger }], clients: SOCKETS, token, account: FLOODER, lastSequence },
        work,
      ),
  };
}

async function run({ postgres, network }) {
  const header = await describeMachine(postgres);
  await prepareAccounts(network);
  const token = await openAccount(network);
  const lastSequence = await fillLog(postgres.urlOf(DATABASE));
  await pay(network, WARM_UP);
  const floods = floodsOf(network, token, lastSequence);
  const table = new Table(`An honest payment, ${payments} a line`, [
    { title: 'beside', width: 10, value: ({ flood }) => flood },
    { title: 'median ms', width: 9, digits: 1, value: (row) => row.median },
    { title: 'p95 ms', width: 8, digits: 1, value: (row) => row.p95 },
    { title: 'the flood got', width: 60, value: ({ counts }) => JSON.stringify(counts) },
  ]);
  const lines = [];
  for (let round = 0; round < rounds; round += 1) {
    const row = {};
    for (const [flood, flooded] of Object.entries(floods)) {
      const { result, counts } = await flooded(() => pay(network, payments));
      row[flood] = table.add({ flood, counts, ...summaryOf(result) });
    }
    lines.push(row);
  }
  const [alone = '', ...others] = Object.keys(floods);
  const ratios = others.flatMap((flood) =>
    ['median', 'p95'].map((of) => ({ flood, of, ratios: lines.map((row) => row[flood][of] / row[alone][of]) })),
  );
  const summary = new Table(`Beside a flood / alone, of ${rounds} rounds`, [
    { title: 'beside', width: 10, value: ({ flood }) => flood },
    { title: 'of', width: 6, value: ({ of }) => of },
    { title: 'median', width: 6, digits: 2, value: (row) => median(row.ratios) },
    { title: 'least', width: 6, digits: 2, value: (row) => Math.min(...row.ratios) },
    { title: 'most', width: 6, digits: 2, value: (row) => Math.max(...row.ratios) },
  ]);
  for (const row of ratios) summary.add(row);
  say(`\nresults: ${await writeResults(`floods-${stampOf(new Date())}`, { header, lines, ratios })}`);
}

const postgres = await Postgres.start(FOLDER);
try {
  await postgres.createDatabase(DATABASE);
  const network = await Network.start({ databaseUrl: postgres.urlOf(DATABASE), portBase });
  try {
    await run({ postgres, network });
  } finally {
    await network.stop();
  }
} finally {
  await postgres.stop();
}
