// @ts-check
/** Kills the primary of the database while people pay, and compares what they were told with the three ledgers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { instanceNamed } from '../../dist/apps/network/src/plan/topology.js';
import { Flow, FLOWS, fundPayers } from '../../apps/network/test/faults/kit/flows.mjs';
import { booksOf, faultsIn, faultsInBooks, openIn, viewsOf } from '../../apps/network/test/faults/kit/verdict.mjs';
import { isReady, isWhole, pidOf, primary, startNode, startSite, until } from './cluster.mjs';
import { databaseUrl, folder, planOf } from './plan.mjs';

const LANES = 8;
const BEFORE_MS = 20_000;
const AFTER_MS = 20_000;
const FIRST_PAYMENT_MS = 180_000;
const SETTLE_MS = 240_000;
/** Payments go on within this time. */
const WITHIN_S = 30;
/** Roles that a failing machine takes along. */
const SITE = 'a';

const seconds = (ms) => Number((ms / 1_000).toFixed(1));

/** A flow with the times of its begin and of its answer. @typedef {{ flow: Flow, begunAt: number, endedAt: number }} Paid */

const wasTold = ({ answers }) =>
  answers.some(({ what, told }) => what === 'pay' && ['paid', 'executed'].includes(told.body?.status));

class Load {
  isOver = false;
  /** @type {Flow[]} */
  flows = [];
  /** Payments that were answered as executed. @type {Paid[]} */
  paid = [];
  /** @type {Promise<void>[]} */
  #lanes = [];

  constructor(network) {
    this.network = network;
  }

  addLane() {
    this.#lanes.push(this.#pay(this.#lanes.length));
  }

  /** One payment after the other, of an invoice and of a quote by turns. */
  async #pay(turn) {
    for (let kind = turn; !this.isOver; kind += 1) {
      const flow = new Flow(kind % 2 === 0 ? 'invoice' : 'quoted', this.network);
      this.flows.push(flow);
      const begunAt = Date.now();
      await FLOWS[flow.kind]?.(flow);
      if (wasTold(flow)) this.paid.push({ flow, begunAt, endedAt: Date.now() });
      else await sleep(100);
    }
  }

  async end() {
    this.isOver = true;
    await Promise.all(this.#lanes);
  }
}

/** @param {boolean} withRoles */
function killPrimary(node, withRoles) {
  const postmaster = Number(readFileSync(join(folder, node, 'postmaster.pid'), 'utf8').split('\n')[0]);
  for (const pid of [pidOf(node), postmaster, withRoles ? pidOf(`roles-${SITE}`) : undefined]) {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  }
}

/** What is wrong with the flows when nothing is open any more. @returns {Promise<string[]>} */
async function faultsOf(network, flows) {
  const deadline = Date.now() + SETTLE_MS;
  /** @type {string[]} */
  const faults = [];
  for (const flow of flows) {
    for (;;) {
      const views = await viewsOf(network, flow);
      const open = openIn(views);
      if (open.length > 0 && Date.now() < deadline) {
        await sleep(1_000);
        continue;
      }
      const found = [...open.map((what) => `open: ${what}`), ...faultsIn(flow, views)];
      const isPaid = Object.values(views.payments).some(({ T1, T2, T3 }) =>
        [T1, T2, T3].every((state) => state === 'executed'),
      );
      if (wasTold(flow) && !isPaid) found.push('LOST: it was answered as executed');
      if (found.length > 0) faults.push(`${flow.kind} ${flow.paymentId ?? flow.invoiceId}: ${found.join('; ')}`);
      break;
    }
  }
  return faults;
}

function openNetwork() {
  const plan = planOf(0);
  const sql = new pg.Pool({ connectionString: databaseUrl(), max: 4 });
  sql.on('error', () => undefined);
  const urlOf = (name, path = '') => `${instanceNamed(plan, name).baseUrl}${path}`;
  return /** @type {any} */ ({ plan, urlOf, sql, database: { url: databaseUrl() } });
}

/**
 * @param {(line: string) => void} say
 * @param {boolean} withRoles kills one instance of each role, too, as a machine that fails would
 * @returns {Promise<number>} exit code
 */
export async function drill(say, withRoles) {
  const network = openNetwork();
  await until('a whole cluster; npm run ha -- start', async () => (await isWhole()) && (await isReady()), 60_000);
  await fundPayers(network);
  const books = await booksOf(network);
  const load = new Load(network);
  for (let lane = 0; lane < LANES; lane += 1) load.addLane();
  await sleep(BEFORE_MS);

  const node = (await primary()) ?? '';
  const before = load.paid.length;
  killPrimary(node, withRoles);
  const killedAt = Date.now();
  say(
    `killed ${node}${withRoles ? ` and the roles of ${SITE}` : ''} after ${before} payments in ${seconds(BEFORE_MS)} s`,
  );
  load.addLane();
  await until('another primary', async () => ![undefined, node].includes(await primary()));
  say(`${seconds(Date.now() - killedAt)} s: ${await primary()} is the primary`);
  const firstAfter = () => load.paid.find(({ begunAt }) => begunAt >= killedAt);
  await until('a payment', async () => firstAfter() !== undefined, FIRST_PAYMENT_MS);
  const firstS = seconds((firstAfter()?.endedAt ?? 0) - killedAt);
  say(`${firstS} s: the first payment that was begun after the kill is executed`);
  await sleep(AFTER_MS);
  const restartedAt = Date.now();
  startNode(node);
  if (withRoles) startSite(SITE);
  await until('a whole cluster again', isWhole);
  say(`${node} follows again ${seconds(Date.now() - restartedAt)} s after its start`);
  await load.end();

  await until('every role', isReady);
  const faults = [...(await faultsOf(network, load.flows)), ...(await faultsInBooks(network, books))];
  if (firstS > WITHIN_S) faults.push(`the first payment came after ${firstS} s`);
  for (const fault of faults) say(`FAILED ${fault}`);
  const { length } = load.paid;
  say(
    `${load.flows.length} begun, ${length} answered as executed (${before} before the kill); ${faults.length} faults`,
  );
  await network.sql.end();
  return faults.length > 0 ? 1 : 0;
}
