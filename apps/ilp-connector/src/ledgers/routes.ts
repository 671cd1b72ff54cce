import { accountOf, isUnderPrefix } from '@level-one/ilp';
import { ConnectorErrorId, connectorError } from './connector-errors.js';

/** Another DFSP that can be reached through the central ledger. */
export interface Route {
  /** ILP prefix of its ledger. */
  prefix: string;
  /** Its account on the central ledger. */
  centralAccount: string;
}

/** Static routes of a connector. */
export class Routes {
  private readonly routes: readonly Route[];

  /**
   * @param text `levelone.dfsp2.=dfsp2,…`
   * @param onMissing is told the network and ledger of an address without a route.
   */
  constructor(
    readonly ownPrefix: string,
    text: string,
    private readonly onMissing: (ledger: string) => void = () => undefined,
  ) {
    this.routes = text.split(',').map((pair) => {
      const [prefix = '', centralAccount = ''] = pair.split('=');
      return { prefix, centralAccount };
    });
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
    return this.routes.some((route) => route.centralAccount === centralAccount);
  }

  /**
   * The route to another DFSP's address; the longest prefix wins, the own ledger's included.
   * @throws ContractError 422 AssetsNotTradedError
   */
  routeTo(address: string): Route {
    if (this.isLocal(address)) throw notTraded(`${address} is an address of this connector's own ledger`);
    const route = this.longestMatch(address);
    if (route) return route;
    this.onMissing(address.split('.').slice(0, 2).join('.'));
    throw notTraded(`No route to ${address}: CONNECTOR_ROUTES names no ledger that it is on`);
  }

  private longestMatch(address: string, longerThan = 0): Route | undefined {
    return this.routes
      .filter(({ prefix }) => prefix.length > longerThan && isUnderPrefix(address, prefix))
      .toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
  }
}

function notTraded(message: string): Error {
  return connectorError(ConnectorErrorId.AssetsNotTraded, { message });
}
