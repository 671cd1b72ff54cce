import { Injectable } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import { accountNameOf, type LedgerClient } from '@level-one/peers';
import { RoleLogger } from '@level-one/platform';
import { CentralLedgerClient, OwnLedgerClient } from './ledger-clients.js';
import { QuoteOffers } from './quote-offers.js';
import { type QuoteMessage, RemoteMarket } from './remote-market.js';
import { Routes } from './routes.js';

/** More than this at once are not answered: whoever asks asks again. */
const ANSWERING_MAX = 100;
const ID_LENGTH_MAX = 64;

/** Quotes by messages on the ledgers (contract D16): answers what is asked, and takes what was answered. */
@Injectable()
export class QuoteMessages {
  /** Each ledger's questions have their own share. */
  private readonly answering = new Map<LedgerClient, number>();

  constructor(
    private readonly own: OwnLedgerClient,
    private readonly central: CentralLedgerClient,
    private readonly routes: Routes,
    private readonly offers: QuoteOffers,
    private readonly remote: RemoteMarket,
    private readonly logger: RoleLogger,
  ) {}

  /** A message on the central ledger: other DFSPs' connectors ask and answer there. */
  onCentral(resource: Record<string, unknown>): void {
    const message = messageIn(resource);
    const from = accountNameOf(resource['from']);
    if (!message || from === undefined) return;
    if (message.method !== 'quote_request') {
      this.remote.onAnswer(from, message);
      return;
    }
    if (this.routes.isAccount(from)) this.answer(this.central, from, message, () => this.offers.inwards(message.data));
  }

  /** A message on the DFSP's own ledger: whoever has an account there may ask as over HTTP. */
  onOwn(resource: Record<string, unknown>): void {
    const message = messageIn(resource);
    const from = accountNameOf(resource['from']);
    if (message?.method !== 'quote_request' || from === undefined) return;
    this.answer(this.own, from, message, () => this.offers.outwards(message.data));
  }

  /** In the background: events of transfers must not wait for it. */
  private answer(ledger: LedgerClient, to: string, { id }: QuoteMessage, offer: () => unknown): void {
    const count = this.answering.get(ledger) ?? 0;
    if (count >= ANSWERING_MAX) return;
    this.answering.set(ledger, count + 1);
    const done = (): void => void this.answering.set(ledger, this.answering.get(ledger)! - 1);
    void this.reply(ledger, to, id, offer).finally(done);
  }

  private async reply(ledger: LedgerClient, to: string, id: string, offer: () => unknown): Promise<void> {
    try {
      await ledger.sendMessage(to, await this.answerOf(id, offer));
    } catch (err) {
      this.logger.info({ err, to }, 'a question for a quote could not be answered');
    }
  }

  private async answerOf(id: string, offer: () => unknown): Promise<object> {
    try {
      return { method: 'quote_response', id, data: await offer() };
    } catch (error) {
      if (!(error instanceof ContractError)) throw error;
      return { method: 'error', id, data: { id: error.id, message: error.message, status: error.status } };
    }
  }
}

const METHODS = new Set<unknown>(['quote_request', 'quote_response', 'error']);

/** Undefined for whatever else two accounts have to say to each other. */
function messageIn({ data }: Record<string, unknown>): QuoteMessage | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const { method, id, data: content } = data as Record<string, unknown>;
  const isSound = METHODS.has(method) && typeof id === 'string' && id.length <= ID_LENGTH_MAX;
  if (!isSound || typeof content !== 'object' || content === null) return undefined;
  return { method: method as QuoteMessage['method'], id, data: content as Record<string, unknown> };
}
