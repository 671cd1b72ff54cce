import type { RoleName } from '@level-one/platform';
import { demoSecrets } from './secrets.js';
import { type NetworkPlan, planNetwork } from './topology.js';

/** The plan of the demo network at a port, for commands that look up its roles and start nothing. */
export function demoPlan(portBase: number): NetworkPlan {
  return planNetwork({ portBase, databaseUrl: '', secrets: demoSecrets(), logLevel: 'silent' });
}

/** Schemas of the instances of some roles in the demo network's database. */
export function demoSchemas(portBase: number, isMeant: (role: RoleName) => boolean): string[] {
  return demoPlan(portBase)
    .instances.filter(({ role }) => isMeant(role))
    .map(({ environment }) => environment['DATABASE_SCHEMA']!);
}
