// @ts-check
/** Handle of the process that makes the load. */
import { fork } from 'node:child_process';
import { join } from 'node:path';

/** Time limit of a job, beside the `seconds` that it names. */
const PATIENCE_MS = 120_000;
const OTHER_JOBS_MS = 400_000;

export class LoadProcess {
  #child;
  /** @type {{ resolve: (result: any) => void, reject: (reason: Error) => void } | undefined} */
  #waiting;

  constructor() {
    this.#child = fork(join(import.meta.dirname, 'load-worker.mjs'));
    this.#child.on('message', (/** @type {{ result?: unknown, error?: string }} */ { result, error }) => {
      if (error === undefined) this.#settle(({ resolve }) => resolve(result));
      else this.#settle(({ reject }) => reject(new Error(error)));
    });
    this.#child.on('exit', () => this.#settle(({ reject }) => reject(new Error('the load process ended'))));
  }

  /** Runs one job, see load-worker.mjs. @returns {Promise<any>} what it measured, and its own processor time */
  async run(kind, job) {
    const limit = job.seconds === undefined ? OTHER_JOBS_MS : job.seconds * 1_000 + PATIENCE_MS;
    const timer = setTimeout(() => {
      this.#settle(({ reject }) => reject(new Error(`the load (${kind}) did not end within ${limit} ms`)));
    }, limit);
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting = { resolve, reject };
        this.#child.send({ kind, job });
      });
    } finally {
      clearTimeout(timer);
    }
  }

  stop() {
    this.#child.kill('SIGKILL');
  }

  #settle(how) {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) how(waiting);
  }
}
