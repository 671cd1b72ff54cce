#!/usr/bin/env node
// @ts-check
/** How long it takes from the start of a killed role until payments go through, see docs/faults.md. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fail, optionsOf, runWith, say } from '../kit/command.mjs';
import { FaultNetwork } from '../kit/fault-network.mjs';
import { Flow, FLOWS } from '../kit/flows.mjs';

const USAGE = `Usage: npm run test:recovery -- [options]

  --roles=<names>  which are killed, one after the other, and started again; all: every role at once; default: those
                   that keep the books or a subscription
  --away=<s>       for how long they are away; default 10
  --folder=<path>  database; default data/test-recovery
  --port=<n>       first port; default 7400`;

const ROLES =
  'central-ledger,dfsp1/dfsp-ledger,dfsp1/ledger-adapter,dfsp1/ilp-connector,dfsp1/spsp-client,dfsp2/spsp-server,dfsp1/dfsp-api';
const OPTIONS = /** @type {const} */ ({
  roles: { type: 'string', default: ROLES },
  away: { type: 'string', default: '10' },
  folder: { type: 'string', default: 'data/test-recovery' },
  port: { type: 'string', default: '7400' },
});
const LOOK_MS = 50;
/** A payment is begun so often. */
const PROBE_MS = 250;
/** And so many are under way at most, for they take the time that the roles need. */
const PROBES_MAX = 4;
const PATIENCE_MS = 300_000;

const values = optionsOf(process.argv.slice(2), OPTIONS, USAGE);
const awayMs = Number(values.away) * 1_000;
if (!(awayMs >= 0)) fail(USAGE);

/** Time in s until something is so. @param {() => Promise<boolean>} isSo */
async function timeUntil(since, isSo) {
  for (;;) {
    if (await isSo().catch(() => false)) return ((performance.now() - since) / 1_000).toFixed(1);
    if (performance.now() - since > PATIENCE_MS) return 'never';
    await sleep(LOOK_MS);
  }
}

async function answers(url) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  await answer.text();
  return answer.status === 200;
}

/** A payment that is begun now is paid. */
async function isPaid(network) {
  const flow = new Flow('quoted', network);
  flow.isOver = true;
  await FLOWS['quoted']?.(flow);
  const last = flow.answers.at(-1);
  return last?.what === 'pay' && last.told.status >= 200 && last.told.status < 300;
}

/** Begins payments until one is paid. */
async function untilPaid(network, since) {
  let paid = false;
  const probes = new Set();
  return timeUntil(since, async () => {
    if (probes.size < PROBES_MAX) {
      const probe = isPaid(network)
        .then((isDone) => (paid ||= isDone))
        .catch(() => false)
        .finally(() => probes.delete(probe));
      probes.add(probe);
    }
    await sleep(PROBE_MS - LOOK_MS);
    return paid;
  });
}

/** @param {FaultNetwork} network @param {string[]} roles */
async function recover(network, roles) {
  await network.untilAllReady();
  await untilPaid(network, performance.now());
  await Promise.all(roles.map((role) => network.kill(role)));
  await sleep(awayMs);
  const since = performance.now();
  await Promise.all(roles.map((role) => network.restart(role)));
  const every = async (path) => {
    const urls = roles.map((role) => `http://127.0.0.1:${network.instance(role).port}${path}`);
    return (await Promise.all(urls.map(answers))).every(Boolean);
  };
  const all = network.plan.instances.map(({ port }) => `http://127.0.0.1:${port}/health/ready`);
  return Promise.all([
    timeUntil(since, () => every('/health/live')),
    timeUntil(since, () => every('/health/ready')),
    timeUntil(since, async () => (await Promise.all(all.map(answers))).every(Boolean)),
    untilPaid(network, since),
  ]);
}

/** @type {FaultNetwork | undefined} */
let network;
await runWith(
  async () => {
    const { folder, port } = values;
    const environment = { DATABASE_POOL_SIZE: '3' };
    network = await FaultNetwork.open({ folder, portBase: Number(port), environment });
    const names = network.plan.instances.map(({ role, dfsp }) => (dfsp === null ? role : `${dfsp}/${role}`));
    const cases = values.roles === 'all' ? [names] : values.roles.split(',').map((role) => [role]);
    await network.start([...new Set(cases.flat())]);
    say(`seconds from the start, after ${values.away} s away on ${process.version}`);
    say(`${'killed'.padEnd(24)}    live   ready  all ready  first payment`);
    for (const roles of cases) {
      const [live, ready, allReady, paid] = await recover(network, roles);
      const name = roles.length === 1 ? roles[0] : `all ${roles.length}`;
      say(`${name?.padEnd(24)} ${live.padStart(7)} ${ready.padStart(7)} ${allReady.padStart(10)} ${paid.padStart(14)}`);
    }
    return 0;
  },
  async () => network?.close(),
);
