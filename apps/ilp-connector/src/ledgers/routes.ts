import { accountOf, isUnderPrefix } from '@level-one/ilp';
import { CommonErrorId, commonError } from '@level-one/platform';
import { ConnectorErrorId, connectorError, notConnectedYet } from './connector-errors.js';

/** Another DFSP that can be reached through the central ledger. */
export interface Route {
  /** ILP prefix of its ledger. */
  prefix: string;
  /** Its account on the central ledger. */
  centralAccount: string;
}

/** A route that the central directory tells. */
export interface LearnedRoute extends Route {
  isSuspended: boolean;
}

export interface RoutesOptions {
  /** Whether further routes are told by {@link Routes.learn}. */
  learns?: boolean;
  /** Is told the network and ledger of an address without a route. */
  onMissing?: (ledger: string) => void;
}

/** When to ask again for a route to a DFSP that is suspended. */
const SUSPENDED_RETRY_S = 60;

/** Routes of a connector: those of its settings, and those that the central directory tells while it runs. */
export class Routes {
  private readonly fixed: readonly Route[];
  private learned: readonly LearnedRoute[] | undefined;

  /** @param text `levelone.dfsp2.=dfsp2,…`; these count more than those that are learned. */
  constructor(
    readonly ownPrefix: string,
    text = '',
    private readonly options: RoutesOptions = {},
  ) {
    const pairs = text === '' ? [] : text.split(',');
    this.fixed = pairs.map((pair) => {
      const [prefix = '', centralAccount = ''] = pair.split('=');
      return { prefix, centralAccount };
    });
    this.learned = options.learns ? undefined : [];
  }

  /** Replaces what was learned before. */
  learn(routes: readonly LearnedRoute[]): void {
    this.learned = routes;
  }

  /** Whether all routes are known; false until the central directory has told its own for the first time. */
  get areComplete(): boolean {
    return this.learned !== undefined;
  }

  isLocal(address: string): boolean {
    return isUnderPrefix(address, this.ownPrefix) && !this.longestMatch(address, this.ownPrefix.length);
  }

  /** The account that an address names on the own ledger; undefined when it is of another one. */
  ownAccount(address: string): string | undefined {
    return this.isLocal(address) ? accountOf(address, this.ownPrefix) : undefined;
  }

  /** Whether an account on the central ledger is another DFSP's that there is a route to. */
  isAccount(centralAccount: string): boolean {
    return this.all().some((route) => route.centralAccount === centralAccount && !isSuspended(route));
  }

  /**
   * The route to another DFSP's address; the longest prefix wins, the own ledger's included.
   * @throws ContractError 422 AssetsNotTradedError; 503 while not all routes are known, and for a suspended DFSP
   */
  routeTo(address: string): Route {
    if (this.isLocal(address)) throw notTraded(`${address} is an address of this connector's own ledger`);
    const route = this.longestMatch(address);
    if (route && !isSuspended(route)) return route;
    if (route) throw suspended(route);
    if (!this.areComplete) throw notConnectedYet('The central directory has not told the routes yet');
    this.options.onMissing?.(address.split('.').slice(0, 2).join('.'));
    const known = this.options.learns ? 'the central directory' : 'CONNECTOR_ROUTES';
    throw notTraded(`No route to ${address}: ${known} names no ledger that it is on`);
  }

  private all(): readonly Route[] {
    return [...this.fixed, ...(this.learned ?? [])];
  }

  /** Of two routes of the same prefix the one of the settings. */
  private longestMatch(address: string, longerThan = 0): Route | undefined {
    return this.all()
      .filter(({ prefix }) => prefix.length > longerThan && isUnderPrefix(address, prefix))
      .toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
  }
}

function isSuspended(route: Route): boolean {
  return 'isSuspended' in route && (route as LearnedRoute).isSuspended;
}

function suspended({ centralAccount }: Route): Error {
  const message = `${centralAccount} is suspended`;
  return commonError(CommonErrorId.ServiceUnavailable, { message, retryAfterS: SUSPENDED_RETRY_S });
}

function notTraded(message: string): Error {
  return connectorError(ConnectorErrorId.AssetsNotTraded, { message });
}
