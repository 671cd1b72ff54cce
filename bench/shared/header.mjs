// @ts-check
/** Describes the machine that the figures are measured on. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';
import { say } from './report.mjs';

function revision() {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return null;
  }
}

/** Describes and prints the machine. @param {import('./postgres.mjs').Postgres} postgres */
export async function describeMachine(postgres) {
  const settings = await postgres.settings();
  const sync = await postgres.syncTest();
  const { server_version: version, ...durability } = settings;
  const header = {
    at: new Date().toISOString(),
    revision: revision(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cpus: cpus().length,
    loadAverage: loadavg()[0] ?? 0,
    node: process.version,
    postgres: version,
    durability,
    durableCommitMs: sync,
  };
  say(`${header.cpus} × ${header.cpu}, load ${header.loadAverage.toFixed(2)} before the run`);
  say(`Node ${header.node}, PostgreSQL ${version}, revision ${header.revision ?? 'unknown'}`);
  say(
    Object.entries(durability)
      .map(([name, value]) => `${name}=${value}`)
      .join(', '),
  );
  say(`a durable commit of one row: median ${sync.p50.toFixed(2)} ms, p99 ${sync.p99.toFixed(2)} ms of ${sync.count}`);
  return header;
}
