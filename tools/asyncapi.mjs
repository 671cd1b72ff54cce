// @ts-check
/** Makes docs/asyncapi.yaml, the description of the ledgers' websockets, from dist/. */
import { dump } from 'js-yaml';
import { EVENT_TYPES, RpcErrorCode } from '../dist/libs/notifications/src/index.js';

/**
 * @typedef {import('./documents.mjs').RoleDocuments} RoleDocuments
 * @typedef {Record<string, any>} Json
 */

/** What each error code means to a client. */
const ERROR_MEANINGS = {
  [RpcErrorCode.Parse]: 'the frame is not JSON',
  [RpcErrorCode.InvalidRequest]: 'it is not a JSON-RPC 2.0 request',
  [RpcErrorCode.UnknownMethod]: 'unknown method',
  [RpcErrorCode.InvalidParams]: 'bad params',
  [RpcErrorCode.NullId]: '`id` is null',
  [RpcErrorCode.BadAccountName]: "not an account's URI",
  [RpcErrorCode.ForeignAccount]: 'an account of another ledger',
  [RpcErrorCode.NotAuthorized]: 'not allowed',
  [RpcErrorCode.Internal]: 'internal error of the ledger',
};

/** Schemas that the frames take from the bodies of the ledger's routes. */
const SHARED = ['TransferDto', 'DebitDto', 'CreditDto', 'TimelineDto'];

/**
 * A schema of OpenAPI 3.0 as JSON Schema: what is nullable has the type null too, an example is one of several.
 * @param {any} schema
 * @returns {any}
 */
function toJsonSchema(schema) {
  if (Array.isArray(schema)) return schema.map(toJsonSchema);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { nullable, example, ...rest } = schema;
  const members = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, toJsonSchema(value)]));
  return {
    ...members,
    ...(nullable && typeof members.type === 'string' && { type: [members.type, 'null'] }),
    ...(example !== undefined && { examples: [example] }),
  };
}

/** @param {string} name */
const schema = (name) => ({ $ref: `#/components/schemas/${name}` });
/** @param {string} name */
const message = (name) => ({ $ref: `#/components/messages/${name}` });

/**
 * A JSON-RPC 2.0 frame.
 * @param {Json} properties
 * @param {string[]} [required]
 */
const frame = (properties, required = Object.keys(properties)) => ({
  type: 'object',
  required: ['jsonrpc', ...required],
  properties: { jsonrpc: { const: '2.0' }, ...properties },
});

const REQUEST_ID = { type: ['string', 'integer'], description: 'Chosen by the client; the reply has the same.' };

const RESUME = {
  type: ['integer', 'string'],
  minimum: 0,
  pattern: String.raw`^\d{1,18}$`,
  description:
    '`sequence` of the last event that was handled: the events after it come first, in order, then the live ones.',
};

const EVENT_TYPE = { enum: [...EVENT_TYPES], default: '*', description: 'Which events are reported.' };

/**
 * The frame of an event.
 * @param {string[]} events
 * @param {Json} resource
 * @param {Json} [related]
 */
const notification = (events, resource, related) =>
  frame({
    id: { type: 'null' },
    method: { const: 'notify' },
    params: {
      type: 'object',
      required: ['event', 'id', 'sequence', 'resource'],
      properties: {
        event: events.length === 1 ? { const: events[0] } : { enum: events },
        id: { type: 'string', format: 'uuid', description: 'Id of the event.' },
        sequence: {
          type: 'integer',
          minimum: 1,
          description: 'Position in the log of the ledger; grows by commit order.',
        },
        resource,
        ...(related && { related_resources: related }),
      },
    },
  });

const RELATED = {
  type: 'object',
  description: 'What proves the end of a transfer.',
  properties: {
    execution_condition_fulfillment: { type: 'string', description: 'Of an executed transfer that had a condition.' },
    cancellation_condition_fulfillment: { type: 'string', description: 'Of a cancelled transfer.' },
  },
};

const MESSAGE_RESOURCE = {
  type: 'object',
  required: ['ledger', 'from', 'to', 'account', 'data'],
  properties: {
    ledger: { type: 'string', format: 'uri' },
    from: { type: 'string', format: 'uri', description: 'Account of the sender.' },
    to: { type: 'string', format: 'uri', description: 'Account of the addressee.' },
    account: { type: 'string', format: 'uri', description: 'The sender, as older clients expect it.' },
    data: { description: 'What was sent.' },
  },
};

/** @param {readonly string[]} codes */
const errorSchema = (codes) =>
  frame({
    id: { type: ['string', 'integer', 'null'], description: 'Of the request; null if it could not be read.' },
    error: {
      type: 'object',
      required: ['code', 'message', 'data'],
      properties: {
        code: { enum: codes.map(Number), description: codes.map((code) => `${code}: ${meaningOf(code)}`).join('; ') },
        message: { type: 'string', pattern: '^RpcError: ' },
        data: {
          type: 'object',
          required: ['name', 'message'],
          properties: { name: { const: 'RpcError' }, message: { type: 'string' } },
        },
      },
    },
  });

/** @param {string} code @throws Error for a code that has no meaning here */
function meaningOf(code) {
  const meaning = new Map(Object.entries(ERROR_MEANINGS)).get(code);
  if (!meaning) throw new Error(`tools/asyncapi.mjs says nothing about the error code ${code}`);
  return meaning;
}

