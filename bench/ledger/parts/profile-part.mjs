// @ts-check
/** CPU profile of the ledger's process, for the hot pair at 64 connections. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchLedger } from '../server/bench-ledger.mjs';
import { RUN_PREFIX } from '../bench.mjs';
import { CASES } from '../../shared/sql/cases.mjs';
import { reportProfile } from '../../shared/measure/profile-report.mjs';
import { loadTable, RESULTS } from '../../shared/report.mjs';

const CONNECTIONS = 64;

/**
 * @param {import('../bench.mjs').Bench} bench
 * @param {string} stamp
 */
export async function runProfilePart(bench, stamp) {
  const { seconds, warmUpSeconds } = bench.options;
  const ledger = await BenchLedger.open(bench, { database: `${RUN_PREFIX}profile`, cases: [CASES.hot] });
  const line = { case: CASES.hot, connections: CONNECTIONS };
  await ledger.run('http', { ...ledger.target, ...line, seconds: warmUpSeconds });
  await ledger.server.probes.startProfiles();
  const measured = await ledger.meter.measure(() => ledger.run('http', { ...ledger.target, ...line, seconds }));
  await mkdir(RESULTS, { recursive: true });
  const profiles = await ledger.server.probes.stopProfiles(join(RESULTS, stamp));
  await ledger.close();

  loadTable('The profiled line', [{ title: 'case', width: 13, value: () => CASES.hot.title }]).add(measured);
  const reports = [];
  for (const profile of profiles) reports.push(await reportProfile(profile, measured.count, 'pair'));
  return { ...measured, profiles: reports };
}
