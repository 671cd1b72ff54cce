import { exitOnStartupError, type SchemaState, settingsFromEnvironment, StartupError } from '@level-one/platform';
import { ROLE_DEFINITIONS } from '../definitions.js';
import { openNetworkDatabase } from '../network-database.js';
import { NetworkSettings, unitEnvironment } from '../network.settings.js';
import { demoSecrets } from '../plan/secrets.js';
import { planConsole } from '../console/console-plan.js';
import { planNetwork } from '../plan/topology.js';
import { migrateRole } from './migrate-role.js';

type Environment = Readonly<Record<string, string | undefined>>;

const DRY_RUN = '--dry-run';
const ROLES = Object.keys(ROLE_DEFINITIONS);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function printState(what: string, { done, pending }: SchemaState, isDryRun: boolean): void {
  if (pending.length === 0) print(`${what}: nothing to do, it has all ${done.length} migrations`);
  else print(`${what}: ${isDryRun ? 'lacks' : 'now has'} ${pending.join(', ')}`);
}

async function migrateAndPrint(
  role: keyof typeof ROLE_DEFINITIONS,
  environment: Environment,
  isDryRun: boolean,
): Promise<void> {
  const migrated = await migrateRole(role, environment, { isDryRun, warn: print });
  if (migrated) printState(migrated.what, migrated.state, isDryRun);
}

async function migrateNetwork(isDryRun: boolean): Promise<void> {
  const settings = settingsFromEnvironment(NetworkSettings, process.env);
  const database = await openNetworkDatabase(settings);
  try {
    const plan = planNetwork({
      portBase: settings.portBase,
      databaseUrl: database.url,
      secrets: demoSecrets(),
      logLevel: 'silent',
      environment: unitEnvironment(settings),
    });
    for (const { role, environment } of [...plan.instances, planConsole(plan)])
      await migrateAndPrint(role, environment, isDryRun);
  } finally {
    await database.stop();
  }
}

/**
 * Migrates the schemas of the roles that are named, with the settings of the environment, or those of the whole demo
 * network. `--dry-run` only lists what they lack.
 */
async function run(): Promise<void> {
  const words = process.argv.slice(2);
  const isDryRun = words.includes(DRY_RUN);
  const roles = words.filter((word) => word !== DRY_RUN);
  const unknown = roles.filter((role) => !ROLES.includes(role));
  if (unknown.length > 0) throw new StartupError(`${unknown.join(', ')} is none of ${ROLES.join(', ')}, ${DRY_RUN}`);
  if (roles.length === 0) return migrateNetwork(isDryRun);
  for (const role of roles) await migrateAndPrint(role as keyof typeof ROLE_DEFINITIONS, process.env, isDryRun);
}

run().catch(exitOnStartupError('migrate'));
