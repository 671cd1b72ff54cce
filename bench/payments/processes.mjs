// @ts-check
/** Processor time and memory of the network's processes and threads. */
import { Table } from '../shared/report.mjs';

const MEBIBYTE = 2 ** 20;

/**
 * @param {import('../network/network.mjs').Network} network
 * @param {any[]} sustained lines
 */
export async function reportProcesses(network, sustained) {
  const now = await network.probes.counters();
  const table = new Table('Processes and threads: ms of a payment in the sustained lines, memory after the run', [
    { title: 'process', width: 24, value: ({ name }) => name },
    ...sustained.flatMap(({ way }, index) => [
      { title: `${way} cpu`, width: 11, digits: 1, value: ({ lines }) => lines[index].cpuMs },
      { title: `${way} loop`, width: 12, digits: 1, value: ({ lines }) => lines[index].loopMs },
    ]),
    { title: 'resident MiB', width: 12, value: ({ rssBytes }) => (rssBytes === null ? null : rssBytes / MEBIBYTE) },
  ]);
  return now.map(({ name, rssBytes }, index) =>
    table.add({ name, rssBytes, lines: sustained.map(({ processes }) => processes[index]) }),
  );
}
