// @ts-check
/** Prints where a profiled process spent its time. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { say, Table } from '../report.mjs';
import { selfTimes } from './cpu-profile.mjs';

const ROOT = join(import.meta.dirname, '../../..');
const FUNCTIONS_SHOWN = 25;
const PACKAGES_SHOWN = 12;

/**
 * @param {{ name: string, file: string }} profile of a process
 * @param {number} count pairs or payments meanwhile
 * @param {string} unit `pair` or `payment`
 */
export async function reportProfile({ name, file }, count, unit) {
  const times = selfTimes(JSON.parse(await readFile(file, 'utf8')), ROOT);
  const functions = times.functions.slice(0, FUNCTIONS_SHOWN);
  const packages = times.packages.slice(0, PACKAGES_SHOWN);
  const columns = [
    { title: `µs/${unit}`, width: 10, digits: 1, value: ({ ms }) => (ms * 1_000) / count },
    { title: '% busy', width: 6, digits: 1, value: ({ ms }) => (100 * ms) / times.busyMs },
  ];
  const of = `of ${name} (busy ${Math.round(times.busyMs)} ms, idle ${Math.round(times.idleMs)} ms)`;
  const byFunction = new Table(`Self time ${of} by function`, [
    { title: 'function', width: 34, value: (row) => row.name.slice(0, 34) },
    ...columns,
    { title: '', width: 0, value: ({ place }) => place },
  ]);
  for (const row of functions) byFunction.add(row);
  const byPackage = new Table('Self time by package', [
    { title: 'package', width: 34, value: ({ key }) => key.slice(0, 34) },
    ...columns,
  ]);
  for (const row of packages) byPackage.add(row);
  say(`\nprofile: ${file}`);
  return { name, file, idleMs: times.idleMs, busyMs: times.busyMs, functions, packages };
}
