import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import {
  encodeIlqp,
  ILP_ERRORS,
  type IlpErrorCode,
  type IlqpPacket,
  type IlqpRequest,
  joinAddress,
  type LiquidityPoint,
} from '@level-one/ilp';
import { formatAmount, parseAmount } from '@level-one/money';
import { CommonErrorId, commonError } from '@level-one/platform';
import { ConnectorErrorId, connectorError } from '../ledgers/connector-errors.js';
import { expiries } from './connector-quote.js';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { LearnedRoutes } from '../ledgers/learned-routes.js';
import { LedgerUnits } from '../ledgers/ledger-units.js';
import { liquidityOf, QuoteOffers } from './quote-offers.js';
import { RemoteMarket } from './remote-market.js';
import { Routes } from '../ledgers/routes.js';

/** How long a liquidity curve may be used. */
const CURVE_LIFETIME_MS = 30_000;

const CODES: Record<string, IlpErrorCode> = {
  [ConnectorErrorId.AssetsNotTraded]: 'F02',
  [ConnectorErrorId.UnacceptableAmount]: 'F03',
  [ConnectorErrorId.InvalidAmountSpecified]: 'F03',
  [ConnectorErrorId.UnacceptableExpiry]: 'F00',
  [ConnectorErrorId.InvalidUriParameter]: 'F00',
  [ConnectorErrorId.LedgerNotConnected]: 'T01',
  [CommonErrorId.ServiceUnavailable]: 'T01',
};

/** Amounts in minor units of the ledger that is asked at, and of the payee's. */
interface Amounts {
  source: bigint;
  destination: bigint;
}

/** Quotes in the binary form of the quoting protocol: the same offers, in minor units and milliseconds. */
@Injectable()
export class BinaryQuotes {
  constructor(
    private readonly settings: IlpConnectorSettings,
    private readonly routes: Routes,
    private readonly learned: LearnedRoutes,
    private readonly units: LedgerUnits,
    private readonly offers: QuoteOffers,
    private readonly remote: RemoteMarket,
  ) {}

  /** Answers a question of the own ledger about another DFSP. Refusals are packets too. */
  outwards(request: IlqpRequest): Promise<Buffer> {
    const { ilpPrefix, ledgerName, remoteQuotes } = this.settings;
    return this.answer(joinAddress(ilpPrefix, ledgerName), () =>
      this.learned.withRoutes(() => (remoteQuotes ? this.overRemote(request) : this.overOneToOne(request))),
    );
  }

  /** Answers another DFSP's question at the centre about the own ledger. Refusals are packets too. */
  inwards(request: IlqpRequest): Promise<Buffer> {
    const { centralIlpPrefix, centralLedgerName } = this.settings;
    return this.answer(joinAddress(centralIlpPrefix, centralLedgerName), () => this.overOwn(request));
  }

  private async answer(address: string, offer: () => Promise<IlqpPacket>): Promise<Buffer> {
    try {
      return encodeIlqp(await offer());
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      return encodeIlqp(errorPacket(error, address));
    }
  }

  private async overOneToOne(request: IlqpRequest): Promise<IlqpPacket> {
    const { exchange } = this.units;
    const route = this.routes.routeTo(request.destination);
    if (request.type === 'liquidityRequest') {
      const most = liquidityOf(this.settings, exchange.own);
      const curve = curveOf([{ source: most, destination: exchange.toCentral(most) }], exchange.isOneToOne);
      return this.liquidity(request, route.prefix, curve);
    }
    const quote = await this.offers.outwards({
      source_address: joinAddress(this.settings.ilpPrefix, this.settings.ledgerName),
      ...queryOf(request, { source: exchange.own.scale, destination: exchange.central.scale }),
    });
    return this.response(request, {
      source: parseAmount(quote.source_amount, exchange.own),
      destination: parseAmount(quote.destination_amount, exchange.central),
    });
  }

  private async overOwn(request: IlqpRequest): Promise<IlqpPacket> {
    const { exchange } = this.units;
    if (request.type === 'liquidityRequest') {
      await this.offers.assertPayee(request.destination);
      const most = liquidityOf(this.settings, exchange.own);
      const point = { source: exchange.centralFor(most), destination: most };
      return this.liquidity(request, this.settings.ilpPrefix, curveOf([point], exchange.isOneToOne));
    }
    const quote = await this.offers.inwards(
      queryOf(request, { source: exchange.central.scale, destination: exchange.own.scale }),
    );
    return this.response(request, {
      source: parseAmount(quote.source_amount, exchange.central),
      destination: parseAmount(quote.destination_amount, exchange.own),
    });
  }

