#!/usr/bin/env node
// @ts-check
/**
 * Starts a network with a database of its own, runs the requests of examples/bruno against it, and ends with the exit
 * code of that run. Bruno's command line is no dependency because of its size; npx fetches it.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BRUNO = '@usebruno/cli@4.1.0';
const ROOT = join(import.meta.dirname, '..');
const COLLECTION = join(ROOT, 'examples', 'bruno');
const LEVELONE = join(ROOT, 'tools', 'levelone.mjs');
const FIRST_PORT = 22_000;
const PORTS_OF_A_NETWORK = 210;
const ATTEMPTS = 10;

/**
 * Variables of the collection: which role each one is the URL of.
 * @type {Record<string, [place: string, role: string]>}
 */
const VARIABLES = {
  dfsp1: ['dfsp1', 'dfsp-api'],
  dfsp2: ['dfsp2', 'dfsp-api'],
  dfsp2Spsp: ['dfsp2', 'spsp-server'],
  dfsp1Ledger: ['dfsp1', 'dfsp-ledger'],
  centralLedger: ['centre', 'central-ledger'],
  centralDirectory: ['centre', 'central-directory'],
};

/**
 * @param {string} command of levelone
 * @param {Record<string, string>} settings
 */
function levelone(command, settings) {
  const env = { ...process.env, ...settings };
  const { stdout } = spawnSync(process.execPath, [LEVELONE, command, '--json'], {
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(stdout);
}

/**
 * Starts a network where ports are free.
 * @param {string} folder for its database and its log
 */
function startNetwork(folder) {
  let answer;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const settings = { PORT_BASE: String(FIRST_PORT + attempt * PORTS_OF_A_NETWORK), DATA_DIR: folder };
    answer = levelone('up', settings);
    if (answer.error === undefined) return settings;
    if (!/\bports?\b/.test(answer.error.message)) break;
  }
  throw new Error(answer.error.message);
}

/** @param {Record<string, string>} settings */
function runCollection(settings) {
  const { roles } = levelone('status', settings);
  const variables = Object.entries(VARIABLES).flatMap(([name, [place, role]]) => {
    const found = roles.find(
      (/** @type {{ place: string, role: string }} */ one) => one.place === place && one.role === role,
    );
    return ['--env-var', `${name}=${found.url}`];
  });
  const args = ['--yes', BRUNO, 'run', '-r', '--env', 'demo', ...variables, ...process.argv.slice(2)];
  return spawnSync('npx', args, { cwd: COLLECTION, stdio: 'inherit', shell: process.platform === 'win32' }).status;
}

// What is under way ends by the same signal; then the network is stopped, which runs by itself.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) process.once(signal, () => process.exit(1));

const folder = mkdtempSync(join(tmpdir(), 'level-one-bruno-'));
// As root the database runs as another user, who has to enter the folder.
chmodSync(folder, 0o755);
try {
  const settings = startNetwork(folder);
  try {
    process.exitCode = runCollection(settings) ?? 1;
  } finally {
    levelone('down', settings);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
