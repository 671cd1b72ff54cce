import type { RoleName, ServiceName } from '@level-one/platform';
import { type ConsolePlan, planConsole } from '../console/console-plan.js';
import { DEMO_PEOPLE, SECOND_ADMIN } from '../seed/demo-people.js';
import type { NetworkSecrets } from '../plan/secrets.js';
import {
  connectorName,
  type DfspName,
  DFSPS,
  type InstancePlan,
  type NetworkPlan,
  planNetwork,
  rolesWithAccount,
} from '../plan/topology.js';

/** The same ports as in the demo network. */
const PORT_BASE = 3000;

/** Subnet of all containers. */
export const SUBNET = '172.30.85.0/24';
/**
 * Fixed addresses of the adapters, so that a ledger can trust the X-Forwarded-For of its adapter and of no other
 * caller.
 */
const ADAPTER_ADDRESSES: Record<DfspName, string> = { dfsp1: '172.30.85.11', dfsp2: '172.30.85.12' };

/** Fixed address of an instance; undefined if it has none. */
export function addressOf(role: RoleName, dfsp: DfspName | null): string | undefined {
  return role === 'ledger-adapter' && dfsp !== null ? ADAPTER_ADDRESSES[dfsp] : undefined;
}

/** Service name of an instance, which is its host name among the containers. */
export function hostOf(role: ServiceName, dfsp: DfspName | null): string {
  return dfsp === null ? role : `${dfsp}-${role}`;
}

/** Environment variable of a password: `DFSP1_SPSP_CLIENT_PASSWORD` for `dfsp1-spsp-client`. */
function passwordVariable(...names: (string | null)[]): string {
  const name = names.filter((part) => part !== null).join('_');
  return `${name.toUpperCase().replaceAll('-', '_')}_PASSWORD`;
}

function secretsFrom(valueOf: (variable: string) => string): NetworkSecrets {
  const both = (suffix: string): Record<DfspName, string> => ({
    dfsp1: valueOf(`DFSP1_${suffix}`),
    dfsp2: valueOf(`DFSP2_${suffix}`),
  });
  const ledgers = (suffix: string): Record<DfspName | 'central', string> => ({
    ...both(suffix),
    central: valueOf(`CENTRAL_${suffix}`),
  });
  return {
    demo: false,
    admin: valueOf('ADMIN_PASSWORD'),
    metrics: valueOf('METRICS_PASSWORD'),
    directory: both('DIRECTORY_SECRET'),
    api: both('API_PASSWORD'),
    furtherApiCredentials: { dfsp1: [], dfsp2: [] },
    accountPassword: (name) => valueOf(passwordVariable('account', name)),
    rolePassword: (dfsp, role) => valueOf(passwordVariable(dfsp, role)),
    roleAccountPassword: (dfsp, role) => valueOf(passwordVariable('account', dfsp, role)),
    tokenSecret: ledgers('TOKEN_SECRET'),
    ledgerSigningKey: ledgers('LEDGER_SIGNING_KEY'),
    ledgerKey: ledgers('LEDGER_PUBLIC_KEY'),
    receiverSecret: both('RECEIVER_SECRET'),
    signingKey: both('SIGNING_KEY'),
  };
}

/**
 * The network with every instance in a container of its own.
 * @param valueOf value of an environment variable that holds a secret; may throw.
 */
export function planContainers(valueOf: (variable: string) => string): NetworkPlan {
  const plan = planNetwork({
    portBase: PORT_BASE,
    hostOf,
    databaseUrl: `postgres://level_one:${valueOf('POSTGRES_PASSWORD')}@postgres:5432/level_one`,
    secrets: secretsFrom(valueOf),
    logLevel: 'info',
    environment: { HOST: '0.0.0.0' },
  });
  return { ...plan, instances: plan.instances.map(trustAdapter) };
}

/** Makes a ledger trust its adapter, so that it sees the address of the adapter's caller. */
function trustAdapter(instance: InstancePlan): InstancePlan {
  const { role, dfsp, environment } = instance;
  if (role !== 'dfsp-ledger' || dfsp === null) return instance;
  return { ...instance, environment: { ...environment, TRUSTED_PROXIES: ADAPTER_ADDRESSES[dfsp] } };
}

/** Environment variable of the password by which roles send their spans to the console. */
export const TRACES_PASSWORD = 'TRACES_PASSWORD';

/** The console of {@link planContainers}, at the port where the demo network has it. */
export function planConsoleContainer(valueOf: (variable: string) => string): ConsolePlan {
  const { environment, ...rest } = planConsole(planContainers(valueOf));
  return { ...rest, environment: { ...environment, TRACE_CREDENTIALS: `traces:${valueOf(TRACES_PASSWORD)}` } };
}

/** Environment variables that {@link planContainers} and the seed of its plan read. */
export function secretVariables(): string[] {
  const asked = new Set<string>();
  const { secrets } = planContainers((variable) => {
    asked.add(variable);
    return variable;
  });
  const people = DEMO_PEOPLE.map(({ account }) => account);
  for (const name of [...DFSPS, ...DFSPS.map(connectorName), SECOND_ADMIN, ...people]) secrets.accountPassword(name);
  for (const dfsp of DFSPS) for (const role of rolesWithAccount()) secrets.roleAccountPassword(dfsp, role);
  return [...asked];
}
