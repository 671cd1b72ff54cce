// @ts-check
/** Payments of one way, a number of them at once. */
import { messageOf } from '../shared/errors.mjs';
import { summaryOf } from '../shared/measure/statistics.mjs';
import { WAYS } from '../network/ways.mjs';

/** @typedef {import('../network/network.mjs').Network} Network */
/** @typedef {import('../network/people.mjs').Pairs} Pairs */
/** @typedef {import('../network/ways.mjs').Pay} Pay */
/** @typedef {keyof typeof WAYS} WayName */

/** Repeats `work` with this many at once, until it answers false. */
async function repeat(inFlight, work) {
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
    prepared.push(await WAYS[way](network, pairs.next()));
    return true;
  });
  return prepared;
}

/**
 * Pays for some seconds, or what was prepared. An error counts, and the next payment begins.
 *
 * @param {{ network: Network, pairs: Pairs }} bench
 * @param {{ way: WayName, inFlight: number, seconds?: number, prepared?: Pay[], count?: number }} wanted
 * @returns {Promise<{ count: number, seconds: number, latency: object, errors: string[] }>}
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
  const start = performance.now();
  const nextPayment = async () => {
    if (begun >= count || performance.now() - start >= seconds * 1_000) return undefined;
    begun += 1;
    return prepared ? prepared.pop() : WAYS[way](network, pairs.next());
  };
  await repeat(inFlight, async () => {
    const pay = await nextPayment();
    if (!pay) return false;
    const at = performance.now();
    try {
      await pay();
      times.push(performance.now() - at);
    } catch (error) {
      errors.push(messageOf(error));
    }
    return true;
  });
  if (times.length === 0) throw new Error(`no payment succeeded: ${errors[0]}`);
  return { count: times.length, seconds: (performance.now() - start) / 1_000, latency: summaryOf(times), errors };
}
