import { isIlpAddress } from '@level-one/ilp';
import { formatAmount, mulDivRound, readAmount } from '@level-one/money';
import type { ConnectorQuoteDto } from '@level-one/peers';
import { ConnectorErrorId, connectorError } from '../ledgers/connector-errors.js';
import type { Exchange, LedgerUnit } from '../ledgers/exchange.js';
import type { Route, Routes } from '../ledgers/routes.js';

/** Query of `GET /quote`, as it came. */
export type QuoteQuery = Record<string, unknown>;

export interface QuoteTerms {
  routes: Routes;
  /** ILP address of the connector on its DFSP's ledger. */
  connectorAddress: string;
  exchange: Exchange;
  /** Minor units of the DFSP's ledger. */
  liquidity: bigint;
  minMessageWindowS: number;
  maxHoldTimeS: number;
  /** Amounts that other DFSPs deliver. */
  market: Market;
}

/** Amount that arrives at another DFSP. */
export interface Delivery {
  /** Amount that this takes at the centre, in minor units there. */
  central: bigint;
  /** Decimal text in the payee's currency. */
  destination: string;
  /** Of the payee's ledger, where it is known. */
  unit: Pick<LedgerUnit, 'currency' | 'scale'> | undefined;
}

/** Where a payment goes, and how long money is held for it at the centre. */
export interface Destination {
  route: Route;
  address: string;
  /** Seconds. */
  expiry: number;
}

/** Conversion of an amount at the centre on its way to another DFSP's ledger. */
export interface Market {
  /** @param central minor units there. @throws ContractError */
  bySource(to: Destination, central: bigint): Promise<Delivery>;
  /** @param destination decimal text in the payee's currency. @throws ContractError */
  byDestination(to: Destination, destination: string): Promise<Delivery>;
}

const DEFAULT_DESTINATION_EXPIRY_S = 5;
/** Decimals with which a requested amount is read, before it is rounded to a ledger's scale. */
const ASKED_SCALE = 18;
const ASKED_PRECISION = 40;

export function textIn(query: QuoteQuery, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  // Messages may carry numbers (contract 0.3).
  if (typeof value === 'number') return String(value);
  throw connectorError(ConnectorErrorId.InvalidUriParameter, { message: `${name} may be given once` });
}

export function addressIn(query: QuoteQuery, name: string): string {
  const value = textIn(query, name);
  if (value === undefined || !isIlpAddress(value)) {
    throw connectorError(ConnectorErrorId.InvalidUriParameter, { message: `${name} must be an ILP address` });
  }
  return value;
}

function seconds(query: QuoteQuery, name: string): number | undefined {
  const value = textIn(query, name);
  if (value === undefined) return undefined;
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(value)) {
    throw connectorError(ConnectorErrorId.InvalidUriParameter, { message: `${name} must be a number of seconds` });
  }
  return Number(value);
}

/** Reads an amount of any scale and rounds it to `scale`; in minor units of that. @throws ContractError 400, 422 */
export function roundedAmount(name: string, value: string, scale: number, mode: 'up' | 'down'): bigint {
  const unit = { scale: ASKED_SCALE, precision: ASKED_PRECISION };
  const asked = readAmount(value, unit, ({ reason }) =>
    reason === 'scale' || reason === 'precision'
      ? connectorError(ConnectorErrorId.UnacceptableAmount)
      : connectorError(ConnectorErrorId.InvalidAmountSpecified, { message: `${name} must be finite and positive` }),
  );
  return mulDivRound(asked, 1n, 10n ** BigInt(ASKED_SCALE - scale), mode);
}

/** Requested form of the amount that arrives. */
interface AskedForm {
  /** Fewer decimals than the payee's ledger has. */
  scale: number;
  /** Most digits without the point. */
  precision: number;
}

function askedForm(query: QuoteQuery): AskedForm | undefined {
  const [precision, asked] = [textIn(query, 'destination_precision'), textIn(query, 'destination_scale')];
  if ((precision === undefined) !== (asked === undefined)) {
    throw connectorError(ConnectorErrorId.InvalidUriParameter, {
      message: 'destination_precision and destination_scale go together',
    });
  }
  if (asked === undefined) return undefined;
  if (!/^\d{1,2}$/.test(asked) || !/^\d{1,2}$/.test(precision ?? '')) {
    throw connectorError(ConnectorErrorId.InvalidUriParameter, {
      message: 'destination_precision and destination_scale must be whole numbers',
    });
  }
  return { scale: Math.min(ASKED_SCALE, Number(asked)), precision: Number(precision) };
}

/** A request: exactly one of the two amounts. */
interface Asked {
  side: 'source' | 'destination';
  amount: string;
  form: AskedForm | undefined;
}

