/**
 * An SPSP backend in plain Node, to start your own from. The DFSP's SPSP server calls it; it asks the system that knows
 * the DFSP's customers and invoices. Here that is the DFSP API: replace `askDfsp` by your own system.
 *
 *   eval "$(npm run -s settings -- dfsp2/spsp-backend)"
 *   node examples/spsp-backend.mjs
 */
import { createServer } from 'node:http';

const { HOST = '127.0.0.1', PORT, PUBLIC_URL, DFSP_API_URL, ROLE_PASSWORD, CALLERS = '' } = process.env;
const BASE = '/spsp/backend/v1';
const KNOWN_CALLERS = new Set(CALLERS.split(',').map(basic));
const BODY_LENGTH_MAX = 256 * 1024;

/** Method and path of every call of the SPSP server, the status of a good answer, and who gives it. */
const ROUTES = [
  [/^GET (\/receivers\/[^/]+)$/, 200, receiver], // I.F
  [/^POST (\/invoices)$/, 201, askDfsp], // III.D
  [/^GET (\/invoices\/[^/]+)$/, 200, askDfsp], // row-15b
  [/^POST (\/setup)$/, 201, askDfsp], // S.D
  [/^PUT (\/(?:invoices|receivers)\/[^/]+\/payments\/[^/]+)$/, 200, payment], // row-34
];

/** Who has this number? `paymentsUrl` says where payments to it are told. */
async function receiver(request, path) {
  return { ...(await askDfsp(request, path)), paymentsUrl: `${PUBLIC_URL}${BASE}${path}/payments` };
}

/** News of a payment. While it is `prepared`, an answer of 200 takes the money; a refusal rejects it. */
function payment(request, path, news) {
  if (!path.endsWith(`/${news?.paymentid}`))
    throw refusal(400, 'InvalidBodyError', 'paymentid is not the one in the path');
  return askDfsp(request, path.startsWith('/invoices') ? `/receivers${path}` : path, news);
}

/** Asks the DFSP the same. A refusal of the DFSP goes back as it is. */
async function askDfsp(request, path, json) {
  const passedOn = ['l1p-trace-id', 'traceparent', 'l1p-from-dfsp'].filter((name) => request.headers[name]);
  const response = await fetch(DFSP_API_URL + path, {
    method: request.method,
    headers: {
      ...Object.fromEntries(passedOn.map((name) => [name, request.headers[name]])),
      authorization: basic(`spsp-backend:${ROLE_PASSWORD}`),
      ...(json && { 'content-type': 'application/json' }),
    },
    body: json && JSON.stringify(json),
    redirect: 'error',
    signal: AbortSignal.timeout(8_000), // less than the caller waits: docs/hops.md
  });
  const body = JSON.parse((await response.text()) || '{}');
  if (response.ok) return body;
  const { status, headers } = response;
  const retryAfter = headers.get('retry-after');
  const goesOn = status === 503 ? retryAfter !== null : status < 500 && status !== 401; // 401: our own password is wrong
  if (!goesOn) throw refusal(502, 'ExternalError', `The DFSP answered ${status}`);
  throw Object.assign(refusal(status, body.id, body.message), { body, retryAfter });
}

/** An error as the contract writes it: docs/contract/errors.md. */
function refusal(status, id, message) {
  return Object.assign(new Error(message), { status, body: { id, message } });
}

function basic(credentials) {
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

async function bodyOf(request) {
  const type = request.headers['content-type'] ?? 'application/json';
  if (!type.startsWith('application/json')) throw refusal(415, 'UnsupportedMediaTypeError', 'The body must be JSON');
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > BODY_LENGTH_MAX) throw refusal(413, 'PayloadTooLargeError', 'The body is too large');
  }
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    throw refusal(400, 'InvalidBodyError', 'The body is not valid JSON');
  }
}

async function answer(request) {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === `${BASE}/health`) return [200, { status: 'OK' }];
  if (!KNOWN_CALLERS.has(request.headers.authorization)) throw refusal(401, 'Unauthorized', 'The caller is not known');
  for (const [route, status, handle] of ROUTES) {
    const path = route.exec(`${request.method} ${pathname.replace(BASE, '')}`)?.[1];
    if (path) return [status, await handle(request, path, await bodyOf(request))];
  }
  throw refusal(404, 'NotFoundError', 'There is no such route');
}

/** What an error that was thrown is answered with. */
function refused({ status = 502, message, body = { id: 'ExternalError', message }, retryAfter }) {
  return [status, body, retryAfter && { 'retry-after': retryAfter }];
}

const server = createServer(async (request, response) => {
  const [status, body, headers] = await answer(request).catch(refused);
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
});
server.listen(Number(PORT), HOST, () => console.log(`SPSP backend on ${HOST}:${PORT}`));
process.on('SIGTERM', () => server.close());
