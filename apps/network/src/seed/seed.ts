import { ContractError } from '@level-one/errors';
import { type AccountChanges, CentralDirectoryClient, LedgerClient, PeerHttp, SigningKey } from '@level-one/peers';
import { basicAuthorization } from '@level-one/platform';
import { AccountType, Right } from '@level-one/transfer';
import { demoAmount, unitAt } from './demo-amounts.js';
import {
  CONNECTOR_FLOOR,
  DEMO_PEOPLE,
  type DemoPerson,
  EXAMPLE_INVOICE,
  FEE_ACCOUNTS,
  SECOND_ADMIN,
  seedTariff,
} from './demo-people.js';
import {
  CLAIM_ACCOUNT,
  connectorName,
  type DfspName,
  DFSPS,
  type InstancePlan,
  type NetworkPlan,
  providerUrl,
  rolesWithAccount,
  schemeAdapterUrl,
  SERVICE_RIGHTS,
  signingKeyId,
} from '../plan/topology.js';

/** Statuses of a route that is not served: not found, method not allowed, not implemented. */
const NOT_SERVED: ReadonlySet<number> = new Set([404, 405, 501]);

/** Registers DFSPs, accounts and people in a network, by the routes that an operator uses. */
export class Seed {
  constructor(
    private readonly http: PeerHttp,
    private readonly plan: NetworkPlan,
    /** Instances that are not started here: other systems replace them. */
    private readonly except: readonly InstancePlan[] = [],
  ) {}

  /** Runs at every start: what exists already is left unchanged, but for addresses: the plan says where DFSPs are now. */
  async seedNetwork(): Promise<void> {
    for (const dfsp of DFSPS) await this.registerDfsp(dfsp);
    await Promise.all([this.openCentralAccounts(), ...DFSPS.map((dfsp) => this.openAccountsOf(dfsp))]);
    // The order counts: the first DFSP that registers a number is its primary one.
    for (const person of DEMO_PEOPLE) await this.registerPerson(person);
    if (!this.plan.secrets.demo) return;
    await this.issueExampleInvoice();
    await this.setTariffs();
  }

  private async registerDfsp(dfsp: DfspName): Promise<void> {
    const { secrets } = this.plan;
    const directory = this.directoryClient(basicAuthorization('admin', secrets.admin));
    const urls = {
      providerUrl: providerUrl(this.plan, dfsp),
      schemeAdapterUrl: schemeAdapterUrl(this.plan, dfsp),
    };
    const name = `DFSP ${dfsp.replace('dfsp', '')}`;
    const made = { name, shortName: dfsp, ...urls, key: dfsp, secret: secrets.directory[dfsp] };
    await unlessThere(() => directory.register(made));
    const known = (await directory.dfsps()).find(({ shortName }) => shortName === dfsp);
    const isElsewhere = known?.providerUrl !== urls.providerUrl || known.schemeAdapterUrl !== urls.schemeAdapterUrl;
    if (known && isElsewhere) await directory.changeDfsp(dfsp, urls);
    const { keyId, publicKey } = SigningKey.of(signingKeyId(dfsp), secrets.signingKey[dfsp]);
    await unlessThere(() => directory.addKey(dfsp, { keyId, publicKey }));
  }

  private async openCentralAccounts(): Promise<void> {
    const ledger = this.ledgerClient('central-ledger', null, '');
    for (const dfsp of DFSPS)
      await this.openAccount(ledger, dfsp, {
        minimum_allowed_balance: this.floorAt(null),
        accountType: AccountType.Dfsp,
      });
    await this.openForClaims(ledger, null);
  }

  private async openAccountsOf(dfsp: DfspName): Promise<void> {
    const ledger = this.ledgerClient('dfsp-ledger', dfsp, '/ledger');
    await this.openAccount(ledger, connectorName(dfsp), {
      minimum_allowed_balance: this.floorAt(dfsp),
      accountType: AccountType.Connector,
    });
    for (const [name, { accountType, isInDebt }] of Object.entries(FEE_ACCOUNTS)) {
      const floor = isInDebt ? { minimum_allowed_balance: this.floorAt(dfsp) } : {};
      await this.openAccount(ledger, name, { accountType, ...floor }, { login: false });
    }
    await this.openForClaims(ledger, dfsp);
    for (const { account, balance } of DEMO_PEOPLE.filter((person) => person.dfsp === dfsp)) {
      const opening = demoAmount(balance, unitAt(this.plan, dfsp));
      await this.openAccount(ledger, account, {
        balance: opening,
        accountType: AccountType.MobileWallet,
        direct_use: false,
      });
    }
    // Existing accounts too: in an older network they have other rights, or none.
    for (const role of rolesWithAccount()) {
      const password = this.plan.secrets.roleAccountPassword(dfsp, role);
      await ledger.putAccount(role, {
        rights: [...(SERVICE_RIGHTS[role] ?? [])],
        accountType: AccountType.Role,
        password,
      });
    }
  }

  /** The account that pays late claims, and a second administrator, because one alone approves none. */
  private async openForClaims(ledger: LedgerClient, dfsp: DfspName | null): Promise<void> {
    const claims = { minimum_allowed_balance: this.floorAt(dfsp), accountType: AccountType.Settlement };
    await this.openAccount(ledger, CLAIM_ACCOUNT, claims, { login: false });
    await this.openAccount(ledger, SECOND_ADMIN, { rights: [Right.Admin], accountType: AccountType.Role });
  }

