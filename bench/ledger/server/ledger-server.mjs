// @ts-check
/** The dfsp-ledger role in a process of its own, started as an operator does. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { NodeProbes } from '../../shared/measure/node-probes.mjs';
import { freePort } from '../../shared/postgres.mjs';

const ROOT = join(import.meta.dirname, '../../..');
const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;

/** Schema of the ledger in its database. */
export const LEDGER_SCHEMA = 'dfsp_ledger';

export class LedgerServer {
  #child;
  #errors = '';
  /** @type {Promise<void>} */
  #ended;
  /** Counters and profile of its process. */
  probes = new NodeProbes();

  /** @param {string} databaseUrl */
  static async start(databaseUrl) {
    const port = await freePort();
    const server = new LedgerServer(databaseUrl, port);
    await server.#listening();
    server.probes.connect();
    return server;
  }

  constructor(databaseUrl, port) {
    this.adminPassword = randomBytes(18).toString('base64url');
    /** Base URL. */
    this.url = `http://127.0.0.1:${port}/ledger`;
    this.#child = spawn(process.execPath, [join(ROOT, 'dist', 'apps', 'dfsp-ledger', 'src', 'main.js')], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        PORT: String(port),
        LOG_LEVEL: 'warn',
        DFSP: 'dfsp1',
        DATABASE_URL: databaseUrl,
        DATABASE_SCHEMA: LEDGER_SCHEMA,
        ILP_PREFIX: 'levelone.dfsp1.',
        LEDGER_ADMIN_PASSWORD: this.adminPassword,
        TOKEN_SECRET: randomBytes(32).toString('base64url'),
        ...this.probes.environment,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stderr?.on('data', (chunk) => this.#note(chunk));
    this.#ended = new Promise((resolve) => {
      this.#child.once('exit', () => {
        this.probes.close();
        resolve();
      });
    });
  }

  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.kill(), STOP_TIMEOUT_MS);
    await this.#ended;
    clearTimeout(timer);
  }

  kill() {
    this.#child.kill('SIGKILL');
  }

  /** Its last log lines, for error messages. */
  get lastWords() {
    return this.#errors.trim();
  }

  #note(chunk) {
    this.#errors = (this.#errors + String(chunk)).slice(-2_000);
  }

  async #listening() {
    await /** @type {Promise<void>} */ (
      new Promise((resolve, reject) => {
        const fail = (reason) => reject(new Error(`the ledger did not start: ${reason} ${this.lastWords}`));
        const timer = setTimeout(() => fail('no answer in time.'), START_TIMEOUT_MS);
        this.#child.once('exit', (code) => fail(`exit code ${code}.`));
        this.#child.once('error', (error) => fail(error.message));
        this.#child.stdout?.on('data', (chunk) => {
          if (!String(chunk).includes(' listens on ')) {
            this.#note(chunk);
            return;
          }
          clearTimeout(timer);
          resolve();
        });
      })
    );
  }
}
