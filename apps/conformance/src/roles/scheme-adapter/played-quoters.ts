import { randomUUID } from 'node:crypto';
import type { FakePeerAnswer, FakePeerCall } from '@level-one/testing/peers';
import { playedPromise } from '../../played/played-promise.js';
import { playedPath, PlayedRole, refusal } from '../../played/play-role.js';
import type { SuiteContext } from '../../common/role-suite.js';
import type { SystemRequest } from '../../system/system-under-test.js';
import { playSpspClient } from '../payer-side/played-spsp-client.js';
import { KNOWN, receiverNamed } from '../spsp-backend/played-dfsp-api.js';
import { PAYER_DFSP } from '../spsp-server/played-payee.js';

export const QUOTES = 'POST /scheme/adapter/v1/quotes';
export const API = {
  quote: 'POST /v1/quotes',
  stored: 'GET /v1/quotes/{paymentId}',
  news: 'PUT /v1/payments/{paymentId}',
} as const;
export const CREATE_IPR = 'POST /v1/createIPR';
const LIFE_MS = 600_000;

/** All around a scheme adapter: its DFSP API, SPSP client and server, and the scheme adapter of another DFSP. */
export class PlayedQuoters {
  readonly api: PlayedRole;
  readonly client: PlayedRole;
  readonly server: PlayedRole;
  /** Of the payee's DFSP. */
  readonly remote: PlayedRole;
  private readonly stored = new Map<string, Record<string, unknown>>();

  constructor(readonly context: SuiteContext) {
    const { peers, system } = context;
    this.client = playSpspClient(context);
    this.api = new PlayedRole(peers, system.contract, 'dfsp-api');
    this.server = new PlayedRole(peers, system.contract, 'spsp-server');
    this.remote = new PlayedRole(peers, system.contract, 'scheme-adapter');
    this.remote.serve(QUOTES, (call) => this.offer(call));
    this.server.serve(CREATE_IPR, ({ body }) => ({
      json: { ipr: this.iprOf(body.paymentId, Number(body.destinationAmount).toFixed(2)) },
    }));
    this.serveApi();
    this.serveDirectory();
  }

  /** URL of the other DFSP's scheme adapter. */
  get remoteUrl(): string {
    return this.context.peersUrl + playedPath(this.context.system.contract, 'scheme-adapter');
  }

  /** A quote for a payee of the other DFSP. */
  request(changes: Record<string, unknown> = {}): SystemRequest {
    const body = {
      paymentId: randomUUID(),
      payer: { identifier: KNOWN.otherNumber, identifierType: 'eur' },
      payee: { identifier: KNOWN.number, identifierType: 'eur', url: this.remoteUrl },
      transferType: 'p2p',
      amountType: 'SEND',
      amount: { amount: '10.4', currency: 'USD' },
    };
    return { as: 'dfsp-api', body: { ...body, ...changes } };
  }

  /** A quote that another DFSP asks for. */
  foreignRequest(changes: Record<string, unknown> = {}): SystemRequest {
    const payee = { identifier: KNOWN.number, identifierType: 'eur', account: receiverNamed('Bob').account };
    const { body } = this.request({ payee, ...changes });
    return { as: null, signedBy: PAYER_DFSP.key, headers: { initiator: 'PROXY' }, body };
  }

  /** Answer of a payee's scheme adapter. */
  offer({ body }: FakePeerCall, changes: Record<string, unknown> = {}): FakePeerAnswer {
    const { paymentId, amount, payee } = body;
    if (payee.identifier !== KNOWN.number) return refusal(404, 'UserNotFound', 'No such user');
    const ipr = this.iprOf(paymentId, Number(amount.amount).toFixed(2));
    return { json: { paymentId, ...priceOf(amount), ipr, ...changes } };
  }

  private iprOf(paymentId: string, amount: string): string {
    const expiresAt = new Date(Date.now() + LIFE_MS);
    return playedPromise({ paymentId, amount, address: 'levelone.other.bob.token', expiresAt }).ipr;
  }

  private serveApi(): void {
    const { api } = this;
    api.serve(API.quote, ({ body }) => {
      const { paymentId, amount, payee } = body;
      if (payee.identifier !== KNOWN.number) return refusal(404, 'UserNotFound', 'No such user');
      const expiresAt = new Date(Date.now() + LIFE_MS).toISOString();
      const { transferId: _, ...request } = body;
      this.stored.set(paymentId, { ...request, ...priceOf(amount), expiresAt, status: 'reserved' });
      return { json: { paymentId, ...priceOf(amount), expiresAt } };
    });
    api.serve(API.stored, (_, { paymentId = '' }) => {
      const known = this.stored.get(paymentId);
      return known ? { json: known } : refusal(404, 'QuoteNotFoundError', 'No such quote');
    });
    api.serve(API.news, ({ body }, { paymentId = '' }) => {
      if (!this.stored.has(paymentId)) return refusal(404, 'QuoteNotFoundError', 'No such quote');
      return { json: { status: body.status } };
    });
    api.serve('GET /v1/receivers/{identifier}', () => ({ json: receiverNamed('Bob Diaz') }));
  }

  private serveDirectory(): void {
    const { peers, system, dfsp, peersUrl } = this.context;
    const { shortName, url, key } = PAYER_DFSP;
    const entry = (name: string, server: string, adapter: string) => ({
      shortName: name,
      providerUrl: server,
      schemeAdapterUrl: adapter,
      origins: [new URL(server).origin, new URL(adapter).origin],
    });
    const payer = entry(shortName, `${url}/v1`, `${url}:8080/scheme/adapter/v1`);
    new PlayedRole(peers, system.contract, 'central-directory').serve('GET /dfsps', () => ({
      json: [
        { ...payer, keys: [{ keyId: key.keyId, publicKey: key.publicKey }] },
        entry('other', 'http://other.example/v1', this.remoteUrl),
        entry(dfsp, `${peersUrl}/spsp-server/v1`, system.urlOf('/scheme/adapter/v1')),
      ],
    }));
  }
}

function priceOf(amount: { amount: string; currency: string }) {
  const free = { amount: '0', currency: amount.currency };
  return { receiveAmount: amount, payeeFee: free, payeeCommission: free };
}
