import pg from 'pg';

/** Deletes the databases that the tests of this run copied. */
async function dropTemplates(run, connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    const prefix = `test_template_${run}_`;
    const { rows } = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [prefix]);
    for (const { datname } of rows) await client.query(`DROP DATABASE IF EXISTS ${datname} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}

/** Stops what the set-up started. A server that was given from outside keeps nothing of this run. */
export default async function teardown() {
  const stop = globalThis.stopThrowAwayPostgres;
  const run = process.env.L1P_TEST_RUN;
  delete globalThis.stopThrowAwayPostgres;
  delete process.env.L1P_TEST_RUN;
  if (stop) await stop();
  else if (run) await dropTemplates(run, process.env.L1P_TEST_DATABASE_URL);
}
