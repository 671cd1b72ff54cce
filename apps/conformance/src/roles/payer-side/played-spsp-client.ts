import { randomUUID } from 'node:crypto';
import { playedPromise } from '../../played/played-promise.js';
import { PlayedRole, refusal } from '../../played/play-role.js';
import type { SuiteContext } from '../../common/role-suite.js';
import { KNOWN, receiverNamed, PLAYED_INVOICE } from '../spsp-backend/played-dfsp-api.js';

export const CLIENT = {
  query: 'GET /v1/query',
  notify: 'POST /v1/invoices',
  invoice: 'GET /v1/invoices',
  setup: 'POST /v1/setup',
  pay: 'POST /v1/transfers/{id}',
  payment: 'GET /v1/payments/{id}',
  quoteIpr: 'GET /v1/quoteIPR',
  payIpr: 'POST /v1/payIPR',
} as const;

/** URLs of another DFSP, for the roles that only pass them on. */
export const OUTSIDE = {
  receiver: `http://other.example/v1/receivers/${KNOWN.number}`,
  invoice: `http://other.example/v1/invoices/${KNOWN.invoiceId}`,
  unknownReceiver: 'http://other.example/v1/receivers/99999999',
  unknownInvoice: 'http://other.example/v1/invoices/none',
  submission: 'http://other.example/v1/invoices',
} as const;

const LIFE_MS = 55_000;
/** The SPSP client behind a proxy and a scheme adapter. */
export function playSpspClient({ peers, system }: SuiteContext): PlayedRole {
  const client = new PlayedRole(peers, system.contract, 'spsp-client');
  const paid = new Map<string, { terms: string; result: Record<string, unknown> }>();
  serveReads(client);
  client.serve(CLIENT.setup, ({ body }) => {
    const { receiver, sourceAccount, sourceIdentifier, destinationAmount = '10.40' } = body as Record<string, string>;
    const { paymentId = randomUUID() } = body as { paymentId?: string };
    if (receiver === OUTSIDE.unknownReceiver) return refusal(404, 'InvalidReceiverIdError', 'Invalid receiver ID');
    return { status: 201, json: setupOf({ paymentId, receiver, sourceAccount, sourceIdentifier, destinationAmount }) };
  });
  client.serve(CLIENT.pay, ({ body }, { id = '' }) => {
    const terms = JSON.stringify([body.sourceAmount, body.destinationAmount, body.execution_condition]);
    const known = paid.get(id);
    if (known && known.terms !== terms) return refusal(422, 'AlreadyExistsError', 'Another payment');
    if (known) return { json: known.result };
    const { sourceAmount, sourceAccount, expiresAt } = body as Record<string, string>;
    const result = { id, sourceAmount, sourceAccount, expiresAt, status: 'executed', fulfillment: 'oCKAIA' };
    paid.set(id, { terms, result });
    return { status: 201, json: result };
  });
  client.serve(CLIENT.payment, (_, { id = '' }) => {
    const known = paid.get(id);
    return known ? { json: known.result } : refusal(404, 'NotFoundError', 'Unknown payment');
  });
  servePaymentRequests(client);
  return client;
}

function serveReads(client: PlayedRole): void {
  client.serve(CLIENT.query, ({ query }) => {
    if (query['receiver'] === OUTSIDE.receiver) return { json: receiverNamed('Bob Diaz') };
    if (!URL.canParse(String(query['receiver']))) return refusal(400, 'InvalidUriParameterError', 'Not a URL');
    return refusal(404, 'InvalidReceiverIdError', 'Invalid receiver ID');
  });
  client.serve(CLIENT.invoice, ({ query }) =>
    query['invoiceUrl'] === OUTSIDE.invoice
      ? { json: { ...PLAYED_INVOICE, account: receiverNamed('Bob Diaz').account } }
      : refusal(404, 'InvoiceNotFoundError', 'Invoice not found'),
  );
  client.serve(CLIENT.notify, ({ body }) =>
    body.senderIdentifier === KNOWN.number
      ? { status: 201, json: { invoiceNotificationId: randomUUID(), status: 'pending' } }
      : refusal(404, 'UserNotFound', 'No such user'),
  );
  client.serve('GET /v1/quoteSourceAmount', ({ query }) => ({ json: { destinationAmount: query['sourceAmount'] } }));
  client.serve('GET /v1/quoteDestinationAmount', ({ query }) => ({
    json: { sourceAmount: query['destinationAmount'] },
  }));
}

function servePaymentRequests(client: PlayedRole): void {
  const paid = new Map<string, string>();
  client.serve(CLIENT.quoteIpr, () => ({
    json: {
      sourceAmount: '10.40',
      connectorAccount: 'http://own.example/accounts/connector',
      sourceExpiryDuration: 10,
    },
  }));
  client.serve(CLIENT.payIpr, ({ body }) => {
    const { paymentId, sourceAmount, connectorAccount } = body as Record<string, string>;
    const known = paid.get(paymentId!);
    if (known !== undefined && known !== sourceAmount) return refusal(422, 'AlreadyExistsError', 'Another payment');
    paid.set(paymentId!, sourceAmount!);
    return { json: { paymentId, connectorAccount, status: 'executed', fulfillment: 'oCKAIA' } };
  });
}

function setupOf(terms: Record<string, string | undefined> & { paymentId: string; destinationAmount: string }) {
  const { paymentId, receiver, sourceAccount, sourceIdentifier, destinationAmount: amount } = terms;
  const expiresAt = new Date(Date.now() + LIFE_MS);
  const address = 'levelone.other.bob.token';
  const { condition, packet } = playedPromise({ paymentId, amount, address, expiresAt });
  return {
    id: paymentId,
    name: 'Bob Diaz',
    receiver,
    destinationAccount: receiverNamed('Bob Diaz').account,
    address,
    destinationAmount: amount,
    sourceAmount: amount,
    sourceAccount,
    expiresAt: expiresAt.toISOString(),
    data: { senderIdentifier: sourceIdentifier },
    additionalHeaders: packet,
    execution_condition: condition,
    condition,
  };
}