/** @param {RoleDocuments} documents */
function schemasOf(documents) {
  const ledger = documents.get('dfsp-ledger')?.components.schemas ?? {};
  const codes = Object.values(RpcErrorCode).filter((code) => typeof code === 'number');
  return {
    ...Object.fromEntries(SHARED.map((name) => [name, toJsonSchema(ledger[name])])),
    MessageResource: MESSAGE_RESOURCE,
    RelatedResources: RELATED,
    Connect: frame({ id: { type: 'null' }, method: { const: 'connect' } }),
    SubscribeAccount: frame({
      id: REQUEST_ID,
      method: { const: 'subscribe_account' },
      params: {
        type: 'object',
        required: ['accounts'],
        properties: {
          eventType: EVENT_TYPE,
          accounts: { type: 'array', maxItems: 1_000, items: { type: 'string', format: 'uri' } },
          resumeFrom: RESUME,
        },
      },
    }),
    SubscribeAllAccounts: frame(
      {
        id: REQUEST_ID,
        method: { const: 'subscribe_all_accounts' },
        params: { type: 'object', properties: { eventType: EVENT_TYPE, resumeFrom: RESUME } },
      },
      ['id', 'method'],
    ),
    Subscribed: frame({ id: REQUEST_ID, result: { type: 'integer', minimum: 0, description: 'Number of accounts.' } }),
    TransferCreated: notification(['transfer.create'], schema('TransferDto')),
    TransferUpdated: notification(['transfer.update'], schema('TransferDto'), schema('RelatedResources')),
    MessageSent: notification(['message.send'], schema('MessageResource')),
    Error: errorSchema(codes.map(String)),
  };
}

/** @type {Record<string, string>} by the name of their schema */
const MESSAGES = {
  Connect: 'The first frame of the ledger.',
  SubscribeAccount: 'Subscribes to accounts by their URIs; replaces those of this connection, `[]` ends them.',
  SubscribeAllAccounts: 'Subscribes to every account of the ledger; for administrators and the right `subscribe`.',
  Subscribed: 'The reply to a subscription.',
  TransferCreated: 'A transfer was prepared.',
  TransferUpdated: 'A transfer was proposed, executed or rejected, or has expired.',
  MessageSent: 'A message was posted to the account.',
  Error: 'Why a request was refused; the connection stays open.',
};
const REQUESTS = ['SubscribeAccount', 'SubscribeAllAccounts'];

/** @param {string} channel @param {string} name */
const messageOf = (channel, name) => ({ $ref: `#/channels/${channel}/messages/${name}` });

/** @param {string} channel */
function operationsOf(channel) {
  const replies = ['Subscribed', 'Error'];
  const notices = Object.keys(MESSAGES).filter((name) => !REQUESTS.includes(name) && !replies.includes(name));
  const $ref = `#/channels/${channel}`;
  return {
    [`${channel}Subscribe`]: {
      action: 'receive',
      channel: { $ref },
      summary: 'What a client sends.',
      messages: REQUESTS.map((name) => messageOf(channel, name)),
      reply: { channel: { $ref }, messages: replies.map((name) => messageOf(channel, name)) },
    },
    [`${channel}Notify`]: {
      action: 'send',
      channel: { $ref },
      summary: 'What the ledger sends by itself.',
      messages: notices.map((name) => messageOf(channel, name)),
    },
  };
}

/** @param {string} pathname @param {number} port @param {string} description */
const server = (pathname, port, description) => ({
  host: `127.0.0.1:${port}`,
  pathname,
  protocol: 'ws',
  description,
  security: [{ $ref: '#/components/securitySchemes/basic' }, { $ref: '#/components/securitySchemes/bearer' }],
});

const DESCRIPTION = `The ledgers and the ledger adapters report transfers and messages as JSON-RPC 2.0 text frames. docs/websockets.md has the rules: limits, closing, resuming. Servers are those of the demo network. This document is written from the code by \`npm run generate\`.`;

/**
 * docs/asyncapi.yaml
 * @param {RoleDocuments} documents
 */
export function asyncApiDocument(documents) {
  const messages = Object.fromEntries(Object.keys(MESSAGES).map((name) => [name, message(name)]));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Level One: websockets of the ledgers',
      version: '1.0.0',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      dfspLedger: server('/ledger', 3108, 'The ledger of dfsp1'),
      ledgerAdapter: server('/ilp/ledger/v1', 3106, 'The Five Bells API in front of the ledger of dfsp1'),
      centralLedger: server('/', 3012, 'The central ledger'),
    },
    channels: {
      websocket: {
        address: '/websocket',
        summary: 'One connection for any number of subscriptions.',
        messages,
      },
      transfersOfAccount: {
        address: '/accounts/{name}/transfers',
        summary: 'The older way: the connection is subscribed to this account from its start.',
        parameters: { name: { description: 'Name of an account that the caller may watch.' } },
        messages,
      },
    },
    operations: { ...operationsOf('websocket'), ...operationsOf('transfersOfAccount') },
    components: {
      messages: Object.fromEntries(
        Object.entries(MESSAGES).map(([name, summary]) => [name, { name, summary, payload: schema(name) }]),
      ),
      schemas: schemasOf(documents),
      securitySchemes: {
        basic: { type: 'http', scheme: 'basic', description: 'Name and password of an account at the ledger.' },
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token of `GET …/auth_token`; also as the query `token`.',
        },
      },
    },
  };
}

/** @param {RoleDocuments} documents */
export function asyncApiPage(documents) {
  const text = dump(asyncApiDocument(documents), { noRefs: true, lineWidth: 120 });
  return `# Written by npm run generate; do not edit.\n${text}`;
}
