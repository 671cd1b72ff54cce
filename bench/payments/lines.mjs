// @ts-check
/** The measured lines of whole payments. */
import { WAY_NAMES } from '../network/ways.mjs';
import { countHops } from '../network/hop-counter.mjs';
import { loadTable, Table } from '../shared/report.mjs';
import { preparePayments, runPayments } from './payment-load.mjs';

/** Payments whose HTTP calls and frames are counted. */
const COUNTED = 40;
const COUNTED_IN_FLIGHT = 4;
const PREPARED_IN_FLIGHT = 16;

/** Ways that are also measured for a long time. @type {import('./payment-load.mjs').WayName[]} */
const SUSTAINED = ['quoted', 'invoice'];

/** @typedef {{ network: import('../network/network.mjs').Network, pairs: import('../network/people.mjs').Pairs, meter: import('../shared/measure/meter.mjs').Meter, options: import('./options.mjs').Options }} Bench */

function paymentTable(title) {
  const columns = [
    { title: 'way', width: 8, value: ({ way }) => way },
    { title: 'in flight', width: 9, value: ({ inFlight }) => inFlight },
    { title: 'errors', width: 6, value: ({ errors }) => errors.length },
  ];
  return loadTable(title, columns, { title: 'payments/s', width: 10, digits: 1 });
}

/** @param {Bench} bench */
async function measure(bench, line) {
  const load = { ...line };
  if (line.way === 'pay') {
    load.prepared = await preparePayments(bench, { way: 'pay', inFlight: PREPARED_IN_FLIGHT, count: line.count });
  }
  return { ...line, ...(await bench.meter.measure(() => runPayments(bench, load))) };
}

/** Each way at rising numbers in flight. @param {Bench} bench */
export async function runLines(bench) {
  const { inFlight: numbers, lineSeconds: seconds } = bench.options;
  const table = paymentTable('Payments');
  const lines = [];
  for (const inFlight of numbers) {
    // As many invoices are paid as were issued and paid in the line before it.
    let count = 0;
    for (const way of WAY_NAMES) {
      const limit = way === 'pay' ? { count } : { seconds };
      const line = table.add(await measure(bench, { way, inFlight, ...limit }));
      count = line.count;
      lines.push(line);
    }
  }
  return lines;
}

/** The best number in flight of each way, for longer. @param {Bench} bench */
export async function runSustained(bench, lines) {
  const { seconds } = bench.options;
  const table = paymentTable(`Sustained, ${seconds} s at the best number in flight`);
  const measured = [];
  for (const way of SUSTAINED) {
    const own = lines.filter((line) => line.way === way);
    const { inFlight } = own.reduce((best, line) => (line.perSecond > best.perSecond ? line : best));
    measured.push(table.add(await measure(bench, { way, inFlight, seconds })));
  }
  return measured;
}

/** HTTP calls and frames of a payment. @param {Bench} bench */
export async function runHopCounts(bench) {
  const table = new Table(`Between roles, per payment of ${COUNTED}`, [
    { title: 'way', width: 8, value: ({ way }) => way },
    { title: 'HTTP calls', width: 10, digits: 1, value: ({ calls }) => calls },
    { title: 'frames', width: 7, digits: 1, value: ({ frames }) => frames },
  ]);
  const counts = [];
  for (const way of WAY_NAMES) {
    const line = { way, inFlight: COUNTED_IN_FLIGHT, count: COUNTED };
    const prepared =
      way === 'pay' ? { prepared: await preparePayments(bench, { ...line, inFlight: PREPARED_IN_FLIGHT }) } : {};
    /** @type {string[]} */
    const errors = [];
    const { calls, frames } = await countHops(bench.network, async () => {
      errors.push(...(await runPayments(bench, { ...line, ...prepared })).errors);
    });
    counts.push(table.add({ way, calls: calls / COUNTED, frames: frames / COUNTED, errors }));
  }
  return counts;
}
