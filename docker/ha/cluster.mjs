// @ts-check
/** Starts and stops the processes, and looks at the cluster. */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { PeerHttp } from '../../dist/libs/peers/src/index.js';
import { Seed } from '../../dist/apps/network/src/seed/seed.js';
import { HopRecorder, RoleIdentity } from '../../dist/libs/platform/src/index.js';
import { etcdArguments, haproxyConfig, patroniConfig } from './configs.mjs';
import { databaseUrl, folder, NODES, nodeUrl, passwords, planOf, PORTS, SITES } from './plan.mjs';

const START_MS = 300_000;
const STOP_MS = 60_000;
const PATRONI_CONFIG = (/** @type {string} */ node) => join(folder, `${node}.yaml`);
const HAPROXY_CONFIG = join(folder, 'haproxy.cfg');

/** PostgreSQL refuses to run as root; then all of this runs as the user `postgres`. */
const identity = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : undefined;

function idOf(option) {
  return Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
}

/** Gives a file or folder to the user that the programs run as. */
function own(path) {
  if (identity) chownSync(path, identity.uid, identity.gid);
}

function writeOwn(path, text) {
  writeFileSync(path, text, { mode: 0o600 });
  own(path);
}

const pidFile = (name) => join(folder, `${name}.pid`);

/** Process id of a program that runs; undefined if it does not. @param {string} name */
export function pidOf(name) {
  if (!existsSync(pidFile(name))) return undefined;
  const [pid = '', since] = readFileSync(pidFile(name), 'utf8').split(' ');
  return runsSince(Number(pid)) === since ? Number(pid) : undefined;
}

/** When a process began, in the kernel's ticks, so that a later process with its id is not taken for it. */
function runsSince(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startProgram(name, program, args, options = {}) {
  if (pidOf(name) !== undefined) return;
  const log = openSync(join(folder, `${name}.log`), 'a');
  const child = spawn(program, args, { detached: true, stdio: ['ignore', log, log], ...options });
  child.once('error', (error) => process.stderr.write(`${name}: ${error.message}\n`));
  if (child.pid === undefined)
    throw new Error(`${program} cannot be started; docs/high-availability.md has the packages`);
  writeFileSync(pidFile(name), `${child.pid} ${runsSince(child.pid)}`);
  child.unref();
}

async function stopProgram(name) {
  const pid = pidOf(name);
  if (pid !== undefined) {
    process.kill(pid, 'SIGTERM');
    for (const deadline = Date.now() + STOP_MS; pidOf(name) && Date.now() < deadline;) await sleep(100);
    if (pidOf(name)) process.kill(pid, 'SIGKILL');
  }
  rmSync(pidFile(name), { force: true });
}

/** @param {string} node */
export function startNode(node) {
  startProgram(node, 'patroni', [PATRONI_CONFIG(node)], identity);
}

/** @param {string} site */
export function startSite(site) {
  startProgram(`roles-${site}`, process.execPath, [
    '--enable-source-maps',
    join(import.meta.dirname, 'roles.mjs'),
    site,
  ]);
}

/** Waits until something is so. @param {string} what @param {() => Promise<boolean>} isSo */
export async function until(what, isSo, timeoutMs = START_MS) {
  const deadline = Date.now() + timeoutMs;
  while (!(await isSo().catch(() => false))) {
    if (Date.now() > deadline) throw new Error(`not in time: ${what}; logs are in ${folder}`);
    await sleep(250);
  }
}

const answers = async (url, timeoutMs = 5_000) => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  await answer.text();
  return answer.status === 200;
};

/** Name of the node that Patroni calls the primary now. @returns {Promise<string | undefined>} */
export async function primary() {
  for (const node of NODES) {
    if (await answers(`http://127.0.0.1:${PORTS.patroni(node)}/primary`, 2_000).catch(() => false)) return node;
  }
  return undefined;
}

/** Runs a statement at a node of the database. */
export async function queryAt(url, sql) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Standbys of the primary with their state. @returns {Promise<{ name: string, state: string, sync: string }[]>} */
export async function standbys() {
  const node = await primary();
  if (node === undefined) return [];
  const sql = 'SELECT application_name AS name, state, sync_state AS sync FROM pg_stat_replication ORDER BY 1';
  return queryAt(nodeUrl(node), sql);
}

/** Two standbys follow, and commits wait for one of them. */
export const isWhole = async () => {
  const all = await standbys();
  return all.filter(({ state }) => state === 'streaming').length === 2 && all.some(({ sync }) => sync === 'sync');
};

export async function isReady() {
  const urls = planOf(0).instances.map(({ baseUrl }) => answers(`${baseUrl}/health`));
  return (await Promise.all(urls)).every(Boolean);
}

async function createDatabase() {
  const node = await primary();
  const url = nodeUrl(node ?? '');
  const roles = await queryAt(url, `SELECT FROM pg_roles WHERE rolname = 'level_one'`);
  if (roles.length === 0) await queryAt(url, `CREATE ROLE level_one LOGIN PASSWORD '${passwords().roles}'`);
  const found = await queryAt(url, `SELECT FROM pg_database WHERE datname = 'level_one'`);
  if (found.length === 0) await queryAt(url, 'CREATE DATABASE level_one OWNER level_one');
}

async function seed() {
  const http = new PeerHttp(new RoleIdentity('dfsp-api', null), new HopRecorder());
  try {
    await new Seed(http, planOf(0)).seedNetwork();
  } finally {
    await http.onApplicationShutdown();
  }
}

/** Starts what does not run yet. @param {(line: string) => void} say */
export async function start(say) {
  mkdirSync(folder, { recursive: true });
  own(folder);
  for (const node of NODES) writeOwn(PATRONI_CONFIG(node), JSON.stringify(patroniConfig(node), undefined, 2));
  writeOwn(HAPROXY_CONFIG, haproxyConfig());
  startProgram('etcd', 'etcd', etcdArguments(), identity);
  await until('etcd', () => answers(`http://127.0.0.1:${PORTS.etcd}/health`));
  for (const node of NODES) startNode(node);
  await until('a primary with two standbys', isWhole);
  await createDatabase();
  say(`database: ${await primary()} is the primary`);
  startProgram('haproxy', 'haproxy', ['-W', '-f', HAPROXY_CONFIG], identity);
  await until('HAProxy', async () => (await queryAt(databaseUrl(), 'SELECT 1')).length === 1);
  for (const site of Object.keys(SITES)) startSite(site);
  await until('accounts and people', () => seed().then(() => true));
  await until('every role', isReady);
  say(`roles: two instances of each are ready, ${planOf(0).instances.length} addresses of HAProxy`);
}

export async function stop() {
  await Promise.all(Object.keys(SITES).map((site) => stopProgram(`roles-${site}`)));
  await stopProgram('haproxy');
  await Promise.all(NODES.map(stopProgram));
  await stopProgram('etcd');
}
