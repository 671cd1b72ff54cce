import type { RoleName } from '@level-one/platform';
import { DEMO_PEOPLE } from './demo-people.js';
import type { NetworkSecrets } from './secrets.js';
import { connectorName, type DfspName, DFSPS, type NetworkPlan, planNetwork, rolesWithAccount } from './topology.js';

/** The same ports as in the demo network, so that both are found in the same places. */
const PORT_BASE = 3000;

/** Service name of an instance, which is its host name among the containers. */
export function hostOf(role: RoleName, dfsp: DfspName | null): string {
  return dfsp === null ? role : `${dfsp}-${role}`;
}

/** Where the password of something stands in the environment: `dfsp1-spsp-client` in `DFSP1_SPSP_CLIENT_PASSWORD`. */
function passwordVariable(...names: (string | null)[]): string {
  const name = names.filter((part) => part !== null).join('_');
  return `${name.toUpperCase().replaceAll('-', '_')}_PASSWORD`;
}

function secretsFrom(valueOf: (variable: string) => string): NetworkSecrets {
  const both = (suffix: string): Record<DfspName, string> => ({
    dfsp1: valueOf(`DFSP1_${suffix}`),
    dfsp2: valueOf(`DFSP2_${suffix}`),
  });
  return {
    demo: false,
    admin: valueOf('ADMIN_PASSWORD'),
    directory: both('DIRECTORY_SECRET'),
    api: both('API_PASSWORD'),
    furtherApiCredentials: { dfsp1: [], dfsp2: [] },
    account: (name) => valueOf(passwordVariable('account', name)),
    role: (dfsp, role) => valueOf(passwordVariable(dfsp, role)),
    roleAccount: (dfsp, role) => valueOf(passwordVariable('account', dfsp, role)),
    tokenSecret: { ...both('TOKEN_SECRET'), central: valueOf('CENTRAL_TOKEN_SECRET') },
    receiverSecret: both('RECEIVER_SECRET'),
    signingKey: both('SIGNING_KEY'),
  };
}

/**
 * The network with every instance in a container of its own.
 * @param valueOf value of an environment variable that holds a secret; may throw.
 */
export function planContainers(valueOf: (variable: string) => string): NetworkPlan {
  return planNetwork({
    portBase: PORT_BASE,
    hostOf,
    databaseUrl: `postgres://level_one:${valueOf('POSTGRES_PASSWORD')}@postgres:5432/level_one`,
    secrets: secretsFrom(valueOf),
    logLevel: 'info',
    environment: { HOST: '0.0.0.0' },
  });
}

/** Environment variables that {@link planContainers} and the seed of its plan ask for. */
export function secretVariables(): string[] {
  const asked = new Set<string>();
  const { secrets } = planContainers((variable) => {
    asked.add(variable);
    return variable;
  });
  const people = DEMO_PEOPLE.map(({ account }) => account);
  for (const name of [...DFSPS, ...DFSPS.map(connectorName), ...people]) secrets.account(name);
  for (const dfsp of DFSPS) for (const role of rolesWithAccount()) secrets.roleAccount(dfsp, role);
  return [...asked];
}
