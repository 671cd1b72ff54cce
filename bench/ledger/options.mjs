// @ts-check
/** Options of the command line. */
import { parseOptions, UsageError } from '../shared/command.mjs';

export const PARTS = ['http', 'floor', 'ceiling', 'notifications', 'growth'];

export const USAGE = `Usage: npm run bench:ledger -- [options]

  --only=<part>[,<part>]  of ${PARTS.join(', ')}; default all
  --seconds=<n>           measured time of each line; default 5
  --quick                 a short run: 1 second a line, a small grown ledger
  --large                 growth on 1,000,000 accounts and 5,000,000 transfers
  --profile               only a CPU profile of the ledger, for the hot pair at 64 connections
  --data-dir=<folder>     where PostgreSQL keeps its data; default data/bench
  --help`;

/** @type {import('../shared/command.mjs').OptionsConfig} */
const OPTIONS = {
  only: { type: 'string' },
  seconds: { type: 'string' },
  quick: { type: 'boolean', default: false },
  large: { type: 'boolean', default: false },
  profile: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  'data-dir': { type: 'string', default: 'data/bench' },
};

/**
 * @typedef {object} Options
 * @property {string[]} parts parts to run
 * @property {number} seconds measured time of each line
 * @property {number} warmUpSeconds time before it that is not counted
 * @property {number} startSeconds load that a ledger gets once it has started, before its first line
 * @property {{ accounts: number, transfers: number, rounds: number }} growth the grown ledger, and how often it is compared
 * @property {boolean} quick
 * @property {boolean} profile
 * @property {boolean} help
 * @property {string} dataDir
 */

/**
 * @param {string[]} argv
 * @returns {Options}
 */
export function readOptions(argv) {
  const { only, seconds: given, quick, large, profile, help, 'data-dir': dataDir } = parseOptions(argv, OPTIONS);
  const parts = only === undefined ? PARTS : only.split(',');
  const unknown = parts.filter((part) => !PARTS.includes(part));
  if (unknown.length > 0) throw new UsageError(`--only: no part is called ${unknown.join(', ')}`);
  const seconds = given === undefined ? (quick ? 1 : 5) : Number(given);
  if (!(seconds > 0 && seconds <= 600)) throw new UsageError('--seconds must be a number above 0, up to 600');
  return {
    parts,
    seconds,
    warmUpSeconds: Math.min(1.5, seconds * 0.3),
    startSeconds: quick ? 1 : 4,
    growth: { ...grownLedger({ quick, large }), rounds: quick ? 2 : 4 },
    quick,
    profile,
    help,
    dataDir,
  };
}

function grownLedger({ quick, large }) {
  if (large) return { accounts: 1_000_000, transfers: 5_000_000 };
  return quick ? { accounts: 10_000, transfers: 50_000 } : { accounts: 100_000, transfers: 500_000 };
}
