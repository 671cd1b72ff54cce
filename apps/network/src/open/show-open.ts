import {
  basicAuthorization,
  credentialPairs,
  exitOnStartupError,
  type OpenCountDto,
  type OpenPageDto,
  type OpenSummaryDto,
  settingsFromEnvironment,
  StartupError,
} from '@level-one/platform';
import { ROLE_DEFINITIONS } from '../definitions.js';
import { demoSecrets } from '../plan/secrets.js';
import { planNetwork } from '../plan/topology.js';
import { ShowOpenSettings } from './show-open.settings.js';

const TIMEOUT_MS = 20_000;
/** Overdue rows that are shown of each kind. */
const SHOWN_MAX = 10;

interface AskedRole {
  name: string;
  url: string;
}

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Roles of the demo network that have open states. */
function demoRoles(portBase: number): AskedRole[] {
  const plan = planNetwork({ portBase, databaseUrl: '', secrets: demoSecrets(), logLevel: 'silent' });
  return plan.instances
    .filter(({ role }) => ROLE_DEFINITIONS[role].openStates !== undefined)
    .map(({ role, dfsp, environment }) => ({
      name: [dfsp, role].filter(Boolean).join(' '),
      url: [environment['PUBLIC_URL'], ROLE_DEFINITIONS[role].basePaths[0]].filter(Boolean).join('/'),
    }));
}

function ageText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3_600)} h`;
}

class OperatorClient {
  private readonly authorization: string;

  constructor(credentials: string) {
    const [{ name, password }] = credentialPairs(credentials) as [{ name: string; password: string }];
    this.authorization = basicAuthorization(name, password);
  }

  /** @throws StartupError if the role does not answer, or refuses */
  async read<T>(url: string): Promise<T> {
    const headers = { authorization: this.authorization };
    let answer: Response;
    try {
      answer = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch (cause) {
      throw new StartupError(`nothing answers at ${url}: ${String((cause as Error).cause ?? cause)}`);
    }
    const text = await answer.text();
    if (!answer.ok) throw new StartupError(`${url} answered ${answer.status}: ${text.slice(0, 200)}`);
    return JSON.parse(text) as T;
  }
}

async function printOverdue(client: OperatorClient, url: string, kinds: ReadonlySet<string>): Promise<void> {
  for (const kind of kinds) {
    const { entries, next } = await client.read<OpenPageDto>(`${url}/open/${kind}?overdue=true&limit=${SHOWN_MAX}`);
    for (const { state, id, ageS, due } of entries) {
      printLine(`    overdue: ${kind} ${id} is ${state} for ${ageText(ageS)}, was due at ${due}`);
    }
    if (next) printLine(`    and more: GET ${url}/open/${kind}?overdue=true`);
  }
}

function countLine({ kind, state, count, overdue, oldestAgeS, owner }: OpenCountDto): string {
  const late = overdue > 0 ? `, ${overdue} overdue` : '';
  return `  ${`${kind} ${state}`.padEnd(28)} ${count}${late}; the oldest ${ageText(oldestAgeS ?? 0)}; ends it: ${owner}`;
}

/** Prints what is open at a role. @returns how much is overdue */
async function printOpen(client: OperatorClient, { name, url }: AskedRole): Promise<number> {
  const { open } = await client.read<OpenSummaryDto>(`${url}/open`);
  const some = open.filter(({ count }) => count > 0);
  printLine(`${name}: ${some.length === 0 ? 'nothing is open' : ''}`.trimEnd());
  some.forEach((count) => printLine(countLine(count)));
  await printOverdue(client, url, new Set(some.flatMap(({ kind, overdue }) => (overdue > 0 ? [kind] : []))));
  return open.reduce((sum, { overdue }) => sum + overdue, 0);
}

/** Prints what is open at every role, and what of it is overdue. Exit code 1: something is overdue, or did not answer. */
async function run(): Promise<void> {
  const { roleUrls, portBase, operatorCredentials } = settingsFromEnvironment(ShowOpenSettings, process.env);
  const roles = roleUrls?.split(',').map((url) => ({ name: url, url: url.replace(/\/+$/, '') })) ?? demoRoles(portBase);
  const client = new OperatorClient(operatorCredentials);
  let overdue = 0;
  for (const role of roles) {
    try {
      overdue += await printOpen(client, role);
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
