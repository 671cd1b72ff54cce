import {
  databaseOptionsIn,
  migrateSchema,
  type RoleDefinition,
  type RoleSettings,
  type SchemaState,
  settingsFromEnvironment,
} from '@level-one/platform';
import { ROLE_DEFINITIONS } from '../definitions.js';

/**
 * Migrates the schema of one role. A role without a database is passed over.
 *
 * @param warn receives lines for an operator, and what they are about
 * @returns the state before, and what it is of
 * @throws StartupError with one line
 */
export async function migrateRole(
  role: keyof typeof ROLE_DEFINITIONS,
  environment: Readonly<Record<string, string | undefined>>,
  { isDryRun = false, warn = () => undefined }: { isDryRun?: boolean; warn?: (line: string) => void } = {},
): Promise<{ what: string; state: SchemaState } | undefined> {
  const definition = ROLE_DEFINITIONS[role] as RoleDefinition<RoleSettings>;
  const settings = settingsFromEnvironment(definition.settings, environment);
  const options = databaseOptionsIn(definition.module(settings));
  if (!options) return undefined;
  const what = `${role}, schema ${options.settings.databaseSchema}`;
  const state = await migrateSchema(options, options.settings, { isDryRun, warn: (line) => warn(`${what}: ${line}`) });
  return { what, state };
}
