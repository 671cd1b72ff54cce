import { cutText, isErrorId } from '@level-one/errors';
import { HIDDEN, isUuid, shownPath } from './shown-path.js';

/**
 * Members of a body whose values a span may have. None of them can hold a person's name or number, a secret or a
 * fulfilment. Of a URL only what {@link shownPath} leaves of it is shown.
 */
const FIELDS: ReadonlySet<string> = new Set([
  // Ids.
  'bulkPaymentId',
  'id',
  'invoiceId',
  'invoiceNotificationId',
  'invoiceUrl',
  'paymentId',
  'paymentid',
  'transfer',
  'transferId',
  'uri',
  // Amounts and their units.
  'amount',
  'balance',
  'charge_type',
  'commission',
  'connectorFee',
  'currency',
  'currencyCode',
  'currencyScale',
  'currency_code',
  'destinationAmount',
  'destination_amount',
  'destination_currency',
  'destination_scale',
  'fee',
  'held',
  'payeeCommission',
  'payeeFee',
  'payerFeeCredit',
  'precision',
  'rate',
  'rate_type',
  'receiveAmount',
  'receiveCurrency',
  'scale',
  'sourceAmount',
  'source_amount',
  'total',
  'totalCurrency',
  // Kinds and states.
  'amountType',
  'authorized',
  'direction',
  'dfsp',
  'error',
  'event',
  'invoiceType',
  'isMerchant',
  'isQuoted',
  'jsonrpc',
  'kind',
  'method',
  'notified',
  'reason',
  'rejected',
  'rejection_reason',
  'score',
  'sequence',
  'side',
  'state',
  'status',
  'step',
  'transferType',
  'transfer_state',
  'type',
  // Times.
  'at',
  'created',
  'createdAt',
  'createdDate',
  'deadline',
  'destination_expiry_duration',
  'endedAt',
  'executed_at',
  'expiresAt',
  'expires_at',
  'open_until',
  'prepared_at',
  'proposed_at',
  'quotedUntil',
  'rejected_at',
  'sourceExpiryDuration',
  'source_expiry_duration',
  // Conditions and ledgers are no secrets.
  'condition',
  'destination_ledger',
  'execution_condition',
  'ledger',
  'source_ledger',
]);

/** A longer body is not kept with its span: spans wait in memory, and nothing would be shown of it. */
const KEPT_BODY_BYTES_MAX = 16 * 1024;
const TEXT_LENGTH_MAX = 160;
const BODY_LENGTH_MAX = 4_096;
const ENTRIES_MAX = 20;
const DEPTH_MAX = 8;

/** A listed member that may be free text is shown only if it is one word of code, or a URL. */
const WORD = /^[\w.:;+/-]{1,160}$/;
/** Names of members are data too where objects are free, as memos are: a name with a digit or a blank may be a number. */
const NAME = /^[A-Za-z_-]{1,40}$/;
/** What makes a text of a listed member `id` an id of an error, beside the catalogue of errors. */
const ERROR_ID = /^[A-Z][A-Za-z]*Error$/;

/** What a span keeps of a body until it is sent. @param bytes its length; undefined if that is not known */
export function keptBody<T>(body: T, bytes: number | undefined): T | typeof HIDDEN {
  return bytes !== undefined && bytes <= KEPT_BODY_BYTES_MAX ? body : HIDDEN;
}

/** JSON text of a body with listed members only; the values of others are `…`. @param body a text, its bytes, or parsed JSON */
export function shownBody(body: unknown): string {
  const text = JSON.stringify(shown(parsed(body), '', 0));
  return text.length <= BODY_LENGTH_MAX ? text : JSON.stringify(HIDDEN);
}

/** A text that is no JSON may be a fulfilment or a token. */
function parsed(body: unknown): unknown {
  if (typeof body !== 'string' && !Buffer.isBuffer(body)) return body;
  try {
    return JSON.parse(String(body));
  } catch {
    return HIDDEN;
  }
}

function shown(value: unknown, name: string, depth: number): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'object' && depth >= DEPTH_MAX) return HIDDEN;
  if (Array.isArray(value)) return value.slice(0, ENTRIES_MAX).map((one) => shown(one, name, depth + 1));
  if (typeof value === 'object') return shownMembers(value, depth);
  if (!FIELDS.has(name)) return HIDDEN;
  return typeof value === 'string' ? shownText(value, name) : value;
}

function shownMembers(value: object, depth: number): Record<string, unknown> {
  const members = Object.entries(value).slice(0, ENTRIES_MAX * 2);
  return Object.fromEntries(
    members.map(([name, one]) => [NAME.test(name) ? name : HIDDEN, shown(one, name, depth + 1)]),
  );
}

function shownText(text: string, name: string): string {
  if (/^https?:\/\//i.test(text)) return shownUrl(text);
  if (name === 'id' || name.endsWith('Url'))
    return isUuid(text) || ERROR_ID.test(text) || isErrorId(text) ? text : HIDDEN;
  // Amounts may be followed by their currency.
  const isShown = WORD.test(text) || /^-?[\d.]+ [A-Z]{3}$/.test(text);
  return isShown ? cutText(text, TEXT_LENGTH_MAX) : HIDDEN;
}

function shownUrl(text: string): string {
  if (!URL.canParse(text)) return HIDDEN;
  const { origin, pathname } = new URL(text);
  return origin + shownPath(pathname);
}
