// @ts-check
/** Processor time and memory of the network's processes. */
import { Table } from '../shared/report.mjs';

const MEBIBYTE = 2 ** 20;

/**
 * @param {import('../network/network.mjs').Network} network
 * @param {any[]} sustained lines
 */
export async function reportProcesses(network, sustained) {
  const now = await network.probes.counters();
  const table = new Table('Processes of the network: ms of a payment in the sustained lines, memory after the run', [
    { title: 'process', width: 30, value: ({ name }) => name },
    ...sustained.map(({ way }, index) => ({
      title: `${way} ms`,
      width: 10,
      digits: 1,
      value: ({ cpuMs }) => cpuMs[index],
    })),
    { title: 'resident MiB', width: 12, value: ({ rssBytes }) => rssBytes / MEBIBYTE },
  ]);
  return now
    .map(({ name, rssBytes }, index) => ({
      name,
      rssBytes,
      cpuMs: sustained.map(({ processes }) => processes[index].cpuMs),
    }))
    .map((row) => table.add(row));
}
