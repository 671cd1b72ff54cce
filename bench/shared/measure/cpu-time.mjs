// @ts-check
/** Processor time of the machine, and of PostgreSQL with all its processes. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

function ticksPerSecond() {
  try {
    return Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  } catch {
    return 100;
  }
}

const TICK_MS = 1_000 / ticksPerSecond();

/** Milliseconds that all processors together were busy since the machine started. */
export function busyMsOfMachine() {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

/** Parent and used ticks of a process, including children it has waited for; undefined if it has ended. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // Fields are counted after the last bracket: the name before it may contain spaces.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = fields.slice(11, 15).map(Number);
    return { parent: Number(fields[1]), ticks: user + system + childrenUser + childrenSystem };
  } catch {
    return undefined;
  }
}

/** Processor time in ms of a process and its children, including ended ones; null without /proc. @param {number} pid */
export function cpuMsOfFamily(pid) {
  const own = statOf(pid);
  if (!own) return null;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .flatMap((stat) => (stat?.parent === pid ? [stat] : []));
  return [own, ...children].reduce((sum, { ticks }) => sum + ticks, 0) * TICK_MS;
}
