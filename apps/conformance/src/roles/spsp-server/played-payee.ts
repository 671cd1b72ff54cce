import { SigningKey } from '@level-one/peers';
import { randomUUID } from 'node:crypto';
import { PlayedLedger } from '../../played/played-ledger.js';
import { PlayedRole, refusal } from '../../played/play-role.js';
import type { SuiteContext } from '../../common/role-suite.js';
import { KNOWN, receiverNamed, PLAYED_INVOICE } from '../spsp-backend/played-dfsp-api.js';

/** Life of a set-up and of the transfers (ms). */
export const LIFE_MS = 50_000;

/** Routes of the backend for news of a payment: of an invoice, and to a number (row 34). */
export const NEWS = [
  'PUT /spsp/backend/v1/invoices/{invoiceId}/payments/{paymentId}',
  'PUT /spsp/backend/v1/receivers/{payee}/payments/{paymentId}',
] as const;
/** Route of the scheme adapter for news of a quoted payment (row 48). */
export const QUOTED_NEWS = 'POST /scheme/adapter/v1/notifications';

/** Another DFSP, whose requests are signed by a key that is registered. */
export const PAYER_DFSP = { shortName: 'payer', url: 'http://payer.example', key: key('payer', '01') } as const;
/** A key that nobody has registered. */
export const UNKNOWN_KEY = key('nobody', '02');

function key(name: string, byte: string): SigningKey {
  return SigningKey.of(`${name}-conformance`, byte.repeat(32));
}

/** The roles around an SPSP server: backend, scheme adapter, ledger adapter and central directory. */
export class PlayedPayee {
  readonly backend: PlayedRole;
  readonly schemeAdapter: PlayedRole;
  readonly ledger: PlayedLedger;

  constructor(readonly context: SuiteContext) {
    const { peers, system } = context;
    this.ledger = new PlayedLedger(context, 'ledger-adapter');
    this.ledger.openAccount('bob', { accountType: 'mw', direct_use: false });
    this.ledger.openAccount('trader', { accountType: 'mw', direct_use: true });
    this.backend = new PlayedRole(peers, system.contract, 'spsp-backend');
    this.schemeAdapter = new PlayedRole(peers, system.contract, 'scheme-adapter');
    this.serveDirectory();
    this.serveBackend();
    this.schemeAdapter.serve(QUOTED_NEWS, ({ body }) => ({ json: { status: body.status } }));
  }

  /** URL of a path at the system, as others are told of it. */
  urlOf(path: string): string {
    return this.context.system.urlOf(path);
  }

  private serveDirectory(): void {
    const { peers, system, dfsp } = this.context;
    const directory = new PlayedRole(peers, system.contract, 'central-directory');
    const { shortName, url, key: signing } = PAYER_DFSP;
    const entry = (name: string, base: string) => ({ shortName: name, providerUrl: `${base}/v1`, origins: [base] });
    directory.serve('GET /dfsps', () => ({
      json: [
        { ...entry(shortName, url), keys: [{ keyId: signing.keyId, publicKey: signing.publicKey }] },
        { ...entry('third', 'http://third.example'), keys: [] },
        { ...entry(dfsp, this.urlOf('')), keys: [] },
      ],
    }));
  }

  private serveBackend(): void {
    const base = '/spsp/backend/v1';
    const account = this.ledger.accountUri('bob');
    const { backend } = this;
    backend.serve(`GET ${base}/receivers/{identifier}`, (_, { identifier = '' }) => {
      if (identifier !== KNOWN.number) return refusal(404, 'UserNotFound', 'No such user');
      const inside = { paymentsUrl: 'http://inside.example/payments', nationalId: '7', dob: '1970-01-01' };
      return { json: { ...receiverNamed('Bob Diaz'), account, ...inside } };
    });
    backend.serve(`POST ${base}/invoices`, ({ body }) => {
      if (body.senderIdentifier !== KNOWN.number) return refusal(404, 'UserNotFound', 'No such user');
      return { status: 201, json: { invoiceNotificationId: randomUUID(), status: 'pending' } };
    });
    backend.serve(`GET ${base}/invoices/{invoiceId}`, (_, { invoiceId = '' }) => {
      if (invoiceId !== KNOWN.invoiceId) return refusal(404, 'InvoiceNotFoundError', 'Invoice not found');
      return { json: { ...PLAYED_INVOICE, account, nationalId: '7' } };
    });
    backend.serve(`POST ${base}/setup`, ({ body }) => {
      if (body.invoiceId !== undefined && body.invoiceId !== KNOWN.invoiceId)
        return refusal(404, 'InvoiceNotFoundError', 'Invoice not found');
      if (body.identifier !== undefined && body.identifier !== KNOWN.number)
        return refusal(404, 'UserNotFound', 'No such user');
      return { status: 201, json: approvalOf(body, account) };
    });
    for (const route of NEWS) backend.serve(route, () => ({ json: {} }));
  }
}

function approvalOf(body: Record<string, string>, destinationAccount: string) {
  return {
    id: body['paymentId'],
    name: 'Bob Diaz',
    destinationAccount,
    destinationAmount: body['amount'] ?? PLAYED_INVOICE.amount,
    expiresAt: new Date(Date.now() + LIFE_MS).toISOString(),
    data: { senderIdentifier: body['senderIdentifier'] },
    status: 'proposed',
    currencyCode: 'USD',
    currencySymbol: '$',
  };
}
