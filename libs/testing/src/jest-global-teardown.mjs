/** Stops what the set-up started; a database that was given from outside is left alone. */
export default async function teardown() {
  const stop = globalThis.stopThrowAwayPostgres;
  delete globalThis.stopThrowAwayPostgres;
  await stop?.();
}
