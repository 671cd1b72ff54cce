import { type RoleDefinition, type RoleName, ROLES, type ServiceName, StartupError } from '@level-one/platform';
import { Right } from '@level-one/transfer';
import { type DfspName, DFSPS } from './dfsps.js';
import type { NetworkSecrets } from './secrets.js';

export { type DfspName, DFSPS } from './dfsps.js';

/** Ports of the centre's roles, as offsets from PORT_BASE. */
const CENTRAL_OFFSETS = { 'central-directory': 10, 'end-user-registry': 11, 'central-ledger': 12 } as const;
const DFSP_OFFSETS: Record<DfspName, number> = { dfsp1: 100, dfsp2: 200 };
/** Roles of a DFSP, in the order of their ports. */
const DFSP_ROLES = ROLES.filter((role) => !(role in CENTRAL_OFFSETS));
export const DATABASE_OFFSET = 99;

const HOST = '127.0.0.1';
export const CENTRAL_PREFIX = 'levelone.ist.';
/** Default currency; the ledgers of one network may have different ones. */
const CURRENCY = 'USD';

/** One of the 21 instances, with its environment. */
export interface InstancePlan {
  role: RoleName;
  dfsp: DfspName | null;
  /** Where it listens. */
  port: number;
  /** Public base URL. */
  baseUrl: string;
  environment: Record<string, string>;
}

/** Addresses of the instances of a network. */
export interface Place {
  portBase: number;
  /** Host name of an instance. Default: 127.0.0.1 */
  hostOf?: (role: RoleName, dfsp: DfspName | null) => string;
  /** Path of an instance's URL before its base path: `/bank1`. Default: none */
  pathOf?: (role: RoleName, dfsp: DfspName | null) => string;
  /** Each instance listens so many ports above its URL's, for proxies that stand in front of them. Default: 0 */
  listenOffset?: number;
}

export interface NetworkPlan extends Place {
  pageUrl: string;
  instances: readonly InstancePlan[];
  secrets: NetworkSecrets;
}

export interface PlanOptions extends Place {
  databaseUrl: string;
  secrets: NetworkSecrets;
  logLevel: string;
  /** Further settings for every instance whose role has them, for example shorter times in tests. */
  environment?: Record<string, string>;
  /** Further settings of the instances of one place: a DFSP's, or the centre's. */
  environmentAt?: Partial<Record<DfspName | 'centre', Record<string, string>>>;
}

export function ilpPrefix(dfsp: DfspName): string {
  return `levelone.${dfsp}.`;
}

export function connectorName(dfsp: DfspName): string {
  return `${dfsp}-testconnector`;
}

/** Account of each ledger out of which late claims are paid. */
export const CLAIM_ACCOUNT = 'claims';

/** Keys of the ledgers behind a ledger, by the account that claims with their statements; and its own, if it is set. */
function claimKeys({ ledgerKey, ledgerSigningKey }: NetworkSecrets, dfsp: DfspName | null): Record<string, string> {
  const keys =
    dfsp === null ? DFSPS.map((name) => `${name}=${ledgerKey[name]}`) : [`${connectorName(dfsp)}=${ledgerKey.central}`];
  return {
    CLAIM_LEDGER_KEYS: keys.join(','),
    ...(ledgerSigningKey && { LEDGER_SIGNING_KEY: ledgerSigningKey[dfsp ?? 'central'] }),
  };
}

/** Id of a DFSP's first signing key. */
export function signingKeyId(dfsp: DfspName): string {
  return `${dfsp}-key-1`;
}

class Addresses {
  constructor(private readonly place: Place) {}

  portOf(role: RoleName, dfsp: DfspName | null): number {
    const { portBase } = this.place;
    if (dfsp === null) return portBase + CENTRAL_OFFSETS[role as keyof typeof CENTRAL_OFFSETS];
    return portBase + DFSP_OFFSETS[dfsp] + DFSP_ROLES.indexOf(role);
  }

  listeningPortOf(role: RoleName, dfsp: DfspName | null): number {
    return this.portOf(role, dfsp) + (this.place.listenOffset ?? 0);
  }

  urlOf(role: RoleName, dfsp: DfspName | null, path = ''): string {
    const origin = `http://${this.place.hostOf?.(role, dfsp) ?? HOST}:${this.portOf(role, dfsp)}`;
    return origin + (this.place.pathOf?.(role, dfsp) ?? '') + path;
  }
}

/** Base URL of a DFSP's SPSP server, as it registers it. */
export function providerUrl(place: Place, dfsp: DfspName): string {
  return new Addresses(place).urlOf('spsp-server', dfsp, '/v1');
}

