import { demoSecrets } from '../plan/secrets.js';
import { planNetwork } from '../plan/topology.js';

/** Roles that keep state. */
const WITH_DATABASE: ReadonlySet<string> = new Set([
  'central-directory',
  'central-ledger',
  'dfsp-api',
  'dfsp-ledger',
  'end-user-registry',
  'ilp-connector',
  'spsp-client',
  'spsp-server',
]);

/** Schemas of the demo network's roles that have one. */
export function schemasOfNetwork(portBase: number): string[] {
  const plan = planNetwork({ portBase, databaseUrl: '', secrets: demoSecrets(), logLevel: 'silent' });
  return plan.instances
    .filter(({ role }) => WITH_DATABASE.has(role))
    .map(({ environment }) => environment['DATABASE_SCHEMA']!);
}
