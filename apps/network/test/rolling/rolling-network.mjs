// @ts-check
/** A network in which some roles have two instances each, in processes of their own, behind a round-robin proxy. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { instanceName as nameOf } from '../../../../dist/apps/network/src/plan/topology.js';
import { Seed } from '../../../../dist/apps/network/src/seed/seed.js';
import { PeerHttp } from '../../../../dist/libs/peers/src/index.js';
import { HopRecorder, RoleIdentity, startEmbeddedDatabase } from '../../../../dist/libs/platform/src/index.js';
import { Faults, RoleProgram, RoundRobinProxy } from '../../../../dist/libs/testing/src/faults/index.js';
import { planOf } from '../faults/kit/plan.mjs';

const ROOT = join(import.meta.dirname, '../../../..');
const DATABASE_OFFSET = 99;
const START_TIMEOUT_MS = 900_000;
const POLL_MS = 100;
/** Where the second instance listens, above the first. */
const SECOND_OFFSET = 15;
const REST = 'rest';

/** Roles that need no other role to be ready. */
const FIRST = /directory|registry|ledger$|dfsp-api/;

export class RollingNetwork {
  /** Flows add rules to it; nothing here obeys them. */
  faults = new Faults();
  /** @type {Map<string, RoundRobinProxy>} */
  proxies = new Map();
  /** @type {Map<string, RoleProgram>} by `name#1` and `name#2` */
  programs = new Map();

  /**
   * @param {{
   *   folder: string,
   *   portBase: number,
   *   environment: Record<string, string>,
   *   twice: readonly string[],
   *   from: string | undefined,
   * }} options `from`: folder of the checkout whose version the instances have until they are restarted
   */
  static async open({ folder, portBase, environment, twice, from }) {
    await mkdir(folder, { recursive: true });
    const database = await startEmbeddedDatabase({
      dataDir: join(folder, 'postgres'),
      port: portBase + DATABASE_OFFSET,
    });
    const place = { portBase, environment, databaseUrl: database.url };
    const network = new RollingNetwork(place, { database, twice, from });
    try {
      for (const instance of network.plan.instances) {
        const port = Number(new URL(instance.baseUrl).port);
        const targets = network.portsOf(nameOf(instance));
        network.proxies.set(nameOf(instance), await RoundRobinProxy.start({ port, targets }));
      }
      await network.#start();
    } catch (error) {
      await network.close();
      throw error;
    }
    return network;
  }

  constructor(place, { database, twice, from }) {
    this.place = place;
    this.plan = planOf(place);
    this.database = database;
    this.sql = new pg.Pool({ connectionString: database.url, max: 4 });
    this.sql.on('error', () => undefined);
    this.from = from ?? ROOT;
    this.twice = twice.length > 0 ? twice : this.plan.instances.map(nameOf);
  }

  /** Ports at which the instances of a role listen. */
  portsOf(name) {
    const { port } = this.instance(name);
    return this.twice.includes(name) ? [port, port + SECOND_OFFSET] : [port];
  }

  instance(name) {
    const found = this.plan.instances.find((one) => nameOf(one) === name);
    if (!found) throw new Error(`there is no instance ${name}`);
    return found;
  }

  urlOf(name, path = '') {
    return `${this.instance(name).baseUrl}${path}`;
  }

  async #start() {
    for (const name of this.twice) {
      this.portsOf(name).forEach((port, index) =>
        this.programs.set(`${name}#${index + 1}`, this.#programOf(name, port, this.from)),
      );
    }
    const first = this.twice.filter((name) => FIRST.test(name));
    await this.#startAll(first);
    if (this.twice.length < this.plan.instances.length) {
      const program = [join(ROOT, 'apps/network/test/faults/kit/network-process.mjs')];
      const options = JSON.stringify({ ...this.place, except: this.twice });
      this.programs.set(REST, new RoleProgram({ program, environment: { FAULT_NETWORK: options } }));
      this.programs.get(REST)?.start();
    } else {
      const http = new PeerHttp(new RoleIdentity('dfsp-api', null), new HopRecorder());
      await new Seed(http, this.plan).seedNetwork();
      await http.onApplicationShutdown();
    }
    await this.#startAll(this.twice.filter((name) => !first.includes(name)));
    for (const instance of this.plan.instances) await this.untilReady(nameOf(instance));
  }

  /** Starts both instances of these roles, and waits until all can be asked. */
  async #startAll(names) {
    for (const name of names) for (const at of [1, 2]) this.programs.get(`${name}#${at}`)?.start();
    for (const name of names) await this.untilReady(name);
  }

  /** @param {string} folder of the checkout whose version it is */
  #programOf(name, port, folder) {
    const { role, environment } = this.instance(name);
    const program = [join(folder, `dist/apps/${role}/src/main.js`)];
    return new RoleProgram({ program, environment: { ...environment, PORT: String(port) } });
  }

  /** Until the proxy knows that all instances of a role are ready. */
  async untilReady(name) {
    const until = Date.now() + START_TIMEOUT_MS;
    while ((this.proxies.get(name)?.readyTargets.length ?? 0) < this.portsOf(name).length) {
      for (const [program, { isRunning, pid, log }] of this.programs) {
        const isMeant = program === REST || program.startsWith(`${name}#`);
        if (isMeant && pid !== undefined && !isRunning) throw new Error(`${program} ended: ${log.slice(-1_500)}`);
      }
      if (Date.now() > until) throw new Error(`${name} is not ready`);
      await sleep(POLL_MS);
    }
  }

  /**
   * Restarts the instances of a role one after the other, in this checkout's version, as an upgrade does.
   * @returns {Promise<{ stopMs: number[], codes: (number | null)[] }>}
   */
  async roll(name) {
    const stopMs = [];
    const codes = [];
    for (const [index, port] of this.portsOf(name).entries()) {
      const key = `${name}#${index + 1}`;
      const program = this.programs.get(key);
      if (!program) throw new Error(`${name} has no process of its own`);
      const since = performance.now();
      codes.push(await program.stop());
      stopMs.push(Math.round(performance.now() - since));
      const restarted = this.#programOf(name, port, ROOT);
      this.programs.set(key, restarted);
      restarted.start();
      await this.untilReady(name);
    }
    return { stopMs, codes };
  }

  async close() {
    await Promise.all([...this.programs.values()].map((program) => program.kill()));
    await Promise.all([...this.proxies.values()].map((proxy) => proxy.close()));
    await this.sql.end();
    await this.database.stop();
  }
}
