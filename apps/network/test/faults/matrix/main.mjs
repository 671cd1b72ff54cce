#!/usr/bin/env node
// @ts-check
/** The kill matrix, see docs/faults.md. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, optionsOf, runWith, say, SHORT_TIMES } from '../kit/command.mjs';
import { FaultNetwork } from '../kit/fault-network.mjs';
import { Flow, FLOWS } from '../kit/flows.mjs';
import { batchesOf, casesByRole, lineOf } from './cases.mjs';
import { hopCases, NEEDS_A_FAULT } from './hop-cases.mjs';
import { outage } from './outage.mjs';

const USAGE = `Usage: npm run test:faults -- [options]

  --seed=<n>      which flow a hop is tried in, and which cases a sample has; default: a new one, printed
  --only=<text>   cases whose line fits this regular expression: a hop, a role, or before, after, away, hang
  --sample=<n>    so many cases of a few roles, by chance
  --resume        leaves out what the results file of this seed has
  --lanes=<n>     so many networks at a time, 1 to 3, each of another role's cases; default 3
  --folder=<path> databases and results; default data/test-faults
  --database=<url> another PostgreSQL than those in that folder, for one lane
  --port=<n>      first port; default 7800`;

const OPTIONS = /** @type {const} */ ({
  seed: { type: 'string' },
  only: { type: 'string' },
  sample: { type: 'string' },
  resume: { type: 'boolean', default: false },
  lanes: { type: 'string', default: '3' },
  folder: { type: 'string', default: 'data/test-faults' },
  database: { type: 'string' },
  port: { type: 'string', default: '7800' },
});

/** Networks beside each other have their ports between each other's. */
const PORTS_OF_A_LANE = 30;
/** What follows an answer. */
const AFTERMATH_MS = 2_000;

/** @typedef {import('../kit/fault-network.mjs').FaultNetwork} Network */

/** Runs each flow once without a fault. @param {Network} network */
async function observe(network) {
  const seen = new Map();
  await network.start([]);
  for (const [name, play] of Object.entries(FLOWS)) {
    const passages = [];
    const unwatch = network.faults.watch((passage) => passages.push(passage));
    await play(new Flow(name, network));
    await sleep(AFTERMATH_MS);
    unwatch();
    network.faults.clear();
    seen.set(name, passages);
  }
  await network.stop();
  return seen;
}

/** @type {Promise<unknown>} */
let starting = Promise.resolve();

/** Starts one network after the other: together they take longer. @param {() => Promise<unknown>} start */
function inTurn(start) {
  const turn = starting.then(start);
  starting = turn.catch(() => undefined);
  return turn;
}

/** Cases of one role after the other. @param {Network} network @param {Iterator<[string, import('./cases.mjs').Case[]]>} roles */
async function runLane(network, roles, tell) {
  for (let next = roles.next(); !next.done; next = roles.next()) {
    const [role, cases] = next.value;
    await inTurn(() => network.start([role]));
    for (const batch of batchesOf(cases)) {
      for (const outcome of await outage(network, role, batch)) tell(batch.kind, outcome);
    }
    await network.stop();
  }
}

/** @typedef {{ only?: string, sample?: string, seed: number }} Choice */

/** @param {Network[]} networks @param {Choice & { file: string, resume: boolean }} options */
async function run(networks, { file, resume, ...choice }) {
  const begun = Date.now();
  const first = networks[0];
  if (!first) return fail(USAGE);
  const { cases, unseen } = hopCases(await observe(first), choice.seed);
  const done = new Set(resume && existsSync(file) ? linesOf(file).map(({ key }) => key) : []);
  const byRole = casesByRole(cases, { ...choice, done });
  const count = [...byRole.values()].flat().length;
  say(`${cases.length} hops at ${new Set(cases.map(({ role }) => role)).size} roles; ${count} cases`);
  say(`${lineOf({ hop: 'hop', role: 'role', flow: 'flow' }, 'case')} seconds  result`);
  /** @type {string[]} */
  const failed = [];
  /** @type {string[]} */
  const missed = [];
  const tell = (kind, { stop, isCaught, faults, end, seconds, ...rest }) => {
    const key = lineOf(stop.one, kind);
    const when = kind === 'away' ? ` (${stop.when})` : '';
    const result = faults.length > 0 ? `FAILED ${faults.join('; ')}` : end;
    const row = `${key} ${String(seconds).padStart(7)}  ${isCaught ? '' : 'NOT REACHED '}${result}${when}`;
    if (faults.length > 0) failed.push(row);
    if (!isCaught) missed.push(row);
    say(row);
    // What was not reached, because the machine was too slow for the times of a payment, is tried again by --resume.
    if (!isCaught && faults.length === 0) return;
    appendFileSync(file, `${JSON.stringify({ key, when: stop.when, seconds, faults, end, ...rest })}\n`);
  };
  const roles = byRole.entries();
  await Promise.all(networks.map((network) => runLane(network, roles, tell)));
  const never = unseen.filter((id) => !NEEDS_A_FAULT.has(id));
  if (failed.length > 0) say(`\nFailed:\n${failed.join('\n')}`);
  if (missed.length > 0) say(`\nNot reached:\n${missed.join('\n')}`);
  if (never.length > 0) say(`hops that no flow passes: ${never.join(', ')}`);
  const minutes = ((Date.now() - begun) / 60_000).toFixed(1);
  say(
    `seed ${choice.seed}: ${count} cases, ${failed.length} failed, ${missed.length} not reached, ${minutes} minutes; ${file}`,
  );
  const isWhole = never.length === 0 || choice.sample !== undefined;
  return failed.length === 0 && isWhole ? 0 : 1;
}

function linesOf(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

const { folder, port, database, lanes, ...values } = optionsOf(process.argv.slice(2), OPTIONS, USAGE);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const laneCount = database === undefined && values.sample === undefined ? Number(lanes) : 1;
if (![seed, laneCount, Number(port)].every(Number.isSafeInteger) || laneCount < 1 || laneCount > 3) fail(USAGE);
mkdirSync(folder, { recursive: true });
say(`seed ${seed}`);
const file = join(folder, `results-${seed}.jsonl`);
/** @type {FaultNetwork[]} */
const networks = [];
await runWith(
  async () => {
    for (let lane = 0; lane < laneCount; lane += 1) {
      const place = { folder: join(folder, `lane-${lane}`), portBase: Number(port) + lane * PORTS_OF_A_LANE };
      networks.push(await FaultNetwork.open({ ...place, databaseUrl: database, environment: SHORT_TIMES }));
    }
    return run(networks, { ...values, seed, file });
  },
  () => Promise.all(networks.map((network) => network.close())),
);
