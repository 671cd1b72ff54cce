import { type FakePeerAnswer, type FakePeers } from '@level-one/testing/peers';
import type { Contract } from '../../contract/documents.js';
import { PlayedRole, refusal } from '../../played/play-role.js';

/** Numbers and invoices that the played DFSP API knows, and what it answers for others. */
export const KNOWN = {
  number: '26547070',
  otherNumber: '78956562',
  invoiceId: '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10',
  invoiceUrl: 'http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10',
  /** A slash belongs to this number. */
  slashed: '26/54',
} as const;
export const UNKNOWN = { number: '99999999', invoiceId: 'no-such-invoice' } as const;

/** An invoice that takes no payment any more. */
const PAID_INVOICE = 'paid-before';

/** Ids of invoices that the system, or the DFSP API behind it, knows. */
export interface InvoicesOfTest {
  unpaid: string;
  paid: string;
}

export const PLAYED_INVOICES: InvoicesOfTest = { unpaid: KNOWN.invoiceId, paid: PAID_INVOICE };
/** What a system with customers and invoices of its own has to know for the test, besides Bob. */
export const OWN_INVOICES: InvoicesOfTest = { unpaid: 'coffee-1', paid: 'coffee-0' };

/** Numbers for which the played DFSP API behaves in another way. */
export const TROUBLE = {
  noAccount: '40000001',
  fails: '50000001',
  noJson: '50000002',
  refusesCredentials: '50000003',
  busy: '50000004',
  silent: '50000005',
} as const;

const MONEY = { currencyCode: 'USD', currencySymbol: '$' };
const ACCOUNT = 'http://127.0.0.1:3206/ilp/ledger/v1/accounts/bob';

export function receiverNamed(name: string) {
  return { type: 'payee', name, account: ACCOUNT, imageUrl: 'https://images.example/bob.png', ...MONEY };
}

/** The invoice that roles know; each says by which account it is paid. */
export const PLAYED_INVOICE = {
  type: 'invoice',
  invoiceId: KNOWN.invoiceId,
  name: 'Bob Diaz',
  amount: '10.40',
  status: 'unpaid',
  invoiceType: 'standard',
  merchantIdentifier: KNOWN.number,
  invoiceInfo: 'Lunch',
  ...MONEY,
};

/** The DFSP API behind an SPSP backend, with answers by number. */
export function playDfspApi(peers: FakePeers, contract: Contract): PlayedRole {
  const api = new PlayedRole(peers, contract, 'dfsp-api');
  const setups = new Map<string, string>();
  api.serve(
    'GET /v1/receivers/{identifier}',
    (_, { identifier = '' }) => troubleWith(identifier) ?? receiverOf(identifier),
  );
  api.serve('GET /v1/invoices/{invoiceId}', (_, { invoiceId = '' }) => {
    if (invoiceId !== KNOWN.invoiceId) return refusal(404, 'InvoiceNotFoundError', 'Invoice not found');
    return { json: { ...PLAYED_INVOICE, account: ACCOUNT } };
  });
  api.serve('POST /v1/invoices', ({ body }) => {
    const trouble = troubleWith(body.senderIdentifier);
    if (trouble) return trouble;
    if (body.senderIdentifier === UNKNOWN.number) return refusal(404, 'UserNotFound', 'No such user');
    return { status: 201, json: { invoiceNotificationId: '79cb1a1a-04a7-50a2-ae37-d9ff03334353', status: 'pending' } };
  });
  api.serve('POST /v1/setup', ({ body }) => setUp(setups, body));
  const news = (): FakePeerAnswer => ({ json: {} });
  api.serve('PUT /v1/receivers/{payee}/payments/{paymentId}', (_, { payee = '' }) => {
    if (!isKnown(payee)) return refusal(404, 'NotFoundError', 'No such payment');
    return news();
  });
  api.serve('PUT /v1/receivers/invoices/{invoiceId}/payments/{paymentId}', (_, { invoiceId = '' }) => {
    if (invoiceId === PAID_INVOICE) return refusal(422, 'InvoiceNotPendingError', 'Invoice is not in pending status');
    return invoiceId === KNOWN.invoiceId ? news() : refusal(404, 'InvoiceNotFoundError', 'Invoice not found');
  });
  return api;
}

function isKnown(number: string): boolean {
  return ([KNOWN.number, KNOWN.otherNumber, KNOWN.slashed] as readonly string[]).includes(number);
}

function receiverOf(identifier: string): FakePeerAnswer {
  return isKnown(identifier) ? { json: receiverNamed('Bob Diaz') } : refusal(404, 'UserNotFound', 'No such user');
}

function setUp(setups: Map<string, string>, body: Record<string, string>): FakePeerAnswer | Promise<FakePeerAnswer> {
  const trouble = troubleWith(body['senderIdentifier']);
  if (trouble) return trouble;
  if (body['invoiceId'] === UNKNOWN.invoiceId) return refusal(404, 'InvoiceNotFoundError', 'Invoice not found');
  if (body['identifier'] === UNKNOWN.number) return refusal(404, 'UserNotFound', 'No such user');
  const terms = JSON.stringify([body['invoiceId'], body['identifier'], body['senderIdentifier'], body['amount']]);
  const id = body['paymentId']!;
  const known = setups.get(id);
  if (known !== undefined && known !== terms) return refusal(422, 'AlreadyExistsError', 'Other content under this id');
  setups.set(id, terms);
  return {
    status: 201,
    json: {
      id,
      name: 'Bob Diaz',
      destinationAccount: ACCOUNT,
      destinationAmount: body['amount'] ?? PLAYED_INVOICE.amount,
      expiresAt: '2030-01-01T00:01:00.000Z',
      data: { senderIdentifier: body['senderIdentifier'] },
      status: 'proposed',
      ...MONEY,
    },
  };
}

function troubleWith(number: string | undefined): FakePeerAnswer | Promise<FakePeerAnswer> | undefined {
  switch (number) {
    case TROUBLE.noAccount:
      return refusal(422, 'NoAccount', 'The user has no account');
    case TROUBLE.fails:
      return { status: 500, text: 'Error: boom\n    at work (/srv/api/work.js:10:7)' };
    case TROUBLE.noJson:
      return { status: 200, text: '<html>It works</html>' };
    case TROUBLE.refusesCredentials:
      return refusal(401, 'Unauthorized', 'Unauthorized');
    case TROUBLE.busy:
      return { ...refusal(503, 'ServiceUnavailableError', 'Try again shortly'), headers: { 'retry-after': '3' } };
    case TROUBLE.silent:
      return new Promise(() => undefined);
    default:
      return undefined;
  }
}
