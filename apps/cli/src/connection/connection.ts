import { credentialPairs, settingsFromEnvironment, StartupError } from '@level-one/platform';
import { demoPlan } from '../../../network/src/plan/demo-plan.js';
import { DFSPS } from '../../../network/src/plan/dfsps.js';
import { demoSecrets } from '../../../network/src/plan/secrets.js';
import { RoleCaller } from '../../../network/src/role-reader.js';
import { DEMO_PEOPLE, type DemoPerson } from '../../../network/src/seed/demo-people.js';
import { WrongUseError } from '../exit-codes.js';
import { CONNECTION_OPTIONS, optionName } from './connection-options.js';
import { ConnectionSettings } from './connection.settings.js';
import type { Environment } from './environment.js';

type Addresses = Pick<
  ConnectionSettings,
  'dfspApiUrl' | 'dfspLedgerUrl' | 'centralLedgerUrl' | 'centralDirectoryUrl' | 'consoleUrl'
>;
type Needed = keyof typeof CONNECTION_OPTIONS;

/** Reads settings of a command. @throws WrongUseError with every wrong one */
export function settingsOfCommand<S extends object>(settingsClass: new () => S, environment: Environment): S {
  try {
    return settingsFromEnvironment(settingsClass, environment);
  } catch (error) {
    if (error instanceof StartupError) throw new WrongUseError(error.message);
    throw error;
  }
}

/** The roles of a network that commands call: of the demo network, or those whose URLs are given. */
export class Connection {
  private readonly settings: ConnectionSettings;

  /** @throws WrongUseError for a wrong setting */
  constructor(environment: Environment) {
    this.settings = settingsOfCommand(ConnectionSettings, environment);
  }

  /** Whether the demo network of this machine is meant: no URL is given. */
  get isDemo(): boolean {
    const { dfspApiUrl, dfspLedgerUrl, centralLedgerUrl, centralDirectoryUrl, consoleUrl } = this.settings;
    return [dfspApiUrl, dfspLedgerUrl, centralLedgerUrl, centralDirectoryUrl, consoleUrl].every((url) => !url);
  }

  /** Page of the demo network, or the console. */
  get pageUrl(): string {
    return this.settings.consoleUrl ?? `http://127.0.0.1:${this.settings.portBase}`;
  }

  /** Names of the DFSPs that can be asked. */
  get dfsps(): readonly string[] {
    const { dfsp } = this.settings;
    if (!this.isDemo) return [dfsp ?? 'dfsp'];
    if (dfsp === undefined) return DFSPS;
    if (!(DFSPS as readonly string[]).includes(dfsp)) {
      throw new WrongUseError(`the demo network has no DFSP ${dfsp}; it has ${DFSPS.join(' and ')}`);
    }
    return [dfsp];
  }

  /** A demo person by number; undefined in any other network. */
  demoPerson(number: string): DemoPerson | undefined {
    return this.isDemo ? DEMO_PEOPLE.find((person) => person.number === number) : undefined;
  }

  /** Number of a demo person by account. @throws WrongUseError where the option has to be given */
  numberOf(account: string, option: string): string {
    const person = DEMO_PEOPLE.find((one) => one.account === account);
    if (!this.isDemo || !person) throw new WrongUseError(`${option} is missing; only the demo network has a default`);
    return person.number;
  }

  /** The DFSP API where a number is a customer, as its channel. */
  apiOf(number?: string): RoleCaller {
    const { dfsp } = this.settings;
    const home = number === undefined ? undefined : this.demoPerson(number)?.dfsp;
    return this.api(dfsp === undefined && home !== undefined ? home : this.dfsps[0]!);
  }

  /** A DFSP's API as its channel. */
  api(dfsp: string): RoleCaller {
    const demo = (): RoleCaller => this.caller(this.demoAddresses(dfsp).dfspApiUrl, `${dfsp}:${dfsp}`);
    return this.isDemo ? demo() : this.given('dfspApiUrl', 'dfspApiCredentials');
  }

  /** A DFSP's ledger as its administrator. */
  ledger(dfsp: string): RoleCaller {
    return this.asOperator('dfspLedgerUrl', dfsp);
  }

  centralLedger(): RoleCaller {
    return this.asOperator('centralLedgerUrl');
  }

  centralDirectory(): RoleCaller {
    return this.asOperator('centralDirectoryUrl');
  }

  console(): RoleCaller {
    return this.asOperator('consoleUrl');
  }

  /** Whether a role can be asked: always in the demo network. */
  has(role: keyof Addresses): boolean {
    return this.isDemo || this.settings[role] !== undefined;
  }

  private asOperator(role: keyof Addresses, dfsp?: string): RoleCaller {
    if (!this.isDemo) return this.given(role, 'operatorCredentials');
    return this.caller(this.demoAddresses(dfsp ?? DFSPS[0])[role], `admin:${demoSecrets().admin}`);
  }

  private demoAddresses(dfsp: string): Addresses {
    const api = demoPlan(this.settings.portBase).instances.find((one) => one.role === 'dfsp-api' && one.dfsp === dfsp);
    const value = (name: string): string | undefined => api?.environment[name];
    return {
      dfspApiUrl: value('DFSP_API_URL'),
      dfspLedgerUrl: value('DFSP_LEDGER_URL'),
      centralLedgerUrl: value('CENTRAL_LEDGER_URL'),
      centralDirectoryUrl: value('CENTRAL_DIRECTORY_URL'),
      consoleUrl: this.pageUrl,
    };
  }

  /** @throws WrongUseError if URL or credentials are not given */
  private given(role: keyof Addresses, credentials: 'dfspApiCredentials' | 'operatorCredentials'): RoleCaller {
    const missing = [role, credentials].filter((name) => this.settings[name] === undefined);
    if (missing.length > 0) {
      const names = missing.map((name) => `--${optionName(CONNECTION_OPTIONS[name as Needed])}`).join(' and ');
      throw new WrongUseError(`this command needs ${names}, or the same in the environment or the file of settings`);
    }
    return this.caller(this.settings[role], this.settings[credentials] ?? '');
  }

  private caller(url: string | undefined, credentials: string): RoleCaller {
    const [login] = credentialPairs(credentials);
    return new RoleCaller({ baseUrl: (url ?? '').replace(/\/+$/, ''), ...login! });
  }
}
