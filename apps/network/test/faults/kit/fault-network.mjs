// @ts-check
/** A network in processes that can be killed: some roles by themselves, all others in one; a fault proxy before each. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { DATABASE_OFFSET, instanceName, instanceNamed } from '../../../../../dist/apps/network/src/plan/topology.js';
import { startEmbeddedDatabase } from '../../../../../dist/libs/platform/src/index.js';
import { DatabaseFaults, FaultProxy, Faults, RoleProgram } from '../../../../../dist/libs/testing/src/faults/index.js';
import { planOf } from './plan.mjs';

const ROOT = join(import.meta.dirname, '../../../../..');
const START_TIMEOUT_MS = 600_000;
const STARTS_MAX = 3;
/** The rest of the network, as the name of a process. */
export const REST = 'rest';

export class FaultNetwork {
  faults = new Faults();
  /** @type {Map<string, FaultProxy>} */
  #proxies = new Map();
  /** @type {Map<string, RoleProgram>} */
  programs = new Map();
  /** Processes that are killed on purpose just now. @type {Set<string>} */
  isAway = new Set();

  /**
   * @param {{ folder: string, portBase: number, environment: Record<string, string>, databaseUrl?: string }} options
   */
  static async open({ folder, portBase, environment, databaseUrl }) {
    await mkdir(folder, { recursive: true });
    const dataDir = databaseUrl === undefined ? join(folder, 'postgres') : undefined;
    const database =
      dataDir === undefined
        ? { url: databaseUrl ?? '', stop: async () => undefined }
        : await startEmbeddedDatabase({ dataDir, port: portBase + DATABASE_OFFSET });
    const network = new FaultNetwork({ portBase, environment, databaseUrl: database.url }, database, dataDir);
    try {
      for (const instance of network.plan.instances) {
        const port = Number(new URL(instance.baseUrl).port);
        const place = instanceName(instance);
        const { faults } = network;
        network.#proxies.set(place, await FaultProxy.start({ place, port, targetPort: instance.port, faults }));
      }
    } catch (error) {
      await network.close();
      throw error;
    }
    return network;
  }

  constructor(place, database, dataDir) {
    this.place = place;
    this.plan = planOf(place);
    this.database = database;
    this.databaseFaults = new DatabaseFaults(database.url, dataDir);
    this.sql = new pg.Pool({ connectionString: database.url, max: 4 });
    this.sql.on('error', () => undefined);
  }

  /** Starts all roles, those with these names in processes of their own. @param {readonly string[]} alone */
  async start(alone) {
    for (const name of alone) this.programs.set(name, this.#programOf(name));
    const rest = JSON.stringify({ ...this.place, except: alone });
    const program = [join(ROOT, 'apps/network/test/faults/kit/network-process.mjs')];
    this.programs.set(REST, new RoleProgram({ program, environment: { FAULT_NETWORK: rest } }));
    const first = alone.filter((name) => /ledger|directory|registry|dfsp-api/.test(name));
    for (const name of alone) this.programs.get(name)?.start();
    // The rest sets accounts and people up at them; an adapter alone is ready when its ledger is.
    await Promise.all(first.filter((name) => !name.includes('adapter')).map((name) => this.untilReady(name)));
    await this.#startRest();
  }

  /** The set-up gives up what is not answered in time; on a busy machine it is done again. */
  async #startRest() {
    const program = this.programs.get(REST);
    for (let starts = 1; ; starts += 1) {
      program?.start();
      try {
        return await this.untilAllReady();
      } catch (error) {
        if (program?.isRunning || starts === STARTS_MAX) throw error;
      }
    }
  }

  #programOf(name) {
    const instance = this.instance(name);
    const program = [join(ROOT, `dist/apps/${instance.role}/src/main.js`)];
    return new RoleProgram({ program, environment: instance.environment });
  }

  instance(name) {
    return instanceNamed(this.plan, name);
  }

  urlOf(name, path = '') {
    return `${this.instance(name).baseUrl}${path}`;
  }

  /** Kills a process; nobody can connect to its roles any more. */
  async kill(name) {
    await this.programs.get(name)?.kill();
    await Promise.all(this.#proxiesOf(name).map((proxy) => proxy.goAway()));
  }

  /** Starts a killed process. @param {{ clockSkewMs?: number }} [how] */
  async restart(name, how) {
    this.programs.get(name)?.start(how);
    await Promise.all(this.#proxiesOf(name).map((proxy) => proxy.listen()));
  }

  /** Names of the roles in a process. */
  rolesOf(name) {
    if (name !== REST) return [name];
    return this.plan.instances.map(instanceName).filter((one) => !this.programs.has(one));
  }

  #proxiesOf(name) {
    return this.rolesOf(name).flatMap((role) => this.#proxies.get(role) ?? []);
  }

  async isReady(name) {
    const { port } = this.instance(name);
    const answer = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(5_000) }).catch(
      () => undefined,
    );
    await answer?.text();
    return answer?.status === 200;
  }

  async untilReady(name, timeoutMs = START_TIMEOUT_MS) {
    const until = Date.now() + timeoutMs;
    while (!(await this.isReady(name))) {
      for (const [process, program] of this.programs) {
        if (this.rolesOf(process).includes(name) && !program.isRunning) {
          throw new Error(`${process} ended: ${program.log.slice(-1_500)}`);
        }
      }
      if (Date.now() > until) throw new Error(`${name} is not ready`);
      await sleep(100);
    }
  }

  async untilAllReady(timeoutMs = START_TIMEOUT_MS) {
    for (const instance of this.plan.instances) await this.untilReady(instanceName(instance), timeoutMs);
  }

  /** Stops all processes of roles; the database and the proxies stay. */
  async stop() {
    this.faults.clear('cut');
    for (const program of this.programs.values()) program.wakeUp();
    await Promise.all([...this.programs.values()].map((program) => program.kill()));
    this.programs.clear();
  }

  async close() {
    await this.stop();
    await Promise.all([...this.#proxies.values()].map((proxy) => proxy.close()));
    await this.databaseFaults.thaw().catch(() => undefined);
    await this.sql.end();
    await this.database.stop();
  }
}
