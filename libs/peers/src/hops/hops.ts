import type { CallerKind, RoleName } from '@level-one/platform';

/** One row of the contract's hop tables (section 2). */
export interface HopDefinition {
  /** Seed step (ruling 1), or `row-NN` where the seeds have none. */
  id: string;
  /** Step of the flow that it belongs to, in words. */
  group: string;
  /** `channel` is whatever the DFSP's customers use. */
  from: RoleName | 'channel';
  to: RoleName | readonly RoleName[];
  /** Which DFSP's instances take part: the payer's, the payee's (merchant's), or the centre. */
  fromSide: Side;
  toSide: Side;
  /** HTTP method, or `WS` for a notification frame. */
  method: 'GET' | 'POST' | 'PUT' | 'WS';
  /** PRIMARY path, or the event's name. */
  path: string;
  /** The caller gives up after this long; along a chain of hops each one is shorter than the one before. */
  timeoutMs: number;
  summary: string;
  /** Belongs to the flow of a payment: whatever it begins has an id, so that repeating it changes nothing. */
  isOfFlow: boolean;
}

export type Side = 'payer' | 'payee' | 'centre';

const SECOND = 1_000;
/** The answer to a payment is sent when it is final (contract row 23); setups last a minute at most. */
const PAYMENT_TIMEOUT_MS = 75 * SECOND;
const LEDGER_TIMEOUT_MS = 6 * SECOND;

type Row = [
  id: string,
  route: `${RoleName | 'channel'} → ${string}`,
  sides: `${Side} → ${Side}`,
  request: string,
  timeoutMs: number,
  summary: string,
];

/**
 * Steps of the flows in causal order: the group of routes that Swagger UI shows, and its hops. Setups go before prepares,
 * holds go forward, fulfilments and rejections go back.
 */
