// @ts-check
/** The demo network in a process of its own, on the benchmark's PostgreSQL. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = dirname(dirname(import.meta.dirname));
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;

export class Network {
  #child;
  #errors = '';

  /** @param {{ databaseUrl: string, portBase: number }} options */
  static async start({ databaseUrl, portBase }) {
    const network = new Network(databaseUrl, portBase);
    await network.#ready();
    return network;
  }

  constructor(databaseUrl, portBase) {
    this.portBase = portBase;
    this.#child = spawn(process.execPath, [join(ROOT, 'dist', 'apps', 'network', 'src', 'main.js')], {
      cwd: ROOT,
      env: { PATH: process.env.PATH, PORT_BASE: String(portBase), DATABASE_URL: databaseUrl, LOG_LEVEL: 'error' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr.on('data', (chunk) => {
      this.#errors = (this.#errors + String(chunk)).slice(-2_000);
    });
  }

  get pid() {
    return this.#child.pid;
  }

  /** Base URL of a role, by its offset from the network's first port. */
  urlOf(offset) {
    return `http://127.0.0.1:${this.portBase + offset}`;
  }

  async #ready() {
    const until = performance.now() + START_TIMEOUT_MS;
    while (performance.now() < until) {
      if (this.#child.exitCode !== null) break;
      const answer = await fetch(this.urlOf(0) + '/health').catch(() => undefined);
      if (answer?.ok) return;
      await sleep(250);
    }
    throw new Error(`the network did not start: ${this.#errors}`);
  }

  async stop() {
    if (this.#child.exitCode !== null) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(timer);
  }
}
