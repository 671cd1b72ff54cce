import { Injectable } from '@nestjs/common';
import { decodeIlqp, encodeIlqp, type IlqpPacket, type IlqpRequest, joinAddress, PacketError } from '@level-one/ilp';
import { formatAmount, isCurrencyCode, parseAmount, readAmount } from '@level-one/money';
import { CommonErrorId, commonError } from '@level-one/platform';
import { isRefusal } from '@level-one/work';
import { randomUUID } from 'node:crypto';
import { ConnectorErrorId, connectorError, notConnectedYet } from '../ledgers/connector-errors.js';
import type { Delivery, Destination, Market } from './connector-quote.js';
import { IlpConnectorSettings } from '../ilp-connector.settings.js';
import { CentralLedgerClient } from '../ledgers/ledger-clients.js';
import { LedgerUnits } from '../ledgers/ledger-units.js';
import type { Route } from '../ledgers/routes.js';

/** How long another connector may think. */
const ANSWER_MS = 3_000;
/** The ledger's answer when nobody listens at an account. */
const NO_SUBSCRIPTIONS = 'NoSubscriptionsError';
const WAITING_MAX = 1_000;

/** A message of the quoting protocol (ILQP), as old connectors write it. */
export interface QuoteMessage {
  method: 'quote_request' | 'quote_response' | 'error';
  id: string;
  data: Record<string, unknown>;
}

interface Waiting<Answer> {
  /** Account on the central ledger that may answer. */
  account: string;
  settle: (answer: Answer | undefined) => void;
}

/** Asks other DFSPs' connectors what they deliver, by messages over the central ledger (contract D16). */
@Injectable()
export class RemoteMarket implements Market {
  private readonly waiting = new Map<string, Waiting<QuoteMessage | Buffer>>();

  constructor(
    private readonly central: CentralLedgerClient,
    private readonly units: LedgerUnits,
    private readonly settings: IlpConnectorSettings,
  ) {}

  async bySource(to: Destination, central: bigint): Promise<Delivery> {
    if (central <= 0n) throw connectorError(ConnectorErrorId.UnacceptableAmount);
    const amount = formatAmount(central, this.units.exchange.central.scale);
    const delivery = this.deliveryIn(await this.askConnector(to, { source_amount: amount }));
    // This connector chooses the amount that it sends.
    return { ...delivery, central };
  }

  async byDestination(to: Destination, destination: string): Promise<Delivery> {
    const delivery = this.deliveryIn(await this.askConnector(to, { destination_amount: destination }));
    if (wide(delivery.destination) >= wide(destination)) return delivery;
    throw unusable("The payee's connector answered less than was asked for");
  }

  /** Takes another connector's answer; false if no question waits for it, or one to another connector. */
  onAnswer(from: string, id: string, answer: QuoteMessage | Buffer): boolean {
    const waiting = this.waiting.get(id);
    if (waiting?.account !== from) return false;
    waiting.settle(answer);
    return true;
  }

  /** A question in the binary form. @throws ContractError 422, 502 */
  async askBinary({ centralAccount }: Route, request: IlqpRequest): Promise<IlqpPacket> {
    const ilp = encodeIlqp(request).toString('base64');
    const answer = packetIn(await this.exchange(centralAccount, (id) => ({ id, ilp })));
    if (answer.type === 'error') throw refusalIn(jsonIn(answer.data), answer.code);
    return answer;
  }

  private async askConnector(to: Destination, amount: Record<string, string>): Promise<QuoteMessage | undefined> {
    const data = { ...this.question(to), ...amount };
    const answer = await this.exchange(to.route.centralAccount, (id) => ({ method: 'quote_request', id, data }));
    return Buffer.isBuffer(answer) ? undefined : answer;
  }

