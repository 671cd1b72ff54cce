// @ts-check
/** Troubles that were seen once, each from its beginning to its end. They answer what is wrong; nothing if all is well. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Flow, FLOWS } from '../kit/flows.mjs';
import { booksOf, faultsIn, faultsInBooks, openIn, viewsOf } from '../kit/verdict.mjs';

const SETTLE_MS = 120_000;
const POLL_MS = 500;

/** Roles that scenarios kill or stop. */
export const SCENARIO_ROLES = [
  'central-ledger',
  'dfsp1/dfsp-ledger',
  'dfsp1/ilp-connector',
  'dfsp1/scheme-adapter',
  'dfsp2/dfsp-api',
  'dfsp2/ilp-connector',
];

/** Waits until a flow is over, and so, or for so long. @returns {Promise<string[]>} what is wrong */
async function endOf(network, flow, isSo = (/** @type {any} */ views) => views !== undefined) {
  const until = Date.now() + SETTLE_MS;
  for (;;) {
    const views = await viewsOf(network, flow);
    const wrong = [...openIn(views).map((what) => `open: ${what}`), ...faultsIn(flow, views)];
    if (!isSo(views)) wrong.push(`it is not so: invoice ${views.invoice}, notification ${views.notification}`);
    if (wrong.length === 0 || Date.now() > until) return wrong;
    await sleep(POLL_MS);
  }
}

async function awayFor(network, role, ms) {
  await network.kill(role);
  await sleep(ms);
  await network.restart(role);
  await network.untilReady(role);
}

/** When the payee has just been paid, a role is away for longer than the transfers before may take. */
function awayAfterT3(role, ms) {
  return async (network) => {
    const flow = new Flow('quoted', network);
    const executed = network.faults.add({ hop: 'V.A', times: 1, action: { do: 'hold', when: 'after' } });
    const running = FLOWS.quoted?.(flow);
    if (!(await executed.untilHeld(60_000))) return ['T3 was not fulfilled'];
    await network.kill(role);
    executed.release('pass');
    await awayFor(network, role, ms);
    await running;
    return endOf(network, flow);
  };
}

/** @type {Record<string, (network: import('../kit/fault-network.mjs').FaultNetwork) => Promise<string[]>>} */
export const SCENARIOS = {
  "the payee's connector is away when T3 is executed": awayAfterT3('dfsp2/ilp-connector', 15_000),
  'the central ledger is away when T3 is executed': awayAfterT3('central-ledger', 15_000),
  "the payer's connector is away when T3 is executed": awayAfterT3('dfsp1/ilp-connector', 75_000),
  "the payer's ledger is away when T3 is executed": awayAfterT3('dfsp1/dfsp-ledger', 75_000),

  "the payer's scheme adapter hangs with a payment, and wakes up when its DFSP has given up": async (network) => {
    const flow = new Flow('quoted', network);
    await flow.quote();
    const program = network.programs.get('dfsp1/scheme-adapter');
    program?.hang();
    const paying = flow.transfer();
    await sleep(96_000);
    program?.wakeUp();
    await paying;
    return endOf(network, flow);
  },

  'a client rejects what they could not pay, while the merchant still reserves it': async (network) => {
    const flow = new Flow('invoice', network);
    await flow.issue();
    await flow.find();
    await flow.look();
    await network.kill('dfsp1/ilp-connector');
    await flow.ask('dfsp1', 'PUT /invoiceNotifications/pay', {
      account: 'alice',
      invoiceNotificationId: flow.notificationId,
    });
    const rejected = await flow.reject();
    await network.restart('dfsp1/ilp-connector');
    await network.untilReady('dfsp1/ilp-connector');
    return [...(rejected.status === 200 ? [] : [`reject: ${rejected.status}`]), ...(await endOf(network, flow))];
  },

  'an invoice expires, and so does its notification': async (network) => {
    const flow = new Flow('invoice', network);
    await flow.issue({ expiresAt: new Date(Date.now() + 5_000).toISOString() });
    await flow.find();
    await sleep(5_000);
    return endOf(network, flow, ({ invoice }) => invoice === 'expired');
  },

  "the payee's DFSP is away when a rejection is told": async (network) => {
    const flow = new Flow('refused', network);
    const rejected = network.faults.add({ hop: 'R1', times: 1, action: { do: 'hold', when: 'after' } });
    const running = FLOWS.refused?.(flow);
    if (!(await rejected.untilHeld(60_000))) return ['T3 was not rejected'];
    await network.kill('dfsp2/dfsp-api');
    rejected.release('pass');
    await awayFor(network, 'dfsp2/dfsp-api', 25_000);
    await running;
    return endOf(network, flow);
  },
};

/** @param {import('../kit/fault-network.mjs').FaultNetwork} network @param {(line: string) => void} say @returns {Promise<number>} how many failed */
export async function runScenarios(network, say, only) {
  let failed = 0;
  for (const [name, play] of Object.entries(SCENARIOS).filter(([one]) => !only || new RegExp(only).test(one))) {
    const at = Date.now();
    await network.untilAllReady();
    const books = await booksOf(network);
    const wrong = [...(await play(network)), ...(await faultsInBooks(network, books))];
    network.faults.clear();
    if (wrong.length > 0) failed += 1;
    say(
      `${String(Math.round((Date.now() - at) / 1_000)).padStart(4)} s  ${name}: ${wrong.join('; ') || 'as it should'}`,
    );
  }
  return failed;
}