// prettier-ignore
const FLOW = {
  'Look up a receiver (I.A–I.G)': [
    ['I.A', 'dfsp-api → central-directory', 'payee → centre', 'GET /resources', 12_000, 'Which DFSPs hold this number?'],
    ['I.B', 'central-directory → end-user-registry', 'centre → centre', 'GET /users/{number}', 10_000, 'DFSPs registered for a number'],
    ['I.C', 'dfsp-api → spsp-client-proxy', 'payee → payee', 'GET /spsp/client/v1/query', 12_000, 'Who is behind a receiver URL?'],
    ['I.D', 'spsp-client-proxy → spsp-client', 'payee → payee', 'GET /v1/query', 11_000, 'Who is behind a receiver URL?'],
    ['I.E', 'spsp-client → spsp-server', 'payee → payer', 'GET /v1/receivers/{identifier}', 10_000, 'Dereference a receiver URL'],
    ['I.F', 'spsp-server → spsp-backend', 'payer → payer', 'GET /spsp/backend/v1/receivers/{identifier}', 9_000, 'Receiver by number'],
    ['I.G', 'spsp-backend → dfsp-api', 'payer → payer', 'GET /v1/receivers/{identifier}', 8_000, 'Receiver by number'],
  ],
  'Issue or cancel an invoice (II)': [
    ['II', 'channel → dfsp-api', 'payee → payee', 'POST /v1/merchantInvoice', 30_000, 'Issue an invoice'],
  ],
  "Notify the payer's DFSP of an invoice (III.A–III.E)": [
    ['III.A', 'dfsp-api → spsp-client-proxy', 'payee → payee', 'POST /spsp/client/v1/invoices', 17_000, 'Send an invoice notification'],
    ['III.B', 'spsp-client-proxy → spsp-client', 'payee → payee', 'POST /v1/invoices', 16_000, 'Send an invoice notification'],
    ['III.C', 'spsp-client → spsp-server', 'payee → payer', 'POST /v1/invoices', 15_000, 'Deliver an invoice notification'],
    ['III.D', 'spsp-server → spsp-backend', 'payer → payer', 'POST /spsp/backend/v1/invoices', 14_000, 'Deliver an invoice notification'],
    ['III.E', 'spsp-backend → dfsp-api', 'payer → payer', 'POST /v1/invoices', 13_000, 'Store an invoice notification'],
  ],
  'Read an invoice where it was issued': [
    ['row-14', 'dfsp-api → spsp-client-proxy', 'payer → payer', 'GET /spsp/client/v1/invoices', 12_000, 'Read an invoice by its URL'],
    ['row-14b', 'spsp-client-proxy → spsp-client', 'payer → payer', 'GET /v1/invoices', 11_000, 'Read an invoice by its URL'],
    ['row-15', 'spsp-client → spsp-server', 'payer → payee', 'GET /v1/invoices/{invoiceId}', 10_000, 'Dereference an invoice URL'],
    ['row-15b', 'spsp-server → spsp-backend', 'payee → payee', 'GET /spsp/backend/v1/invoices/{invoiceId}', 9_000, 'Invoice by id'],
    ['row-16', 'spsp-backend → dfsp-api', 'payee → payee', 'GET /v1/invoices/{invoiceId}', 8_000, 'Invoice by id'],
  ],
  'Set up a payment (S.A–S.F)': [
    ['S.A', 'dfsp-api → spsp-client-proxy', 'payer → payer', 'POST /spsp/client/v1/setup', 16_000, 'Set up a payment'],
    ['S.B', 'spsp-client-proxy → spsp-client', 'payer → payer', 'POST /v1/setup', 15_000, 'Set up a payment'],
    ['S.C', 'spsp-client → spsp-server', 'payer → payee', 'POST /v1/setup', 10_000, 'Ask the payee for condition and packet'],
    ['S.D', 'spsp-server → spsp-backend', 'payee → payee', 'POST /spsp/backend/v1/setup', 9_000, 'May this payment come?'],
    ['S.E', 'spsp-backend → dfsp-api', 'payee → payee', 'POST /v1/setup', 8_000, 'May this payment come?'],
    ['S.F', 'spsp-backend → dfsp-api', 'payee → payee', 'POST /v1/setup', 8_000, 'The same question again: the same answer'],
    ['row-25', 'spsp-client → ilp-connector', 'payer → payer', 'GET /quote', 4_000, 'Source amount for the setup'],
  ],
  'Quote a payment (Q.1, Q.2)': [
    ['quote', 'channel → dfsp-api', 'payer → payer', 'POST /v1/quote', 30_000, 'What does a payment cost?'],
    ['Q.1', 'dfsp-api → scheme-adapter', 'payer → payer', 'POST /scheme/adapter/v1/quotes', 20_000, 'Ask for a quote'],
    ['row-44', 'scheme-adapter → scheme-adapter', 'payer → payee', 'POST /scheme/adapter/v1/quotes', 15_000, 'Ask for a quote'],
    ['Q.2', 'scheme-adapter → dfsp-api', 'payee → payee', 'POST /v1/quotes', 8_000, 'Reserve a quote'],
    ['row-45', 'scheme-adapter → spsp-server', 'payee → payee', 'POST /v1/createIPR', 5_000, 'Make a payment request of the quote'],
    ['row-45b', 'scheme-adapter → spsp-client', 'payer → payer', 'GET /v1/quoteIPR', 5_000, 'What does the payment request cost here?'],
    ['row-46', 'channel → dfsp-api', 'payer → payer', 'GET /v1/quotes/{paymentId}', 30_000, 'Read a quote'],
    ['row-46a', 'spsp-client-proxy → scheme-adapter', 'payer → payer', 'GET /scheme/adapter/v1/quotes/{paymentId}', 6_000, 'Read a quote'],
    ['row-46b', 'scheme-adapter → dfsp-api', 'payer → payer', 'GET /v1/quotes/{paymentId}', 5_000, 'Read a quote'],
  ],
  'Convert an amount between ledgers': [
    ['row-25a', 'dfsp-api → spsp-client-proxy', 'payer → payer', 'GET /spsp/client/v1/quoteSourceAmount', 12_000, 'What arrives of an amount?'],
    ['row-25c', 'spsp-client-proxy → spsp-client', 'payer → payer', 'GET /v1/quoteSourceAmount', 11_000, 'What arrives of an amount?'],
    ['row-25b', 'dfsp-api → spsp-client-proxy', 'payer → payer', 'GET /spsp/client/v1/quoteDestinationAmount', 12_000, 'What has to be sent for an amount?'],
    ['row-25d', 'spsp-client-proxy → spsp-client', 'payer → payer', 'GET /v1/quoteDestinationAmount', 11_000, 'What has to be sent for an amount?'],
  ],
  'Pay a quote': [
    ['transfer', 'channel → dfsp-api', 'payer → payer', 'POST /v1/transfer', 90_000, 'Pay a quote'],
    ['row-47', 'dfsp-api → scheme-adapter', 'payer → payer', 'POST /scheme/adapter/v1/payments', PAYMENT_TIMEOUT_MS + 2 * SECOND, 'Pay a payment request'],
    ['row-47b', 'scheme-adapter → spsp-client', 'payer → payer', 'POST /v1/payIPR', PAYMENT_TIMEOUT_MS, 'Pay a payment request'],
  ],
  'Prepare a payment (P.A–P.J)': [
    ['row-23a', 'dfsp-api → dfsp-ledger', 'payer → payer', 'PUT /ledger/transfers/{id}/charges', LEDGER_TIMEOUT_MS, "The payer's fee, booked with T1"],
    ['P.A', 'dfsp-api → spsp-client-proxy', 'payer → payer', 'POST /spsp/client/v1/transfers/{id}', PAYMENT_TIMEOUT_MS + 2 * SECOND, 'Pay'],
    ['P.B', 'spsp-client-proxy → spsp-client', 'payer → payer', 'POST /v1/transfers/{id}', PAYMENT_TIMEOUT_MS, 'Pay'],
    ['row-23b', 'dfsp-api → spsp-client-proxy', 'payer → payer', 'GET /spsp/client/v1/payments/{id}', 6_000, 'What became of a payment?'],
    ['row-23c', 'spsp-client-proxy → spsp-client', 'payer → payer', 'GET /v1/payments/{id}', 5_000, 'What became of a payment?'],
    ['P.C', 'spsp-client → ilp-connector', 'payer → payer', 'GET /quote', 4_000, 'Rate and route at the moment of paying'],
    ['P.D', 'spsp-client → ledger-adapter', 'payer → payer', 'PUT /ilp/ledger/v1/transfers/{id}', LEDGER_TIMEOUT_MS, 'Prepare T1'],
    ['P.E', 'ledger-adapter → dfsp-ledger', 'payer → payer', 'PUT /ledger/transfers/{id}', LEDGER_TIMEOUT_MS - SECOND, 'Prepare T1'],
    ['P.F', 'ledger-adapter → ilp-connector', 'payer → payer', 'WS transfer.create', 0, 'T1 is prepared'],
    ['P.G1', 'ilp-connector → central-ledger', 'payer → centre', 'PUT /transfers/{id}', LEDGER_TIMEOUT_MS, 'Prepare T2'],
    ['P.G2', 'central-ledger → ilp-connector', 'centre → payee', 'WS transfer.create', 0, 'T2 is prepared'],
    ['P.H', 'ilp-connector → ledger-adapter', 'payee → payee', 'PUT /ilp/ledger/v1/transfers/{id}', LEDGER_TIMEOUT_MS, 'Prepare T3'],
    ['P.I', 'ledger-adapter → dfsp-ledger', 'payee → payee', 'PUT /ledger/transfers/{id}', LEDGER_TIMEOUT_MS - SECOND, 'Prepare T3'],
    ['P.J', 'ledger-adapter → ilp-connector|spsp-server', 'payee → payee', 'WS transfer.create', 0, 'T3 is prepared'],
    ['row-34', 'spsp-server → spsp-backend', 'payee → payee', 'PUT /spsp/backend/v1/invoices/{invoiceId}/payments/{paymentId}', 5_000, 'Does the payee take it?'],
    ['row-35', 'spsp-backend → dfsp-api', 'payee → payee', 'PUT /v1/receivers/invoices/{invoiceId}/payments/{paymentId}', 4_000, 'Does the payee take it?'],
    ['row-48', 'spsp-server → scheme-adapter', 'payee → payee', 'POST /scheme/adapter/v1/notifications', 5_000, 'Does the payee take a quoted payment?'],
    ['row-48b', 'scheme-adapter → dfsp-api', 'payee → payee', 'PUT /v1/payments/{paymentId}', 4_000, 'Does the payee take a quoted payment?'],
    ['row-35b', 'dfsp-api → dfsp-ledger', 'payee → payee', 'PUT /ledger/transfers/{id}/charges', 3_000, "The payee's fee, booked with T3"],
  ],
  'Execute a payment (V.A–V.H)': [
    ['V.A', 'spsp-server → ledger-adapter', 'payee → payee', 'PUT /ilp/ledger/v1/transfers/{id}/fulfillment', LEDGER_TIMEOUT_MS, 'Fulfil T3'],
    ['V.B', 'ledger-adapter → dfsp-ledger', 'payee → payee', 'PUT /ledger/transfers/{id}/fulfillment', LEDGER_TIMEOUT_MS - SECOND, 'Fulfil T3'],
    ['V.C', 'ledger-adapter → spsp-server|ilp-connector', 'payee → payee', 'WS transfer.update', 0, 'T3 is executed'],
    ['V.D', 'ilp-connector → central-ledger', 'payee → centre', 'PUT /transfers/{id}/fulfillment', LEDGER_TIMEOUT_MS, 'Fulfil T2'],
    ['V.E', 'central-ledger → ilp-connector', 'centre → payer', 'WS transfer.update', 0, 'T2 is executed'],
    ['V.F', 'ilp-connector → ledger-adapter', 'payer → payer', 'PUT /ilp/ledger/v1/transfers/{id}/fulfillment', LEDGER_TIMEOUT_MS, 'Fulfil T1'],
    ['V.G', 'ledger-adapter → dfsp-ledger', 'payer → payer', 'PUT /ledger/transfers/{id}/fulfillment', LEDGER_TIMEOUT_MS - SECOND, 'Fulfil T1'],
    ['V.H', 'ledger-adapter → ilp-connector|spsp-client|spsp-client-proxy', 'payer → payer', 'WS transfer.update', 0, 'T1 is executed'],
  ],
  'Reject a payment (R1–R5)': [
    ['R1', 'spsp-server → ledger-adapter', 'payee → payee', 'PUT /ilp/ledger/v1/transfers/{id}/rejection', LEDGER_TIMEOUT_MS, 'Reject T3'],
    ['R1b', 'ledger-adapter → dfsp-ledger', 'payee → payee', 'PUT /ledger/transfers/{id}/rejection', LEDGER_TIMEOUT_MS - SECOND, 'Reject T3'],
    ['R2', 'ilp-connector → central-ledger', 'payee → centre', 'PUT /transfers/{id}/rejection', LEDGER_TIMEOUT_MS, 'Reject T2'],
    ['R3', 'ilp-connector → ledger-adapter', 'payer → payer', 'PUT /ilp/ledger/v1/transfers/{id}/rejection', LEDGER_TIMEOUT_MS, 'Reject T1'],
    ['R3b', 'ledger-adapter → dfsp-ledger', 'payer → payer', 'PUT /ledger/transfers/{id}/rejection', LEDGER_TIMEOUT_MS - SECOND, 'Reject T1'],
    ['R4', 'ledger-adapter → spsp-client', 'payer → payer', 'WS transfer.update', 0, 'T1 is rejected'],
    ['R5', 'ledger-adapter → spsp-client', 'payer → payer', 'WS transfer.update', 0, 'T1 has expired'],
  ],
} as const satisfies Record<string, readonly Row[]>;

