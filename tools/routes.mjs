// @ts-check
/** Makes docs/routes.md: the routes that a system in place of a role must serve, with callers, requests and answers. */
import { HOPS } from '../dist/libs/peers/src/index.js';
import { ROLES } from '../dist/libs/platform/src/index.js';
import { operationsOf } from './openapi-document.mjs';
import { code, table } from './tables.mjs';

/**
 * @typedef {import('./openapi-document.mjs').Content} Content
 * @typedef {import('./openapi-document.mjs').Operation} Operation
 * @typedef {import('./openapi-document.mjs').RoleDocument} RoleDocument
 * @typedef {import('./openapi-document.mjs').Schema} Schema
 */

/**
 * Callers of routes that belong to no hop and that no decorator names: a ledger knows its callers by their accounts, the
 * directory by their DFSP. The calls are in libs/peers and in the ledger relay.
 * @type {Record<string, Record<string, string>>}
 */
const FURTHER_CALLS = {
  'dfsp-ledger': {
    'GET /ledger': 'dfsp-api, ledger-adapter',
    'GET /ledger/health': 'ledger-adapter',
    'GET /ledger/auth_token': 'dfsp-api, ledger-adapter',
    'GET /ledger/accounts/{name}': 'dfsp-api, ledger-adapter',
    'GET /ledger/transfers/{id}': 'dfsp-api, ledger-adapter',
    'GET /ledger/transfers/{id}/fulfillment': 'dfsp-api, ledger-adapter',
    'POST /ledger/messages': 'ledger-adapter',
  },
  'ledger-adapter': {
    'GET /ilp/ledger/v1': 'spsp-client, spsp-server, ilp-connector',
    'GET /ilp/ledger/v1/auth_token': 'spsp-client-proxy, spsp-client, spsp-server, ilp-connector',
    'GET /ilp/ledger/v1/accounts/{name}': 'spsp-client, spsp-server, ilp-connector',
    'GET /ilp/ledger/v1/transfers/{id}': 'spsp-client, spsp-server, ilp-connector',
    'GET /ilp/ledger/v1/transfers/{id}/fulfillment': 'spsp-client, ilp-connector',
    'POST /ilp/ledger/v1/messages': 'spsp-client, ilp-connector',
  },
  'central-ledger': {
    'GET /': 'ilp-connector',
    'GET /auth_token': 'ilp-connector',
    'GET /transfers/{id}': 'ilp-connector',
    'GET /transfers/{id}/fulfillment': 'ilp-connector',
    'POST /messages': 'ilp-connector',
  },
  'central-directory': { 'GET /dfsps': 'dfsp-api, spsp-client, spsp-server, scheme-adapter' },
};

/**
 * Routes that `npm start` and operators call before the first payment: docs/operate.md.
 * @type {Record<string, string[]>}
 */
const SET_UP_CALLS = {
  'central-directory': ['POST /commands/register', 'POST /dfsps/{shortName}/keys', 'POST /resources'],
  'central-ledger': ['GET /accounts/{name}', 'PUT /accounts/{name}'],
  'dfsp-ledger': ['PUT /ledger/accounts/{name}'],
  'dfsp-api': ['PUT /v1/customers/{identifier}', 'POST /v1/merchantInvoice', 'GET /v1/feeRules', 'POST /v1/feeRules'],
};

/**
 * Aliases that roles call, for another kind of payment.
 * @type {Record<string, string[]>}
 */
const CALLED_ALIASES = { 'dfsp-api': ['PUT /v1/receivers/{payee}/payments/{paymentId}'] };

/**
 * Subscribers of a role's websocket: docs/websockets.md. The hops name those of the adapter and of the central ledger; the
 * adapter opens a websocket to the DFSP's ledger for each of its own.
 * @param {string} role
 */
function subscribersOf(role) {
  if (role === 'dfsp-ledger') return ['ledger-adapter'];
  const receivers = new Set(
    HOPS.filter(({ method, from }) => method === 'WS' && from === role).flatMap(({ to }) => to),
  );
  return ROLES.filter((one) => receivers.has(one));
}

const NEEDS = ['must', 'set-up', 'channel', 'operator', 'may'];

/**
 * Roles that call a route: in a payment, each with its hops, or beside it.
 * @param {string} role
 * @param {string} request
 * @param {Operation} operation
 */
function callersIn(role, request, operation) {
  /** @type {Map<string, string[]>} */
  const hopsBySender = new Map();
  for (const { id, from, to, fromSide, toSide } of HOPS) {
    if (!operation['x-hop']?.includes(id) || ![to].flat().includes(role) || from === 'channel') continue;
    const sender = fromSide === toSide ? from : `${from} of another place`;
    hopsBySender.set(sender, [...(hopsBySender.get(sender) ?? []), id]);
  }
  const senders = [...hopsBySender].map(([sender, ids]) => `${sender} (${ids.join(', ')})`);
  return [...senders, ...callersBeside(operation), FURTHER_CALLS[role]?.[request] ?? []].flat().join(', ');
}

/**
 * Roles that the decorator of a route names, if the route supports payments without being a hop of one.
 * @param {Operation} operation
 * @returns {readonly string[]}
 */
function callersBeside(operation) {
  const isSupport = operation['x-hop']?.some((id) => id.startsWith('support-'));
  return isSupport ? ROLES.filter((role) => operation['x-callers']?.includes(role)) : [];
}

/**
 * @param {string} role
 * @param {string} request
 * @param {Operation} operation
 * @param {string} callers
 */
function needOf(role, request, operation, callers) {
  if (callers !== '') return 'must';
  if (SET_UP_CALLS[role]?.includes(request)) return 'set-up';
  const allowed = operation['x-callers'] ?? [];
  if (allowed.includes('channel')) return 'channel';
  if (allowed.includes('admin')) return 'operator';
  return 'may';
}

