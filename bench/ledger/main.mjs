#!/usr/bin/env node
// @ts-check
/** Measures the ledger, see bench/README.md. */
import { Bench } from './bench.mjs';
import { describeMachine } from '../shared/header.mjs';
import { runGrowthPart } from './parts/growth-part.mjs';
import { runHttpPart } from './parts/http-part.mjs';
import { runNotificationsPart } from './parts/notifications-part.mjs';
import { readOptions, USAGE } from './options.mjs';
import { runProfilePart } from './parts/profile-part.mjs';
import { ratiosOf } from './parts/ratios.mjs';
import { say, stampOf, Table, writeResults } from '../shared/report.mjs';
import { runCeilingPart, runFloorPart } from './parts/sql-parts.mjs';
import { runCommand } from '../shared/command.mjs';

const RUN = {
  http: runHttpPart,
  floor: runFloorPart,
  ceiling: runCeilingPart,
  notifications: runNotificationsPart,
  growth: runGrowthPart,
};

function printRatios(ratios) {
  if (ratios.length === 0) return;
  const table = new Table('Ratios', [
    { title: 'of', width: 40, value: ({ what }) => what },
    { title: 'ratio', width: 7, digits: 2, value: (row) => row.ratio },
  ]);
  for (const row of ratios) table.add(row);
}

/** @param {Bench} bench */
async function run(bench) {
  const begun = performance.now();
  const { options } = bench;
  const stamp = stampOf(new Date());
  const header = await describeMachine(bench.postgres);
  const parts = {};
  if (options.profile) {
    parts.profile = await runProfilePart(bench, stamp);
  } else {
    for (const part of options.parts) parts[part] = await RUN[part](bench, parts);
  }
  const ratios = ratiosOf(parts);
  printRatios(ratios);
  const file = await writeResults(stamp, { header, options, parts, ratios });
  say(`\n${Math.round((performance.now() - begun) / 1_000)} s; results: ${file}`);
}

await runCommand(USAGE, async (interrupted) => {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    say(USAGE);
    return 0;
  }
  const bench = await Bench.open(options);
  try {
    return await Promise.race([run(bench).then(() => 0), interrupted]);
  } finally {
    await bench.close();
  }
});
