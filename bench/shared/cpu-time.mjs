// @ts-check
/** Processor time of the machine, and of PostgreSQL: a process for each connection, and some of its own. */
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

/** Parent and used ticks, its own and those of the children it has waited for; undefined when it is gone. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before the last bracket may contain anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number);
    return { parent: Number(fields[1]), ticks: user + system + childrenUser + childrenSystem };
  } catch {
    return undefined;
  }
}

/**
 * Milliseconds used by a process and its children, those that ended included; null where there is no /proc.
 * @param {number} pid
 */
export function cpuMsOfFamily(pid) {
  const own = statOf(pid);
  if (!own) return null;
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statOf(Number(name)))
    .filter((stat) => stat?.parent === pid);
  return [own, ...children].reduce((sum, { ticks }) => sum + ticks, 0) * TICK_MS;
}
