import type { FakePeerAnswer, FakePeerCall } from '@level-one/testing/peers';
import { randomUUID } from 'node:crypto';
import { PlayedLedger } from '../../played/played-ledger.js';
import { type PlayedPromise, playedPromise } from '../../played/played-promise.js';
import { PlayedRole, refusal } from '../../played/play-role.js';
import type { SuiteContext } from '../../common/role-suite.js';
import { KNOWN, receiverNamed, PLAYED_INVOICE } from '../spsp-backend/played-dfsp-api.js';

export const SERVER = {
  receiver: 'GET /v1/receivers/{identifier}',
  invoice: 'GET /v1/invoices/{invoiceId}',
  notify: 'POST /v1/invoices',
  setup: 'POST /v1/setup',
} as const;
export const CONNECTOR_QUOTE = 'GET /quote';
/** Account that the connector credits. */
export const CONNECTOR = 'connector';

const LIFE_MS = 55_000;
/** What becomes of a transfer that the system prepares. */
export type Fate = 'executed' | 'rejected' | 'expired' | 'open';

/** Why the payee rejects. */
export const REJECTION = {
  code: 'F99',
  name: 'Application Error',
  message: 'Invoice is not in pending status',
  additional_info: { id: 'InvoiceNotPendingError', message: 'Invoice is not in pending status' },
};

/** All around an SPSP client: another DFSP's SPSP server, the own connector and the own ledger adapter. */
export class PlayedSurroundings {
  readonly server: PlayedRole;
  readonly connector: PlayedRole;
  readonly ledger: PlayedLedger;
  readonly promises = new Map<string, PlayedPromise>();
  /** By payment; executed unless said otherwise. */
  private readonly fates = new Map<string, Fate>();

  constructor(readonly context: SuiteContext) {
    const { peers, system } = context;
    this.server = new PlayedRole(peers, system.contract, 'spsp-server');
    this.connector = new PlayedRole(peers, system.contract, 'ilp-connector');
    this.ledger = new PlayedLedger(context, 'ledger-adapter');
    for (const name of ['alice', CONNECTOR]) this.ledger.openAccount(name, { accountType: 'mw', direct_use: false });
    this.ledger.whenPrepared = (id) => this.meetFate(id);
    this.serveDirectory();
    this.serveServer();
    this.connector.serve(CONNECTOR_QUOTE, (call) => this.rate(call));
    this.ledger.serve(this.ledger.route('GET /transfers/{id}/fulfillment'), (_, { id = '' }) => ({
      text: this.promises.get(id)?.fulfillment ?? '',
    }));
  }

  /** A URL of the other DFSP's SPSP server. */
  urlOf(path: string): string {
    return `${this.context.peersUrl}/spsp-server/v1/${path}`;
  }

  get receiver(): string {
    return this.urlOf(`receivers/${KNOWN.number}`);
  }

  get invoiceUrl(): string {
    return this.urlOf(`invoices/${KNOWN.invoiceId}`);
  }

  decide(paymentId: string, fate: Fate): void {
    this.fates.set(paymentId, fate);
  }

  /** Ends a transfer that was left open. */
  execute(id: string): void {
    this.ledger.end(id, 'executed', {}, this.promises.get(id)!.fulfillment);
  }

  promise(paymentId: string, amount = '10.40'): PlayedPromise {
    const expiresAt = new Date(Date.now() + LIFE_MS);
    const known = this.promises.get(paymentId);
    const promise = known ?? playedPromise({ paymentId, amount, address: 'levelone.other.bob.token', expiresAt });
    this.promises.set(paymentId, promise);
    return promise;
  }

  /** Answer of the payee's SPSP server to a set-up. */
  reply({ body }: FakePeerCall, changes: Record<string, unknown> = {}): FakePeerAnswer {
    const { paymentId = randomUUID(), receiver, amount = '10.40', senderIdentifier } = body as Record<string, string>;
    const { condition, packet, address } = this.promise(paymentId, amount);
    const expiresAt = new Date(Date.now() + LIFE_MS).toISOString();
    const json = {
      id: paymentId,
      name: 'Bob Diaz',
      receiver,
      destinationAccount: 'http://other.example:8088/ilp/ledger/v1/accounts/bob',
      address,
      amount,
      destinationAmount: amount,
      expires_at: expiresAt,
      expiresAt,
      data: { sender_identifier: senderIdentifier, senderIdentifier },
      additional_headers: packet,
      additionalHeaders: packet,
      condition,
      execution_condition: condition,
      ...changes,
    };
    return { status: 201, json };
  }

  /** Answer of the connector: one to one. */
  rate({ query }: FakePeerCall, changes: Record<string, unknown> = {}): FakePeerAnswer {
    const { source_amount: source, destination_amount: destination } = query;
    const prefix = `levelone.${this.context.dfsp}.`;
    const json = {
      source_connector_account: `${prefix}${CONNECTOR}`,
      source_ledger: prefix,
      source_amount: source ?? destination,
      source_expiry_duration: '6',
      destination_ledger: 'levelone.other.',
      destination_amount: destination ?? source,
      destination_expiry_duration: '5',
      ...changes,
    };
    return { json };
  }

  private meetFate(id: string): void {
    const fate = this.fates.get(id) ?? 'executed';
    if (fate === 'executed') this.execute(id);
    if (fate === 'expired') this.ledger.end(id, 'rejected', { rejection_reason: 'expired' });
    if (fate !== 'rejected') return;
    const [credit] = this.ledger.transfers.get(id)!.credits;
    const credits = [{ ...credit!, rejected: true, rejection_message: REJECTION }];
    this.ledger.end(id, 'rejected', { credits, rejection_reason: REJECTION.message });
  }

  private serveDirectory(): void {
    const { peers, system, peersUrl } = this.context;
    const directory = new PlayedRole(peers, system.contract, 'central-directory');
    const other = { shortName: 'other', providerUrl: `${peersUrl}/spsp-server/v1`, origins: [peersUrl] };
    directory.serve('GET /dfsps', () => ({ json: [other] }));
  }

  private serveServer(): void {
    const { server } = this;
    server.serve(SERVER.receiver, (_, { identifier = '' }) =>
      identifier === KNOWN.number
        ? { json: receiverNamed('Bob Diaz') }
        : refusal(404, 'InvalidReceiverIdError', 'Invalid receiver ID'),
    );
    server.serve(SERVER.invoice, (_, { invoiceId = '' }) => {
      if (invoiceId !== KNOWN.invoiceId) return refusal(404, 'InvoiceNotFoundError', 'Invoice not found');
      return { json: { ...PLAYED_INVOICE, invoiceId, account: receiverNamed('Bob Diaz').account } };
    });
    server.serve(SERVER.notify, ({ body }) =>
      body.senderIdentifier === KNOWN.number
        ? { status: 201, json: { invoiceNotificationId: randomUUID(), status: 'pending' } }
        : refusal(404, 'UserNotFound', 'No such user'),
    );
    server.serve(SERVER.setup, (call) => {
      const target = String(call.body.receiver);
      if (target === this.receiver || target === this.invoiceUrl) return this.reply(call);
      return target.includes('/invoices/')
        ? refusal(404, 'InvoiceNotFoundError', 'Invoice not found')
        : refusal(404, 'InvalidReceiverIdError', 'Invalid receiver ID');
    });
  }
}
