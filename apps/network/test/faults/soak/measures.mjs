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

/** @param {import('../kit/fault-network.mjs').FaultNetwork} network */
export async function measure(network) {
  const processes = [...network.programs.values()].flatMap(({ pid, isRunning }) => (pid && isRunning ? [pid] : []));
  const open = {};
  for (const [name, counts] of Object.entries(OPEN_ROWS)) {
    open[name] = 0;
    for (const sql of counts) open[name] += Number((await network.sql.query(sql)).rows[0].count);
  }
  const connections = await network.sql.query(
    'SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()',
  );
  return {
    megabytes: Math.round(sum(processes.map(residentOf)) / 1_024),
    handles: sum(processes.map(handlesOf)),
    connections: Number(connections.rows[0].count),
    ...open,
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
