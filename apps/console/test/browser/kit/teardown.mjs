// @ts-check
/** Stops the network that `setup.mjs` started. */
export default async function teardown() {
  await globalThis.stopNetworkOfBrowserTests?.();
}
