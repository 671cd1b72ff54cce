// @ts-check
/** One outage: flows are stopped at hops of a role, the role is killed or hangs, and comes back. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Flow, FLOWS } from '../kit/flows.mjs';
import { booksOf, faultsIn, faultsInBooks, openIn, viewsOf } from '../kit/verdict.mjs';

/** A flow that was not stopped by then does not pass the hop. */
const REACH_MS = 30_000;
/** A receiver of a frame that calls nobody by then has nothing to do. */
const ACT_MS = 2_000;
const POLL_MS = 200;
/** Until all has ended, from when the role is back. */
const SETTLE_MS = 180_000;

/** @typedef {import('./hop-cases.mjs').HopCase} HopCase */
/** @typedef {import('../kit/fault-network.mjs').FaultNetwork} FaultNetwork */
/** @typedef {{ one: HopCase, when: 'before' | 'after' }} Stop */
/** @typedef {{ stop: Stop, isCaught: boolean, faults: string[], end: string, seconds: number, views: any, told: any }} Outcome */

/** Stops the next passage of a hop: before the role gets it, or when it has acted and its answer is on the way. */
class Trap {
  /** @param {FaultNetwork} network @param {Stop} stop */
  constructor(network, { one, when }) {
    const { faults } = network;
    this.faults = faults;
    const isFrame = one.match.kind === 'frame';
    if (!isFrame || when === 'before') {
      this.fault = faults.add({ ...one.match, times: 1, action: { do: 'hold', when } });
      return;
    }
    // A frame has no answer: its receiver has acted when its own next request was answered.
    this.fault = faults.add({ ...one.match, times: 1, action: { do: 'pass' } });
    const unwatch = faults.watch((passage) => {
      if (this.next || !this.fault.matches(passage)) return;
      const id = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/.exec(
        /transfers\/[\da-f-]+/.exec(passage.text)?.[0] ?? '',
      )?.[0];
      this.next = faults.add({
        kind: 'request',
        ...(one.account !== undefined && { account: one.account }),
        ...(id !== undefined && { contains: id }),
        times: 1,
        action: { do: 'hold', when: 'after' },
      });
      unwatch();
    });
  }

  /** @param {Promise<unknown>} flow @returns {Promise<boolean>} false if the flow ended without passing here */
  async caught(flow) {
    const isHold = this.fault.rule.action.do === 'hold';
    const there = isHold ? this.fault.untilHeld(REACH_MS) : this.fault.untilMet(REACH_MS);
    const isThere = await Promise.race([there, flow.then(() => sleep(ACT_MS)).then(() => this.fault.met.length > 0)]);
    if (isThere && this.next) await this.next.untilHeld(ACT_MS);
    return isThere;
  }

  /** @param {import('@level-one/testing').Release} how */
  release(how) {
    this.fault.release(how);
    this.next?.release(how);
  }
}

/**
 * The hop whose caller waits least is stopped last. Frames behind a stopped one wait, too, and no later flow needs them.
 * @param {readonly Stop[]} stops
 */
function inOrder(stops) {
  const isFrame = ({ one, when }) => one.match.kind === 'frame' && when === 'before';
  return [
    ...stops.filter((stop) => !isFrame(stop)).toSorted((a, b) => b.one.timeoutMs - a.one.timeoutMs),
    ...stops.filter(isFrame).toReversed(),
  ];
}

/** The role is gone, and what was on its way to it. */
async function killFor(network, role, begun, awayMs) {
  await network.kill(role);
  for (const { trap } of begun) trap.release('cut');
  await sleep(awayMs);
  await network.restart(role);
}

/** The role takes connections and does nothing, then finds what has come meanwhile. */
async function hangFor(network, role, begun, awayMs) {
  const program = network.programs.get(role);
  program.hang();
  for (const { trap } of begun) trap.release('pass');
  await sleep(awayMs);
  program.wakeUp();
}

/**
 * Stops a flow at each hop, kills the role or makes it hang, and waits until everything has ended.
 * @param {FaultNetwork} network
 * @param {string} role
 * @param {import('./cases.mjs').Batch} batch
 * @returns {Promise<Outcome[]>}
 */
export async function outage(network, role, { kind, awayMs, stops }) {
  const books = await booksOf(network);
  const begun = [];
  await network.untilAllReady();
  for (const stop of inOrder(stops)) {
    const trap = new Trap(network, stop);
    const flow = new Flow(stop.one.flow, network);
    const running = FLOWS[stop.one.flow]?.(flow) ?? Promise.reject(new Error(`there is no flow ${stop.one.flow}`));
    const done = { isEnded: false };
    const ended = running.finally(() => {
      done.isEnded = true;
    });
    begun.push({ stop, flow, trap, ended, done, isCaught: await trap.caught(ended) });
  }
  await (kind === 'hang' ? hangFor : killFor)(network, role, begun, awayMs);
  const backAt = Date.now();
  await network.untilReady(role);
  const outcomes = await Promise.all(
    begun.map(async ({ stop, flow, ended, done, isCaught }) => {
      const { views, open } = await settled(network, flow, done, backAt + SETTLE_MS);
      const seconds = Math.round((Date.now() - backAt) / 100) / 10;
      flow.isOver = true;
      await ended;
      const faults = [...open.map((what) => `open after ${SETTLE_MS / 1_000} s: ${what}`), ...faultsIn(flow, views)];
      return { stop, isCaught, faults, end: endOf(views), seconds, views, told: flow.answers };
    }),
  );
  network.faults.clear();
  const wrong = await faultsInBooks(network, books);
  if (wrong.length > 0) outcomes[0]?.faults.push(...wrong);
  return outcomes;
}

/** Waits until nothing of a flow is open, and its client has its last answer. */
async function settled(network, flow, done, until) {
  for (;;) {
    const views = await viewsOf(network, flow);
    const open = done.isEnded ? openIn(views) : ['the client waits'];
    // What disagrees may still be on its way: an update that is polled for.
    if (open.length === 0 && faultsIn(flow, views).length === 0) return { views, open };
    if (Date.now() > until)
      return { views, open: done.isEnded ? openIn(views) : ['the client waits', ...openIn(views)] };
    await sleep(POLL_MS);
  }
}

/** How a flow ended, in a word. */
function endOf({ payments, invoice, notification }) {
  const ends = Object.values(payments).map(({ T1, payer }) => T1 ?? payer ?? 'not begun');
  return [
    ...(ends.length > 0 ? ends : []),
    ...(invoice ? [`invoice ${invoice}/${notification ?? 'unknown'}`] : []),
  ].join(', ');
}
