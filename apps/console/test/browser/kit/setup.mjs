// @ts-check
import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '../../../../..');
const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const HOW = `no browser was found. Install one, or say where it is:
  Debian, Ubuntu:  apt-get install chromium
  elsewhere:       CHROMIUM_PATH=/path/to/chromium npm run test:browser`;

/** Ports of a network, from its first one, with the fault kit's. */
const OFFSETS = [0, 10, 11, 12, 25, 26, 27, 99, 100, 115, 208, 223, 250];
const FIRST_BASE = 13_000;
const LAST_BASE = 30_000;
const BASE_STEP = 300;

/** @param {number} port */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

async function freePortBase() {
  for (let base = FIRST_BASE; base < LAST_BASE; base += BASE_STEP) {
    const free = await Promise.all(OFFSETS.map((offset) => isFree(base + offset)));
    if (free.every(Boolean)) return base;
  }
  throw new Error('no free ports for a network');
}

/** Starts the demo network with its fault kit. */
async function startNetwork() {
  const base = await freePortBase();
  const folder = mkdtempSync(join(tmpdir(), 'level-one-browser-'));
  // The database runs as another user.
  chmodSync(folder, 0o755);
  const dataDir = join(folder, 'data');
  const child = spawn(process.execPath, ['--enable-source-maps', join(ROOT, 'apps/network/test/faults/demo.mjs')], {
    env: { ...process.env, PORT_BASE: String(base), DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let printed = '';
  await new Promise((resolve, reject) => {
    /** @param {Buffer} text */
    const read = (text) => {
      printed += text;
      if (printed.includes('The network is ready')) resolve(undefined);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) => reject(new Error(`the network ended with code ${code}:\n${printed}`)));
  });
  return {
    url: `http://127.0.0.1:${base}`,
    dataDir,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Finds the browser and starts a network for all tests, unless CONSOLE_URL names the console of a running demo network,
 * whose DATA_DIR is that of the environment. The tests find all three in the environment.
 */
export default async function setup() {
  const browser = process.env.CHROMIUM_PATH || BROWSERS.find((path) => existsSync(path));
  if (!browser || !existsSync(browser)) {
    process.stderr.write(`test:browser: ${HOW}\n`);
    process.exit(1);
  }
  process.env.CHROMIUM_PATH = browser;
  if (process.env.CONSOLE_URL) return;
  const network = await startNetwork();
  process.env.CONSOLE_URL = network.url;
  process.env.DATA_DIR = network.dataDir;
  globalThis.stopNetworkOfBrowserTests = network.stop;
}
