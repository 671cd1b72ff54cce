#!/usr/bin/env node
// @ts-check
/** Measures whole payments through the demo network, see bench/README.md. */
import { runCommand } from '../shared/command.mjs';
import { describeMachine } from '../shared/header.mjs';
import { Meter } from '../shared/measure/meter.mjs';
import { say, stampOf, Table, writeResults } from '../shared/report.mjs';
import { FLOOR, measureSqlLines } from '../shared/sql/sql-lines.mjs';
import { withNetwork } from '../network/network.mjs';
import { Pairs, PEOPLE } from '../network/people.mjs';
import { WAY_NAMES } from '../network/ways.mjs';
import { runBeside } from './beside.mjs';
import { runGrowth } from './growth/growth.mjs';
import { runHopCounts, runLines, runOverload, runSustained } from './lines.mjs';
import { measureHopsAlone } from './hops-alone.mjs';
import { readOptions, USAGE } from './options.mjs';
import { preparePayments, runPayments } from './payment-load.mjs';
import { reportProcesses } from './processes.mjs';
import { runTraces } from './traces.mjs';
import { runProfiles } from './profiles.mjs';

const DATABASE = 'bench_payments';
const FLOOR_DATABASE = 'bench_payments_floor';
const WARM_UP_IN_FLIGHT = 8;
const IDLE_SECONDS = 3;
const ERRORS_SHOWN = 5;

/** The naive SQL ledger on the same PostgreSQL: the yardstick of the run. */
async function measureFloor({ postgres, options: { lineSeconds: seconds } }) {
  const bench = { postgres, database: FLOOR_DATABASE, seconds, warmUpSeconds: Math.min(1.5, seconds * 0.3) };
  const [floor] = await measureSqlLines(bench, 'Naive SQL, one transaction a phase, no HTTP', [FLOOR]);
  return floor;
}

function printRatios(lines, floor) {
  const table = new Table('Payments/s ÷ pairs/s of the naive SQL ledger', [
    { title: 'way', width: 8, value: ({ way }) => way },
    { title: 'in flight', width: 9, value: ({ inFlight }) => inFlight },
    { title: 'ratio', width: 7, digits: 3, value: ({ ratio }) => ratio },
  ]);
  return lines.map(({ way, inFlight, perSecond }) =>
    table.add({ way, inFlight, ratio: perSecond / (floor?.perSecond ?? Number.NaN) }),
  );
}

async function warmUp(bench) {
  for (const way of WAY_NAMES) {
    const line = { way, inFlight: WARM_UP_IN_FLIGHT, count: bench.options.warmUp };
    await runPayments(bench, { ...line, prepared: await preparePayments(bench, line) });
  }
  await bench.postgres.checkpoint();
}

/** @returns {Promise<string[]>} messages of what went wrong */
async function run({ postgres, database, network, options }) {
  const begun = performance.now();
  const stamp = `payments-${stampOf(new Date())}`;
  const header = await describeMachine(postgres);
  const pairs = await Pairs.open(network, PEOPLE);
  const bench = { postgres, network, pairs, options, meter: new Meter(postgres, database, network.probes) };
  await warmUp(bench);
  await bench.meter.measureIdle(IDLE_SECONDS);
  const results = await measured(bench, stamp);
  const errors = Object.values(results).flatMap((rows) => [rows].flat().flatMap((row) => row?.errors ?? []));
  for (const message of errors.slice(0, ERRORS_SHOWN)) say(`error: ${message}`);
  if (errors.length > 0) say(`${errors.length} payments failed`);
  const file = await writeResults(stamp, { header, options, ...results });
  say(`\n${Math.round((performance.now() - begun) / 1_000)} s; results: ${file}`);
  return errors;
}

async function measured(bench, stamp) {
  const { profile, growth, traces, beside } = bench.options;
  if (profile) return { profiles: await runProfiles(bench, stamp) };
  if (traces > 0) return { traces: await runTraces(bench, traces) };
  if (beside) return { beside: await runBeside(bench) };
  return growth > 0 ? { growth: await runGrowth(bench, growth) } : runParts(bench);
}

async function runParts(bench) {
  const floor = await measureFloor(bench);
  const hopsAlone = await measureHopsAlone(bench);
  const counts = await runHopCounts(bench);
  const lines = await runLines(bench);
  const sustained = await runSustained(bench, lines);
  const ratios = printRatios(sustained, floor);
  const overload = await runOverload(bench, sustained);
  const processes = await reportProcesses(bench.network, sustained);
  return { floor, hopsAlone, counts, lines, sustained, ratios, overload, processes, idle: bench.meter.idle };
}

await runCommand(USAGE, async (interrupted) => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    say(USAGE);
    return 0;
  }
  const place = { folder: options.dataDir, database: DATABASE, portBase: options.port };
  return withNetwork(place, (started) =>
    Promise.race([run({ ...started, options }).then((errors) => (errors.length > 0 ? 1 : 0)), interrupted]),
  );
});
