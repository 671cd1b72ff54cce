#!/usr/bin/env node
// @ts-check
/** Three database nodes and two instances of each role on one machine: see docs/high-availability.md. */
import { primary, standbys, start, stop } from './cluster.mjs';
import { drill } from './drill.mjs';
import { databaseUrl } from './plan.mjs';

const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);

/** @type {Record<string, () => Promise<number>>} */
const COMMANDS = {
  start: () => start(say).then(() => 0),
  stop: () => stop().then(() => 0),
  status: async () => {
    say(`primary: ${(await primary()) ?? 'none'}`);
    for (const { name, state, sync } of await standbys()) say(`standby: ${name} ${state} ${sync}`);
    return 0;
  },
  // For other commands of the repository, as DATABASE_URL.
  database: async () => {
    say(databaseUrl());
    return 0;
  },
  drill: () => drill(say, process.argv[3] === 'machine'),
};

const command = COMMANDS[process.argv[2] ?? ''];
if (!command) {
  process.stderr.write(`Usage: npm run ha -- ${Object.keys(COMMANDS).join(' | ')} [machine]\n`);
  process.exit(2);
}
process.exit(
  await command().catch((error) => {
    process.stderr.write(`${/** @type {Error} */ (error).message}\n`);
    return 1;
  }),
);
