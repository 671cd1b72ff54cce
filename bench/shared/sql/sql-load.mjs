// @ts-check
/** Prepare + fulfil pairs directly on PostgreSQL, run in the load process. */
import pg from 'pg';
import { fulfilBatch, prepareBatch } from './batched-ledger.mjs';
import { accountNames } from './cases.mjs';
import { byFunctions, byStatements } from './naive-ledger.mjs';
import { summaryOf } from '../measure/statistics.mjs';
import { Transfers } from './transfer-texts.mjs';

const BATCH_SIZE = 1_000;

function singly({ prepare, fulfil }) {
  return async (client, transfers) => {
    const transfer = transfers.next();
    await prepare(client, transfer);
    await fulfil(client, transfer);
    return 1;
  };
}

/** One turn of a client; resolves to the number of pairs it made. */
const STYLES = {
  statements: singly(byStatements),
  functions: singly(byFunctions),
  batches: async (client, transfers) => {
    const batch = Array.from({ length: BATCH_SIZE }, () => transfers.next());
    await prepareBatch(client, batch);
    await fulfilBatch(client, batch);
    return batch.length;
  },
};

/**
 * @param {object} job
 * @param {string} job.url PostgreSQL's
 * @param {keyof STYLES} job.style
 * @param {import('./cases.mjs').Case} job.case
 * @param {number} job.clients
 * @param {number} job.seconds
 */
export async function runSqlLoad({ url, style, case: { payers, payees }, clients: count, seconds }) {
  const transfers = new Transfers(accountNames(payers), accountNames(payees));
  const clients = Array.from({ length: count }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  const latencies = [];
  let pairs = 0;
  let failed = false;
  const start = performance.now();
  const deadline = start + seconds * 1_000;

  async function work(client) {
    for (;;) {
      const begun = performance.now();
      if (failed || begun >= deadline) return;
      const done = await STYLES[style](client, transfers);
      pairs += done;
      latencies.push(performance.now() - begun);
    }
  }

  try {
    await Promise.all(clients.map((client) => work(client)));
  } catch (error) {
    failed = true;
    throw error;
  } finally {
    await Promise.all(clients.map((client) => client.end()));
  }
  return { count: pairs, seconds: (performance.now() - start) / 1_000, latency: summaryOf(latencies) };
}
