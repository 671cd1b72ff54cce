// @ts-check
/** A benchmark's command: its options, signals and exit code. */
import { parseArgs } from 'node:util';
import { messageOf } from './errors.mjs';

/** A wrong option on the command line. */
export class UsageError extends Error {}

/** @typedef {NonNullable<import('node:util').ParseArgsConfig['options']>} OptionsConfig */

/** Reads options. @throws UsageError @param {OptionsConfig} options @returns {any} */
export function parseOptions(args, options) {
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/**
 * Runs a benchmark, and ends this process with the exit code that `main` answers. `main` gets a promise of the code of
 * an interruption: the database would outlive a process that ends at once.
 *
 * @param {string} usage
 * @param {(interrupted: Promise<number>) => Promise<number>} main
 */
export async function runCommand(usage, main) {
  /** @type {Promise<number>} */
  const interrupted = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => resolve(130));
    process.on('uncaughtException', (error) => {
      process.stderr.write(`bench: ${error.stack}\n`);
      resolve(1);
    });
  });
  try {
    process.exit(await main(interrupted));
  } catch (error) {
    process.stderr.write(`bench: ${error instanceof UsageError ? `${error.message}\n\n${usage}` : messageOf(error)}\n`);
    process.exit(1);
  }
}