function askedIn(query: QuoteQuery): Asked {
  const source = textIn(query, 'source_amount');
  const destination = textIn(query, 'destination_amount');
  if (source !== undefined && destination !== undefined) {
    throw connectorError(ConnectorErrorId.InvalidUriParameter, {
      message: 'Exactly one of source_amount or destination_amount must be specified',
    });
  }
  const form = askedForm(query);
  const amount = source ?? destination;
  if (amount === undefined) throw connectorError(ConnectorErrorId.NoAmountSpecified);
  const side = source === undefined ? 'destination' : 'source';
  // Whatever it is rounded to, it has to be an amount at all.
  roundedAmount(`${side}_amount`, amount, ASKED_SCALE, 'up');
  return { side, amount, form };
}

/** @throws ContractError 422 UnacceptableAmountError */
function assertAcceptable(own: bigint, { exchange, liquidity }: QuoteTerms): void {
  const isTooLong = own >= 10n ** BigInt(exchange.own.precision);
  if (own <= 0n || isTooLong || own > liquidity) throw connectorError(ConnectorErrorId.UnacceptableAmount);
}

/** Amount that must come in, in minor units of the own ledger, and amount that arrives. */
async function priced(asked: Asked, to: Destination, terms: QuoteTerms) {
  const { exchange, market } = terms;
  if (asked.side === 'destination') {
    const destination = rounded(asked.amount, asked.form, 'up');
    const delivery = await market.byDestination(to, destination);
    return { source: exchange.ownFor(delivery.central), delivery };
  }
  const source = roundedAmount('source_amount', asked.amount, exchange.own.scale, 'down');
  assertAcceptable(source, terms);
  const delivery = await market.bySource(to, exchange.toCentral(source));
  if (asked.form === undefined) return { source, delivery };
  // A rest below the payee's finer units need not be sent.
  const destination = rounded(delivery.destination, asked.form, 'down');
  const coarser = await market.byDestination(to, destination);
  return { source: exchange.ownFor(coarser.central), delivery: coarser };
}

/** @throws ContractError 422 UnacceptableAmountError when nothing is left, or more digits than asked for */
function rounded(amount: string, form: AskedForm | undefined, mode: 'up' | 'down'): string {
  if (form === undefined) return amount;
  const { scale, precision } = form;
  const units = roundedAmount('destination_amount', amount, scale, mode);
  if (units === 0n || units >= 10n ** BigInt(precision)) throw connectorError(ConnectorErrorId.UnacceptableAmount);
  return formatAmount(units, scale);
}

/** Seconds that money is held: at the source, and where it goes. @throws ContractError 422 */
export function expiries(
  query: QuoteQuery,
  { minMessageWindowS, maxHoldTimeS }: Pick<QuoteTerms, 'minMessageWindowS' | 'maxHoldTimeS'>,
): [source: number, destination: number] {
  const source = seconds(query, 'source_expiry_duration');
  const destination =
    seconds(query, 'destination_expiry_duration') ??
    (source === undefined ? DEFAULT_DESTINATION_EXPIRY_S : source - minMessageWindowS);
  const offered = source ?? destination + minMessageWindowS;
  if (destination > maxHoldTimeS || destination <= 0 || offered - destination < minMessageWindowS) {
    throw connectorError(ConnectorErrorId.UnacceptableExpiry);
  }
  return [toMilliseconds(offered), toMilliseconds(destination)];
}

/** Seconds are given to the millisecond. */
function toMilliseconds(duration: number): number {
  return Math.round(duration * 1_000) / 1_000;
}

/**
 * Offers to forward an amount to another DFSP (row 25): durations in seconds, amounts in the decimals of their ledger,
 * all strings.
 * @throws ContractError 400, 422 of {@link ConnectorErrorId}; 502
 */
export async function offerQuote(query: QuoteQuery, terms: QuoteTerms): Promise<ConnectorQuoteDto> {
  const { routes, exchange } = terms;
  const from = addressIn(query, 'source_address');
  const to = addressIn(query, 'destination_address');
  const asked = askedIn(query);
  const [sourceExpiry, destinationExpiry] = expiries(query, terms);
  if (!routes.isLocal(from)) {
    const message = `${from} is no address of this connector's own ledger`;
    throw connectorError(ConnectorErrorId.AssetsNotTraded, { message });
  }
  const route = routes.routeTo(to);
  const { source, delivery } = await priced(asked, { route, address: to, expiry: destinationExpiry }, terms);
  assertAcceptable(source, terms);
  const { destination, unit } = delivery;
  return {
    source_connector_account: terms.connectorAddress,
    source_ledger: routes.ownPrefix,
    source_amount: formatAmount(source, exchange.own.scale),
    source_expiry_duration: String(sourceExpiry),
    destination_ledger: route.prefix,
    destination_amount: destination,
    destination_expiry_duration: String(destinationExpiry),
    ...(unit === undefined ? {} : { destination_currency: unit.currency, destination_scale: unit.scale }),
  };
}
