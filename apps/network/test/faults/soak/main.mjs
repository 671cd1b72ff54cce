#!/usr/bin/env node
// @ts-check
/** Payments of all kinds while everything fails by turns, see docs/faults.md. */
import { setTimeout as sleep } from 'node:timers/promises';
import { instanceName } from '../../../../../dist/apps/network/src/plan/topology.js';
import { TO_OTHERS, TO_PROCESSES } from './chaos.mjs';
import { fail, optionsOf, runWith, say, SHORT_TIMES } from '../kit/command.mjs';
import { FaultNetwork } from '../kit/fault-network.mjs';
import { Flow, FLOWS, fundPayers } from '../kit/flows.mjs';
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
/** What a process may keep for later: caches, connections. */
const MEGABYTES_MORE = 1.5;
const HANDLES_MORE = 1.5;

/** People who do one thing after the other until the end. */
async function act({ network, chance, flows, isOver }) {
  while (!isOver()) {
    const kind = chance.pick(KINDS);
    const flow = new Flow(kind, network);
    flows.push(flow);
    await FLOWS[kind]?.(flow).catch((error) => flow.broken.push(String(error)));
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

/** Starts again what has ended by itself, as a supervisor of processes does, and says so. */
async function supervise({ network, isOver }, found) {
  while (!isOver()) {
    for (const [name, program] of network.programs) {
      if (program.isRunning || network.isAway.has(name)) continue;
      found.push(`${name} ended by itself: ${program.log.trim().split('\n').at(-1)?.slice(0, 300)}`);
      program.start();
    }
    await sleep(1_000);
  }
}

async function observe({ network, flows, isOver }) {
  while (!isOver()) {
    await sleep(MEASURE_MS);
    const numbers = await measure(network).catch(() => undefined);
    if (numbers) say(`${new Date().toISOString().slice(11, 19)} ${flows.length} flows; ${JSON.stringify(numbers)}`);
  }
}

/** Waits until nothing is open. @returns {Promise<string[]>} what stays open */
async function untilSettled(network, flows) {
  const until = Date.now() + SETTLE_MS;
  let waiting = flows;
  for (;;) {
    const still = [];
    for (const flow of waiting) {
      const views = await viewsOf(network, flow);
      if (openIn(views).length > 0 || faultsIn(flow, views).length > 0) still.push(flow);
    }
    waiting = still;
    if (waiting.length === 0 || Date.now() > until) break;
    await sleep(1_000);
  }
  const wrong = [];
  for (const flow of waiting) {
    const views = await viewsOf(network, flow);
    const faults = [...openIn(views).map((what) => `open: ${what}`), ...faultsIn(flow, views)];
    wrong.push(`${flow.kind} ${flow.paymentId ?? flow.invoiceId}: ${faults.join('; ')}`);
  }
  return wrong;
}

function growth(before, after) {
  const faults = [];
  if (after.megabytes > before.megabytes * MEGABYTES_MORE)
    faults.push(`memory grew from ${before.megabytes} to ${after.megabytes} MB`);
  if (after.handles > before.handles * HANDLES_MORE)
    faults.push(`handles grew from ${before.handles} to ${after.handles}`);
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
  await Promise.all([
    ...Array.from({ length: lanes }, (_, lane) => act(stateOf(lane + 2))),
    happen(stateOf(0), TO_PROCESSES, pauseMs, found),
    happen(stateOf(1), TO_OTHERS, 3 * pauseMs, found),
    supervise(stateOf(0), found),
    observe(stateOf(0)),
  ]);
  network.faults.clear();
  await network.untilAllReady();
  found.push(...(await untilSettled(network, flows)), ...(await faultsInBooks(network, books)));
  const after = await measure(network);
  found.push(...growth(before, after), ...flows.flatMap(({ broken }) => broken));
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
