import { isIlpAddress } from '@level-one/ilp';
import { AmountError, formatAmount, mulDivRound, parseAmount } from '@level-one/money';
import type { ConnectorQuoteDto } from '@level-one/peers';
import { ConnectorErrorId, connectorError } from './connector-errors.js';
import type { Routes } from './routes.js';

/** Query of `GET /quote`, as it came. */
export type QuoteQuery = Record<string, unknown>;

export interface QuoteTerms {
  routes: Routes;
  /** ILP address of the connector on its DFSP's ledger. */
  connectorAddress: string;
  scale: number;
  /** Minor units. */
  liquidity: bigint;
  minMessageWindowS: number;
  maxHoldTimeS: number;
}

const DEFAULT_DESTINATION_EXPIRY_S = 5;
const PRECISION = 10;
/** Enough to read whatever somebody asks before it is rounded to the ledger's scale. */
const ASKED_SCALE = 18;
const ASKED_PRECISION = 40;

function text(query: QuoteQuery, name: string): string | undefined {
  const value = query[name];
  if (value === undefined || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw connectorError(ConnectorErrorId.InvalidUriParameter, { message: `${name} may be given once` });
}

function address(query: QuoteQuery, name: string): string {
  const value = text(query, name);
  if (value === undefined || !isIlpAddress(value)) {
    throw connectorError(ConnectorErrorId.InvalidUriParameter, { message: `${name} must be an ILP address` });
  }
  return value;
}

function seconds(query: QuoteQuery, name: string): number | undefined {
  const value = text(query, name);
  if (value === undefined) return undefined;
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(value)) {
    throw connectorError(ConnectorErrorId.InvalidUriParameter, { message: `${name} must be a number of seconds` });
  }
  return Number(value);
}

/** Reads an amount of any scale and rounds it to the ledger's. */
function amount(name: string, value: string, scale: number, mode: 'up' | 'down'): bigint {
  try {
    const asked = parseAmount(value, { scale: ASKED_SCALE, precision: ASKED_PRECISION });
    return mulDivRound(asked, 1n, 10n ** BigInt(ASKED_SCALE - scale), mode);
  } catch (error) {
    if (!(error instanceof AmountError)) throw error;
    throw error.reason === 'scale' || error.reason === 'precision'
      ? connectorError(ConnectorErrorId.UnacceptableAmount)
      : connectorError(ConnectorErrorId.InvalidAmountSpecified, { message: `${name} must be finite and positive` });
  }
}

function destinationScale(query: QuoteQuery, scale: number): number {
  const [precision, asked] = [text(query, 'destination_precision'), text(query, 'destination_scale')];
  if ((precision === undefined) !== (asked === undefined)) {
    throw connectorError(ConnectorErrorId.InvalidUriParameter, {
      message: 'destination_precision and destination_scale go together',
    });
  }
  if (asked === undefined) return scale;
  if (!/^\d{1,2}$/.test(asked) || !/^\d{1,2}$/.test(precision ?? '')) {
    throw connectorError(ConnectorErrorId.InvalidUriParameter, {
      message: 'destination_precision and destination_scale must be whole numbers',
    });
  }
  return Math.min(scale, Number(asked));
}

/** The amount that moves, in minor units: one to one, never more out than in. */
function amountOf(query: QuoteQuery, terms: QuoteTerms): bigint {
  const source = text(query, 'source_amount');
  const destination = text(query, 'destination_amount');
  if (source !== undefined && destination !== undefined) {
    throw connectorError(ConnectorErrorId.InvalidUriParameter, {
      message: 'Exactly one of source_amount or destination_amount must be specified',
    });
  }
  const scale = destinationScale(query, terms.scale);
  const coarse = 10n ** BigInt(terms.scale - scale);
  const inCoarse =
    source !== undefined
      ? amount('source_amount', source, scale, 'down')
      : destination !== undefined
        ? amount('destination_amount', destination, scale, 'up')
        : undefined;
  if (inCoarse === undefined) throw connectorError(ConnectorErrorId.NoAmountSpecified);
  const moved = inCoarse * coarse;
  if (moved <= 0n || moved >= 10n ** BigInt(PRECISION) || moved > terms.liquidity) {
    throw connectorError(ConnectorErrorId.UnacceptableAmount);
  }
  return moved;
}

function expiries(
  query: QuoteQuery,
  { minMessageWindowS, maxHoldTimeS }: QuoteTerms,
): [source: number, destination: number] {
  const source = seconds(query, 'source_expiry_duration');
  const destination =
    seconds(query, 'destination_expiry_duration') ??
    (source === undefined ? DEFAULT_DESTINATION_EXPIRY_S : source - minMessageWindowS);
  const offered = source ?? destination + minMessageWindowS;
  if (destination > maxHoldTimeS || destination <= 0 || offered - destination < minMessageWindowS) {
    throw connectorError(ConnectorErrorId.UnacceptableExpiry);
  }
  return [offered, destination];
}

/**
 * Offers to forward an amount to another DFSP (row 25): durations in seconds, amounts in two decimals, all strings.
 * @throws ContractError 400, 422 of {@link ConnectorErrorId}
 */
export function offerQuote(query: QuoteQuery, terms: QuoteTerms): ConnectorQuoteDto {
  const source = address(query, 'source_address');
  const destination = address(query, 'destination_address');
  const moved = formatAmount(amountOf(query, terms), terms.scale);
  const [sourceExpiry, destinationExpiry] = expiries(query, terms);
  const route = terms.routes.to(destination);
  if (!route || !terms.routes.isLocal(source)) throw connectorError(ConnectorErrorId.AssetsNotTraded);
  return {
    source_connector_account: terms.connectorAddress,
    source_ledger: terms.routes.ownPrefix,
    source_amount: moved,
    source_expiry_duration: String(sourceExpiry),
    destination_ledger: route.prefix,
    destination_amount: moved,
    destination_expiry_duration: String(destinationExpiry),
  };
}
