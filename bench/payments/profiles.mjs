// @ts-check
/** CPU profiles of the network's processes. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { reportProfile } from '../shared/measure/profile-report.mjs';
import { loadTable, RESULTS, say } from '../shared/report.mjs';
import { runPayments } from './payment-load.mjs';

const IN_FLIGHT = 32;
/** @type {import('./payment-load.mjs').WayName[]} */
const WAYS_PROFILED = ['quoted', 'invoice'];

/**
 * @param {import('./lines.mjs').Bench} bench
 * @param {string} stamp
 */
export async function runProfiles(bench, stamp) {
  await mkdir(RESULTS, { recursive: true });
  const { network, meter, options } = bench;
  const lines = [];
  for (const way of WAYS_PROFILED) {
    await network.probes.startProfiles();
    const load = { way, inFlight: IN_FLIGHT, seconds: options.lineSeconds };
    const measured = await meter.measure(() => runPayments(bench, load));
    const profiles = await network.probes.stopProfiles(join(RESULTS, `${stamp}-${way}`));
    loadTable(`The profiled line, ${IN_FLIGHT} in flight`, [{ title: 'way', width: 8, value: () => way }], {
      title: 'payments/s',
      width: 10,
      digits: 1,
    }).add(measured);
    const reports = [];
    for (const profile of profiles) reports.push(await reportProfile(profile, measured.count, 'payment'));
    lines.push({ way, ...measured, profiles: reports });
  }
  say('\nChrome (DevTools, Performance) and VS Code show a profile as a flame graph.');
  return lines;
}
