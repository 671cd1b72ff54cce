#!/usr/bin/env node
// @ts-check
/** The command `levelone` in a checkout: builds what is missing, as `npm start` does, and runs the command line. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

// What the build says is not what the command prints.
const { status } = spawnSync(process.execPath, [join(ROOT, 'tools/build-if-stale.mjs')], {
  stdio: ['ignore', process.stderr.fd, process.stderr.fd],
});
/** Whether shells find the command, as after `npm link`; npx finds more. */
function isOnPath() {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return folders.some((folder) => existsSync(join(folder, 'levelone')));
}

// A completion for a command that the shell does not find completes nothing, so its script defines the command.
if (status === 0 && process.argv[2] === 'completion' && !isOnPath()) {
  process.stdout.write(`levelone() { '${process.execPath}' '${import.meta.filename}' "$@"; }\n`);
}
if (status === 0) await import(new URL('../dist/apps/cli/src/main.js', import.meta.url).href);
else process.exitCode = 1;
