#!/usr/bin/env node
// @ts-check
/** The command `levelone` in a checkout: builds what is missing, as `npm start` does, and runs the command line. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

// What the build says is not what the command prints.
const { status } = spawnSync(process.execPath, [join(ROOT, 'tools/build-if-stale.mjs')], {
  stdio: ['ignore', process.stderr.fd, process.stderr.fd],
});
if (status === 0) await import(new URL('../dist/apps/cli/src/main.js', import.meta.url).href);
else process.exitCode = 1;
