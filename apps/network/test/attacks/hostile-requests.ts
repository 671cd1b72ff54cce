import type { RoleName } from '@level-one/platform';
import type { DfspName } from '../../src/plan/topology.js';

export const ID = 'b9c4ceba-51e4-4a80-b1a7-2972383e98af';

const INVOICE = '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10';

export interface Route {
  role: RoleName;
  dfsp: DfspName | null;
  request: string;
  auth: string | null;
}

function route(role: RoleName, dfsp: DfspName | null, request: string, auth: string | null = null): Route {
  return { role, dfsp, request, auth };
}

export const API = 'dfsp1:dfsp1';

export const ADMIN = 'admin:admin';

/** Routes that take a body, of every role that has one. */
export const BODY_ROUTES: Route[] = [
  route('central-directory', null, 'POST /commands/register', ADMIN),
  route('central-directory', null, 'POST /resources', API),
  route('end-user-registry', null, 'POST /register', ADMIN),
  route('central-ledger', null, 'POST /accounts', ADMIN),
  route('central-ledger', null, 'PUT /accounts/erin', ADMIN),
  route('central-ledger', null, `PUT /transfers/${ID}`, ADMIN),
  route('central-ledger', null, 'POST /messages', ADMIN),
  route('dfsp-ledger', 'dfsp1', 'PUT /ledger/accounts/erin', ADMIN),
  route('dfsp-ledger', 'dfsp1', `PUT /ledger/transfers/${ID}`, ADMIN),
  route('ledger-adapter', 'dfsp1', 'PUT /ilp/ledger/v1/accounts/erin', ADMIN),
  route('ledger-adapter', 'dfsp1', `PUT /ilp/ledger/v1/transfers/${ID}`, ADMIN),
  route('dfsp-api', 'dfsp1', 'PUT /v1/customers/5'),
  route('dfsp-api', 'dfsp1', 'POST /v1/merchantInvoice'),
  route('dfsp-api', 'dfsp1', 'POST /v1/invoices'),
  route('dfsp-api', 'dfsp1', 'POST /v1/setup'),
  route('dfsp-api', 'dfsp1', 'POST /v1/invoice/pay'),
  route('dfsp-api', 'dfsp1', 'PUT /v1/invoiceNotifications/pay'),
  route('dfsp-api', 'dfsp1', 'PUT /v1/invoiceNotifications/reject'),
  route('dfsp-api', 'dfsp1', `PUT /v1/receivers/invoices/${INVOICE}/payments/${ID}`),
  route('spsp-client-proxy', 'dfsp1', 'POST /spsp/client/v1/setup'),
  route('spsp-client-proxy', 'dfsp1', 'POST /spsp/client/v1/invoices'),
  route('spsp-client-proxy', 'dfsp1', `POST /spsp/client/v1/transfers/${ID}`),
  route('spsp-client', 'dfsp1', 'POST /v1/setup'),
  route('spsp-client', 'dfsp1', 'POST /v1/invoices'),
  route('spsp-client', 'dfsp1', `POST /v1/transfers/${ID}`),
  route('spsp-server', 'dfsp1', 'POST /v1/setup'),
  route('spsp-server', 'dfsp1', 'POST /v1/invoices'),
  route('spsp-backend', 'dfsp1', 'POST /spsp/backend/v1/setup'),
  route('spsp-backend', 'dfsp1', 'POST /spsp/backend/v1/invoices'),
  route('spsp-backend', 'dfsp1', `PUT /spsp/backend/v1/invoices/${INVOICE}/payments/${ID}`),
  route('scheme-adapter', 'dfsp1', 'POST /scheme/adapter/v1/invoices'),
];

const MEMBERS = [
  'account',
  'amount',
  'debits',
  'destinationAmount',
  'identifier',
  'invoiceId',
  'invoiceUrl',
  'memo',
  'merchantIdentifier',
  'name',
  'password',
  'paymentId',
  'receiver',
  'senderIdentifier',
  'sourceAccount',
  'submissionUrl',
];

