// @ts-check
/** The demo network in processes of its own, on the benchmark's PostgreSQL. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lockFolder } from '../shared/data-folder.mjs';
import { NodeProbes } from '../shared/measure/node-probes.mjs';
import { Postgres } from '../shared/postgres.mjs';

const ROOT = dirname(dirname(import.meta.dirname));
const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 20_000;

/**
 * @typedef {object} NetworkOptions
 * @property {string} databaseUrl
 * @property {number} portBase first of its ports
 * @property {Record<string, string>} [environment] further settings
 * @property {string[]} [node] Node and its options; the one that runs this without any
 * @property {string} [folder] of another checkout that is built; this one without it
 */

export class Network {
  #child;
  #errors = '';
  /** Counters and profiles of its processes. */
  probes = new NodeProbes();

  /** @param {NetworkOptions} options */
  static async start(options) {
    const network = new Network(options);
    try {
      await network.#ready();
    } catch (error) {
      await network.stop();
      throw error;
    }
    network.probes.connect();
    return network;
  }

  /** @param {NetworkOptions} options */
  constructor({ databaseUrl, portBase, environment = {}, node = [process.execPath], folder = ROOT }) {
    this.portBase = portBase;
    const [command = process.execPath, ...options] = node;
    this.#child = spawn(command, [...options, join(folder, 'dist', 'apps', 'network', 'src', 'main.js')], {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        PORT_BASE: String(portBase),
        DATABASE_URL: databaseUrl,
        LOG_LEVEL: 'error',
        OTEL_SDK_DISABLED: 'true',
        ...environment,
        ...this.probes.environment,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr.on('data', (chunk) => {
      this.#errors = (this.#errors + String(chunk)).slice(-2_000);
    });
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
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await ended;
      clearTimeout(timer);
    }
    this.probes.close();
  }
}

/**
 * Runs `work` with a network on an empty database of a PostgreSQL in `folder`, and stops both.
 *
 * @template T
 * @param {{ folder: string, database: string, portBase: number }} options
 * @param {(started: { postgres: Postgres, database: string, network: Network }) => Promise<T>} work
 */
export async function withNetwork({ folder, database, portBase }, work) {
  const unlock = lockFolder(folder);
  try {
    const postgres = await Postgres.start(folder);
    try {
      await postgres.createDatabase(database);
      const network = await Network.start({ databaseUrl: postgres.urlOf(database), portBase });
      try {
        return await work({ postgres, database, network });
      } finally {
        await network.stop();
      }
    } finally {
      await postgres.stop();
    }
  } finally {
    unlock();
  }
}
