// @ts-check
/** A network without traces beside one that sends them. */
import { createServer } from 'node:http';
import { Network } from '../network/network.mjs';
import { Pairs, PEOPLE } from '../network/people.mjs';
import { Meter } from '../shared/measure/meter.mjs';
import { say } from '../shared/report.mjs';
import { measureInTurn } from './in-turn.mjs';

const DATABASE = 'bench_payments_traced';
/** Ports of a network. */
const PORTS = 300;

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
  const { postgres, options } = bench;
  const collector = await startCollector();
  await postgres.createDatabase(DATABASE);
  const network = await Network.start({
    databaseUrl: postgres.urlOf(DATABASE),
    portBase: options.port + PORTS,
    environment: {
      OTEL_SDK_DISABLED: 'false',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER_ARG: String(share),
      TRACE_BODIES: 'false',
    },
  });
  try {
    const pairs = await Pairs.open(network, PEOPLE);
    const traced = { ...bench, network, pairs, meter: new Meter(postgres, DATABASE, network.probes) };
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
  } finally {
    await network.stop();
    collector.close();
    await postgres.dropDatabase(DATABASE);
  }
}
