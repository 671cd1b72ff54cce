#!/usr/bin/env node
// @ts-check
/** Payments of all kinds while everything fails by turns, see docs/faults.md. */
import { setTimeout as sleep } from 'node:timers/promises';
import { instanceName } from '../../../../../dist/apps/network/src/plan/topology.js';
import { TO_OTHERS, TO_PROCESSES } from './chaos.mjs';
import { fail, optionsOf, runWith, say, SHORT_TIMES } from '../kit/command.mjs';
import { FaultNetwork } from '../kit/fault-network.mjs';
import { Flow, FLOWS, fundPayers } from '../kit/flows.mjs';
import { foundByCommands } from './end-checks.mjs';
import { measure } from './measures.mjs';
import { Chance } from '../kit/random.mjs';
import { runScenarios, SCENARIO_ROLES } from './scenarios.mjs';
import { booksOf, faultsIn, faultsInBooks, openIn, viewsOf } from '../kit/verdict.mjs';

const USAGE = `Usage: npm run test:soak -- [options]

  --seed=<n>        what happens, and in which order; default: a new one, printed
  --minutes=<n>     how long it happens; default 5
  --hang-max=<s>    longest time for which something hangs or is away; default 60
  --lanes=<n>       people who act at once; default 4
  --scenario=<text> only scenarios whose name fits this regular expression; default all
  --no-scenarios    leaves out the troubles that were seen once
  --folder=<path>   database; default data/test-faults
  --port=<n>        first port; default 7800`;

const OPTIONS = /** @type {const} */ ({
  seed: { type: 'string' },
  minutes: { type: 'string', default: '5' },
  'hang-max': { type: 'string', default: '60' },
  lanes: { type: 'string', default: '4' },
  scenario: { type: 'string' },
  'no-scenarios': { type: 'boolean', default: false },
  folder: { type: 'string', default: 'data/test-faults' },
  port: { type: 'string', default: '7800' },
});

/** Kinds of flows, as often as they happen. */
const KINDS = [
  'invoice',
  'invoice',
  'invoice',
  'quoted',
  'quoted',
  'quoted',
  'refused',
  'rejected',
  'cancelled',
  'expired',
  'bulk',
];
const MEASURE_MS = 15_000;
/** Until all that was begun has ended, when nothing fails any more. */
const SETTLE_MS = 240_000;
/** What is killed and comes back moves all numbers; a leak moves them further. */
const GROWTH_MAX = 1.5;
/** Fewer samples tell nothing of a growth: then the handles of the end are compared with those of the beginning. */
const SAMPLES_MIN = 12;
const SHORT_GROWTH_MAX = 2.5;
const MAY_NOT_GROW = /** @type {const} */ (['megabytes', 'handles']);

/** People who do one thing after the other until the end. */
async function act({ network, chance, flows, isOver }) {
  while (!isOver()) {
    const kind = chance.pick(KINDS);
    const flow = new Flow(kind, network);
    flows.push(flow);
    await FLOWS[kind]?.(flow).catch((error) => flow.broken.push(String(error)));
    flow.isOver = true;
    await sleep(chance.between(0, 500));
  }
}

/** One thing after the other happens. */
async function happen({ isOver, ...scene }, things, pauseMs, found) {
  while (!isOver()) {
    await sleep(scene.chance.between(0, 2 * pauseMs));
    if (isOver()) return;
    const [what, work] = scene.chance.pick(Object.values(things))(scene);
    say(`${new Date().toISOString().slice(11, 19)} ${what}`);
    await work().catch((error) => found.push(`${what}: ${error.message}`));
  }
}

/** A start that meets a role of another process that is away for long ends with one line, and is begun again. */
const SET_UP_GAVE_UP = /StartupError: the seed could not set up accounts and people: .*(could not be reached|in time)/;

/** The last line of a log that is not a place in a stack. @param {string} log */
function lastWordsOf(log) {
  return log
    .trim()
    .split('\n')
    .findLast((line) => !/^\s+at /.test(line))
    ?.slice(0, 300);
}

/** Starts again what has ended by itself, as a supervisor of processes does, and says so. */
async function supervise({ network, isOver }, found) {
  while (!isOver()) {
    for (const [name, program] of network.programs) {
      if (program.isRunning || network.isAway.has(name)) continue;
      const words = lastWordsOf(program.log) ?? 'without a word';
      if (SET_UP_GAVE_UP.test(words)) say(`${name} is started again: ${words}`);
      else found.push(`${name} ended by itself: ${words}`);
      program.start();
    }
    await sleep(1_000);
  }
}

/** What has ended by itself is started again by the supervisor. */
async function untilBack(network) {
  const until = Date.now() + SETTLE_MS;
  for (;;) {
    try {
      return await network.untilAllReady();
    } catch (error) {
      if (Date.now() > until) throw error;
      await sleep(1_000);
    }
  }
}

/** Measures from time to time, and keeps what it measures in `samples`. */
async function observe({ network, flows, isOver, samples }) {
  while (!isOver()) {
    await sleep(MEASURE_MS);
    const numbers = await measure(network).catch(() => undefined);
    if (!numbers) continue;
    samples.push(numbers);
    say(`${new Date().toISOString().slice(11, 19)} ${flows.length} flows; ${JSON.stringify(numbers)}`);
  }
}