/** Calls that belong to no hop of a payment: accounts, tokens, metadata, origins, registration. */
// prettier-ignore
const SUPPORT = {
  'Register and find DFSPs': [
    ['support-origins', 'spsp-client → central-directory', 'payer → centre', 'GET /dfsps', 5_000, 'Origins that DFSPs registered'],
    ['support-register', 'central-directory → end-user-registry', 'centre → centre', 'POST /register', 5_000, 'Register a number'],
  ],
  'Accounts, transfers and tokens of a ledger': [
    ['support-ledger', 'dfsp-api → dfsp-ledger', 'payer → payer', 'GET /ledger/accounts/{name}', 5_000, 'Read an account'],
    ['support-adapter', 'spsp-client → ledger-adapter', 'payer → payer', 'GET /ilp/ledger/v1', 5_000, 'Metadata, tokens and transfers'],
    ['support-central', 'ilp-connector → central-ledger', 'payer → centre', 'GET /', 5_000, 'Metadata, tokens and transfers'],
    ['support-relay', 'ledger-adapter → dfsp-ledger', 'payer → payer', 'GET /ledger', 4_000, 'Everything else the adapter passes on'],
  ],
} as const satisfies Record<string, readonly Row[]>;

type IdIn<Groups extends Record<string, readonly Row[]>> = Groups[keyof Groups][number][0];
export type HopId = IdIn<typeof FLOW> | IdIn<typeof SUPPORT>;