/**
 * A schema in short: its members, with a question mark if one may be absent.
 * @param {Schema | undefined} schema
 * @param {RoleDocument} document
 * @returns {string}
 */
function shapeOf(schema, document) {
  if (!schema) return '';
  if (schema.$ref) return shapeOf(document.components.schemas[schema.$ref.split('/').at(-1) ?? ''], document);
  if (schema.oneOf) return schema.oneOf.map((one) => shapeOf(one, document)).join(' or ');
  if (schema.type === 'array') return `[${shapeOf(schema.items, document)}]`;
  if (!schema.properties) return schema.type === 'object' ? '{}' : (schema.type ?? '');
  const members = Object.keys(schema.properties).map((name) => (schema.required?.includes(name) ? name : `${name}?`));
  return `{ ${members.join(', ')} }`;
}

/**
 * @param {Content | undefined} content
 * @param {RoleDocument} document
 */
function contentOf(content, document) {
  const shapes = Object.entries(content ?? {}).map(([type, { schema }]) =>
    type === 'application/json' ? shapeOf(schema, document) : type.replace(/;.*/, ''),
  );
  return [...new Set(shapes.filter((shape) => shape !== ''))].map(code).join(' or ');
}

/**
 * @param {Operation} operation
 * @param {RoleDocument} document
 */
function sentOf({ parameters = [], requestBody }, document) {
  const query = parameters
    .filter((one) => one.in === 'query')
    .map(({ name, required }) => (required ? name : `${name}?`));
  return [query.length > 0 ? `query ${code(query.join(', '))}` : '', contentOf(requestBody?.content, document)]
    .filter((part) => part !== '')
    .join(' ');
}

/**
 * @param {Operation} operation
 * @param {RoleDocument} document
 */
function answerOf({ responses }, document) {
  const good = Object.entries(responses).filter(([status]) => status < '300');
  const statuses = good.map(([status]) => status).join(' or ');
  const refusals = Object.keys(responses).filter((status) => status >= '400');
  return [statuses, contentOf(good[0]?.[1].content, document), refusals.length > 0 ? `else ${refusals.join(', ')}` : '']
    .filter((part) => part !== '')
    .join(' ');
}

/**
 * Whether a request is on the page: aliases are left out unless a role calls them.
 * @param {string} role
 * @param {string} request
 * @param {Operation} operation
 */
function isShown(role, request, operation) {
  return !operation['x-alias-of'] || (CALLED_ALIASES[role] ?? []).includes(request);
}

/**
 * @param {string} role
 * @param {RoleDocument} document
 */
function rowsOf(role, document) {
  const rows = operationsOf(document)
    .filter(({ request, operation }) => isShown(role, request, operation))
    .map(({ request, operation }) => {
      const callers = callersIn(role, request, operation);
      const need = needOf(role, request, operation, callers);
      return { need, request, callers, sent: sentOf(operation, document), answer: answerOf(operation, document) };
    });
  const shown = new Set(rows.map(({ request }) => request));
  const named = [FURTHER_CALLS, SET_UP_CALLS, CALLED_ALIASES].flatMap((calls) => {
    const requests = calls[role] ?? [];
    return Array.isArray(requests) ? requests : Object.keys(requests);
  });
  const lost = named.filter((request) => !shown.has(request));
  if (lost.length > 0)
    throw new Error(`${role} has no route ${lost.join(', ')}; tools/routes.mjs says that it is called`);
  return rows.toSorted((a, b) => NEEDS.indexOf(a.need) - NEEDS.indexOf(b.need));
}

/**
 * @param {string} role
 * @param {RoleDocument} document
 */
function sectionOf(role, document) {
  const rows = rowsOf(role, document);
  const served = rows.filter(({ need }) => need === 'must' || need === 'set-up');
  const others = NEEDS.slice(2).flatMap((need) => {
    const requests = rows.filter((row) => row.need === need).map(({ request }) => code(request));
    return requests.length > 0 ? [`- **${need}**: ${requests.join(', ')}`] : [];
  });
  const subscribers = subscribersOf(role).join(', ');
  return `## ${role}

${table(
  ['Need', 'Route', 'Called by', 'Sent', 'Answered'],
  served.map(({ need, request, callers, sent, answer }) => [`**${need}**`, code(request), callers, sent, answer]),
)}

${[...(subscribers ? [`- **must**: a [websocket](websockets.md), for ${subscribers}`] : []), ...others].join('\n')}
`;
}

/**
 * docs/routes.md
 * @param {Map<string, RoleDocument>} documents by role
 */
export function routesPage(documents) {
  const sections = ROLES.flatMap((role) => {
    const document = documents.get(role);
    return document ? [sectionOf(role, document)] : [];
  });
  return `# Routes by role

For engineers who put a system in place of a role: what it must serve, and what it may. Generated by \`npm run generate\`
from the controllers, the table of hops and \`tools/routes.mjs\`; do not edit.

- **must**: another role calls it in a payment, or before one. In brackets is the [hop](hops.md), which says how long the caller
  waits. *Of another place* means another DFSP or the centre.
- **set-up**: \`npm start\` calls it before the first payment: [what a set-up calls](replace-a-role.md#what-the-set-up-calls).
- **channel**: only your own channels call it. If they call other routes, leave it out.
- **operator**: only an administrator calls it. Leave it out if you administer your system by other means.
- **may**: no role needs it.

A member with \`?\` may be absent. Aliases are not listed; the roles call the paths of this page. The whole
bodies, with rules and examples, are in the [OpenAPI documents](openapi), the meaning of each is in [the contract](contract/README.md).

${sections.join('\n')}`;
}
