#!/usr/bin/env node
// @ts-check
/** The kill matrix, see docs/faults.md. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FaultNetwork } from '../kit/fault-network.mjs';
import { Flow, FLOWS } from '../kit/flows.mjs';
import { hopCases, NEEDS_A_FAULT } from './hop-cases.mjs';
import { outage } from './outage.mjs';

const USAGE = `Usage: npm run test:faults -- [options]

  --seed=<n>      which flow a hop is tried in, and which cases a sample has; default: a new one, printed
  --only=<text>   cases whose line contains it: a hop, a role, or before, after, away; a regular expression
  --from=<text>   cases from the first on whose line contains it
  --sample=<n>    so many cases of all, by chance
  --resume        leaves out what the results file of this seed has
  --folder=<path> database and results; default data/test-faults
  --port=<n>      first port; default 7800`;

const OPTIONS = /** @type {const} */ ({
  seed: { type: 'string' },
  only: { type: 'string' },
  from: { type: 'string' },
  sample: { type: 'string' },
  resume: { type: 'boolean', default: false },
  folder: { type: 'string', default: 'data/test-faults' },
  port: { type: 'string', default: '7800' },
});

/** Short times, so that what is not paid ends soon. */
const ENVIRONMENT = {
  SETUP_LIFETIME_S: '10',
  IPR_EXPIRY_S: '10',
  PAYMENT_GRACE_S: '1',
  EXPIRY_WAIT_S: '2',
  LATE_SOURCE_GRACE_S: '60',
  LATE_GRACE_S: '60',
  CLAIM_GRACE_S: '60',
  NOTICE_BACKOFF_MS: '300',
  SWEEP_INTERVAL_MS: '300',
  DATABASE_POOL_SIZE: '3',
};

/** Longer than a payment may take, so that its transfers expire meanwhile. */
const AWAY_MS = 13_000;
const SETTLE_MS = 90_000;
/** Flows that one kill stops. */
const BATCH = 8;

/** @typedef {import('./hop-cases.mjs').HopCase} HopCase */
/** @typedef {{ one: HopCase, kind: 'before' | 'after' | 'away', key: string }} Case */

/** @returns {never} */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

function optionsOf(args) {
  try {
    return parseArgs({ args, options: OPTIONS }).values;
  } catch (error) {
    return fail(`${/** @type {Error} */ (error).message}\n\n${USAGE}`);
  }
}

const say = (text) => process.stdout.write(`${text}\n`);

/** Runs each flow once without a fault. @param {FaultNetwork} network */
async function observe(network) {
  const seen = new Map();
  await network.start([]);
  for (const [name, play] of Object.entries(FLOWS)) {
    const passages = [];
    const unwatch = network.faults.watch((passage) => passages.push(passage));
    await play(new Flow(name, network));
    // What follows an answer.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    unwatch();
    network.faults.clear();
    seen.set(name, passages);
  }
  await network.stop();
  return seen;
}

const lineOf = ({ hop, role, flow }, kind) => `${hop.padEnd(8)} ${role.padEnd(24)} ${kind.padEnd(6)} ${flow.padEnd(9)}`;

/** @returns {Case[]} */
function allCases(cases) {
  return cases.flatMap((one) =>
    /** @type {const} */ (['before', 'after', 'away']).map((kind) => ({ one, kind, key: lineOf(one, kind) })),
  );
}

/** A generator of numbers from 0 to 1 that a seed decides (mulberry32). */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param {Case[]} all @returns {Case[]} */
function chosen(all, { only, from, sample, seed }, done) {
  const first = from === undefined ? 0 : all.findIndex(({ key }) => key.includes(from));
  const some = all
    .slice(Math.max(first, 0))
    .filter(({ key }) => (only === undefined || new RegExp(only).test(key)) && !done.has(key));
  if (sample === undefined) return some;
  const random = randomOf(seed);
  return some
    .map((one) => ({ one, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .slice(0, Number(sample))
    .map(({ one }) => one);
}

/** Outages of one role: those of hops that are killed before, after, and those in which it stays away. */
function batchesOf(cases) {
  const batches = [];
  for (const kind of /** @type {const} */ (['before', 'after', 'away'])) {
    const stops = cases
      .filter((one) => one.kind === kind)
      .flatMap(({ one, key }) =>
        kind === 'away'
          ? /** @type {const} */ (['before', 'after']).map((when) => ({ one, when, key }))
          : [{ one, when: kind, key }],
      );
    for (let at = 0; at < stops.length; at += BATCH) batches.push({ kind, stops: stops.slice(at, at + BATCH) });
  }
  return batches;
}

async function run(network, options) {
  const begun = Date.now();
  const { seed, file } = options;
  const { cases, unseen } = hopCases(await observe(network), seed);
  const done = new Set(options.resume && existsSync(file) ? linesOf(file).map(({ key }) => key) : []);
  const some = chosen(allCases(cases), options, done);
  say(`${cases.length} hops at ${new Set(cases.map(({ role }) => role)).size} roles; ${some.length} cases`);
  say(`${lineOf({ hop: 'hop', role: 'role', flow: 'flow' }, 'case')} seconds  result`);
  let failed = 0;
  for (const [role, own] of grouped(some)) {
    await network.start([role]);
    for (const { kind, stops } of batchesOf(own)) {
      const times = { awayMs: kind === 'away' ? AWAY_MS : 0, settleMs: SETTLE_MS };
      const outcomes = await outage(network, role, stops, times);
      for (const { stop, faults, end, seconds, views, told } of outcomes) {
        const key = lineOf(stop.one, kind);
        const when = kind === 'away' ? ` (${stop.when})` : '';
        if (faults.length > 0) failed += 1;
        say(`${key} ${String(seconds).padStart(7)}  ${faults.length > 0 ? `FAILED ${faults.join('; ')}` : end}${when}`);
        appendFileSync(file, `${JSON.stringify({ key, when: stop.when, seconds, faults, end, views, told })}\n`);
      }
    }
    await network.stop();
  }
  const never = unseen.filter((id) => !NEEDS_A_FAULT.has(id));
  if (never.length > 0) say(`hops that no flow passes: ${never.join(', ')}`);
  const minutes = ((Date.now() - begun) / 60_000).toFixed(1);
  say(`seed ${seed}: ${some.length} cases, ${failed} failed, ${minutes} minutes; ${file}`);
  return failed > 0 || never.length > 0 ? 1 : 0;
}

function grouped(cases) {
  const groups = new Map();
  for (const one of cases) groups.set(one.one.role, [...(groups.get(one.one.role) ?? []), one]);
  return groups;
}

function linesOf(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** @type {any} */
const values = optionsOf(process.argv.slice(2));
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
if (!Number.isSafeInteger(seed)) fail(USAGE);
mkdirSync(values.folder, { recursive: true });
say(`seed ${seed}`);
const network = await FaultNetwork.open({
  folder: values.folder,
  portBase: Number(values.port),
  environment: ENVIRONMENT,
});
const interrupted = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve(130));
});
let code = 1;
try {
  code = await Promise.race([
    run(network, { ...values, seed, file: join(values.folder, `results-${seed}.jsonl`) }),
    interrupted,
  ]);
} catch (error) {
  say(String(/** @type {Error} */ (error).stack));
} finally {
  await network.close();
}
process.exit(code);
