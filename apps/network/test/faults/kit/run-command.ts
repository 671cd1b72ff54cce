import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Runs a command of this folder in a process of its own, to its end.
 * @param path of its `main.mjs`, from the folder of the faults
 */
export async function runFaultCommand(
  path: string,
  options: readonly string[],
): Promise<{ output: string; code: unknown }> {
  const program = spawn(process.execPath, [join(import.meta.dirname, '..', path), ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [program.stdout, program.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  }
  const code = await new Promise((done) => {
    program.once('exit', done);
  });
  return { output, code };
}