/** What is wrong with a flow, and what of it is open. @returns {Promise<string[]>} */
async function faultsOf(network, flow) {
  const views = await viewsOf(network, flow);
  return [...openIn(views).map((what) => `open: ${what}`), ...faultsIn(flow, views)];
}

/** Ends the rules of payments that are over: thousands of them would slow the proxies down. */
async function tidy({ network, flows, isOver }) {
  while (!isOver()) {
    await sleep(MEASURE_MS);
    for (const flow of flows.filter(({ rules, isOver: isEnded }) => isEnded && rules.length > 0)) {
      const faults = await faultsOf(network, flow).catch(() => ['unknown']);
      if (faults.length === 0) flow.removeRules();
    }
  }
}

/** Waits until nothing is open. @returns {Promise<string[]>} what stays open */
async function untilSettled(network, flows) {
  const until = Date.now() + SETTLE_MS;
  for (let waiting = flows; ; await sleep(1_000)) {
    const still = [];
    for (const flow of waiting) still.push({ flow, faults: await faultsOf(network, flow) });
    const wrong = still.filter(({ faults }) => faults.length > 0);
    if (wrong.length === 0 || Date.now() > until) {
      return wrong.map(({ flow, faults }) => `${flow.kind} ${flow.paymentId ?? flow.invoiceId}: ${faults.join('; ')}`);
    }
    waiting = wrong.map(({ flow }) => flow);
  }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** What has grown from the second quarter, when all is warm, to the last one; and what is open when all has ended. */
function growth(samples, before, after) {
  const quarter = (number) =>
    samples.slice(Math.floor(((number - 1) * samples.length) / 4), Math.floor((number * samples.length) / 4));
  const faults = [];
  const { length } = samples;
  if (length < SAMPLES_MIN && after.handles > before.handles * SHORT_GROWTH_MAX) {
    faults.push(`handles grew from ${before.handles} to ${after.handles}`);
  }
  for (const name of length < SAMPLES_MIN ? [] : MAY_NOT_GROW) {
    const [early, late] = [2, 4].map((number) => median(quarter(number).map((sample) => sample[name])));
    if (late > early * GROWTH_MAX) faults.push(`${name} grew from ${early} to ${late}`);
  }
  for (const name of /** @type {const} */ (['transfers', 'payments', 'notices'])) {
    if (after[name] > 0) faults.push(`${after[name]} ${name} are open in the end`);
  }
  return faults;
}

async function run(network, { seed, minutes, lanes, hangMaxMs, scenario, scenarios }) {
  const chance = new Chance(seed);
  const names = network.plan.instances.map(instanceName);
  const others = names.filter((name) => !SCENARIO_ROLES.includes(name));
  await network.start([...SCENARIO_ROLES, ...chance.some(others, 3)]);
  let failed = scenarios ? await runScenarios(network, say, scenario) : 0;
  if (minutes === 0) return failed > 0 ? 1 : 0;

  await fundPayers(network);
  const books = await booksOf(network);
  const before = await measure(network);
  say(`before: ${JSON.stringify(before)}`);
  /** @type {import('./measures.mjs').Measures[]} */
  const samples = [];
  const until = Date.now() + minutes * 60_000;
  /** @type {Flow[]} */
  const flows = [];
  // Each does what the seed says, however fast the others are.
  const stateOf = (lane) => ({
    network,
    hangMaxMs,
    flows,
    chance: new Chance(seed + 1 + lane),
    isOver: () => Date.now() > until,
  });
  /** @type {string[]} */
  const found = [];
  const pauseMs = 4_000;
  let isEnded = false;
  const supervision = supervise({ network, isOver: () => isEnded }, found);
  await Promise.all([
    ...Array.from({ length: lanes }, (_, lane) => act(stateOf(lane + 2))),
    happen(stateOf(0), TO_PROCESSES, pauseMs, found),
    happen(stateOf(1), TO_OTHERS, 3 * pauseMs, found),
    observe({ ...stateOf(0), samples }),
    tidy(stateOf(0)),
  ]);
  network.faults.clear();
  await untilBack(network);
  found.push(...(await untilSettled(network, flows)), ...(await faultsInBooks(network, books)));
  found.push(...(await foundByCommands(network.place)));
  isEnded = true;
  await supervision;
  const after = await measure(network);
  found.push(...growth(samples, before, after), ...flows.flatMap(({ broken }) => broken));
  say(`after: ${JSON.stringify(after)}`);
  for (const fault of found) say(`FAILED ${fault}`);
  failed += found.length;
  say(`seed ${seed}: ${flows.length} flows in ${minutes} minutes, ${failed} faults`);
  return failed > 0 ? 1 : 0;
}

const values = optionsOf(process.argv.slice(2), OPTIONS, USAGE);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const [minutes, lanes, hangMaxMs] = [Number(values.minutes), Number(values.lanes), Number(values['hang-max']) * 1_000];
if (![seed, minutes, lanes, hangMaxMs].every(Number.isFinite)) fail(USAGE);
say(`seed ${seed}`);
const place = { folder: values.folder, portBase: Number(values.port), environment: SHORT_TIMES };
const network = await FaultNetwork.open(place);
await runWith(
  () =>
    run(network, { seed, minutes, lanes, hangMaxMs, scenario: values.scenario, scenarios: !values['no-scenarios'] }),
  () => network.close(),
);
