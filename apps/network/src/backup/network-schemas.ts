import { describeSettings, type RoleName } from '@level-one/platform';
import { ROLE_DEFINITIONS } from '../definitions.js';
import { CONSOLE_SCHEMA } from '../console/console-plan.js';
import { demoSchemas } from '../plan/demo-plan.js';

function hasSchema(role: RoleName): boolean {
  return describeSettings(ROLE_DEFINITIONS[role].settings).some(({ env }) => env === 'DATABASE_SCHEMA');
}

/** Schemas of the demo network's roles that have one, and of its console. */
export function schemasOfNetwork(portBase: number): string[] {
  return [...demoSchemas(portBase, hasSchema), CONSOLE_SCHEMA];
}
