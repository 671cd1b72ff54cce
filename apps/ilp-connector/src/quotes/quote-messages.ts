import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { decodeIlqp, type IlqpRequest, isIlqpRequest, PacketError, findPacketInText } from '@level-one/ilp';
import { accountNameOf, type LedgerClient } from '@level-one/peers';
import { RoleLogger } from '@level-one/platform';
import { BinaryQuotes } from './binary-quotes.js';
import { LearnedRoutes } from '../ledgers/learned-routes.js';
import { CentralLedgerClient, OwnLedgerClient } from '../ledgers/ledger-clients.js';
import { QuoteOffers } from './quote-offers.js';
import { type QuoteMessage, RemoteMarket } from './remote-market.js';
import { Routes } from '../ledgers/routes.js';

/** Maximum of questions at once; further ones get no answer and have to be asked again. */
const ANSWERING_MAX = 100;
/** Maximum of them from one account. */
const ANSWERING_MAX_OF_ONE = 20;
const ID_LENGTH_MAX = 64;
const PACKET_LENGTH_MAX = 4_096;

/** Quotes by messages on the ledgers (contract D16): answers what is asked, and takes what was answered. */
@Injectable()
export class QuoteMessages {
  /** How many are being answered, of each ledger and each account on it. */
  private readonly answering = new Map<string, number>();

  constructor(
    private readonly own: OwnLedgerClient,
    private readonly central: CentralLedgerClient,
    private readonly routes: Routes,
    private readonly learned: LearnedRoutes,
    private readonly offers: QuoteOffers,
    private readonly binary: BinaryQuotes,
    private readonly remote: RemoteMarket,
    private readonly logger: RoleLogger,
  ) {}

  /** A message on the central ledger: other DFSPs' connectors ask and answer there. */
  onCentralMessage(resource: Record<string, unknown>): void {
    const from = accountNameOf(resource['from']);
    const message = messageIn(resource);
    if (!message || from === undefined) return;
    const { id, json, packet } = message;
    if (packet && this.remote.onAnswer(from, id, packet)) return;
    if (json && json.method !== 'quote_request') {
      this.remote.onAnswer(from, id, json);
      return;
    }
    if (this.routes.isAccount(from)) this.answerPeer(from, message);
    else void this.answerNewcomer(from, message);
  }

  /** Who has just joined may ask before its route is learned. */
  private async answerNewcomer(from: string, message: Message): Promise<void> {
    await this.learned.askAgain();
    if (this.routes.isAccount(from)) this.answerPeer(from, message);
  }

  private answerPeer(from: string, { id, json, packet }: Message): void {
    const request = packet && requestIn(packet);
    if (json) this.answer(this.central, from, () => inJson(json, () => this.offers.inwards(json.data)));
    else if (request) this.answer(this.central, from, () => inBinary(id, this.binary.inwards(request)));
  }

  /** A message on the DFSP's own ledger: each account may ask, as over HTTP. */
  onOwnMessage(resource: Record<string, unknown>): void {
    const from = accountNameOf(resource['from']);
    const message = messageIn(resource);
    if (!message || from === undefined) return;
    const { id, json, packet } = message;
    const request = packet && requestIn(packet);
    if (json?.method === 'quote_request') {
      this.answer(this.own, from, () => inJson(json, () => this.offers.outwards(json.data)));
    } else if (request) {
      this.answer(this.own, from, () => inBinary(id, this.binary.outwards(request)));
    }
  }

  /** In the background: events of transfers must not wait for it. */
  private answer(ledger: LedgerClient, to: string, answer: () => Promise<object>): void {
    const shares: [string, number][] = [
      [ledger.baseUrl, ANSWERING_MAX],
      [`${ledger.baseUrl} ${to}`, ANSWERING_MAX_OF_ONE],
    ];
    if (shares.some(([share, max]) => (this.answering.get(share) ?? 0) >= max)) return;
    for (const [share] of shares) this.count(share, 1);
    void this.reply(ledger, to, answer).finally(() => {
      for (const [share] of shares) this.count(share, -1);
    });
  }

  private count(share: string, change: number): void {
    const count = (this.answering.get(share) ?? 0) + change;
    if (count === 0) this.answering.delete(share);
    else this.answering.set(share, count);
  }

  private async reply(ledger: LedgerClient, to: string, answer: () => Promise<object>): Promise<void> {
    try {
      await ledger.sendMessage(to, await answer());
    } catch (err) {
      this.logger.info({ err, to }, 'a question for a quote could not be answered');
    }
  }
}

async function inJson({ id }: QuoteMessage, offer: () => Promise<object>): Promise<object> {
  try {
    return { method: 'quote_response', id, data: await offer() };
  } catch (error) {
    if (!(error instanceof ContractError)) throw error;
    return { method: 'error', id, data: { id: error.id, message: error.message, status: error.status } };
  }
}

async function inBinary(id: string, packet: Promise<Buffer>): Promise<object> {
  return { id, ilp: (await packet).toString('base64') };
}

const METHODS = new Set<unknown>(['quote_request', 'quote_response', 'error']);

/** A question or an answer, in JSON or as a packet. */
interface Message {
  id: string;
  json?: QuoteMessage;
  packet?: Buffer;
}

/** Undefined for messages about other things. */
function messageIn({ data }: Record<string, unknown>): Message | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { method, id, data: content, ilp } = data as Record<string, unknown>;
  if (typeof id !== 'string' || id.length > ID_LENGTH_MAX) return undefined;
  if (METHODS.has(method) && typeof content === 'object' && content !== null) {
    const json = { method: method as QuoteMessage['method'], id, data: content as Record<string, unknown> };
    return { id, json };
  }
  const packet = typeof ilp === 'string' && ilp.length <= PACKET_LENGTH_MAX ? findPacketInText(ilp) : undefined;
  return packet && { id, packet };
}

/** Undefined for what asks for nothing: answers are never answered. */
function requestIn(packet: Buffer): IlqpRequest | undefined {
  try {
    const request = decodeIlqp(packet);
    return isIlqpRequest(request) ? request : undefined;
  } catch (error) {
    if (error instanceof PacketError) return undefined;
    throw error;
  }
}
