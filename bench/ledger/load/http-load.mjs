// @ts-check
/** Prepare + fulfil pairs over HTTP, run in the load process. */
import { accountNames } from '../../shared/sql/cases.mjs';
import { HttpConnection, requestText } from './http-connection.mjs';
import { summaryOf } from '../../shared/measure/statistics.mjs';
import { prepareBody, Transfers } from '../../shared/sql/transfer-texts.mjs';

/** Connections stay open from warm-up to measurement. */
const open = new Map();

async function connectionsTo(host, port, count) {
  const key = `${host}:${port}`;
  const connections = open.get(key) ?? [];
  open.set(key, connections);
  while (connections.length < count) connections.push(await HttpConnection.open(host, port));
  return connections.slice(0, count);
}

/** Ends the connections to one ledger. */
export function closeConnections({ ledger }) {
  const { hostname, port } = new URL(ledger);
  const key = `${hostname}:${port}`;
  for (const connection of open.get(key) ?? []) connection.close();
  open.delete(key);
}

function assertStatus(what, answer, expected) {
  if (answer.status === expected) return;
  throw new Error(`${what} was answered ${answer.status} instead of ${expected}: ${answer.body}`);
}

/** Milliseconds to wait before each next pair, so that pairs begin evenly; 0 without a rate. */
function pacerOf(pairsPerSecond) {
  if (pairsPerSecond === undefined) return () => 0;
  const start = performance.now();
  let turn = 0;
  return () => {
    const moment = start + (turn * 1_000) / pairsPerSecond;
    turn += 1;
    return moment - performance.now();
  };
}

function sleep(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/**
 * Runs pairs: each connection prepares, waits for 201, fulfils, waits for 200, and begins the next pair until the time
 * is over.
 *
 * @param {object} job
 * @param {string} job.ledger base URL of the ledger
 * @param {{ prepare: string, fulfil: string }} job.tokens
 * @param {import('../../shared/sql/cases.mjs').Case} job.case
 * @param {number} job.connections
 * @param {number} job.seconds
 * @param {number} [job.pairsPerSecond] default: as fast as possible
 * @param {(id: string) => void} [onPrepare] called with the id of each transfer right before it is sent
 */
export async function runHttpLoad({ ledger, tokens, case: { payers, payees }, ...job }, onPrepare) {
  const { hostname: host, port, pathname: base } = new URL(ledger);
  const transfers = new Transfers(accountNames(payers), accountNames(payees));
  const prepareRequest = requestText({ host, port, token: tokens.prepare, contentType: 'application/json' });
  const fulfilRequest = requestText({ host, port, token: tokens.fulfil, contentType: 'text/plain' });
  const connections = await connectionsTo(host, Number(port), job.connections);
  const pace = pacerOf(job.pairsPerSecond);
  const latencies = [];
  const start = performance.now();
  const deadline = start + job.seconds * 1_000;
  let failed = false;

  async function work(connection) {
    for (;;) {
      const delay = pace();
      if (failed || performance.now() + delay >= deadline) return;
      if (delay > 0) await sleep(delay);
      const begun = performance.now();
      const transfer = transfers.next();
      const path = `${base}/transfers/${transfer.id}`;
      onPrepare?.(transfer.id);
      const prepared = await connection.exchange(prepareRequest(path, prepareBody(ledger, transfer)));
      assertStatus('a prepare', prepared, 201);
      const fulfilled = await connection.exchange(fulfilRequest(`${path}/fulfillment`, transfer.fulfillment));
      assertStatus('a fulfilment', fulfilled, 200);
      latencies.push(performance.now() - begun);
    }
  }

  try {
    await Promise.all(connections.map((connection) => work(connection)));
  } catch (error) {
    failed = true;
    throw error;
  }
  return { count: latencies.length, seconds: (performance.now() - start) / 1_000, latency: summaryOf(latencies) };
}
