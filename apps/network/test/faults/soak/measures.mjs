// @ts-check
/** What a network uses and keeps open. */
import { readdirSync, readFileSync } from 'node:fs';

/** Rows in which something has still to happen. */
const OPEN_ROWS = {
  transfers: ['dfsp1_dfsp_ledger', 'central_central_ledger', 'dfsp2_dfsp_ledger'].map(
    (schema) => `SELECT count(*) FROM ${schema}.transfers WHERE state IN ('proposed', 'prepared')`,
  ),
  payments: [
    `SELECT count(*) FROM dfsp1_dfsp_api.outgoing_payments WHERE status IN ('settingUp', 'paying')`,
    `SELECT count(*) FROM dfsp2_dfsp_api.receiver_payments WHERE status IN ('proposed', 'prepared')`,
    `SELECT count(*) FROM dfsp1_spsp_client.payments WHERE status = 'pending'`,
  ],
  notices: ['dfsp1', 'dfsp2'].map((dfsp) => `SELECT count(*) FROM ${dfsp}_dfsp_api.notices WHERE status = 'pending'`),
};

/** @typedef {Record<'megabytes' | 'handles' | 'connections' | 'transfers' | 'payments' | 'notices', number>} Measures */

/** @param {import('../kit/fault-network.mjs').FaultNetwork} network @returns {Promise<Measures>} */
export async function measure(network) {
  const processes = [...network.programs.values()].flatMap(({ pid, isRunning }) => (pid && isRunning ? [pid] : []));
  const count = async (statements) => {
    let total = 0;
    for (const sql of statements) total += Number((await network.sql.query(sql)).rows[0].count);
    return total;
  };
  return {
    megabytes: Math.round(sum(processes.map(residentOf)) / 1_024),
    handles: sum(processes.map(handlesOf)),
    connections: await count(['SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()']),
    transfers: await count(OPEN_ROWS.transfers),
    payments: await count(OPEN_ROWS.payments),
    notices: await count(OPEN_ROWS.notices),
  };
}

const sum = (numbers) => numbers.reduce((total, one) => total + one, 0);

/** Resident memory in KiB; 0 of a process that has ended. */
function residentOf(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function handlesOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}
