#!/usr/bin/env node
// @ts-check
/** Restarts every role under load, one instance of two after the other, and counts what was lost; see docs/operate.md. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { instanceName as nameOf } from '../../../../dist/apps/network/src/plan/topology.js';
import { booksOf, faultsIn, faultsInBooks, openIn, viewsOf } from '../faults/kit/verdict.mjs';
import { RollingFlow, ROLLING_FLOWS } from './rolling-flow.mjs';
import { RollingNetwork } from './rolling-network.mjs';
import { Watcher } from './watcher.mjs';

const USAGE = `Usage: npm run test:rolling -- [options]

  --roles=<names> roles that have two instances and are restarted: dfsp1/dfsp-api,central-ledger; default: all
  --from=<path>   another checkout, which is built: its version runs until a role is restarted; default: this one
  --flows=<n>     invoices, quotes and payments under way at any time; default 6
  --folder=<path> database; default data/test-rolling
  --port=<n>      first port; default 8400`;

/** Longer than all else a flow waits for. */
const SETTLE_MS = 120_000;
const LOOK_MS = 500;
/** Load before the first restart, and after the last. */
const EDGE_MS = 3_000;

/** The proxies ask twice a second. Payments live for long: that a busy machine is slow is no loss. */
const ENVIRONMENT = {
  IPR_EXPIRY_S: '60',
  STOP_DELAY_MS: '1500',
  DATABASE_POOL_SIZE: '2',
  SWEEP_INTERVAL_MS: '500',
  NOTICE_BACKOFF_MS: '300',
};

const { values } = parseArgs({
  options: {
    roles: { type: 'string', default: '' },
    from: { type: 'string' },
    flows: { type: 'string', default: '6' },
    folder: { type: 'string', default: 'data/test-rolling' },
    port: { type: 'string', default: '8400' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  process.stdout.write(`${USAGE}\n`);
  process.exit(0);
}

/** Keeps so many flows under way until it is stopped. */
class Load {
  /** @type {RollingFlow[]} */
  flows = [];
  #isOver = false;
  /** @type {Promise<void>[]} */
  #lines = [];

  constructor(network, lines) {
    this.network = network;
    const kinds = Object.keys(ROLLING_FLOWS);
    for (let line = 0; line < lines; line += 1) this.#lines.push(this.#run(kinds, line));
  }

  async #run(kinds, line) {
    for (let turn = line; !this.#isOver; turn += 1) {
      const kind = kinds[turn % kinds.length] ?? '';
      const flow = new RollingFlow(kind, this.network);
      this.flows.push(flow);
      await ROLLING_FLOWS[kind]?.(flow);
    }
  }

  async stop() {
    this.#isOver = true;
    await Promise.all(this.#lines);
  }
}

/** What is wrong in the end with one flow; nothing if it ended, and everybody agrees. */
async function verdictOf(network, flow) {
  const until = Date.now() + SETTLE_MS;
  for (;;) {
    const views = await viewsOf(network, flow);
    const open = openIn(views);
    if (open.length === 0) return faultsIn(flow, views);
    if (Date.now() > until) return open.map((one) => `still open: ${one}`);
    await sleep(LOOK_MS);
  }
}

function watchersOf(network) {
  return [
    new Watcher('central-ledger', network.urlOf('central-ledger'), 'central_central_ledger'),
    new Watcher('dfsp1/ledger-adapter', network.urlOf('dfsp1/ledger-adapter', '/ilp/ledger/v1'), 'dfsp1_dfsp_ledger'),
    new Watcher('dfsp1/dfsp-ledger', network.urlOf('dfsp1/dfsp-ledger', '/ledger'), 'dfsp1_dfsp_ledger'),
    new Watcher('dfsp2/dfsp-ledger', network.urlOf('dfsp2/dfsp-ledger', '/ledger'), 'dfsp2_dfsp_ledger'),
  ];
}

const say = (text) => void process.stdout.write(`${text}\n`);

const network = await RollingNetwork.open({
  folder: values.folder,
  portBase: Number(values.port),
  environment: ENVIRONMENT,
  from: values.from && resolve(values.from),
  twice: values.roles.split(',').filter((name) => name !== ''),
});
const faults = [];
try {
  say(`two instances each: ${network.twice.join(', ')}`);
  const before = await booksOf(network);
  const watchers = watchersOf(network);
  for (const watcher of watchers) await watcher.start();
  const load = new Load(network, Number(values.flows));
  await sleep(EDGE_MS);
  for (const name of network.twice) {
    const since = load.flows.length;
    const { stopMs, codes } = await network.roll(name);
    const lost = load.flows.flatMap((flow) => flow.takeLosses()).map((one) => `while ${name} was restarted: ${one}`);
    if (codes.some((code) => code !== 0)) lost.push(`${name} ended with ${codes.join(' and ')}`);
    faults.push(...lost);
    say(`${name}: stopped in ${stopMs.join(' and ')} ms, ${load.flows.length - since} flows, ${lost.length} faults`);
  }
  await sleep(EDGE_MS);
  await load.stop();
  faults.push(...load.flows.flatMap((flow) => flow.takeLosses()));
  for (const flow of load.flows) {
    const found = [...flow.unfinished(), ...(await verdictOf(network, flow))];
    faults.push(...found.map((one) => `${flow.kind} ${flow.invoiceId ?? flow.paymentId}: ${one}`));
  }
  faults.push(...(await faultsInBooks(network, before)));
  for (const watcher of watchers) {
    faults.push(...(await watcher.faults(network)));
    watcher.close();
  }
  const requests = load.flows.reduce((sum, { requests: count }) => sum + count, 0);
  const repeated = load.flows.reduce((sum, { repeated: count }) => sum + count, 0);
  const closed = watchers.reduce((sum, { codes }) => sum + codes.length, 0);
  const broken = network.plan.instances.map(nameOf).filter((name) => network.proxies.get(name)?.broken);
  const slowest = Math.max(...load.flows.map(({ slowestMs }) => slowestMs));
  say(
    `${load.flows.length} flows, ${requests} requests, the slowest ${slowest} ms, ${repeated} repeated after 503 with Retry-After`,
  );
  say(`${closed} websockets closed in order and resumed; connections cut at: ${broken.join(', ') || 'none'}`);
} finally {
  await network.close();
}
for (const fault of faults) say(`FAULT ${fault}`);
say(faults.length === 0 ? 'no request was lost' : `${faults.length} faults`);
process.exitCode = faults.length === 0 ? 0 : 1;
