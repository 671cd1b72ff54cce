import { isRole, type RoleName, ROLES, StartupError } from '@level-one/platform';
import yargs from 'yargs';

/** What the command was asked to do. */
export interface ConformanceOptions {
  role: RoleName | undefined;
  url: string | undefined;
  dfsp: string;
  /** `name:password`, or `caller=name:password`, as given. */
  credentials: readonly string[];
  /** Base URL at which the runner plays the other roles. */
  peers: string;
  report: string | undefined;
  only: RegExp | undefined;
  list: boolean;
  json: boolean;
  settings: boolean;
  endToEnd: boolean;
  /** Page of the network, for `--end-to-end`. */
  network: string;
  skipSlow: boolean;
  hasOwnData: boolean;
  slack: number;
}

const USAGE = `Usage: npm run conformance -- --role <role> --url <base URL> [options]
       npm run conformance -- --end-to-end [--network <URL>] [options]

Runs the contract against a system that stands in place of a role.
Exit code: 0 when all cases passed, else 1.`;

/** Reads the arguments. @throws StartupError for what cannot be used */
export async function readOptions(args: readonly string[]): Promise<ConformanceOptions> {
  const parsed = await yargs([...args])
    .scriptName('conformance')
    .usage(USAGE)
    .option('role', { type: 'string', describe: `role that the system replaces: ${ROLES.join(', ')}` })
    .option('url', { type: 'string', describe: 'base URL of the system, such as http://127.0.0.1:3204' })
    .option('credentials', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'credentials that the system accepts: name:password of a role, or channel=…, admin=…',
    })
    .option('dfsp', { type: 'string', default: 'dfsp2', describe: 'short name of the DFSP that the system belongs to' })
    .option('peers', {
      type: 'string',
      default: 'http://127.0.0.1:4100',
      describe: 'where this command plays the roles that the system calls',
    })
    .option('settings', { type: 'boolean', default: false, describe: 'print the environment for the system, and end' })
    .option('report', { type: 'string', describe: 'folder for the report as HTML, JUnit XML and JSON' })
    .option('only', { type: 'string', describe: 'regular expression: cases whose route or name matches' })
    .option('list', { type: 'boolean', default: false, describe: 'print the cases, and run none' })
    .option('json', { type: 'boolean', default: false, describe: 'print the report as JSON' })
    .option('end-to-end', { type: 'boolean', default: false, describe: 'make real payments in a running network' })
    .option('network', { type: 'string', default: 'http://127.0.0.1:3000', describe: 'page of that network' })
    .option('skip-slow', { type: 'boolean', default: false, describe: 'leave out cases that wait for a time limit' })
    .option('own-data', {
      type: 'boolean',
      default: false,
      describe: 'the system has customers and invoices of its own, and asks no other role',
    })
    .option('slack', { type: 'number', default: 1, describe: 'factor on time limits, for a machine that is busy' })
    .strict()
    .version(false)
    .fail((message, error) => {
      throw new StartupError(error?.message ?? message);
    })
    .parseAsync();
  if (parsed.role !== undefined && !isRole(parsed.role)) {
    throw new StartupError(`there is no role ${parsed.role}; there are ${ROLES.join(', ')}`);
  }
  return {
    role: parsed.role,
    url: parsed.url,
    dfsp: parsed.dfsp,
    credentials: parsed.credentials,
    peers: parsed.peers.replace(/\/$/, ''),
    report: parsed.report,
    only: parsed.only === undefined ? undefined : new RegExp(parsed.only, 'i'),
    list: parsed.list,
    json: parsed.json,
    settings: parsed.settings,
    endToEnd: parsed.endToEnd,
    network: parsed.network.replace(/\/$/, ''),
    skipSlow: parsed.skipSlow,
    hasOwnData: parsed.ownData,
    slack: parsed.slack,
  };
}
