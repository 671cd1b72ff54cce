// @ts-check
/** Asks the probes of a measured program's processes, see node-probe.mjs. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** Connection to one probe. */
class Probe {
  #socket;
  /** @type {{ resolve: (answer: any) => void, reject: (reason: Error) => void }[]} */
  #waiting = [];

  /** @param {string} path of the socket */
  constructor(path) {
    this.#socket = connect(path);
    createInterface({ input: this.#socket })
      .on('line', (line) => this.#waiting.shift()?.resolve(JSON.parse(line)))
      // It repeats the errors of the socket.
      .on('error', () => undefined);
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('a measured process ended'));
    });
    this.#socket.unref();
  }

  /** @returns {Promise<any>} */
  ask(question, given = {}) {
    return new Promise((resolve, reject) => {
      if (this.#socket.destroyed) {
        reject(new Error('a measured process ended'));
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#socket.write(`${JSON.stringify({ question, ...given })}\n`);
    });
  }
}

export class NodeProbes {
  #folder = mkdtempSync(join(tmpdir(), 'level-one-probes-'));
  /** @type {Probe[]} */
  #probes = [];

  /** Environment of the measured program; processes that it starts inherit it. */
  get environment() {
    const probe = pathToFileURL(join(import.meta.dirname, 'node-probe.mjs')).href;
    return { NODE_OPTIONS: `--import ${probe}`, PROBE_FOLDER: this.#folder };
  }

  /** Connects to all processes and threads of the program, once it is ready. */
  connect() {
    this.#probes = readdirSync(this.#folder).map((name) => new Probe(join(this.#folder, name)));
  }

  /**
   * Of each process, and of each of its threads: processor time in ms and memory of the process, with its threads; time
   * in ms that the thread's event loop was busy.
   * @returns {Promise<{
   *   name: string,
   *   cpuMs: number | null,
   *   rssBytes: number | null,
   *   loopMs: number,
   *   roundTrips: number,
   * }[]>}
   */
  counters() {
    return Promise.all(this.#probes.map((probe) => probe.ask('counters')));
  }

  async startProfiles() {
    await Promise.all(this.#probes.map((probe) => probe.ask('startProfile')));
  }

  /**
   * Writes a profile of each process and thread.
   * @param {string} prefix path of the files, without number and ending
   * @returns {Promise<{ name: string, file: string }[]>}
   */
  async stopProfiles(prefix) {
    const names = (await this.counters()).map(({ name }) => name);
    const ending = (index) => (this.#probes.length === 1 ? '' : `-${index + 1}`);
    const files = names.map((name, index) => ({ name, file: `${prefix}${ending(index)}.cpuprofile` }));
    await Promise.all(this.#probes.map((probe, index) => probe.ask('stopProfile', { file: files[index]?.file })));
    return files;
  }

  /** Deletes the sockets, after the program has ended. */
  close() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
