import type { RoleName } from '@level-one/platform';
import { DEMO_PEOPLE } from '../seed/demo-people.js';
import { credentialsFor } from '../plan/credentials.js';
import { type DfspName, DFSPS, type InstancePlan, type NetworkPlan } from '../plan/topology.js';

/** Schema of the console in the network's database. */
export const CONSOLE_SCHEMA = 'console';
/** Settings that the console has as every role of the network has them. */
const SHARED = ['HOST', 'LOG_LEVEL', 'DEMO_NETWORK', 'DATABASE_URL', 'METRICS_CREDENTIALS'];

/** The console of a network, at the network's own page. */
export interface ConsolePlan extends Omit<InstancePlan, 'role'> {
  role: 'console';
}

export const CONSOLE = 'console';

/** The instance of the console that shows a network. `faultsUrl` is where faults of the network are switched. */
export function planConsole(plan: NetworkPlan, { faultsUrl }: { faultsUrl?: string | undefined } = {}): ConsolePlan {
  const [first] = plan.instances;
  const { port } = new URL(plan.pageUrl);
  return {
    role: CONSOLE,
    dfsp: null,
    port: Number(port),
    baseUrl: plan.pageUrl,
    environment: {
      ...Object.fromEntries(SHARED.map((name) => [name, first?.environment[name] ?? ''])),
      PORT: port,
      PUBLIC_URL: plan.pageUrl,
      DATABASE_SCHEMA: CONSOLE_SCHEMA,
      NETWORK: JSON.stringify(networkOf(plan)),
      ...(faultsUrl !== undefined && { FAULTS_URL: faultsUrl }),
    },
  };
}

function networkOf(plan: NetworkPlan): object {
  const operator = `admin:${plan.secrets.admin}`;
  return {
    centre: { operator, roles: rolesAt(plan, null) },
    participants: DFSPS.map((name) => ({
      name,
      operator,
      channel: credentialsFor(plan, { role: 'dfsp-api', dfsp: name }, 'channel'),
      connectorAccount: plan.instances.find((one) => one.role === 'ilp-connector' && one.dfsp === name)?.environment[
        'LEDGER_NAME'
      ],
      centralAccount: name,
      roles: rolesAt(plan, name),
      people: plan.secrets.demo ? peopleAt(name) : [],
    })),
  };
}

function rolesAt({ instances }: NetworkPlan, dfsp: DfspName | null): object[] {
  return instances
    .filter((one) => one.dfsp === dfsp)
    .map(({ role, baseUrl, environment }) => ({
      role,
      url: environment[urlSettingOf(role)] ?? baseUrl,
      docsUrl: `${baseUrl}/docs`,
    }));
}

/** The setting by which other roles find this one, base path included: `DFSP_API_URL`. */
function urlSettingOf(role: RoleName): string {
  return `${role.replaceAll('-', '_').toUpperCase()}_URL`;
}

function peopleAt(dfsp: DfspName): object[] {
  return DEMO_PEOPLE.filter((one) => one.dfsp === dfsp).map(({ number, firstName, lastName, account, isMerchant }) => ({
    number,
    name: `${firstName} ${lastName}`,
    accounts: [account],
    isMerchant,
  }));
}