function define(group: string, isOfFlow: boolean, [id, route, sides, request, timeoutMs, summary]: Row): HopDefinition {
  const [from, targets] = route.split(' → ') as [HopDefinition['from'], string];
  const to = targets.split('|') as RoleName[];
  const [fromSide, toSide] = sides.split(' → ') as [Side, Side];
  const [method, path] = request.split(' ') as [HopDefinition['method'], string];
  return {
    id,
    group,
    from,
    to: to.length === 1 ? to[0]! : to,
    fromSide,
    toSide,
    method,
    path,
    timeoutMs,
    summary,
    isOfFlow,
  };
}

/** Every hop of the seeds and of the contract's rows between them, once. Client calls and controllers refer to it. */
export const HOPS: readonly HopDefinition[] = hopsIn(FLOW, true);

const BY_ID = new Map([...HOPS, ...hopsIn(SUPPORT, false)].map((hop) => [hop.id, hop]));

function hopsIn(groups: Record<string, readonly Row[]>, areOfFlow: boolean): HopDefinition[] {
  return Object.entries(groups).flatMap(([group, rows]) => rows.map((row) => define(group, areOfFlow, row)));
}

/** @throws Error for an id that is not in the table: a fault of ours. */
export function hopOf(id: HopId): HopDefinition {
  const hop = BY_ID.get(id);
  if (!hop) throw new Error(`no such hop: ${id}`);
  return hop;
}

