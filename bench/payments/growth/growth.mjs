// @ts-check
/** An empty network beside one with many finished payments. */
import { NUMBERS, Pairs, PEOPLE } from '../../network/people.mjs';
import { Network } from '../../network/network.mjs';
import { WAYS } from '../../network/ways.mjs';
import { Meter } from '../../shared/measure/meter.mjs';
import { say } from '../../shared/report.mjs';
import { PORTS } from '../beside.mjs';
import { measureInTurn } from '../in-turn.mjs';
import { copyPayments, rowsOfPayment } from './fill.mjs';

const DATABASE = 'bench_payments_full';
/** The ways whose rows are copied, in equal parts. @type {('quoted' | 'invoice')[]} */
const COPIED = ['quoted', 'invoice'];

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
  const { postgres } = bench;
  const { network, pairs } = await fillNetwork(bench, count);
  try {
    const full = { ...bench, network, pairs, meter: new Meter(postgres, DATABASE, network.probes) };
    return await measureInTurn(
      'Growth',
      [
        { name: 'empty', of: bench },
        { name: `${count} finished`, of: full },
      ],
      'Filled ÷ empty',
    );
  } finally {
    await network.stop();
    await postgres.dropDatabase(DATABASE);
  }
}