export function schemeAdapterUrl(place: Place, dfsp: DfspName): string {
  return new Addresses(place).urlOf('scheme-adapter', dfsp, '/scheme/adapter/v1');
}

function commonEnvironment(options: PlanOptions, role: RoleName, dfsp: DfspName | null): Record<string, string> {
  const addresses = new Addresses(options);
  return {
    HOST,
    PORT: String(addresses.listeningPortOf(role, dfsp)),
    PUBLIC_URL: addresses.urlOf(role, dfsp),
    LOG_LEVEL: options.logLevel,
    DEMO_NETWORK: String(options.secrets.demo),
    METRICS_CREDENTIALS: `prometheus:${options.secrets.metrics}`,
    DATABASE_URL: options.databaseUrl,
    DATABASE_SCHEMA: `${dfsp ?? 'central'}_${role}`.replaceAll('-', '_'),
    CURRENCY,
    CENTRAL_DIRECTORY_URL: addresses.urlOf('central-directory', null),
    END_USER_REGISTRY_URL: addresses.urlOf('end-user-registry', null),
    CENTRAL_LEDGER_URL: addresses.urlOf('central-ledger', null),
  };
}

function centralEnvironment(options: PlanOptions, role: RoleName): Record<string, string> {
  const { secrets } = options;
  return {
    ...commonEnvironment(options, role, null),
    DIRECTORY_ADMIN: `admin:${secrets.admin}`,
    REGISTRY_ADMIN: `admin:${secrets.admin}`,
    ...roleEnvironment(secrets, role, null),
    LEDGER_ADMIN_PASSWORD: secrets.admin,
    TOKEN_SECRET: secrets.tokenSecret.central,
    CLAIM_ACCOUNT,
    ...claimKeys(secrets, null),
    ILP_PREFIX: CENTRAL_PREFIX,
    ...options.environment,
    ...options.environmentAt?.centre,
  };
}

function dfspEnvironment(options: PlanOptions, role: RoleName, dfsp: DfspName): Record<string, string> {
  const { secrets } = options;
  const addresses = new Addresses(options);
  return {
    ...commonEnvironment(options, role, dfsp),
    DFSP: dfsp,
    DFSP_API_URL: addresses.urlOf('dfsp-api', dfsp, '/v1'),
    SPSP_CLIENT_PROXY_URL: addresses.urlOf('spsp-client-proxy', dfsp, '/spsp/client/v1'),
    SPSP_CLIENT_URL: addresses.urlOf('spsp-client', dfsp, '/v1'),
    SPSP_SERVER_URL: providerUrl(options, dfsp),
    SPSP_BACKEND_URL: addresses.urlOf('spsp-backend', dfsp, '/spsp/backend/v1'),
    SCHEME_ADAPTER_URL: schemeAdapterUrl(options, dfsp),
    LEDGER_ADAPTER_URL: addresses.urlOf('ledger-adapter', dfsp, '/ilp/ledger/v1'),
    ILP_CONNECTOR_URL: addresses.urlOf('ilp-connector', dfsp),
    DFSP_LEDGER_URL: addresses.urlOf('dfsp-ledger', dfsp, '/ledger'),
    CENTRAL_DIRECTORY_KEY: dfsp,
    CENTRAL_DIRECTORY_SECRET: secrets.directory[dfsp],
    DFSP_API_CREDENTIALS: [`${dfsp}:${secrets.api[dfsp]}`, ...secrets.furtherApiCredentials[dfsp]].join(','),
    DFSP_API_ADMIN_CREDENTIALS: `admin:${secrets.admin}`,
    OPERATOR_CREDENTIALS: `admin:${secrets.admin}`,
    ...roleEnvironment(secrets, role, dfsp),
    ...ledgerAccount(secrets, role, dfsp),
    LEDGER_ADMIN_PASSWORD: secrets.admin,
    CENTRAL_LEDGER_NAME: dfsp,
    CENTRAL_LEDGER_PASSWORD: secrets.accountPassword(dfsp),
    TOKEN_SECRET: secrets.tokenSecret[dfsp],
    CLAIM_ACCOUNT,
    ...claimKeys(secrets, dfsp),
    RECEIVER_SECRET: secrets.receiverSecret[dfsp],
    SIGNING_KEY: secrets.signingKey[dfsp],
    SIGNING_KEY_ID: signingKeyId(dfsp),
    ILP_PREFIX: ilpPrefix(dfsp),
    CENTRAL_ILP_PREFIX: CENTRAL_PREFIX,
    ...options.environment,
    ...options.environmentAt?.[dfsp],
  };
}

