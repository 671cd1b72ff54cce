/**
 * A DFSP of your own in plain Node: it has its customers and invoices itself, in place of an SPSP backend and the DFSP
 * API behind it. The guide is docs/bring-your-own-dfsp.md.
 */
import { createServer } from 'node:http';

const { HOST = '127.0.0.1', PORT, PUBLIC_URL, LEDGER_ADAPTER_URL, CALLERS = '' } = process.env;
const BASE = '/spsp/backend/v1';
const KNOWN_CALLERS = new Set(CALLERS.split(',').map((pair) => `Basic ${Buffer.from(pair).toString('base64')}`));
const MONEY = { currencyCode: 'USD', currencySymbol: '$' };

// Your data: put your core system in place of these.
const BOB = { name: 'Bob Diaz', account: `${LEDGER_ADAPTER_URL}/accounts/bob`, ...MONEY };
const PRODUCT = { type: 'invoice', invoiceType: 'product', merchantIdentifier: '26547070', invoiceInfo: 'Coffee' };
const customers = { 26547070: BOB };
const invoices = {
  'coffee-1': { ...PRODUCT, ...BOB, invoiceId: 'coffee-1', amount: '10.40', status: 'unpaid' },
  'coffee-0': { ...PRODUCT, ...BOB, invoiceId: 'coffee-0', amount: '3.20', status: 'paid' },
};
const [notifications, payments] = [{}, {}];

// Forms of bodies; a member with `?` may be absent.
const [UUID, AMOUNT, TEXT] = [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, /^\d+(\.\d+)?$/, /^.{1,32}$/];
const NOTIFICATION = { invoiceUrl: /^https?:\/\/.{1,999}$/, senderIdentifier: TEXT, 'memo?': /^[^]{0,2048}$/ };
const SETUP = { senderIdentifier: TEXT, paymentId: UUID, 'invoiceId?': TEXT, 'identifier?': TEXT, 'amount?': AMOUNT };
const STATUS = /^(proposed|prepared|executed|rejected|expired)$/;
const NEWS = {
  status: STATUS,
  transferId: UUID,
  paymentid: UUID,
  destinationAmount: AMOUNT,
  'senderIdentifier?': TEXT,
};

/** Method and path of every call, the status of a good answer, who gives it, and the form of the body. */
const ROUTES = [
  [/^GET \/receivers\/([^/]+)$/, 200, receiver],
  [/^GET \/invoices\/([^/]+)$/, 200, (id) => find(invoices, id, 'InvoiceNotFoundError')],
  [/^POST \/invoices$/, 201, notify, NOTIFICATION],
  [/^POST \/setup$/, 201, setUp, SETUP],
  [/^PUT \/(invoices|receivers)\/([^/]+)\/payments\/([^/]+)$/, 200, payment, NEWS],
];

/** Who has this number? */
function receiver(number) {
  const imageUrl = 'https://images.example/none.png';
  const paymentsUrl = `${PUBLIC_URL}${BASE}/receivers/${encodeURIComponent(number)}/payments`;
  return { ...find(customers, number, 'UserNotFound'), type: 'payee', imageUrl, paymentsUrl };
}

/** A merchant elsewhere asks our customer for money. The same invoice again is the same notification. */
function notify({ invoiceUrl, senderIdentifier }) {
  find(customers, senderIdentifier, 'UserNotFound');
  return (notifications[invoiceUrl] ??= { invoiceNotificationId: crypto.randomUUID(), status: 'pending' });
}