  private floorAt(dfsp: DfspName | null): string {
    return demoAmount(CONNECTOR_FLOOR, unitAt(this.plan, dfsp));
  }

  private async openAccount(
    ledger: LedgerClient,
    name: string,
    account: AccountChanges,
    { login = true }: { login?: boolean } = {},
  ): Promise<void> {
    try {
      await ledger.account(name);
    } catch (error) {
      if (!(error instanceof ContractError) || error.status !== 404) throw error;
      await ledger.putAccount(name, {
        ...account,
        ...(login ? { password: this.plan.secrets.accountPassword(name) } : {}),
      });
    }
  }

  private async registerPerson(person: DemoPerson): Promise<void> {
    const { secrets } = this.plan;
    const { number, account, firstName, lastName, isMerchant, dfsp } = person;
    await this.setUpAt(dfsp, `PUT /customers/${number}`, basicAuthorization(dfsp, secrets.api[dfsp]), {
      firstName,
      lastName,
      name: `${firstName} ${lastName}`,
      imageUrl: `https://images.example/${account}.png`,
      isMerchant,
      accounts: [{ name: account, type: 'mWallet', isPrimary: true }],
    });
    for (const holder of [dfsp, ...(person.alsoAt ?? [])]) {
      const directory = this.directoryClient(basicAuthorization(holder, secrets.directory[holder]));
      await unlessThere(() => directory.registerResource({ identifier: `eur:${number}` }));
    }
  }

  /**
   * Issues the invoice that examples in Swagger pay: a product, so that no client is notified and it can always be
   * paid.
   */
  private async issueExampleInvoice(): Promise<void> {
    const amount = demoAmount(EXAMPLE_INVOICE.amount, unitAt(this.plan, 'dfsp2'));
    const channel = basicAuthorization('dfsp2', this.plan.secrets.api.dfsp2);
    await unlessThere(() => this.setUpAt('dfsp2', 'POST /merchantInvoice', channel, { ...EXAMPLE_INVOICE, amount }));
  }

  /** Adds the fee rules of the second seed's pair (ruling 19), unless they exist. */
  private async setTariffs(): Promise<void> {
    for (const dfsp of DFSPS) {
      const rules = seedTariff(dfsp, unitAt(this.plan, dfsp));
      const known = await this.rulesOf(dfsp, 'GET');
      const added = rules.filter((rule) => !known.rules?.some((one) => one.name === rule.name && !isBare(one, rule)));
      if (added.length > 0) await this.rulesOf(dfsp, 'POST', { rules: added });
    }
  }

  private async rulesOf(dfsp: DfspName, method: 'GET' | 'POST', json?: object): Promise<{ rules?: KnownRule[] }> {
    const admin = basicAuthorization('admin', this.plan.secrets.admin);
    return (await this.setUpAt<{ rules?: KnownRule[] }>(dfsp, `${method} /feeRules`, admin, json)) ?? {};
  }

  /**
   * Calls a route of this DFSP API that no payment needs. A replacement may get customers and tariff by other means and
   * not serve the route: then nothing is set up there, and this answers undefined.
   */
  private async setUpAt<T>(dfsp: DfspName, call: string, authorization: string, json?: object): Promise<T | undefined> {
    const [method, path] = call.split(' ') as ['GET' | 'POST' | 'PUT', string];
    const answer = await this.http.request('support-origins', {
      baseUrl: `${this.urlOf('dfsp-api', dfsp)}/v1`,
      path,
      method,
      authorization,
      ...(json === undefined ? {} : { json }),
      to: 'dfsp-api',
    });
    const isOfAnother = this.except.some((one) => one.role === 'dfsp-api' && one.dfsp === dfsp);
    if (isOfAnother && NOT_SERVED.has(answer.status)) return undefined;
    return this.http.success('support-origins', answer).json as T;
  }

  private directoryClient(authorization: string): CentralDirectoryClient {
    return new CentralDirectoryClient(this.http, this.urlOf('central-directory', null), authorization);
  }

  private ledgerClient(role: 'central-ledger' | 'dfsp-ledger', dfsp: DfspName | null, path: string): LedgerClient {
    const baseUrl = this.urlOf(role, dfsp) + path;
    return new LedgerClient(this.http, { role, baseUrl, name: 'admin', password: this.plan.secrets.admin });
  }

  private urlOf(role: string, dfsp: DfspName | null): string {
    const instance = this.plan.instances.find((one) => one.role === role && one.dfsp === dfsp);
    if (!instance) throw new Error(`no ${role} in the plan`);
    return instance.baseUrl;
  }
}

async function unlessThere(create: () => Promise<unknown>): Promise<void> {
  try {
    await create();
  } catch (error) {
    if (!(error instanceof ContractError) || error.id !== 'AlreadyExistsError') throw error;
  }
}

interface KnownRule {
  name: string;
  version?: number;
  payerFeeCredit?: string;
}

/** Whether a rule is from an older seed, without its payerFeeCredit. */
function isBare(known: KnownRule, { payerFeeCredit }: Readonly<Record<string, unknown>>): boolean {
  return known.version === 1 && payerFeeCredit !== undefined && known.payerFeeCredit === undefined;
}
