// @ts-check
/** The measured lines of whole payments. */
import { WAY_NAMES } from '../network/ways.mjs';
import { countHops } from '../network/hop-counter.mjs';
import { loadTable, Table } from '../shared/report.mjs';
import { floodPayments, preparePayments, runPayments } from './payment-load.mjs';

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
    { title: 'refused', width: 7, value: ({ refused }) => refused },
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

/** Arrivals at twice the peak, and how it is right after them. @param {Bench} bench @param {any[]} sustained */
export async function runOverload(bench, sustained) {
  const { lineSeconds } = bench.options;
  const table = new Table(
    `Too much load: arrivals at twice the peak for ${lineSeconds} s, then the peak's load again`,
    [
      { title: 'way', width: 8, value: ({ way }) => way },
      { title: 'load', width: 22, value: ({ load }) => load },
      { title: 'accepted/s', width: 10, digits: 1, value: ({ perSecond }) => perSecond },
      { title: 'refused', width: 7, value: ({ refused }) => refused },
      { title: 'errors', width: 6, value: ({ errors }) => errors.length },
      { title: 'p50 ms', width: 8, value: ({ latency }) => latency.p50 },
      { title: 'p99 ms', width: 8, value: ({ latency }) => latency.p99 },
      { title: "÷ peak's p99", width: 12, digits: 2, value: ({ toPeak }) => toPeak },
    ],
  );
  const rows = [];
  for (const peak of sustained) {
    const { way, inFlight } = peak;
    const add = (load, line) =>
      rows.push(
        table.add({
          way,
          load,
          ...line,
          perSecond: line.count / line.seconds,
          toPeak: line.latency.p99 / peak.latency.p99,
        }),
      );
    add(`peak, ${inFlight} in flight`, peak);
    const arrivals = 2 * peak.perSecond;
    add(`${arrivals.toFixed(0)} arrivals/s`, await floodPayments(bench, { way, arrivals, seconds: lineSeconds }));
    add(`after it, ${inFlight} in flight`, await runPayments(bench, { way, inFlight, seconds: lineSeconds }));
  }
  return rows;
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
