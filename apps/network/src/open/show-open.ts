import {
  credentialPairs,
  exitOnStartupError,
  type OpenCountDto,
  type OpenPageDto,
  type OpenSummaryDto,
  settingsFromEnvironment,
  StartupError,
} from '@level-one/platform';
import { ROLE_DEFINITIONS } from '../definitions.js';
import { demoPlan } from '../plan/demo-plan.js';
import { demoSecrets } from '../plan/secrets.js';
import { RoleReader } from '../role-reader.js';
import { ShowOpenSettings } from './show-open.settings.js';

/** Overdue rows that are shown of each kind. */
const SHOWN_MAX = 10;

interface AskedRole {
  name: string;
  reader: RoleReader;
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
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

/** The roles to ask, with the credentials of an operator. */
function askedRoles({ roleUrls, portBase, operatorCredentials }: ShowOpenSettings): AskedRole[] {
  const [login] = credentialPairs(operatorCredentials ?? `admin:${demoSecrets().admin}`);
  const urls = roleUrls?.split(',').map((url) => ({ name: url, url: url.replace(/\/+$/, '') })) ?? demoRoles(portBase);
  return urls.map(({ name, url }) => ({ name, reader: new RoleReader({ baseUrl: url, ...login! }) }));
}

function ageText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}

async function printOverdue(reader: RoleReader, kinds: ReadonlySet<string>): Promise<void> {
  for (const kind of kinds) {
    const { entries, next } = await reader.read<OpenPageDto>(`/open/${kind}?overdue=true&limit=${SHOWN_MAX}`);
    for (const { state, id, ageS, due } of entries) {
      printLine(`    overdue: ${kind} ${id} is ${state} for ${ageText(ageS)}, was due at ${due}`);
    }
    if (next) printLine(`    and more: GET ${reader.address.baseUrl}/open/${kind}?overdue=true`);
  }
}

function countLine({ kind, state, count, overdue, oldestAgeS, owner }: OpenCountDto): string {
  const late = overdue > 0 ? `, ${overdue} overdue` : '';
  return `  ${`${kind} ${state}`.padEnd(28)} ${count}${late}; the oldest ${ageText(oldestAgeS ?? 0)}; ends it: ${owner}`;
}

/** Prints what is open at a role. @returns how much is overdue */
async function printOpen({ name, reader }: AskedRole): Promise<number> {
  const { open } = await reader.read<OpenSummaryDto>('/open');
  const some = open.filter(({ count }) => count > 0);
  printLine(`${name}: ${some.length === 0 ? 'nothing is open' : ''}`.trimEnd());
  some.forEach((count) => printLine(countLine(count)));
  await printOverdue(reader, new Set(some.flatMap(({ kind, overdue }) => (overdue > 0 ? [kind] : []))));
  return open.reduce((sum, { overdue }) => sum + overdue, 0);
}

/** Prints what is open at every role, and what of it is overdue. Exit code 1: something is overdue, or did not answer. */
async function run(): Promise<void> {
  const roles = askedRoles(settingsFromEnvironment(ShowOpenSettings, process.env));
  let overdue = 0;
  for (const role of roles) {
    try {
      overdue += await printOpen(role);
    } catch (error) {
      if (!(error instanceof StartupError)) throw error;
      printLine(`${role.name}: ${error.message}`);
      process.exitCode = 1;
    }
  }
  printLine(overdue === 0 ? 'Nothing is overdue.' : `${overdue} overdue.`);
  if (overdue > 0) process.exitCode = 1;
}

run().catch(exitOnStartupError('open'));
