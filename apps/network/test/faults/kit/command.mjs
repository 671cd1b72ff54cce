// @ts-check
/** What the commands of this folder share. */
import { parseArgs } from 'node:util';

/** Settings with short times, so that what is not paid ends soon. */
export const SHORT_TIMES = {
  SETUP_LIFETIME_S: '20',
  IPR_EXPIRY_S: '20',
  PAYMENT_GRACE_S: '1',
  EXPIRY_WAIT_S: '2',
  LATE_GRACE_S: '120',
  QUOTE_LIFETIME_S: '90',
  OUTCOME_CHECK_S: '5',
  NOTICE_BACKOFF_MS: '300',
  SWEEP_INTERVAL_MS: '300',
  DATABASE_POOL_SIZE: '3',
  // On a busy machine the database starts late, too.
  DATABASE_WAIT_S: '300',
};

/** @param {string} text */
export const say = (text) => process.stdout.write(`${text}\n`);

/** @returns {never} */
export function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

/** @param {import('node:util').ParseArgsConfig['options']} options @returns {any} */
export function optionsOf(args, options, usage) {
  if (args.includes('--help')) {
    say(usage);
    process.exit(0);
  }
  try {
    return parseArgs({ args, options }).values;
  } catch (error) {
    return fail(`${/** @type {Error} */ (error).message}\n\n${usage}`);
  }
}

/**
 * Runs `work`, then `close`, also when interrupted, and ends the process with the code that `work` answers.
 * @param {() => Promise<number>} work
 * @param {() => Promise<unknown>} close
 */
export async function runWith(work, close) {
  /** @type {Promise<number>} */
  const interrupted = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => resolve(130));
  });
  let code = 1;
  try {
    code = await Promise.race([work(), interrupted]);
  } catch (error) {
    say(String(/** @type {Error} */ (error).stack));
  } finally {
    await close();
  }
  process.exit(code);
}
