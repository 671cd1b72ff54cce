// @ts-check
/** Options of the command line. */
import { resolve } from 'node:path';
import { parseOptions, UsageError } from '../shared/command.mjs';

export const USAGE = `Usage: npm run bench:payments -- [options]

  --seconds=<n>        measured time of the sustained lines; default 60
  --quick              a look of under two minutes: up to 32 in flight, 5 s sustained
  --profile            only CPU profiles of the network's processes
  --growth[=<n>]       only an empty network beside one with so many finished payments; default 200000
  --traces[=<share>]   only a network without traces beside one that keeps this share of them; default 0.1
  --beside=<folder>    only this network beside that of another checkout, which is built; . is this one
  --node=<command>     Node of the network beside, with its options; default is this one without any
  --port=<n>           first port of the network; default 9000
  --data-dir=<folder>  where PostgreSQL keeps its data; default data/bench-payments
  --help`;

/** Finished payments of the growth run. */
const GROWTH = 200_000;
/** Share of the traces that the run of traces keeps. */
const TRACES = 0.1;

/**
 * @typedef {object} Options
 * @property {number[]} inFlight payments at once, line by line
 * @property {number} lineSeconds measured time of each line
 * @property {number} seconds measured time of the sustained lines
 * @property {number} warmUp payments of each way before the first line
 * @property {boolean} profile
 * @property {number} growth finished payments of the growth run; 0 without it
 * @property {number} traces share of the traces that are kept in the run of traces; 0 without it
 * @property {string} beside folder of the checkout whose network is measured in turn with this one; empty without it
 * @property {string[]} node command line of Node for that network, without the program that it runs
 * @property {boolean} help
 * @property {number} port
 * @property {string} dataDir
 */

/** @param {string[]} argv @returns {Options} */
export function readOptions(argv) {
  const {
    seconds: given,
    quick,
    profile,
    growth: wanted,
    traces: kept,
    beside,
    node,
    help,
    port,
    'data-dir': dataDir,
  } = parseOptions(
    argv.map((one) => ({ '--growth': `--growth=${GROWTH}`, '--traces': `--traces=${TRACES}` })[one] ?? one),
    {
      seconds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      growth: { type: 'string', default: '0' },
      traces: { type: 'string', default: '0' },
      beside: { type: 'string', default: '' },
      node: { type: 'string', default: process.execPath },
      help: { type: 'boolean', default: false },
      port: { type: 'string', default: '9000' },
      'data-dir': { type: 'string', default: 'data/bench-payments' },
    },
  );
  const seconds = Number(given ?? (quick ? 5 : 60));
  if (!(seconds > 0 && seconds <= 3_600)) throw new UsageError('--seconds must be a number above 0, up to 3600');
  const portBase = Number(port);
  if (!(Number.isInteger(portBase) && portBase > 0 && portBase < 65_000)) throw new UsageError('--port is no port');
  const growth = Number(wanted);
  if (!(Number.isInteger(growth) && growth >= 0)) throw new UsageError('--growth must be a number of payments');
  const traces = Number(kept);
  if (!(traces >= 0 && traces <= 1)) throw new UsageError('--traces must be a share from 0 to 1');
  return {
    inFlight: quick ? [1, 8, 32] : [1, 8, 32, 128],
    lineSeconds: quick ? 2 : 10,
    seconds,
    warmUp: quick ? 30 : 200,
    profile,
    growth,
    traces,
    beside: beside && resolve(beside),
    node: node.split(' ').filter((option) => option !== ''),
    help,
    port: portBase,
    dataDir,
  };
}
