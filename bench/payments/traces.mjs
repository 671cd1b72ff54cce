// @ts-check
/** A network without traces beside one that sends them. */
import { createServer } from 'node:http';
import { say } from '../shared/report.mjs';
import { withSecondNetwork } from './beside.mjs';
import { measureInTurn } from './in-turn.mjs';

/** A collector that counts what it gets, in the process of the benchmark. */
async function startCollector() {
  const got = { requests: 0, bytes: 0 };
  const server = createServer((request, response) => {
    got.requests += 1;
    request.on('data', (chunk) => (got.bytes += chunk.length));
    request.on('end', () => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'));
  });
  await new Promise((done) => {
    server.listen(0, '127.0.0.1', () => done(undefined));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${port}`, got, close };
}

/**
 * Measures the same line at both networks in turn.
 * @param {import('./lines.mjs').Bench & { postgres: import('../shared/postgres.mjs').Postgres }} bench of the network without traces
 * @param {number} share of the traces that are kept
 */
export async function runTraces(bench, share) {
  const collector = await startCollector();
  const environment = {
    OTEL_SDK_DISABLED: 'false',
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_TRACES_SAMPLER_ARG: String(share),
    TRACE_BODIES: 'false',
  };
  try {
    return await withSecondNetwork(bench, { environment }, async (traced) => {
      const before = { ...collector.got };
      const measured = await measureInTurn(
        'Traces',
        [
          { name: 'none', of: bench },
          { name: `${share * 100} % of traces`, of: traced },
        ],
        'With traces ÷ without',
      );
      const { requests, bytes } = collector.got;
      say(`the collector got ${requests - before.requests} requests with ${bytes - before.bytes} bytes`);
      return { share, ...measured };
    });
  } finally {
    collector.close();
  }
}
