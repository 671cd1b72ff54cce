import { userInfo } from 'node:os';

/** Parameters of a connection by the names of libpq, as far as they are given. */
export type LibpqParameters = Map<string, string>;

/** A connection string that is malformed, or asks for what is not supported. Its message shows no secret. */
export class ConnectionStringError extends Error {
  override readonly name = 'ConnectionStringError';
}

/** Environment variables of libpq and the parameters that they stand for. */
const ENVIRONMENT: Readonly<Record<string, string>> = {
  PGHOST: 'host',
  PGHOSTADDR: 'hostaddr',
  PGPORT: 'port',
  PGDATABASE: 'dbname',
  PGUSER: 'user',
  PGPASSWORD: 'password',
  PGPASSFILE: 'passfile',
  PGREQUIREAUTH: 'require_auth',
  PGCHANNELBINDING: 'channel_binding',
  PGSERVICE: 'service',
  PGOPTIONS: 'options',
  PGAPPNAME: 'application_name',
  PGSSLMODE: 'sslmode',
  PGSSLNEGOTIATION: 'sslnegotiation',
  PGSSLCERT: 'sslcert',
  PGSSLKEY: 'sslkey',
  PGSSLCERTMODE: 'sslcertmode',
  PGSSLROOTCERT: 'sslrootcert',
  PGSSLCRL: 'sslcrl',
  PGSSLSNI: 'sslsni',
  PGREQUIREPEER: 'requirepeer',
  PGSSLMINPROTOCOLVERSION: 'ssl_min_protocol_version',
  PGSSLMAXPROTOCOLVERSION: 'ssl_max_protocol_version',
  PGGSSENCMODE: 'gssencmode',
  PGCONNECT_TIMEOUT: 'connect_timeout',
  PGCLIENTENCODING: 'client_encoding',
  PGTARGETSESSIONATTRS: 'target_session_attrs',
  PGLOADBALANCEHOSTS: 'load_balance_hosts',
};

/** Parameters that are used. */
const USED = new Set(
  [
    'host hostaddr port dbname user password passfile options application_name fallback_application_name',
    'sslmode sslnegotiation sslcert sslkey sslpassword sslcertmode sslrootcert sslcrl sslsni ssl_min_protocol_version',
    'ssl_max_protocol_version connect_timeout target_session_attrs load_balance_hosts keepalives keepalives_idle',
  ].flatMap((names) => names.split(' ')),
);

/** Parameters that change nothing here: other keepalives are those of the system, TLS never compresses. */
const WITHOUT_EFFECT = new Set([
  'keepalives_interval',
  'keepalives_count',
  'tcp_user_timeout',
  'sslcompression',
  'gsslib',
  'krbsrvname',
  'gssdelegation',
]);

/** Values of further parameters that ask for what is done anyway. */
const DONE_ANYWAY: Readonly<Record<string, readonly string[]>> = {
  client_encoding: ['utf8', 'utf-8', 'unicode', 'auto'],
  channel_binding: ['disable', 'prefer'],
  gssencmode: ['disable', 'prefer'],
  requiressl: ['0'],
  replication: ['false', 'off', 'no', '0'],
  sslkeylogfile: [],
};

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ConnectionStringError('has a % that begins no percent-encoded character');
  }
}

