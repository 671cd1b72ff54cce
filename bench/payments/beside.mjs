// @ts-check
/** A second network beside the one that is measured, on the same PostgreSQL. */
import { Network } from '../network/network.mjs';
import { Pairs, PEOPLE } from '../network/people.mjs';
import { Meter } from '../shared/measure/meter.mjs';
import { measureInTurn } from './in-turn.mjs';

const DATABASE = 'bench_payments_beside';
/** Ports of a network: the second one begins so far above the first. */
export const PORTS = 300;

/** @typedef {import('./lines.mjs').Bench & { postgres: import('../shared/postgres.mjs').Postgres }} Bench */

/**
 * Runs `work` with a second network on an empty database.
 * @template T
 * @param {Bench} bench of the first network
 * @param {Pick<import('../network/network.mjs').NetworkOptions, 'environment' | 'node' | 'folder'>} given
 * @param {(second: Bench) => Promise<T>} work
 */
export async function withSecondNetwork(bench, given, work) {
  const { postgres, options } = bench;
  await postgres.createDatabase(DATABASE);
  const place = { databaseUrl: postgres.urlOf(DATABASE), portBase: options.port + PORTS };
  const network = await Network.start({ ...place, ...given });
  try {
    const pairs = await Pairs.open(network, PEOPLE);
    return await work({ ...bench, network, pairs, meter: new Meter(postgres, DATABASE, network.probes) });
  } finally {
    await network.stop();
    await postgres.dropDatabase(DATABASE);
  }
}

/**
 * Measures the same line here and at the network of another checkout, or by another Node, in turn.
 * @param {Bench} bench
 */
export function runBeside(bench) {
  const { beside: folder, node } = bench.options;
  return withSecondNetwork(bench, { folder, node }, (second) =>
    measureInTurn(
      'Beside',
      [
        { name: 'beside', of: second },
        { name: 'this', of: bench },
      ],
      'This ÷ the one beside',
    ),
  );
}