  /** Only the payee's connector knows what its minor units are worth: it is asked in the same form. */
  private async overRemote(request: IlqpRequest): Promise<IlqpPacket> {
    const { exchange } = this.units;
    const { destination, destinationHoldMs } = request;
    const route = this.routes.routeTo(destination);
    const [, hold] = this.holdsOf(request);
    const terms = { destination, destinationHoldMs };
    if (request.type === 'bySourceRequest') {
      const central = exchange.toCentral(this.acceptable(request.sourceAmount));
      const sourceAmount = positive(central);
      const answer = await this.remote.askBinary(route, { type: 'bySourceRequest', ...terms, sourceAmount });
      return this.response(request, {
        source: request.sourceAmount,
        destination: amountIn(answer, 'bySourceResponse', 'destinationAmount'),
      });
    }
    if (request.type === 'byDestinationRequest') {
      const answer = await this.remote.askBinary(route, { ...request, destinationHoldMs: hold });
      const central = amountIn(answer, 'byDestinationResponse', 'sourceAmount');
      const source = this.acceptable(exchange.ownFor(central));
      return this.response(request, { source, destination: request.destinationAmount });
    }
    const answer = await this.remote.askBinary(route, { type: 'liquidityRequest', ...terms });
    if (answer.type !== 'liquidityResponse') throw unusable();
    const most = liquidityOf(this.settings, exchange.own);
    return this.liquidity(request, route.prefix, this.joined(answer.curve, most));
  }

  /** The curve of another connector, from the own ledger's minor units on. */
  private joined(curve: readonly LiquidityPoint[], most: bigint): LiquidityPoint[] {
    const { exchange } = this.units;
    const points = curve
      .map(({ source, destination }) => ({ source: exchange.ownFor(source), destination }))
      .filter(({ source, destination }) => source > 0n && destination > 0n);
    const within = points.filter(({ source }) => source <= most);
    const beyond = points.find(({ source }) => source > most);
    const before = within.at(-1) ?? { source: 0n, destination: 0n };
    if (beyond && most > before.source) {
      const steps =
        ((most - before.source) * (beyond.destination - before.destination)) / (beyond.source - before.source);
      within.push({ source: most, destination: before.destination + steps });
    }
    return curveOf(within, false);
  }

  private acceptable(own: bigint): bigint {
    if (own <= 0n || own > liquidityOf(this.settings, this.units.exchange.own)) {
      throw connectorError(ConnectorErrorId.UnacceptableAmount);
    }
    return own;
  }

  private response(request: IlqpRequest, { source, destination }: Amounts): IlqpPacket {
    const [sourceHoldMs] = this.holdsOf(request);
    return request.type === 'bySourceRequest'
      ? { type: 'bySourceResponse', destinationAmount: destination, sourceHoldMs }
      : { type: 'byDestinationResponse', sourceAmount: source, sourceHoldMs };
  }

  private liquidity(request: IlqpRequest, prefix: string, curve: LiquidityPoint[]): IlqpPacket {
    const [sourceHoldMs] = this.holdsOf(request);
    const expiresAt = new Date(Date.now() + CURVE_LIFETIME_MS);
    return { type: 'liquidityResponse', curve, prefix, sourceHoldMs, expiresAt };
  }

  /** @throws ContractError 422 UnacceptableExpiryError */
  private holdsOf(request: IlqpRequest): [source: number, destination: number] {
    const [source, destination] = expiries(holdQuery(request), this.settings);
    return [Math.round(source * 1_000), Math.round(destination * 1_000)];
  }
}

function holdQuery({ destinationHoldMs }: IlqpRequest) {
  return { destination_expiry_duration: (destinationHoldMs / 1_000).toFixed(3) };
}

/** The question as the other forms ask it, in decimals. */
function queryOf(request: IlqpRequest, scale: { source: number; destination: number }) {
  const common = { destination_address: request.destination, ...holdQuery(request) };
  if (request.type === 'bySourceRequest') {
    return { ...common, source_amount: formatAmount(positive(request.sourceAmount), scale.source) };
  }
  if (request.type === 'byDestinationRequest') {
    return { ...common, destination_amount: formatAmount(positive(request.destinationAmount), scale.destination) };
  }
  return common;
}

function positive(amount: bigint): bigint {
  if (amount <= 0n) throw connectorError(ConnectorErrorId.UnacceptableAmount);
  return amount;
}

/**
 * A curve through these points. Who reads one rounds between the points, the wrong way perhaps; a little more is asked
 * for, unless every amount stays what it is.
 */
function curveOf(points: readonly LiquidityPoint[], isExact: boolean): LiquidityPoint[] {
  const more = isExact ? 0n : 2n;
  const shifted = points.map(({ source, destination }) => ({ source: source + more, destination }));
  const last = shifted.at(-1);
  if (!last || last.destination <= 0n) throw connectorError(ConnectorErrorId.UnacceptableAmount);
  return [{ source: more, destination: 0n }, ...shifted];
}

function amountIn(answer: IlqpPacket, type: IlqpPacket['type'], member: 'sourceAmount' | 'destinationAmount'): bigint {
  const amount = answer.type === type ? (answer as unknown as Record<string, unknown>)[member] : undefined;
  if (typeof amount !== 'bigint') throw unusable();
  return positive(amount);
}

function unusable(): Error {
  return commonError(CommonErrorId.External, { message: "The payee's connector could not say what it delivers" });
}

function errorPacket({ id, message }: ContractError, triggeredBy: string): IlqpPacket {
  const code = CODES[id] ?? 'T00';
  return {
    type: 'error',
    code,
    name: ILP_ERRORS[code],
    triggeredBy,
    forwardedBy: [],
    triggeredAt: new Date(),
    data: JSON.stringify({ id, message }),
  };
}
