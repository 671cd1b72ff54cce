// @ts-check
/** The folder in which a benchmark's PostgreSQL keeps its data. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { codeOf } from './errors.mjs';

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

/**
 * Locks the folder: a second run would stop the first one's PostgreSQL and distort its figures.
 * @returns {() => void} unlocks it
 */
export function lockFolder(folder) {
  const file = join(resolve(folder), 'run.pid');
  mkdirSync(resolve(folder), { recursive: true });
  try {
    const owner = Number(readFileSync(file, 'utf8'));
    if (owner > 0 && owner !== process.pid && isRunning(owner)) {
      throw new Error(`another benchmark (process ${owner}) runs on ${folder}; wait for it, or give --data-dir`);
    }
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}
