// @ts-check
/** Payments of one way, a number of them at once. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../shared/errors.mjs';
import { summaryOf } from '../shared/measure/statistics.mjs';
import { NotNow, untilAdmitted } from '../network/roles.mjs';
import { WAYS } from '../network/ways.mjs';

/** @typedef {import('../network/network.mjs').Network} Network */
/** @typedef {import('../network/people.mjs').Pairs} Pairs */
/** @typedef {import('../network/ways.mjs').Pay} Pay */
/** @typedef {keyof typeof WAYS} WayName */

const ARRIVALS_EVERY_MS = 5;

/** Repeats `work` with this many at once, until it answers false. */
export async function repeat(inFlight, work) {
  const lane = async () => {
    while (await work());
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

/**
 * Prepares payments that are to be made later.
 * @param {{ network: Network, pairs: Pairs }} bench
 * @param {{ way: WayName, inFlight: number, count: number }} wanted
 * @returns {Promise<Pay[]>}
 */
export async function preparePayments({ network, pairs }, { way, inFlight, count }) {
  /** @type {Pay[]} */
  const prepared = [];
  let begun = 0;
  await repeat(inFlight, async () => {
    if (begun >= count) return false;
    begun += 1;
    prepared.push(await untilAdmitted(() => WAYS[way](network, pairs.next())));
    return true;
  });
  return prepared;
}

/**
 * Pays for some seconds, or what was prepared. A payment that is refused for too much load is tried again when the role
 * says so; its time begins with the attempt that was accepted. An error counts, and the next payment begins.
 *
 * @param {{ network: Network, pairs: Pairs }} bench
 * @param {{ way: WayName, inFlight: number, seconds?: number, prepared?: Pay[], count?: number }} wanted
 * @returns {Promise<{ count: number, seconds: number, latency: any, refused: number, errors: string[] }>}
 * @throws Error if no payment succeeded
 */
export async function runPayments(
  { network, pairs },
  { way, inFlight, seconds = Infinity, prepared, count = Infinity },
) {
  const times = [];
  /** @type {string[]} */
  const errors = [];
  let begun = 0;
  let refused = 0;
  const start = performance.now();
  const nextPayment = async () => {
    if (begun >= count || performance.now() - start >= seconds * 1_000) return undefined;
    begun += 1;
    return prepared ? prepared.pop() : WAYS[way](network, pairs.next());
  };
  await repeat(inFlight, async () => {
    const pay = await nextPayment();
    if (!pay) return false;
    let at = performance.now();
    const payOnce = async () => {
      at = performance.now();
      await pay();
    };
    try {
      await untilAdmitted(payOnce, () => (refused += 1));
      times.push(performance.now() - at);
    } catch (error) {
      errors.push(messageOf(error));
    }
    return true;
  });
  if (times.length === 0) throw new Error(`no payment succeeded: ${errors[0]}`);
  const took = (performance.now() - start) / 1_000;
  return { count: times.length, seconds: took, latency: summaryOf(times), refused, errors };
}

/**
 * Begins payments at a steady rate, whatever becomes of those before. Those that are refused are not tried again.
 *
 * @param {{ network: Network, pairs: Pairs }} bench
 * @param {{ way: WayName, arrivals: number, seconds: number }} wanted arrivals a second
 * @returns {Promise<{ count: number, seconds: number, latency: any, refused: number, errors: string[] }>}
 * @throws Error if no payment succeeded
 */
export async function floodPayments({ network, pairs }, { way, arrivals, seconds }) {
  const times = [];
  /** @type {string[]} */
  const errors = [];
  let refused = 0;
  const arrive = async () => {
    const at = performance.now();
    try {
      await (
        await WAYS[way](network, pairs.next())
      )();
      times.push(performance.now() - at);
    } catch (error) {
      if (error instanceof NotNow) refused += 1;
      else errors.push(messageOf(error));
    }
  };
  const start = performance.now();
  /** @type {Promise<void>[]} */
  const all = [];
  for (let passed = 0; passed < seconds; passed = (performance.now() - start) / 1_000) {
    while (all.length < passed * arrivals) all.push(arrive());
    await sleep(ARRIVALS_EVERY_MS);
  }
  await Promise.all(all);
  if (times.length === 0) throw new Error(`no payment succeeded: ${errors[0] ?? 'all were refused'}`);
  const took = (performance.now() - start) / 1_000;
  return { count: times.length, seconds: took, latency: summaryOf(times), refused, errors };
}
