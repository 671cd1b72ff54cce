// @ts-check
/** Payments that execute when a role goes away, what became of each, and the claims of connectors. */
import { setTimeout as sleep } from 'node:timers/promises';
import { basic, Flow, FLOWS } from '../kit/flows.mjs';
import { booksOf, faultsIn, faultsInBooks, openIn, viewsOf } from '../kit/verdict.mjs';

/** Payments that are stopped at the hop, and those that begin while the role is away. */
const STOPPED = /** @type {const} */ (['invoice', 'quoted', 'invoice', 'quoted']);
const DURING = /** @type {const} */ (['invoice', 'quoted']);
const REACH_MS = 60_000;
/** From the first that is stopped. */
const OTHERS_MS = 4_000;
const UUID = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/;
const POLL_MS = 500;
/** Of which ledgers claims are approved; people do that. */
const LEDGERS = [
  ['central-ledger', ''],
  ['dfsp1/dfsp-ledger', '/ledger'],
  ['dfsp2/dfsp-ledger', '/ledger'],
];

/** @typedef {import('../kit/fault-network.mjs').FaultNetwork} FaultNetwork */
/** @typedef {{ ends: Record<string, number>, claims: number, approved: number, seconds: number, faults: string[] }} Result */

/**
 * @param {FaultNetwork} network
 * @param {import('./outages.mjs').Outage} outage
 * @param {number} settleMs until all has to have ended, from when the role is back
 * @returns {Promise<Result>}
 */
export async function runOutage(network, { role, how, seconds, hop }, settleMs) {
  await network.untilAllReady();
  const books = await booksOf(network);
  const hold = network.faults.add({ hop, action: { do: 'hold', when: 'before' } });
  const stopped = STOPPED.map((kind) => begin(kind, network));
  await untilStopped(hold, stopped);
  const program = network.programs.get(role);
  if (how === 'kill') await network.kill(role);
  else program?.hang();
  network.faults.remove(hold.id, how === 'kill' ? 'cut' : 'pass');
  const during = DURING.map((kind) => begin(kind, network));
  await sleep(seconds * 1_000);
  if (how === 'kill') await network.restart(role);
  else program?.wakeUp();
  const backAt = Date.now();
  await network.untilReady(role);
  return settle(network, [...stopped, ...during], { books, backAt, settleMs });
}

/** @param {string} kind @param {FaultNetwork} network */
function begin(kind, network) {
  const flow = new Flow(kind, network);
  const done = { isEnded: false };
  const ended = Promise.resolve(FLOWS[kind]?.(flow)).finally(() => {
    done.isEnded = true;
  });
  return { flow, done, ended };
}

/** Until all payments are stopped, or some and the others take too long: their times run. */
async function untilStopped(hold, begun) {
  let until = Date.now() + REACH_MS;
  for (let before = 0; Date.now() < until;) {
    const stopped = new Set(hold.held.map(({ path }) => UUID.exec(path)?.[0])).size;
    if (stopped === begun.length || begun.every(({ done }) => done.isEnded)) return;
    if (before === 0 && stopped > 0) until = Date.now() + OTHERS_MS;
    before = stopped;
    await sleep(POLL_MS / 10);
  }
}

/** @param {FaultNetwork} network @returns {Promise<Result>} */
async function settle(network, begun, { books, backAt, settleMs }) {
  let approved = 0;
  for (;;) {
    approved += await approveClaims(network);
    const all = await Promise.all(
      begun.map(async ({ flow, done }) => {
        const views = await viewsOf(network, flow);
        return { views, open: done.isEnded ? openIn(views) : ['the client waits'], faults: faultsIn(flow, views) };
      }),
    );
    const wrongBooks = await faultsInBooks(network, books);
    const isOver = all.every(({ open, faults }) => open.length + faults.length === 0) && wrongBooks.length === 0;
    if (isOver || Date.now() > backAt + settleMs) {
      const seconds = Math.round((Date.now() - backAt) / 100) / 10;
      for (const { flow } of begun) flow.isOver = true;
      await Promise.all(begun.map(({ ended }) => ended));
      const faults = all.flatMap(({ open, faults: wrong }) => [...open.map((what) => `open: ${what}`), ...wrong]);
      return { ...countOf(all), approved, seconds, faults: [...faults, ...wrongBooks] };
    }
    await sleep(POLL_MS);
  }
}

/** How payments ended, as their payers see it, and how many were paid to a connector by a claim. */
function countOf(all) {
  /** @type {Record<string, number>} */
  const ends = {};
  let claims = 0;
  for (const { views } of all) {
    for (const { payer = 'not begun', T1, claimT1, claimT2 } of Object.values(views.payments)) {
      const end = (claimT1 ?? claimT2) ? `${payer} (T1 ${T1})` : payer;
      ends[end] = (ends[end] ?? 0) + 1;
      claims += [claimT1, claimT2].filter((state) => state === 'booked').length;
    }
  }
  return { ends, claims };
}

/** What two administrators of a ledger would do with each claim that waits. @returns {Promise<number>} how many */
async function approveClaims(network) {
  let approved = 0;
  for (const [ledger, path] of LEDGERS) {
    /** @returns {Promise<any>} */
    const ask = async (name, request) => {
      const [method = '', route = ''] = request.split(' ');
      const headers = { authorization: basic(name) };
      const answer = await fetch(network.urlOf(ledger, path + route), { method, headers }).catch(() => undefined);
      return answer?.ok ? answer.json() : undefined;
    };
    const { claims = [] } = (await ask('admin', 'GET /claims?state=open')) ?? {};
    for (const { transfer } of claims) {
      const id = transfer.split('/').at(-1);
      for (const name of ['admin', 'admin2']) await ask(name, `PUT /transfers/${id}/claims/approval`);
      approved += 1;
    }
  }
  return approved;
}
