import {
  assertMigrationsKnown,
  databaseOptionsIn,
  type RoleDefinition,
  type RoleSettings,
  settingsFromEnvironment,
} from '@level-one/platform';
import { planConsole } from '../console/console-plan.js';
import { ROLE_DEFINITIONS } from '../definitions.js';
import { demoSecrets } from '../plan/secrets.js';
import { planNetwork } from '../plan/topology.js';

/** Names of the migrations of all roles of this version. Needs no database. */
export function knownMigrations(): ReadonlySet<string> {
  const databaseUrl = 'postgres://127.0.0.1/none';
  const plan = planNetwork({ portBase: 3000, databaseUrl, secrets: demoSecrets(), logLevel: 'silent' });
  const migrations = [...plan.instances, planConsole(plan)].flatMap(({ role, environment }) => {
    const definition = ROLE_DEFINITIONS[role] as RoleDefinition<RoleSettings>;
    const settings = settingsFromEnvironment(definition.settings, environment);
    return databaseOptionsIn(definition.module(settings))?.migrations ?? [];
  });
  return new Set(migrations.map((Migration) => new Migration().name ?? Migration.name));
}

/**
 * For commands that read or write a schema without its role.
 * @param what has these migrations, for example a schema by its name
 * @throws StartupError with one line if this version does not know one of them
 */
export function assertOfThisVersion(what: string, names: readonly string[], known: ReadonlySet<string>): void {
  assertMigrationsKnown(names, known, {
    what: `${what} is of a newer version`,
    advice: 'use the version that made it',
  });
}