/** May this payment come? The same question again gets the same answer. */
function setUp({ paymentId, invoiceId, identifier, amount, senderIdentifier }) {
  const terms = [invoiceId, identifier, amount, senderIdentifier].join();
  const known = payments[paymentId];
  if (known && known.terms !== terms) throw refusal(422, 'AlreadyExistsError', 'Another payment has this id');
  if (known) return known.agreement;
  if (!invoiceId && !(identifier && amount))
    throw refusal(400, 'InvalidBodyError', 'invoiceId, or identifier and amount');
  const { name, account, ...payee } = invoiceId ? unpaid(invoiceId) : find(customers, identifier, 'UserNotFound');
  const expiresAt = new Date(Date.now() + 60_000).toISOString();
  const agreed = { id: paymentId, status: 'proposed', expiresAt, data: { senderIdentifier }, ...MONEY };
  const agreement = { ...agreed, name, destinationAccount: account, destinationAmount: amount ?? payee.amount };
  payments[paymentId] = { terms, agreement };
  return agreement;
}

/** News of a payment. While it is `prepared`, 200 takes the money, and a refusal sends it back. */
function payment(kind, target, paymentId, { status, paymentid, destinationAmount }) {
  if (!UUID.test(paymentId)) throw refusal(400, 'InvalidUriParameterError', 'paymentId is no UUID');
  if (paymentid !== paymentId) throw refusal(400, 'InvalidBodyError', 'paymentid is not the one in the path');
  if (kind === 'invoices' && status === 'prepared') unpaid(target);
  if (kind === 'receivers') find(customers, target, 'NotFoundError');
  const { agreement } = find(payments, paymentId, 'NotFoundError');
  const isAgreed = destinationAmount === agreement.destinationAmount;
  if (!isAgreed) throw refusal(422, 'UnprocessableEntityError', `${agreement.destinationAmount} was agreed`);
  if (kind === 'invoices' && status === 'executed') invoices[target].status = 'paid';
  console.log(`${target}: payment of ${destinationAmount} is ${status}`);
  return {};
}

function unpaid(invoiceId) {
  const one = find(invoices, invoiceId, 'InvoiceNotFoundError');
  if (one.status === 'unpaid') return one;
  throw refusal(422, 'InvoiceNotPendingError', `The invoice is ${one.status}`);
}

function find(table, key, id) {
  if (Object.hasOwn(table, key)) return table[key];
  throw refusal(404, id, 'There is none');
}

/** An error as the contract writes it: docs/contract/errors.md. */
function refusal(status, id, message) {
  return Object.assign(new Error(message), { status, body: { id, message } });
}

async function bodyOf(request, form) {
  const isJson = /^application\/json\b/.test(request.headers['content-type']);
  if (!isJson) throw refusal(415, 'UnsupportedMediaTypeError', 'The body must be JSON');
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > 262_144) throw refusal(413, 'PayloadTooLargeError', 'The body is too large');
  }
  try {
    const body = JSON.parse(text);
    const fits = ([name, pattern]) => {
      const value = body[name.replace('?', '')];
      return typeof value === 'string' ? pattern.test(value) : value === undefined && name.endsWith('?');
    };
    if (Object.entries(form).every(fits)) return body;
  } catch {} // refused below
  throw refusal(400, 'InvalidBodyError', `The body must be JSON with ${Object.keys(form).join(', ')}`);
}

async function answer(request) {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === `${BASE}/health`) return [200, { status: 'OK' }];
  if (!KNOWN_CALLERS.has(request.headers.authorization)) throw refusal(401, 'Unauthorized', 'The caller is not known');
  for (const [route, status, handle, form] of ROUTES) {
    const values = route.exec(`${request.method} ${pathname.replace(BASE, '')}`)?.slice(1);
    const body = values && form ? [await bodyOf(request, form)] : [];
    if (values) return [status, handle(...values.map(decodeURIComponent), ...body)];
  }
  throw refusal(404, 'NotFoundError', 'There is no such route');
}

const server = createServer(async (request, response) => {
  const [status, body] = await answer(request).catch((error) => [error.status ?? 500, error.body ?? { id: 'Error' }]);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
});
server.listen(Number(PORT), HOST, () => console.log(`Own DFSP on ${HOST}:${PORT}`));
