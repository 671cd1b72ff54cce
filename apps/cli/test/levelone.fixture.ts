import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { runCommandLine } from '../src/run-command-line.js';

const ROOT = join(import.meta.dirname, '../../..');

/** What a command printed, and its exit code. */
export interface Ran {
  exitCode: number;
  out: string;
  err: string;
}

/** Runs a command in this process. `args` is split at spaces. */
export async function levelone(args: string, environment: Record<string, string>): Promise<Ran> {
  const ran: Ran = { exitCode: -1, out: '', err: '' };
  const collect = (name: 'out' | 'err') => ({
    isTTY: false,
    write(text: string | Uint8Array): boolean {
      ran[name] += String(text);
      return true;
    },
  });
  ran.exitCode = await runCommandLine(args.split(' '), environment, { out: collect('out'), err: collect('err') });
  return ran;
}

/** The document that a command prints with `--json`. */
export async function json<T = any>(args: string, environment: Record<string, string>): Promise<Ran & { document: T }> {
  const ran = await levelone(`${args} --json`, environment);
  return { ...ran, document: JSON.parse(ran.out) as T };
}

/** Runs the command of the checkout in a process of its own. */
export function leveloneProcess(args: string, environment: Record<string, string>): Promise<Ran> {
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment };
  return new Promise((done) => {
    execFile(process.execPath, [join(ROOT, 'tools/levelone.mjs'), ...args.split(' ')], { env }, (error, out, err) => {
      done({ exitCode: typeof error?.code === 'number' ? error.code : error ? -1 : 0, out, err });
    });
  });
}
