import { type RoleName, ROLES } from '@level-one/platform';
import type { Contract } from '../contract/documents.js';
import { playedPath } from '../played/play-role.js';

/** Roles of the centre, which belong to no DFSP. */
const CENTRAL: ReadonlySet<RoleName> = new Set(['central-directory', 'end-user-registry', 'central-ledger']);

export function isCentral(role: RoleName): boolean {
  return CENTRAL.has(role);
}

/** Setting by which a system is told of each role that it calls. */
function urlSetting(role: RoleName): string {
  return `${role.toUpperCase().replaceAll('-', '_')}_URL`;
}

/** Roles that the roles of each place call with their own name and password. */
const CALLERS_OF: Partial<Record<RoleName, readonly RoleName[]>> = {
  'dfsp-api': ['spsp-backend', 'scheme-adapter'],
  'spsp-client-proxy': ['dfsp-api'],
  'spsp-client': ['spsp-client-proxy', 'scheme-adapter'],
  'spsp-server': ['scheme-adapter'],
  'spsp-backend': ['spsp-server'],
  'scheme-adapter': ['dfsp-api', 'spsp-client-proxy', 'spsp-server'],
  'ilp-connector': ['spsp-client'],
  'end-user-registry': ['central-directory'],
};

/** Credentials by which the runner calls the system: those of the demo network, unless others are given. */
export function credentialsOf(dfsp: string, given: readonly string[]): ReadonlyMap<string, string> {
  const roles = ROLES.map((role): [string, string] => [role, `${role}:${passwordOf(dfsp, role)}`]);
  const known = new Map([
    ...roles,
    ['channel', `${dfsp}:${dfsp}`],
    ['admin', 'admin:admin'],
    ['dfsp1', 'dfsp1:dfsp1'],
    ['dfsp2', 'dfsp2:dfsp2'],
  ]);
  for (const text of given) {
    const [, caller, pair] = /^(?:([\w-]+)=)?([^:]+:.*)$/.exec(text) ?? [];
    if (pair !== undefined) known.set(caller ?? pair.split(':')[0]!, pair);
  }
  return known;
}

function passwordOf(dfsp: string, role: RoleName): string {
  return `${CENTRAL.has(role) ? 'centre' : dfsp}-${role}`;
}

/** Settings with which a system finds the runner in place of the other roles, by their names in docs/settings.md. */
export function surroundingsOf(
  contract: Contract,
  {
    role,
    dfsp,
    url,
    peers,
    credentials,
  }: { role: RoleName; dfsp: string; url: string; peers: string; credentials: ReadonlyMap<string, string> },
): Record<string, string> {
  const { protocol, hostname, port } = new URL(url);
  const callers = (CALLERS_OF[role] ?? []).map((caller) => credentials.get(caller)).join(',');
  const urls = ROLES.filter((one) => one !== role).map((one) => [urlSetting(one), peers + playedPath(contract, one)]);
  return {
    HOST: hostname,
    PORT: port,
    PUBLIC_URL: `${protocol}//${hostname}:${port}`,
    ...(!CENTRAL.has(role) && { DFSP: dfsp }),
    ...(callers !== '' && { CALLERS: callers }),
    ROLE_PASSWORD: passwordOf(dfsp, role),
    ...Object.fromEntries(urls),
  };
}
