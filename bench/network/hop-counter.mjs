// @ts-check
/** Counts HTTP calls between roles and websocket frames, by the stream of the network's page. */
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';

/** What a payment leaves to do after its answer is done by then. */
const AFTERWARDS_MS = 2_000;

/**
 * @param {import('./network.mjs').Network} network
 * @param {() => Promise<unknown>} work
 * @returns {Promise<{ calls: number, frames: number }>} meanwhile
 */
export async function countHops(network, work) {
  const { body } = await request(`${network.urlOf(0)}/hops/stream`);
  const counted = { calls: 0, frames: 0 };
  const lines = createInterface({ input: body });
  lines.on('line', (line) => {
    if (!line.startsWith('data: ')) return;
    const { method } = JSON.parse(line.slice('data: '.length));
    counted[method === 'WS' ? 'frames' : 'calls'] += 1;
  });
  // The stream has no end: that the connection is cut is no error.
  for (const stream of [body, lines]) stream.on('error', () => undefined);
  await work();
  await sleep(AFTERWARDS_MS);
  body.destroy();
  return counted;
}
