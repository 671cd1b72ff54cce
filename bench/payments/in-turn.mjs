// @ts-check
/** The same load at two networks in turn, and the ratios of what it cost. */
import { median } from '../shared/measure/statistics.mjs';
import { Table } from '../shared/report.mjs';
import { runPayments } from './payment-load.mjs';

const IN_FLIGHT = 8;
const ROUNDS = 6;
const WAY = 'quoted';

/** @typedef {{ name: string, of: import('./lines.mjs').Bench }} Place */

/**
 * @param {string} title
 * @param {[Place, Place]} places
 * @param {string} ratio names of both in the table of ratios
 */
export async function measureInTurn(title, places, ratio) {
  const [{ of: first }, { of: second }] = places;
  const seconds = first.options.lineSeconds;
  await runPayments(second, { way: WAY, inFlight: IN_FLIGHT, count: first.options.warmUp });
  await first.meter.postgres.checkpoint();
  const table = new Table(`${title}: ${WAY}, ${IN_FLIGHT} in flight, ${seconds} s a line, in turn`, [
    { title: 'network', width: 22, value: ({ name }) => name },
    { title: 'payments/s', width: 10, digits: 1, value: ({ perSecond }) => perSecond },
    { title: 'p50 ms', width: 8, value: ({ latency }) => latency.p50 },
    { title: 'p99 ms', width: 8, value: ({ latency }) => latency.p99 },
    { title: 'server ms', width: 9, digits: 2, value: ({ costs }) => costs.serverCpuMs },
    { title: 'pg ms', width: 7, digits: 2, value: ({ costs }) => costs.postgresCpuMs },
    { title: 'others %', width: 8, value: ({ othersShare }) => othersShare * 100 },
  ]);
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const lines = new Map();
    // The order changes, so that what comes second has no advantage.
    for (const { name, of } of round % 2 === 0 ? places : places.toReversed()) {
      const load = () => runPayments(of, { way: WAY, inFlight: IN_FLIGHT, seconds });
      lines.set(name, table.add({ name, ...(await of.meter.measure(load)) }));
    }
    rounds.push(places.map(({ name }) => lines.get(name)));
  }
  return { rounds, ratios: printRatios(ratio, rounds), errors: rounds.flat().flatMap(({ errors }) => errors) };
}

function printRatios(title, rounds) {
  const cpuOf = ({ costs }) => costs.serverCpuMs + costs.postgresCpuMs;
  const ratios = {
    'payments/s': rounds.map(([first, second]) => second.perSecond / first.perSecond),
    'processor time of a payment': rounds.map(([first, second]) => cpuOf(second) / cpuOf(first)),
    'of that in Node': rounds.map(([first, second]) => second.costs.serverCpuMs / first.costs.serverCpuMs),
  };
  const table = new Table(`${title}, by round`, [
    { title: 'what', width: 28, value: ({ what }) => what },
    { title: 'median', width: 7, digits: 3, value: ({ values }) => median(values) },
    { title: 'least', width: 7, digits: 3, value: ({ values }) => Math.min(...values) },
    { title: 'most', width: 7, digits: 3, value: ({ values }) => Math.max(...values) },
  ]);
  return Object.entries(ratios).map(([what, values]) => table.add({ what, values }));
}
