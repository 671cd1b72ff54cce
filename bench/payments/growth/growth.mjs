// @ts-check
/** An empty network beside one with many finished payments. */
import { NUMBERS, Pairs, PEOPLE } from '../../network/people.mjs';
import { Network } from '../../network/network.mjs';
import { WAYS } from '../../network/ways.mjs';
import { Meter } from '../../shared/measure/meter.mjs';
import { median } from '../../shared/measure/statistics.mjs';
import { say, Table } from '../../shared/report.mjs';
import { runPayments } from '../payment-load.mjs';
import { copyPayments, rowsOfPayment } from './fill.mjs';

const DATABASE = 'bench_payments_full';
/** Ports of a network. */
const PORTS = 300;
const IN_FLIGHT = 8;
const ROUNDS = 6;
const MEASURED = 'quoted';
/** The ways whose rows are copied, in equal parts. @type {('quoted' | 'invoice')[]} */
const COPIED = [MEASURED, 'invoice'];

/** @typedef {import('../lines.mjs').Bench & { postgres: import('../../shared/postgres.mjs').Postgres }} Bench */

/** Those who pay and are paid in copy `n`, by the texts of the first pair. @type {[string, string][]} */
const PEOPLE_OF_COPIES = [
  ['payer-0', `'payer-' || n % ${PEOPLE}`],
  ['payee-0', `'payee-' || n % ${PEOPLE}`],
  ...Object.values(NUMBERS).map(
    (number) => /** @type {[string, string]} */ ([String(number), `(${number} + n % ${PEOPLE})::text`]),
  ),
];

/** Makes one payment of each way, and copies what they left while the network is away. */
async function fillNetwork({ postgres, options }, count) {
  const place = { databaseUrl: postgres.urlOf(DATABASE), portBase: options.port + PORTS };
  await postgres.createDatabase(DATABASE);
  const network = await Network.start(place);
  let pairs;
  let payments;
  try {
    pairs = await Pairs.open(network, PEOPLE);
    const pair = pairs.next();
    payments = await postgres.connected(DATABASE, async (client) => {
      const left = [];
      for (const way of COPIED) left.push(await rowsOfPayment(client, await WAYS[way](network, pair)));
      return left;
    });
  } finally {
    await network.stop();
  }
  const begun = performance.now();
  await postgres.connected(DATABASE, async (client) => {
    await copyPayments(client, payments, { count: Math.ceil(count / COPIED.length), people: PEOPLE_OF_COPIES });
    await client.query('VACUUM (ANALYZE)');
  });
  say(`${count} finished payments were written in ${Math.round((performance.now() - begun) / 1_000)} s`);
  return { network: await Network.start(place), pairs };
}

/**
 * Measures the same line at both networks in turn.
 * @param {Bench} bench of the empty network
 * @param {number} count of finished payments at the other one
 */
export async function runGrowth(bench, count) {
  const { postgres, options } = bench;
  const { network, pairs } = await fillNetwork(bench, count);
  try {
    const full = { ...bench, network, pairs, meter: new Meter(postgres, DATABASE, network.probes) };
    const way = MEASURED;
    await runPayments(full, { way, inFlight: IN_FLIGHT, count: options.warmUp });
    await postgres.checkpoint();
    const table = new Table(`Growth: ${way}, ${IN_FLIGHT} in flight, ${options.lineSeconds} s a line, in turn`, [
      { title: 'network', width: 22, value: ({ name }) => name },
      { title: 'payments/s', width: 10, digits: 1, value: ({ perSecond }) => perSecond },
      { title: 'p50 ms', width: 8, value: ({ latency }) => latency.p50 },
      { title: 'p99 ms', width: 8, value: ({ latency }) => latency.p99 },
      { title: 'server ms', width: 9, digits: 2, value: ({ costs }) => costs.serverCpuMs },
      { title: 'pg ms', width: 7, digits: 2, value: ({ costs }) => costs.postgresCpuMs },
      { title: 'others %', width: 8, value: ({ othersShare }) => othersShare * 100 },
    ]);
    const places = [
      { name: 'empty', of: bench },
      { name: `${count} finished`, of: full },
    ];
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const lines = new Map();
      // The order changes, so that what comes second has no advantage.
      for (const { name, of } of round % 2 === 0 ? places : places.toReversed()) {
        const load = () => runPayments(of, { way, inFlight: IN_FLIGHT, seconds: options.lineSeconds });
        lines.set(name, table.add({ name, ...(await of.meter.measure(load)) }));
      }
      rounds.push(places.map(({ name }) => lines.get(name)));
    }
    return { rounds, ratios: printRatios(rounds), errors: rounds.flat().flatMap(({ errors }) => errors) };
  } finally {
    await network.stop();
    await postgres.dropDatabase(DATABASE);
  }
}

function printRatios(rounds) {
  const cpuOf = ({ costs }) => costs.serverCpuMs + costs.postgresCpuMs;
  const ratios = {
    'payments/s': rounds.map(([empty, full]) => full.perSecond / empty.perSecond),
    'processor time of a payment': rounds.map(([empty, full]) => cpuOf(full) / cpuOf(empty)),
  };
  const table = new Table('Filled ÷ empty, by round', [
    { title: 'what', width: 28, value: ({ what }) => what },
    { title: 'median', width: 7, digits: 3, value: ({ values }) => median(values) },
    { title: 'least', width: 7, digits: 3, value: ({ values }) => Math.min(...values) },
    { title: 'most', width: 7, digits: 3, value: ({ values }) => Math.max(...values) },
  ]);
  return Object.entries(ratios).map(([what, values]) => table.add({ what, values }));
}
