import { type RoleName, ROLES } from '@level-one/platform';
import type { Contract } from '../contract/documents.js';
import { SYSTEM_KEY_SEED } from '../common/signed-calls.js';
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

/** What the demo network gives the roles of a DFSP that have an account at its ledger. */
const WITH_LEDGER = { ILP_PREFIX: 'levelone.<dfsp>.', LEDGER_NAME: '<role>', LEDGER_PASSWORD: '<dfsp>-<role>-ledger' };
const WITH_DIRECTORY = { CENTRAL_DIRECTORY_KEY: '<dfsp>', CENTRAL_DIRECTORY_SECRET: '<dfsp>' };

/** A key for the test alone: the command checks the signatures that it makes. */
const WITH_SIGNING = { SIGNING_KEY: SYSTEM_KEY_SEED, SIGNING_KEY_ID: '<dfsp>-key-1' };

/** Settings beside URLs and callers by which a role calls others. */
const FURTHER: Partial<Record<RoleName, Record<string, string>>> = {
  'dfsp-api': {
    LEDGER_NAME: '<role>',
    LEDGER_PASSWORD: '<dfsp>-<role>-ledger',
    ...WITH_DIRECTORY,
    DFSP_API_CREDENTIALS: '<dfsp>:<dfsp>',
    DFSP_API_ADMIN_CREDENTIALS: 'admin:admin',
  },
  'ilp-connector': {
    ILP_PREFIX: 'levelone.<dfsp>.',
    LEDGER_NAME: '<dfsp>-testconnector',
    LEDGER_PASSWORD: '<dfsp>-testconnector',
    CENTRAL_ILP_PREFIX: 'levelone.ist.',
    CENTRAL_LEDGER_NAME: '<dfsp>',
    CENTRAL_LEDGER_PASSWORD: '<dfsp>',
    ...WITH_DIRECTORY,
  },
  'scheme-adapter': { ...WITH_DIRECTORY, ...WITH_SIGNING, UNSIGNED_REQUESTS: 'refuse' },
  'spsp-client-proxy': {
    LEDGER_NAME: '<role>',
    LEDGER_PASSWORD: '<dfsp>-<role>-ledger',
    DFSP_API_CREDENTIALS: '<dfsp>:<dfsp>',
  },
  'spsp-client': { ...WITH_LEDGER, ...WITH_DIRECTORY, ...WITH_SIGNING },
  'spsp-server': { ...WITH_LEDGER, ...WITH_DIRECTORY, UNSIGNED_REQUESTS: 'refuse' },
};

function furtherSettings(role: RoleName, dfsp: string): [string, string][] {
  return Object.entries(FURTHER[role] ?? {}).map(([name, value]) => [
    name,
    value.replaceAll('<dfsp>', dfsp).replaceAll('<role>', role),
  ]);
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
    ...Object.fromEntries([...urls, ...furtherSettings(role, dfsp)]),
  };
}
