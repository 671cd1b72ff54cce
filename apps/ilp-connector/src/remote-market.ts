import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { AmountError, formatAmount, parseAmount } from '@level-one/money';
import { accountNameOf } from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { ConnectorErrorId, connectorError } from './connector-errors.js';
import type { Delivery, Market } from './connector-quote.js';
import { CentralLedgerClient } from './ledger-clients.js';
import { LedgerUnits } from './ledger-units.js';
import type { Route } from './routes.js';

/** How long another connector may think. */
const ANSWER_MS = 3_000;
const WAITING_MAX = 1_000;

/** A message of the quoting protocol (ILQP), as old connectors write it. */
export interface QuoteMessage {
  method: 'quote_request' | 'quote_response' | 'error';
  id: string;
  data: Record<string, unknown>;
}

interface Waiting {
  /** Account on the central ledger that may answer. */
  account: string;
  settle: (message: QuoteMessage) => void;
}

/** Asks other DFSPs' connectors what they deliver, by messages over the central ledger (contract D16). */
@Injectable()
export class RemoteMarket implements Market {
  private readonly waiting = new Map<string, Waiting>();

  constructor(
    private readonly central: CentralLedgerClient,
    private readonly units: LedgerUnits,
  ) {}

  bySource(route: Route, address: string, central: bigint): Promise<Delivery> {
    if (central <= 0n) throw connectorError(ConnectorErrorId.UnacceptableAmount);
    const amount = formatAmount(central, this.units.exchange.central.scale);
    return this.ask(route, { destination_address: address, source_amount: amount });
  }

  byDestination(route: Route, address: string, destination: string): Promise<Delivery> {
    return this.ask(route, { destination_address: address, destination_amount: destination });
  }

  /** What another connector answered; false when nobody waits for it, or for somebody else. */
  onAnswer(from: unknown, message: QuoteMessage): boolean {
    const waiting = this.waiting.get(message.id);
    if (!waiting || accountNameOf(from) !== waiting.account) return false;
    waiting.settle(message);
    return true;
  }

  private async ask({ centralAccount: account }: Route, data: Record<string, string>): Promise<Delivery> {
    if (this.waiting.size >= WAITING_MAX) throw connectorError(ConnectorErrorId.LedgerNotConnected);
    const id = randomUUID();
    const answer = this.answerTo(id, account);
    try {
      await this.central.sendMessage(account, { method: 'quote_request', id, data });
      return this.deliveryIn(await answer.message);
    } catch (error) {
      // Nobody listens there: its connector is not connected.
      if (!(error instanceof ContractError) || error.id !== 'NoSubscriptionsError') throw error;
      throw connectorError(ConnectorErrorId.LedgerNotConnected, { cause: error });
    } finally {
      answer.forget();
    }
  }

  private answerTo(id: string, account: string): { message: Promise<QuoteMessage | undefined>; forget: () => void } {
    let timer: NodeJS.Timeout;
    const message = new Promise<QuoteMessage | undefined>((settle) => {
      timer = setTimeout(() => settle(undefined), ANSWER_MS);
      this.waiting.set(id, { account, settle });
    });
    return {
      message,
      forget: () => {
        clearTimeout(timer);
        this.waiting.delete(id);
      },
    };
  }

  private deliveryIn(message: QuoteMessage | undefined): Delivery {
    if (!message) throw unusable("The payee's connector did not answer in time");
    if (message.method === 'error') throw refusalIn(message.data);
    const { source_amount: source, destination_amount: destination } = message.data;
    const { destination_currency: currency, destination_scale: scale } = message.data;
    if (typeof destination !== 'string' || !/^\d{1,20}(\.\d{1,9})?$/.test(destination)) {
      throw unusable("The payee's connector answered no amount");
    }
    const isKnown = typeof currency === 'string' && Number.isInteger(scale);
    return {
      central: this.centralAmount(source),
      destination,
      unit: isKnown ? { currency, scale: scale as number } : undefined,
    };
  }

  private centralAmount(value: unknown): bigint {
    const { scale, precision } = this.units.exchange.central;
    try {
      return parseAmount(value, { scale, precision });
    } catch (cause) {
      if (!(cause instanceof AmountError)) throw cause;
      throw unusable("The payee's connector answered no amount");
    }
  }
}

const REFUSALS = new Set<string>([
  ConnectorErrorId.UnacceptableAmount,
  ConnectorErrorId.UnacceptableExpiry,
  ConnectorErrorId.AssetsNotTraded,
  ConnectorErrorId.InvalidAmountSpecified,
  ConnectorErrorId.LedgerNotConnected,
]);

/** A refusal that this connector could give too is passed on; of anything else only that there was one. */
function refusalIn({ id }: Record<string, unknown>): Error {
  if (typeof id === 'string' && REFUSALS.has(id)) return connectorError(id as ConnectorErrorId);
  return unusable("The payee's connector could not say what it delivers");
}

function unusable(message: string): Error {
  return commonError(CommonErrorId.External, { message });
}
