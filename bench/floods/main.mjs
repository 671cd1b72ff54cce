#!/usr/bin/env node
// @ts-check
/** Measures an honest payment beside floods of guesses and of replays, see bench/README.md. */
import { Worker } from 'node:worker_threads';
import pg from 'pg';
import { parseOptions, runCommand } from '../shared/command.mjs';
import { describeMachine } from '../shared/header.mjs';
import { say, stampOf, Table, writeResults } from '../shared/report.mjs';
import { median } from '../shared/measure/statistics.mjs';
import { withNetwork } from '../network/network.mjs';
import { Pairs } from '../network/people.mjs';
import { basic, call, CENTRAL_DIRECTORY, DFSP_API, DFSP_LEDGER } from '../network/roles.mjs';
import { WAYS } from '../network/ways.mjs';

const FOLDER = 'data/bench-floods';
const DATABASE = 'bench_floods';
const WARM_UP = 100;
const GUESSERS = 64;
const SOCKETS = 20;
const FLOODER = 'flooder';
/** The flood starts this long before the first payment. */
const FLOOD_AHEAD_MS = 1_000;

const USAGE = `Usage: npm run bench:floods -- [options]

  --rounds=<n>    how often each flood is measured; default 5
  --payments=<n>  payments of a line; default 50
  --events=<n>    events of the replayed log; default 50000
  --port=<n>      first port of the network; default 9000`;

/** @type {import('../shared/command.mjs').OptionsConfig} */
const OPTIONS = {
  rounds: { type: 'string', default: '5' },
  payments: { type: 'string', default: '50' },
  events: { type: 'string', default: '50000' },
  port: { type: 'string', default: '9000' },
};

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Pays one payment after the other. @returns {Promise<number[]>} milliseconds of each */
async function pay({ network, pairs }, count) {
  const times = [];
  for (let i = 0; i < count; i += 1) {
    const payment = await WAYS.quoted(network, pairs.next());
    const at = performance.now();
    await payment();
    times.push(performance.now() - at);
  }
  return times;
}

function summaryOf(times) {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: median(sorted), p95: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN };
}

/** Gives the flooder's account a long log. @returns {Promise<number>} the sequence of its last event */
async function fillLog(databaseUrl, events) {
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

/** Opens the flooder's account. @returns {Promise<string>} its token */
async function openAccount(network) {
  const ledger = `${network.urlOf(DFSP_LEDGER.dfsp1)}/ledger`;
  const body = { name: FLOODER, password: FLOODER };
  await call(`PUT ${ledger}/accounts/${FLOODER}`, { authorization: basic('admin'), body });
  const { token } = await call(`GET ${ledger}/auth_token`, { authorization: basic(FLOODER) });
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
  const ledger = `${network.urlOf(DFSP_LEDGER.dfsp1)}/ledger`;
  const targets = [
    { url: `${ledger}/auth_token`, name: 'alice' },
    { url: `${network.urlOf(DFSP_API.dfsp1)}/v1/feeRules`, name: 'dfsp1' },
    { url: `${network.urlOf(CENTRAL_DIRECTORY)}/dfsps`, name: 'nobody' },
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

async function run({ postgres, database, network, rounds, payments, events }) {
  const header = await describeMachine(postgres);
  const payers = { network, pairs: await Pairs.open(network, 1) };
  const token = await openAccount(network);
  const lastSequence = await fillLog(postgres.urlOf(database), events);
  await pay(payers, WARM_UP);
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
      const { result, counts } = await flooded(() => pay(payers, payments));
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

await runCommand(USAGE, async (interrupted) => {
  const { rounds, payments, events, port } = parseOptions(process.argv.slice(2), OPTIONS);
  const place = { folder: FOLDER, database: DATABASE, portBase: Number(port) };
  const counts = { rounds: Number(rounds), payments: Number(payments), events: Number(events) };
  return withNetwork(place, (started) => Promise.race([run({ ...started, ...counts }).then(() => 0), interrupted]));
});
