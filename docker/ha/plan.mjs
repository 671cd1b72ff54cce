// @ts-check
/** Where everything runs: three database nodes, two instances of each role, HAProxy in front of both. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { demoSecrets } from '../../dist/apps/network/src/plan/secrets.js';
import { DATABASE_OFFSET, planNetwork } from '../../dist/apps/network/src/plan/topology.js';

const portBase = Number(process.env.PORT_BASE ?? 3000);
export const folder = resolve(process.env.DATA_DIR ?? 'data', 'ha');

export const PORTS = {
  database: portBase + DATABASE_OFFSET,
  etcd: portBase + 60,
  etcdPeer: portBase + 61,
  postgres: (/** @type {string} */ node) => portBase + 70 + Number(node.at(-1)),
  patroni: (/** @type {string} */ node) => portBase + 80 + Number(node.at(-1)),
};
export const NODES = ['node1', 'node2', 'node3'];
/** Each has every role; its roles listen so many ports above the ports of HAProxy. */
export const SITES = { a: 15, b: 30 };

/** Random passwords, made once; the database was made with them. @returns {Record<'superuser' | 'replication' | 'roles', string>} */
export function passwords() {
  const file = join(folder, 'passwords.json');
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true });
    const names = ['superuser', 'replication', 'roles'];
    const made = Object.fromEntries(names.map((name) => [name, randomBytes(24).toString('hex')]));
    writeFileSync(file, JSON.stringify(made), { mode: 0o600 });
  }
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The database as the roles see it: HAProxy, which leads to the primary. */
export const databaseUrl = () => `postgres://level_one:${passwords().roles}@127.0.0.1:${PORTS.database}/level_one`;

/** A node of the database, for whoever looks at it as its superuser. @param {string} node */
export const nodeUrl = (node) =>
  `postgres://postgres:${passwords().superuser}@127.0.0.1:${PORTS.postgres(node)}/postgres`;

/** Roles of a site; URLs are those of HAProxy. @param {number} listenOffset */
export function planOf(listenOffset) {
  return planNetwork({
    portBase,
    listenOffset,
    databaseUrl: databaseUrl(),
    secrets: demoSecrets(),
    logLevel: 'warn',
    environment: { DATABASE_POOL_SIZE: '3' },
  });
}
