import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { ConnectionStringError, type LibpqParameters, parseConnectionString, systemUser } from './libpq-parameters.js';
import { type Encryption, encryptionsOf } from './tls.js';

const ATTRIBUTES = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const;
/** Which of several servers is wanted. */
export type SessionAttributes = (typeof ATTRIBUTES)[number];

/** One way to connect: a server and how the connection is encrypted. */
export interface Endpoint {
  /** Name, address, or folder of a Unix socket. */
  host: string;
  port: number;
  /** As {@link host}, as it is shown. */
  shown: string;
  encryption: Encryption;
}

/** Where a role's database is, and how to log in. */
export interface DatabaseTarget {
  /** In the order in which they are tried. */
  endpoints: readonly [Endpoint, ...Endpoint[]];
  attributes: SessionAttributes;
  user: string;
  database: string;
  /** Password for a server. @throws ConnectionStringError if there is none */
  password: (endpoint: Endpoint) => string;
  /** Startup options for the server, `-c name=value …`. */
  options: string | undefined;
  applicationName: string | undefined;
  connectTimeoutMs: number | undefined;
  keepAlive: boolean;
  keepAliveDelayMs: number;
  sslNegotiation: 'postgres' | 'direct';
  /** `host:port/database` without login, for messages. */
  shown: string;
}

/** Folder of the Unix socket where libpq looks for it without a host, on systems that have it. */
const USUAL_PORT = '5432';
const LOCALHOST = 'localhost';

function oneOf<T extends string>(parameters: LibpqParameters, name: string, values: readonly [T, ...T[]]): T {
  const given = parameters.get(name) ?? values[0];
  const value = values.find((one) => one === given);
  if (value === undefined) throw new ConnectionStringError(`${name} must be one of ${values.join(', ')}`);
  return value;
}

function numberOf(parameters: LibpqParameters, name: string): number | undefined {
  const given = parameters.get(name);
  if (given === undefined) return undefined;
  if (!/^-?\d{1,9}$/.test(given.trim())) throw new ConnectionStringError(`${name} must be a number`);
  return Number(given);
}

function portOf(text: string): number {
  const port = Number(text === '' ? USUAL_PORT : text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new ConnectionStringError('has a port that is no number between 1 and 65535');
  }
  return port;
}

interface Server {
  host: string;
  port: number;
  /** Name that a certificate must have, if it is another one than the host. */
  name: string;
}

function serversOf(parameters: LibpqParameters): Server[] {
  const names = (parameters.get('host') ?? parameters.get('hostaddr') ?? LOCALHOST).split(',');
  const addresses = parameters.get('hostaddr')?.split(',');
  const ports = (parameters.get('port') ?? '').split(',');
  if (addresses && addresses.length !== names.length) {
    throw new ConnectionStringError('host and hostaddr have different numbers of hosts');
  }
  if (ports.length > 1 && ports.length !== names.length) {
    throw new ConnectionStringError('has another number of ports than of hosts');
  }
  return names.map((given, index) => {
    const name = given === '' ? LOCALHOST : given;
    return { host: addresses?.[index] || name, name, port: portOf(ports[index] ?? ports[0] ?? '') };
  });
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ item }) => item);
}

function isSocket(host: string): boolean {
  return host.startsWith('/');
}

function endpointsOf(server: Server, encryptions: readonly Encryption[]): Endpoint[] {
  const { host, name, port } = server;
  const shown = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  if (isSocket(host)) return [{ host, port, shown, encryption: false }];
  return encryptions.map((encryption) => ({
    host,
    port,
    shown,
    // `hostaddr` only saves the look-up: the certificate is that of the name.
    encryption: encryption && host !== name ? { ...encryption, host: name, servername: name } : encryption,
  }));
}

/** Fields of a line of a password file; a colon or backslash in them is escaped by a backslash. */
function fieldsOf(line: string): string[] {
  return [...line.matchAll(/((?:[^:\\]|\\.)*)(?::|$)/gsu)].map(([, field = '']) => field.replaceAll(/\\(.)/gsu, '$1'));
}

/** The password for a server in a password file of libpq; a file that others can read is ignored, as by libpq. */
function passwordIn(path: string, wanted: readonly string[]): string | undefined {
  try {
    if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) return undefined;
    for (const line of readFileSync(path, 'utf8').split(/\r?\n/)) {
      const fields = line.startsWith('#') ? [] : fieldsOf(line);
      if (fields.length >= 5 && wanted.every((value, index) => fields[index] === '*' || fields[index] === value)) {
        return fields[4];
      }
    }
  } catch {
    // Not there, or not readable: as if it had no line for this server.
  }
  return undefined;
}

/**
 * Where the database of a connection string is, and how to log in.
 *
 * @throws ConnectionStringError with a message that completes `DATABASE_URL …` and shows no secret
 */
export function databaseTarget(connectionString: string): DatabaseTarget {
  const parameters = parseConnectionString(connectionString);
  const user = parameters.get('user') ?? systemUser();
  const database = parameters.get('dbname') ?? user;
  const servers = serversOf(parameters);
  const inOrder =
    oneOf(parameters, 'load_balance_hosts', ['disable', 'random']) === 'random' ? shuffled(servers) : servers;
  const needsTls = servers.some(({ host }) => !isSocket(host));
  const encryptions = needsTls ? encryptionsOf(parameters) : [false as const];
  const endpoints = inOrder.flatMap((server) => endpointsOf(server, encryptions)) as [Endpoint, ...Endpoint[]];
  const connectTimeoutS = numberOf(parameters, 'connect_timeout');
  const passfile = parameters.get('passfile') ?? join(homedir(), '.pgpass');
  return {
    endpoints,
    attributes: oneOf(parameters, 'target_session_attrs', ATTRIBUTES),
    user,
    database,
    password: ({ host, port }) => {
      const name = isSocket(host) ? LOCALHOST : host;
      const found = parameters.get('password') ?? passwordIn(passfile, [name, String(port), database, user]);
      if (found === undefined) throw new ConnectionStringError('the server asks for a password, and none is given');
      return found;
    },
    options: parameters.get('options'),
    applicationName: parameters.get('application_name') ?? parameters.get('fallback_application_name'),
    connectTimeoutMs: connectTimeoutS !== undefined && connectTimeoutS > 0 ? connectTimeoutS * 1_000 : undefined,
    keepAlive: (numberOf(parameters, 'keepalives') ?? 1) !== 0,
    keepAliveDelayMs: (numberOf(parameters, 'keepalives_idle') ?? 0) * 1_000,
    sslNegotiation: oneOf(parameters, 'sslnegotiation', ['postgres', 'direct']),
    shown: `${[...new Set(endpoints.map(({ shown }) => shown))].join(',')}/${database}`,
  };
}