/** Roles that call each role of the same place, from the tables of hops and callers. */
const CALLERS_OF: Partial<Record<RoleName, readonly RoleName[]>> = {
  'dfsp-api': ['spsp-backend', 'scheme-adapter'],
  'spsp-client-proxy': ['dfsp-api'],
  'spsp-client': ['spsp-client-proxy', 'scheme-adapter'],
  'spsp-server': ['scheme-adapter'],
  'spsp-backend': ['spsp-server'],
  'scheme-adapter': ['dfsp-api', 'spsp-client-proxy', 'spsp-server'],
  'ilp-connector': ['spsp-client'],
  'end-user-registry': ['central-directory'],
};

/** Own password of a role, and the credentials of its callers. */
function roleEnvironment(secrets: NetworkSecrets, role: RoleName, dfsp: DfspName | null): Record<string, string> {
  const callers = CALLERS_OF[role]?.map((caller) => `${caller}:${secrets.rolePassword(dfsp, caller)}`).join(',');
  const calls = Object.values(CALLERS_OF).some((names) => names.includes(role));
  return { ...(calls && { ROLE_PASSWORD: secrets.rolePassword(dfsp, role) }), ...(callers && { CALLERS: callers }) };
}

/** Rights of each role's own ledger account. */
export const SERVICE_RIGHTS: Partial<Record<RoleName, readonly Right[]>> = {
  'dfsp-api': [Right.Read, Right.Charge, Right.Void],
  'spsp-client': [Right.Authorize, Right.Subscribe],
  'spsp-client-proxy': [Right.Subscribe],
  'spsp-server': [Right.Reject, Right.Fulfil, Right.Subscribe],
};

/** Account and password by which a role uses its DFSP's ledger. */
function ledgerAccount(secrets: NetworkSecrets, role: RoleName, dfsp: DfspName): Record<string, string> {
  const account = (name: string, password: string) => ({ LEDGER_NAME: name, LEDGER_PASSWORD: password });
  if (role === 'ilp-connector') return account(connectorName(dfsp), secrets.accountPassword(connectorName(dfsp)));
  return rolesWithAccount().includes(role) ? account(role, secrets.roleAccountPassword(dfsp, role)) : {};
}

/** Roles that use their DFSP's ledger by an account of their own. */
export function rolesWithAccount(): RoleName[] {
  return Object.keys(SERVICE_RIGHTS) as RoleName[];
}

/** Every instance of a network: the centre and two DFSPs. */
export function planNetwork(options: PlanOptions): NetworkPlan {
  const addresses = new Addresses(options);
  const plan = (role: RoleName, dfsp: DfspName | null, environment: Record<string, string>): InstancePlan => ({
    role,
    dfsp,
    port: addresses.listeningPortOf(role, dfsp),
    baseUrl: addresses.urlOf(role, dfsp),
    environment,
  });
  const central = (Object.keys(CENTRAL_OFFSETS) as RoleName[]).map((role) =>
    plan(role, null, centralEnvironment(options, role)),
  );
  const dfsps = DFSPS.flatMap((dfsp) =>
    DFSP_ROLES.map((role) => plan(role, dfsp, dfspEnvironment(options, role, dfsp))),
  );
  return {
    portBase: options.portBase,
    ...(options.hostOf ? { hostOf: options.hostOf } : {}),
    ...(options.pathOf ? { pathOf: options.pathOf } : {}),
    pageUrl: `http://${HOST}:${options.portBase}`,
    instances: [...central, ...dfsps],
    secrets: options.secrets,
  };
}

/** `dfsp2/spsp-backend`, or the role alone in the centre. */
export function instanceName({ role, dfsp }: Pick<InstancePlan, 'role' | 'dfsp'>): string {
  return dfsp === null ? role : `${dfsp}/${role}`;
}

/** Finds an instance by its name. @throws StartupError with all names */
export function instanceNamed(plan: NetworkPlan, name: string): InstancePlan {
  const found = plan.instances.find((instance) => instanceName(instance) === name);
  if (found) return found;
  throw new StartupError(`there is no instance ${name}; there are ${plan.instances.map(instanceName).join(', ')}`);
}

/** An instance in `/topology`. */
export interface TopologyEntry {
  role: RoleName;
  dfsp: string | null;
  baseUrl: string;
  docsUrl: string;
}

export function topologyOf(plan: NetworkPlan): TopologyEntry[] {
  return plan.instances.map(({ role, dfsp, baseUrl }) => ({ role, dfsp, baseUrl, docsUrl: `${baseUrl}/docs` }));
}

/** Definitions by role, as each app exports its own; the console's too. */
export type RoleDefinitions = Record<ServiceName, RoleDefinition<any>>;