  /** Sends a question to an account at the centre, and waits for its answer; undefined when none comes. */
  private async exchange(
    account: string,
    question: (id: string) => object,
  ): Promise<QuoteMessage | Buffer | undefined> {
    if (this.waiting.size >= WAITING_MAX) throw notConnectedYet("Too many questions wait for payees' connectors");
    const id = randomUUID();
    const answer = this.answerTo(id, account);
    try {
      const sent = this.sendMessage(account, question(id));
      return await Promise.race([answer.message, sent.then(() => answer.message)]);
    } finally {
      answer.forget();
    }
  }

  private question({ address, expiry }: Destination): Record<string, string> {
    const { centralIlpPrefix, centralLedgerName } = this.settings;
    return {
      source_address: joinAddress(centralIlpPrefix, centralLedgerName),
      destination_address: address,
      source_expiry_duration: String(expiry),
    };
  }

  /** If the message cannot be delivered, no connector listens at that account, or it is connecting. */
  private async sendMessage(account: string, message: object): Promise<void> {
    try {
      await this.central.sendMessage(account, message);
    } catch (error) {
      if (!isRefusal(error)) throw notConnectedYet('The central ledger does not answer', error);
      if (error.id === NO_SUBSCRIPTIONS) throw notConnectedYet("The payee's connector is not connected", error);
      throw connectorError(ConnectorErrorId.LedgerNotConnected, { cause: error });
    }
  }

  private answerTo(
    id: string,
    account: string,
  ): { message: Promise<QuoteMessage | Buffer | undefined>; forget: () => void } {
    let timer: NodeJS.Timeout;
    const message = new Promise<QuoteMessage | Buffer | undefined>((settle) => {
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
    if (!message) throw noAnswer();
    if (message.method === 'error') throw refusalIn(message.data);
    const { source_amount: source, destination_currency: currency, destination_scale: scale } = message.data;
    const destination = decimalIn(message.data['destination_amount']);
    if (destination === undefined) throw unusable("The payee's connector answered no amount");
    const isKnown =
      isCurrencyCode(currency) && Number.isInteger(scale) && Number(scale) >= 0 && Number(scale) <= SCALE_MAX;
    return {
      central: this.centralAmount(source),
      destination,
      unit: isKnown ? { currency, scale: scale as number } : undefined,
    };
  }

  private centralAmount(value: unknown): bigint {
    const { scale, precision } = this.units.exchange.central;
    return readAmount(value, { scale, precision }, ({ reason }) =>
      reason === 'precision'
        ? connectorError(ConnectorErrorId.UnacceptableAmount)
        : unusable("The payee's connector answered no amount"),
    );
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
function refusalIn({ id, status }: Record<string, unknown>, code?: string): Error {
  const isPassing = Number(status) >= 500 || code?.startsWith('T');
  if (isPassing) return notConnectedYet("The payee's connector cannot say now what it delivers");
  if (typeof id === 'string' && REFUSALS.has(id)) return connectorError(id as ConnectorErrorId);
  if (code === 'F02') return connectorError(ConnectorErrorId.AssetsNotTraded);
  return unusable("The payee's connector could not say what it delivers");
}

function packetIn(answer: QuoteMessage | Buffer | undefined): IlqpPacket {
  if (answer === undefined) throw noAnswer();
  try {
    if (Buffer.isBuffer(answer)) return decodeIlqp(answer);
  } catch (cause) {
    if (!(cause instanceof PacketError)) throw cause;
  }
  throw unusable("The payee's connector answered what cannot be read");
}

function jsonIn(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

const SCALE_MAX = 18;

/** A decimal above 0, as text or as a number. */
function decimalIn(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  const isDecimal = typeof text === 'string' && /^\d{1,20}(\.\d{1,18})?$/.test(text) && /[1-9]/.test(text);
  return isDecimal ? text : undefined;
}

/** Comparable between amounts of different decimals. */
function wide(decimal: string): bigint {
  return parseAmount(decimal, { scale: SCALE_MAX, precision: 40, allowZero: true });
}

function noAnswer(): Error {
  return notConnectedYet("The payee's connector did not answer in time");
}

function unusable(message: string): Error {
  return commonError(CommonErrorId.External, { message });
}
