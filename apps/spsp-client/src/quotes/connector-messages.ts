import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import {
  decodeIlqp,
  encodeIlqp,
  type IlqpPacket,
  type IlqpRequest,
  PacketError,
  findPacketInText,
} from '@level-one/ilp';
import { AmountError, formatAmount, parseAmount } from '@level-one/money';
import { accountNameOf, type ConnectorQuoteDto, type ConnectorQuoteQuery, LedgerClient } from '@level-one/peers';
import { randomUUID } from 'node:crypto';
import { PayerAccounts } from '../accounts/payer-accounts.js';
import { SpspClientSettings } from '../spsp-client.settings.js';

const ANSWER_MS = 3_000;
const WAITING_MAX = 1_000;
const HOLD_S = 5;

interface Waiting {
  account: string;
  settle: (packet: Buffer | undefined) => void;
}

/**
 * Asks a connector that serves no HTTP for quotes: binary packets in messages over the own ledger. Amounts are one to
 * one, in decimals of the own ledger: nothing else could be read out of them.
 */
@Injectable()
export class ConnectorMessages {
  private readonly waiting = new Map<string, Waiting>();

  constructor(
    private readonly settings: SpspClientSettings,
    private readonly ledger: LedgerClient,
    private readonly accounts: PayerAccounts,
  ) {}

  /** Undefined when no connector answers in this way, or with no offer. */
  async quotePayment(query: ConnectorQuoteQuery): Promise<ConnectorQuoteDto | undefined> {
    const request = this.requestIn(query);
    if (!request || this.waiting.size >= WAITING_MAX) return undefined;
    const [connector] = (await this.ledger.metadata()).connectors;
    const answer = connector && (await this.askConnector(connector.name, request));
    return answer && this.offerIn(connector.name, request, answer);
  }

  /** A message that arrived on the ledger. */
  onMessage({ from, data }: Record<string, unknown>): void {
    if (typeof data !== 'object' || data === null) return;
    const { id, ilp } = data as Record<string, unknown>;
    if (typeof id !== 'string' || typeof ilp !== 'string') return;
    const waiting = this.waiting.get(id);
    if (waiting?.account === accountNameOf(from)) waiting?.settle(findPacketInText(ilp));
  }

  private async askConnector(account: string, request: IlqpRequest): Promise<IlqpPacket | undefined> {
    const id = randomUUID();
    let timer: NodeJS.Timeout | undefined;
    const answer = new Promise<Buffer | undefined>((settle) => {
      timer = setTimeout(() => settle(undefined), ANSWER_MS);
      this.waiting.set(id, { account, settle });
    });
    try {
      await this.ledger.sendMessage(account, { id, ilp: encodeIlqp(request).toString('base64') });
      const packet = await answer;
      return packet && decodeIlqp(packet);
    } catch (error) {
      // The account has no listener, or the answer cannot be read.
      if (error instanceof ContractError || error instanceof PacketError) return undefined;
      throw error;
    } finally {
      clearTimeout(timer);
      this.waiting.delete(id);
    }
  }

  private requestIn(query: ConnectorQuoteQuery): IlqpRequest | undefined {
    const source = Number(query.source_expiry_duration ?? HOLD_S + 1);
    const held = Number(query.destination_expiry_duration ?? source - 1);
    const terms = { destination: query.destination_address, destinationHoldMs: Math.round(held * 1_000) };
    const { scale } = this.settings;
    try {
      return query.source_amount === undefined
        ? {
            type: 'byDestinationRequest',
            ...terms,
            destinationAmount: parseAmount(query.destination_amount, { scale }),
          }
        : { type: 'bySourceRequest', ...terms, sourceAmount: parseAmount(query.source_amount, { scale }) };
    } catch (error) {
      if (error instanceof AmountError) return undefined;
      throw error;
    }
  }

  private offerIn(connector: string, request: IlqpRequest, answer: IlqpPacket): ConnectorQuoteDto | undefined {
    const amounts = amountsIn(request, answer);
    if (!amounts) return undefined;
    const { scale, ilpPrefix } = this.settings;
    return {
      source_connector_account: this.accounts.addressOf(connector),
      source_ledger: ilpPrefix,
      source_amount: formatAmount(amounts.source, scale),
      source_expiry_duration: String(amounts.sourceHoldMs / 1_000),
      destination_ledger: request.destination.replace(/[^.]+(\.[^.]+)?$/, ''),
      destination_amount: formatAmount(amounts.destination, scale),
      destination_expiry_duration: String(request.destinationHoldMs / 1_000),
    };
  }
}

function amountsIn(request: IlqpRequest, answer: IlqpPacket) {
  if (request.type === 'bySourceRequest' && answer.type === 'bySourceResponse') {
    const { destinationAmount: destination, sourceHoldMs } = answer;
    return { source: request.sourceAmount, destination, sourceHoldMs };
  }
  if (request.type === 'byDestinationRequest' && answer.type === 'byDestinationResponse') {
    const { sourceAmount: source, sourceHoldMs } = answer;
    return { source, destination: request.destinationAmount, sourceHoldMs };
  }
  return undefined;
}