/** Steps of the flow in which the trace's id is that of a payment. */
const OF_PAYMENTS: ReadonlySet<string> = new Set<keyof typeof FLOW>([
  'Set up a payment (S.A–S.F)',
  'Quote a payment (Q.1, Q.2)',
  'Pay a quote',
  'Prepare a payment (P.A–P.J)',
  'Execute a payment (V.A–V.H)',
  'Reject a payment (R1–R5)',
]);

/** Whether a hop belongs to a payment, so that its trace has the payment's id. */
export function isOfPayment(id: string): boolean {
  return OF_PAYMENTS.has(groupOf(id) ?? '');
}

/**
 * Who is called, as traces name it: `dfsp1/ledger-adapter`, or the role alone in the centre and where the DFSP is not
 * known.
 */
export function peerOf({ fromSide, toSide }: HopDefinition, dfsp: string | null, to: RoleName): string {
  return dfsp !== null && fromSide === toSide ? `${dfsp}/${to}` : to;
}

/** The step of the flow that a hop belongs to; undefined for an id that is not in the table. */
export function groupOf(id: string): string | undefined {
  return BY_ID.get(id)?.group;
}

/** Roles at which a hop ends; none for an id that is not in the table. */
export function calleesOf(id: string): readonly RoleName[] {
  return [BY_ID.get(id)?.to ?? []].flat();
}

/** As whom the sender of a hop is known at its end: as a role inside one place, else as a DFSP. */
export function callerOf(id: string): CallerKind | undefined {
  const hop = BY_ID.get(id);
  return hop && (hop.fromSide === hop.toSide ? hop.from : 'dfsp');
}

/** How a ledger adapter continues a hop that reached it, by the caller's side. */
export function continuedByAdapter(incoming: string | undefined, otherwise: HopId): HopId {
  const continued: Record<string, HopId> = {
    'P.D': 'P.E',
    'P.H': 'P.I',
    'V.A': 'V.B',
    'V.F': 'V.G',
    R1: 'R1b',
    R3: 'R3b',
  };
  return continued[incoming ?? ''] ?? otherwise;
}
