import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const PROGRAM = /network[/\\]src[/\\]main\.js/;

function commandLineOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    const { stdout, status } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return status === 0 ? stdout : undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a process runs and is a network: the number of one that ended may belong to another program by now. */
export function isNetworkProcess(pid: number): boolean {
  return isRunning(pid) && PROGRAM.test(commandLineOf(pid) ?? 'network/src/main.js');
}
