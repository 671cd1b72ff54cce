import { Injectable } from '@nestjs/common';
import { joinAddress } from '@level-one/ilp';
import { formatAmount, mulDivRound, parseAmount } from '@level-one/money';
import type { ConnectorQuoteDto } from '@level-one/peers';
import { ConnectorErrorId, connectorError } from '../ledgers/connector-errors.js';
import { addressIn, expiries, offerQuote, type QuoteQuery, roundedAmount, textIn } from './connector-quote.js';
import type { LedgerUnit } from '../ledgers/exchange.js';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { LearnedRoutes } from '../ledgers/learned-routes.js';
import { LedgerUnits } from '../ledgers/ledger-units.js';
import { OneToOneMarket } from './markets.js';
import { Payees } from '../ledgers/payees.js';
import { RemoteMarket } from './remote-market.js';
import { Routes } from '../ledgers/routes.js';

/** Offers of this connector to its own DFSP, and to other DFSPs' connectors. */
@Injectable()
export class QuoteOffers {
  constructor(
    private readonly settings: IlpConnectorSettings,
    private readonly routes: Routes,
    private readonly learned: LearnedRoutes,
    private readonly units: LedgerUnits,
    private readonly payees: Payees,
    private readonly remote: RemoteMarket,
  ) {}

  /** To forward a payment of the own DFSP's client (row 25). @throws ContractError 400, 422; 502 */
  outwards(query: QuoteQuery): Promise<ConnectorQuoteDto> {
    const { exchange } = this.units;
    const { ilpPrefix, ledgerName, minMessageWindowS, maxHoldTimeS, remoteQuotes } = this.settings;
    const terms = {
      routes: this.routes,
      connectorAddress: joinAddress(ilpPrefix, ledgerName),
      exchange,
      liquidity: liquidityOf(this.settings, exchange.own),
      minMessageWindowS,
      maxHoldTimeS,
      market: remoteQuotes ? this.remote : new OneToOneMarket(() => exchange.central),
    };
    return this.learned.withRoutes(() => offerQuote(query, terms));
  }

  /**
   * To deliver what another DFSP's connector sends over the centre: source amounts are the central ledger's, destination
   * amounts the own one's. @throws ContractError 400, 422
   */
  async inwards(query: QuoteQuery): Promise<ConnectorQuoteDto> {
    const { exchange } = this.units;
    const { ilpPrefix, centralIlpPrefix, centralLedgerName } = this.settings;
    await this.assertPayee(addressIn(query, 'destination_address'));
    const [sourceExpiry, destinationExpiry] = expiries(query, this.settings);
    const { central, own } = this.crossing(query);
    return {
      source_connector_account: joinAddress(centralIlpPrefix, centralLedgerName),
      source_ledger: centralIlpPrefix,
      source_amount: formatAmount(central, exchange.central.scale),
      source_expiry_duration: String(sourceExpiry),
      destination_ledger: ilpPrefix,
      destination_amount: formatAmount(own, exchange.own.scale),
      destination_expiry_duration: String(destinationExpiry),
      destination_currency: exchange.own.currency,
      destination_scale: exchange.own.scale,
    };
  }

  /** @throws ContractError 422 AssetsNotTradedError for an address that nothing is delivered to */
  async assertPayee(address: string): Promise<void> {
    const account = this.routes.ownAccount(address);
    if (account === undefined || !(await this.payees.hasPayee(account))) {
      const message = `No payments are delivered to ${address}`;
      throw connectorError(ConnectorErrorId.AssetsNotTraded, { message });
    }
  }

  private crossing(query: QuoteQuery): { central: bigint; own: bigint } {
    const { exchange } = this.units;
    const source = textIn(query, 'source_amount');
    const destination = textIn(query, 'destination_amount');
    if ((source === undefined) === (destination === undefined)) {
      throw connectorError(ConnectorErrorId.NoAmountSpecified);
    }
    const crossing =
      source === undefined
        ? this.byOwn(roundedAmount('destination_amount', destination!, exchange.own.scale, 'up'))
        : this.byCentral(roundedAmount('source_amount', source, exchange.central.scale, 'down'));
    const { own, central } = crossing;
    const isTooLong = isBeyond(own, exchange.own) || isBeyond(central, exchange.central);
    const isTooMuch = own > liquidityOf(this.settings, exchange.own);
    if (own <= 0n || central <= 0n || isTooLong || isTooMuch) throw connectorError(ConnectorErrorId.UnacceptableAmount);
    return crossing;
  }

  private byOwn(own: bigint) {
    return { own, central: this.units.exchange.centralFor(own) };
  }

  private byCentral(central: bigint) {
    return { own: this.units.exchange.fromCentral(central), central };
  }
}

function isBeyond(amount: bigint, { precision }: LedgerUnit): boolean {
  return amount >= 10n ** BigInt(precision);
}

const LIQUIDITY = { scale: 18, precision: 40, allowZero: true };

/** Largest amount of one payment: minor units of the own ledger; fractions are cut off. */
export function liquidityOf({ liquidity }: IlpConnectorSettings, { scale }: LedgerUnit): bigint {
  return mulDivRound(parseAmount(liquidity, LIQUIDITY), 1n, 10n ** BigInt(LIQUIDITY.scale - scale), 'down');
}
