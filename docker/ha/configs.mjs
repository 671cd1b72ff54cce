// @ts-check
/** Configuration files of etcd, Patroni and HAProxy. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { instanceName } from '../../dist/apps/network/src/plan/topology.js';
import { folder, NODES, passwords, planOf, PORTS, SITES } from './plan.mjs';

const HOST = '127.0.0.1';

/** Newest PostgreSQL of Debian's packages. */
function postgresPrograms() {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).map(Number) : [];
  if (versions.length === 0) throw new Error(`there is no PostgreSQL in ${root}: apt-get install postgresql`);
  return join(root, String(Math.max(...versions)), 'bin');
}

export const etcdArguments = () => [
  '--name=etcd1',
  `--data-dir=${join(folder, 'etcd')}`,
  `--listen-client-urls=http://${HOST}:${PORTS.etcd}`,
  `--advertise-client-urls=http://${HOST}:${PORTS.etcd}`,
  `--listen-peer-urls=http://${HOST}:${PORTS.etcdPeer}`,
  `--initial-advertise-peer-urls=http://${HOST}:${PORTS.etcdPeer}`,
  `--initial-cluster=etcd1=http://${HOST}:${PORTS.etcdPeer}`,
];

/** JSON is YAML, too. @param {string} node */
export function patroniConfig(node) {
  const { superuser, replication } = passwords();
  return {
    scope: 'level-one',
    name: node,
    restapi: { listen: `${HOST}:${PORTS.patroni(node)}`, connect_address: `${HOST}:${PORTS.patroni(node)}` },
    etcd3: { hosts: `${HOST}:${PORTS.etcd}` },
    bootstrap: {
      dcs: {
        // A primary that does not say for `ttl` seconds that it lives is replaced; ttl >= loop_wait + 2 * retry_timeout.
        ttl: 12,
        loop_wait: 2,
        retry_timeout: 4,
        // A commit is answered when a second node has it on its disk; without a second node nothing is committed.
        synchronous_mode: true,
        synchronous_mode_strict: true,
        postgresql: {
          use_pg_rewind: true,
          use_slots: true,
          parameters: {
            max_connections: 500,
            wal_level: 'replica',
            hot_standby: 'on',
            synchronous_commit: 'on',
            // A standby looks for the new primary so often.
            wal_retrieve_retry_interval: '1s',
          },
        },
      },
      initdb: ['data-checksums', { encoding: 'UTF8' }, { locale: 'C.UTF-8' }],
    },
    postgresql: {
      listen: `${HOST}:${PORTS.postgres(node)}`,
      connect_address: `${HOST}:${PORTS.postgres(node)}`,
      data_dir: join(folder, node),
      bin_dir: postgresPrograms(),
      pgpass: join(folder, `${node}.pgpass`),
      authentication: {
        superuser: { username: 'postgres', password: superuser },
        replication: { username: 'replicator', password: replication },
        rewind: { username: 'postgres', password: superuser },
      },
      parameters: { unix_socket_directories: '', password_encryption: 'scram-sha-256' },
      pg_hba: [`host replication replicator ${HOST}/32 scram-sha-256`, `host all all ${HOST}/32 scram-sha-256`],
    },
  };
}

/** Connections to the database lead to the primary only, and end when it is the primary no more. */
const databaseSection = () => `
listen database
  bind ${HOST}:${PORTS.database}
  mode tcp
  maxconn 900
  timeout client 1h
  timeout server 1h
  option httpchk OPTIONS /primary
  http-check expect status 200
  default-server inter 1s fastinter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
${NODES.map((node) => `  server ${node} ${HOST}:${PORTS.postgres(node)} check port ${PORTS.patroni(node)}`).join('\n')}
`;

function roleSections() {
  const plans = Object.entries(SITES).map(([site, offset]) => ({ site, plan: planOf(offset) }));
  const first = plans[0]?.plan.instances ?? [];
  return first.map((instance, index) => {
    const servers = plans.map(({ site, plan }) => `  server ${site} ${HOST}:${plan.instances[index]?.port} check`);
    return `
listen ${instanceName(instance).replace('/', '-')}
  bind ${HOST}:${new URL(instance.baseUrl).port}
  balance roundrobin
  option httpchk GET /health
  http-check expect status 200
${servers.join('\n')}
`;
  });
}

export const haproxyConfig = () => `global
  maxconn 4000

defaults
  mode http
  timeout connect 2s
  timeout client 5m
  timeout server 5m
  timeout tunnel 1h
  timeout check 5s
  retries 2
  option redispatch 1
  default-server inter 3s fastinter 500ms downinter 500ms fall 2 rise 1
${databaseSection()}${roleSections().join('')}`;
