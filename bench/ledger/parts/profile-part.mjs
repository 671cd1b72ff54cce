// @ts-check
/** CPU profile of the ledger's process, for the hot pair at 64 connections. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BenchLedger } from '../server/bench-ledger.mjs';
import { RUN_PREFIX } from '../bench.mjs';
import { CASES } from '../../shared/sql/cases.mjs';
import { selfTimes } from '../../shared/measure/cpu-profile.mjs';
import { loadTable, RESULTS, say, Table } from '../../shared/report.mjs';

const ROOT = join(import.meta.dirname, '../../..');
const CONNECTIONS = 64;
const FUNCTIONS_SHOWN = 25;
const PACKAGES_SHOWN = 12;

/**
 * @param {import('../bench.mjs').Bench} bench
 * @param {string} stamp
 */
export async function runProfilePart(bench, stamp) {
  const { seconds, warmUpSeconds } = bench.options;
  const ledger = await BenchLedger.open(bench, { database: `${RUN_PREFIX}profile`, cases: [CASES.hot] });
  const line = { case: CASES.hot, connections: CONNECTIONS };
  await ledger.run('http', { ...ledger.target, ...line, seconds: warmUpSeconds });
  await ledger.server.startProfile();
  const measured = await ledger.meter.measure(() => ledger.run('http', { ...ledger.target, ...line, seconds }));
  await mkdir(RESULTS, { recursive: true });
  const file = join(RESULTS, `${stamp}.cpuprofile`);
  await ledger.server.stopProfile(file);
  await ledger.close();

  const times = selfTimes(JSON.parse(await readFile(file, 'utf8')), ROOT);
  printTimes(times, measured);
  say(`\nProfile: ${file}`);
  return { ...measured, idleMs: times.idleMs, busyMs: times.busyMs, ...firstOf(times) };
}

function firstOf({ functions, packages }) {
  return { functions: functions.slice(0, FUNCTIONS_SHOWN), packages: packages.slice(0, PACKAGES_SHOWN) };
}

function printTimes(times, measured) {
  const title = 'The profiled line';
  const { pairs } = measured;
  loadTable(title, [{ title: 'case', width: 13, value: () => CASES.hot.title }]).add(measured);
  const columns = [
    { title: 'µs/pair', width: 8, digits: 1, value: ({ ms }) => (ms * 1_000) / pairs },
    { title: '% busy', width: 6, digits: 1, value: ({ ms }) => (100 * ms) / times.busyMs },
  ];
  const { functions, packages } = firstOf(times);
  const byFunction = new Table(
    `Self time by function (busy ${Math.round(times.busyMs)} ms, idle ${Math.round(times.idleMs)} ms)`,
    [
      { title: 'function', width: 34, value: ({ name }) => name.slice(0, 34) },
      ...columns,
      { title: '', width: 0, value: ({ place }) => place },
    ],
  );
  for (const row of functions) byFunction.add(row);
  const byPackage = new Table('Self time by package', [
    { title: 'package', width: 34, value: ({ key }) => key.slice(0, 34) },
    ...columns,
  ]);
  for (const row of packages) byPackage.add(row);
}
