import { randomBytes } from 'node:crypto';
import { startThrowAwayPostgres } from './embedded-postgres.mjs';

/**
 * Gives the `database` and `e2e` projects one PostgreSQL: TEST_DATABASE_URL or DATABASE_URL when set, else a
 * throw-away one. Workers find it in L1P_TEST_DATABASE_URL; L1P_TEST_RUN names the run, and with it the databases that
 * its tests copy. Both projects name this file; it starts once a run.
 */
export default async function setup() {
  if (process.env.L1P_TEST_DATABASE_URL) return;
  process.env.L1P_TEST_RUN = randomBytes(4).toString('hex');
  const given = process.env.TEST_DATABASE_URL || process.env.DATABASE_URL;
  if (given) {
    process.env.L1P_TEST_DATABASE_URL = given;
    return;
  }
  const postgres = await startThrowAwayPostgres();
  process.env.L1P_TEST_DATABASE_URL = postgres.url;
  globalThis.stopThrowAwayPostgres = postgres.stop;
}