/** `host:port` pairs with commas between. */
function hostsOf(list: string): { host: string; port: string } {
  const pairs = list.split(',').map((part) => {
    const [, host = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(part) ?? [];
    if (part !== '' && host === '' && port === '') {
      throw new ConnectionStringError(
        'has a host or port that cannot be read; percent-encode @ : / ? # of the password',
      );
    }
    return { host: decode(host.replace(/^\[(.*)\]$/, '$1')), port };
  });
  const ports = pairs.map(({ port }) => port);
  return {
    host: pairs.map(({ host }) => host).join(','),
    port: ports.every((port) => port === '') ? '' : ports.join(','),
  };
}

function parseUrl(text: string): LibpqParameters {
  const [, rest = ''] = /^postgres(?:ql)?:\/\/(.*)$/s.exec(text) ?? [];
  const [place = '', query] = rest.split(/\?(.*)/s);
  const [, login, hosts = '', database = ''] = /^(?:([^@/]*)@)?([^/]*)(?:\/(.*))?$/s.exec(place) ?? [];
  const [user = '', password] = (login ?? '').split(/:(.*)/s);
  const found: [string, string | undefined][] = [
    ['user', decode(user)],
    ['password', password === undefined ? undefined : decode(password)],
    ...Object.entries(hostsOf(hosts)),
    ['dbname', decode(database)],
  ];
  for (const part of (query ?? '').split('&').filter((one) => one !== '')) {
    const [name = '', value] = part.split(/=(.*)/s);
    if (value === undefined) throw new ConnectionStringError(`has a parameter without "=": ${nameOnly(name)}`);
    found.push([
      name === 'ssl' && value === 'true' ? 'sslmode' : decode(name),
      name === 'ssl' ? 'require' : decode(value),
    ]);
  }
  return new Map(found.filter((one): one is [string, string] => one[1] !== undefined && one[1] !== ''));
}

/** `keyword = value` pairs, with values in single quotes if need be. */
function parsePairs(text: string): LibpqParameters {
  const found: LibpqParameters = new Map();
  const pair = /\s*([a-z_]+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|((?:[^\s'\\]|\\.)*))(?=\s|$)/suy;
  while (pair.lastIndex < text.trimEnd().length) {
    const [, name, quoted, plain = ''] = pair.exec(text) ?? [];
    if (name === undefined) throw new ConnectionStringError('is neither a postgres:// URL nor keyword=value pairs');
    const value = (quoted ?? plain).replaceAll(/\\(.)/gsu, '$1');
    if (value !== '') found.set(name, value);
  }
  return found;
}

/** A parameter's name for a message; what is no name may be part of a secret. */
function nameOnly(name: string): string {
  return /^[a-z_]{1,40}$/.test(name) ? name : '(not shown)';
}

/** @throws ConnectionStringError for a parameter that would change what the connection is, and is not supported. */
function assertSupported(parameters: LibpqParameters): void {
  for (const [name, value] of parameters) {
    if (USED.has(name) || WITHOUT_EFFECT.has(name)) continue;
    if (DONE_ANYWAY[name]?.includes(value.toLowerCase())) continue;
    if (name === 'service' || name === 'servicefile') {
      throw new ConnectionStringError(`${name} is not supported; write host, dbname and user into it`);
    }
    throw new ConnectionStringError(
      DONE_ANYWAY[name]
        ? `${name} is supported only as ${DONE_ANYWAY[name].join(' or ')}`
        : `${nameOnly(name)} is not supported`,
    );
  }
}

/**
 * Reads a connection string of libpq: a `postgres://` URL or `keyword=value` pairs.
 *
 * @throws ConnectionStringError
 */
export function parseConnectionString(text: string): LibpqParameters {
  const parameters = /^postgres(ql)?:\/\//.test(text) ? parseUrl(text) : parsePairs(text);
  if (parameters.size === 0 && !/^postgres(ql)?:\/\//.test(text)) {
    throw new ConnectionStringError('is neither a postgres:// URL nor keyword=value pairs');
  }
  assertSupported(parameters);
  return parameters;
}

/**
 * The connection string with what libpq's environment variables add to it, as libpq would read them.
 *
 * @throws ConnectionStringError
 */
export function withLibpqEnvironment(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  const parameters = parseConnectionString(text);
  const added = Object.entries(ENVIRONMENT).filter(
    ([variable, name]) => environment[variable] && !parameters.has(name),
  );
  if (added.length === 0) return text;
  for (const [variable, name] of added) parameters.set(name, environment[variable]!);
  const query = [...parameters].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return `postgres:///?${query}`;
}

/** Name of the user of the operating system, libpq's default. */
export function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    throw new ConnectionStringError('names no user, and the system has no name for the one it runs as');
  }
}
