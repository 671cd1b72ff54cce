// @ts-check
/** What the calls and statements of a quoted payment cost when no role does anything with them. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import pg from 'pg';
import { Agent, request } from 'undici';
import { Meter } from '../shared/measure/meter.mjs';
import { summaryOf } from '../shared/measure/statistics.mjs';
import { Table } from '../shared/report.mjs';
import { repeat } from './payment-load.mjs';

const DATABASE = 'bench_hops_alone';
/** Of a quoted payment: HTTP calls between roles, statements that only read, and statements that are committed. */
const CALLS = 37;
const READS = 8;
const WRITES = 18;
/** Each a connection of its own: so many roles of a payment have a database. */
const CONNECTIONS = 12;
/** Payments at once. */
const IN_FLIGHT = [1, 8, 32];
const WARM_UP_SECONDS = 1;
/** As long as a body between roles is in the middle. */
const BODY = JSON.stringify({ id: randomUUID(), memo: 'x'.repeat(500) });

const READ = { name: 'read', text: 'SELECT body FROM hops_alone WHERE id = $1' };
const WRITE = { name: 'write', text: 'INSERT INTO hops_alone (id, body) VALUES ($1, $2)' };

/** Answers every request with its body, parsed and written again. */
async function startEcho() {
  const server = createServer(async (asked, answer) => {
    answer.setHeader('content-type', 'application/json');
    answer.end(JSON.stringify(await json(asked)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const dispatcher = new Agent({ connections: 64 });
  const call = async () => {
    const headers = { 'content-type': 'application/json' };
    const { body } = await request(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: BODY, dispatcher });
    await body.json();
  };
  const stop = async () => {
    await dispatcher.destroy();
    server.close();
  };
  return { call, stop };
}

/** The steps of one payment, one after the other, with the statements spread among the calls. */
async function payOnce(call, clients) {
  const id = randomUUID();
  for (let step = 0; step < CALLS; step += 1) {
    await call();
    const client = clients[step % clients.length];
    if (step < WRITES) await client.query({ ...WRITE, values: [step === 0 ? id : randomUUID(), BODY] });
    else if (step < WRITES + READS) await client.query({ ...READ, values: [id] });
  }
}

async function runLoad(call, clients, { inFlight, seconds }) {
  /** @type {number[]} */
  const times = [];
  const start = performance.now();
  await repeat(inFlight, async () => {
    const at = performance.now();
    if (at - start >= seconds * 1_000) return false;
    await payOnce(call, clients);
    times.push(performance.now() - at);
    return true;
  });
  const took = (performance.now() - start) / 1_000;
  return { count: times.length, seconds: took, latency: summaryOf(times) };
}

/**
 * The floor of what a payment can cost with these calls and statements: plain `node:http`, undici and prepared statements
 * in one thread, and nothing that a payment is.
 * @param {{ postgres: import('../shared/postgres.mjs').Postgres, options: import('./options.mjs').Options }} bench
 */
export async function measureHopsAlone({ postgres, options: { lineSeconds: seconds } }) {
  const table = new Table(`Hops alone: ${CALLS} calls, ${READS} reads and ${WRITES} commits, and nothing else`, [
    { title: 'in flight', width: 9, value: ({ inFlight }) => inFlight },
    { title: 'payments/s', width: 10, digits: 1, value: ({ perSecond }) => perSecond },
    { title: 'p50 ms', width: 8, value: ({ latency }) => latency.p50 },
    { title: 'p99 ms', width: 8, value: ({ latency }) => latency.p99 },
    { title: 'node ms', width: 8, value: ({ costs }) => costs.clientCpuMs },
    { title: 'pg ms', width: 8, value: ({ costs }) => costs.postgresCpuMs },
  ]);
  await postgres.createDatabase(DATABASE);
  await postgres.connected(DATABASE, (client) =>
    client.query('CREATE TABLE hops_alone (id uuid PRIMARY KEY, body text NOT NULL)'),
  );
  const connectionString = postgres.urlOf(DATABASE);
  const clients = Array.from({ length: CONNECTIONS }, () => new pg.Client({ connectionString, pipeline: true }));
  const echo = await startEcho();
  try {
    await Promise.all(clients.map((client) => client.connect()));
    const meter = new Meter(postgres, DATABASE);
    await runLoad(echo.call, clients, { inFlight: 8, seconds: WARM_UP_SECONDS });
    const lines = [];
    for (const inFlight of IN_FLIGHT) {
      const line = await meter.measure(() => runLoad(echo.call, clients, { inFlight, seconds }));
      lines.push(table.add({ inFlight, ...line }));
    }
    return lines;
  } finally {
    await echo.stop();
    await Promise.all(clients.map((client) => client.end()));
    await postgres.dropDatabase(DATABASE);
  }
}
