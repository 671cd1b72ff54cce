import {
  credentialPairs,
  type OpenCountDto,
  type OpenPageDto,
  type OpenSummaryDto,
  StartupError,
} from '@level-one/platform';
import { ROLE_DEFINITIONS } from '../definitions.js';
import { demoPlan } from '../plan/demo-plan.js';
import { demoSecrets } from '../plan/secrets.js';
import { RoleReader } from '../role-reader.js';
import type { ReadOpenSettings } from './read-open.settings.js';

/** Overdue rows that are read of each kind. */
const OVERDUE_MAX = 10;

/** What is open at a role. */
export interface OpenAtRole {
  name: string;
  url: string;
  open: OpenCountDto[];
  /** The oldest overdue rows of each kind that has some. */
  overdue: { kind: string; entries: OpenPageDto['entries']; hasMore: boolean }[];
  /** Why the role could not be asked. */
  failure?: string;
}

/** Roles of the demo network that have open states. */
function demoRoles(portBase: number): { name: string; url: string }[] {
  return demoPlan(portBase)
    .instances.filter(({ role }) => ROLE_DEFINITIONS[role].openStates !== undefined)
    .map(({ role, dfsp, environment }) => ({
      name: [dfsp, role].filter(Boolean).join(' '),
      url: [environment['PUBLIC_URL'], ROLE_DEFINITIONS[role].basePaths[0]].filter(Boolean).join('/'),
    }));
}

async function readRole(name: string, reader: RoleReader): Promise<OpenAtRole> {
  const { open } = await reader.read<OpenSummaryDto>('/open');
  const kinds = new Set(open.flatMap(({ kind, overdue }) => (overdue > 0 ? [kind] : [])));
  const overdue: OpenAtRole['overdue'] = [];
  for (const kind of kinds) {
    const page = await reader.read<OpenPageDto>(`/open/${kind}?overdue=true&limit=${OVERDUE_MAX}`);
    overdue.push({ kind, entries: page.entries, hasMore: Boolean(page.next) });
  }
  return { name, url: reader.address.baseUrl, open, overdue };
}

/** Reads what is open at every role, one after the other, with the credentials of an operator. */
export async function* readOpen({
  roleUrls,
  portBase,
  operatorCredentials,
}: ReadOpenSettings): AsyncGenerator<OpenAtRole> {
  const [login] = credentialPairs(operatorCredentials ?? `admin:${demoSecrets().admin}`);
  const roles = roleUrls?.split(',').map((url) => ({ name: url, url: url.replace(/\/+$/, '') })) ?? demoRoles(portBase);
  for (const { name, url } of roles) {
    try {
      yield await readRole(name, new RoleReader({ baseUrl: url, ...login! }));
    } catch (error) {
      if (!(error instanceof StartupError)) throw error;
      yield { name, url, open: [], overdue: [], failure: error.message };
    }
  }
}