function everyMember(value: unknown): string {
  return JSON.stringify(Object.fromEntries(MEMBERS.map((name) => [name, value])));
}

export const BODIES: Record<string, string> = {
  nothing: '',
  'half an object': '{',
  null: 'null',
  'a list': '[]',
  'a text': '"x"',
  'a prototype': '{"__proto__":{"isAdmin":true}}',
  'a constructor': '{"constructor":{"prototype":{"isAdmin":true}}}',
  'deep objects': `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  'deep lists': '['.repeat(20_000) + ']'.repeat(20_000),
  'a number of 400 digits': everyMember(0).replaceAll(':0', `:${'9'.repeat(400)}`),
  nulls: everyMember(null),
  numbers: everyMember(-1),
  lists: everyMember([null]),
  'a number of 20 digits': everyMember(0).replaceAll(':0', ':12345678901234567890'),
  'a member named twice': '{"id":"a","id":"b"}',
  'members that every object has': everyMember({ valueOf: 1, hasOwnProperty: null, toLocaleString: [] }),
  'a constructor deep down': everyMember({ a: [{ b: { constructor: 'x' } }] }),
  'objects with methods': everyMember({ toString: 1, length: -1 }),
  'texts with NUL': everyMember('a\u0000b'),
  'long texts': everyMember('x'.repeat(5_000)),
  'half a surrogate pair': everyMember('\ud800'),
  SQL: everyMember("'; DROP TABLE accounts; --"),
  'too much': JSON.stringify({ memo: 'x'.repeat(300_000) }),
};

/** Routes with something of the caller's in the path, `*`. */
export const PATH_ROUTES: Route[] = [
  route('end-user-registry', null, 'GET /users/*'),
  route('central-ledger', null, 'GET /transfers/*', ADMIN),
  route('central-ledger', null, 'GET /positions/*', ADMIN),
  route('dfsp-ledger', 'dfsp1', 'GET /ledger/accounts/*', ADMIN),
  route('ledger-adapter', 'dfsp1', 'GET /ilp/ledger/v1/transfers/*', ADMIN),
  route('ledger-adapter', 'dfsp1', 'GET /ilp/ledger/v1/accounts/*', ADMIN),
  route('dfsp-api', 'dfsp1', 'GET /v1/customers/*'),
  route('dfsp-api', 'dfsp1', 'GET /v1/receivers/*'),
  route('dfsp-api', 'dfsp1', 'GET /v1/invoices/*'),
  route('dfsp-api', 'dfsp1', 'GET /v1/invoiceNotifications/*'),
  route('dfsp-api', 'dfsp1', 'GET /v1/invoiceNotifications/pending/*'),
  route('spsp-client', 'dfsp1', 'GET /v1/payments/*'),
  route('spsp-server', 'dfsp1', 'GET /v1/receivers/*'),
  route('spsp-server', 'dfsp1', 'GET /v1/invoices/*'),
  route('spsp-backend', 'dfsp1', 'GET /spsp/backend/v1/receivers/*'),
  route('spsp-backend', 'dfsp1', 'GET /spsp/backend/v1/invoices/*'),
  route('spsp-client', 'dfsp1', 'GET /v1/query?receiver=*'),
  route('spsp-client-proxy', 'dfsp1', 'GET /spsp/client/v1/query?receiver=*'),
  route('central-directory', null, 'GET /resources?identifier=*', API),
  route('ilp-connector', 'dfsp1', 'GET /quote?source_address=*&destination_address=*&source_amount=*'),
];

export const SEGMENTS = [
  '%00',
  'a%00b',
  '%FF',
  '%zz',
  '%252e%252e',
  '%2e%2e%2fx',
  '__proto__',
  "1'%20OR%20'1'='1",
  '%F0%9F%92%A9',
  '999999999999999999999999',
  'x'.repeat(900),
  'x'.repeat(3_000),
];
