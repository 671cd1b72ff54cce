import { ContractError, cutText } from '@level-one/errors';

/** Members that a log line may have. None of them can hold a person's name, number or secret. */
const FIELDS: ReadonlySet<string> = new Set([
  // Every line.
  'level',
  'time',
  'role',
  'dfsp',
  'traceId',
  // Payments.
  'paymentId',
  'transferId',
  'invoiceId',
  'bulkId',
  'notice',
  'line',
  'kind',
  'side',
  'amount',
  'outcome',
  'known',
  'told',
  'attempt',
  'attempts',
  'givenUp',
  'undeliverable',
  // Requests, hops and events.
  'hop',
  'method',
  'route',
  'status',
  'durationMs',
  'id',
  'code',
  'address',
  'event',
  'sequence',
  'subscription',
  'sweeper',
  'ledger',
  'account',
  'dfspIdentifier',
  'context',
  // Spans.
  'sent',
  'dropped',
  'failed',
]);

const TEXT_LENGTH_MAX = 256;
const FRAME = /^\s+at .*:\d+:\d+\)?$/;
const FRAMES_MAX = 12;
const CAUSES_MAX = 3;
/** Errors whose messages are logged: roles make them from names of hops and origins only. */
const LOGGED_MESSAGES: ReadonlySet<string> = new Set(['ExternalError', 'ServiceUnavailableError']);

/** Host and port of a URL; other texts unchanged, cut to a maximum length. */
function textOf(value: string): string {
  const shown = /^[a-z]+:\/\//i.test(value) && URL.canParse(value) ? new URL(value).host : value;
  return cutText(shown, TEXT_LENGTH_MAX);
}

function isNamed(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.:-]{1,128}$/.test(value);
}

/**
 * Loggable members of an error: its class, codes and stack. Messages of foreign errors are left out: a database puts
 * rows into them, a parser its input.
 */
export function errorFields(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const { code, constraint, table, driverError } = error as Error & Record<string, unknown>;
  const { cause } = error;
  const inner = driverError ?? cause;
  return {
    type: error.name,
    ...(isNamed(code) && { code }),
    ...(isNamed(constraint) && { constraint }),
    ...(isNamed(table) && { table }),
    ...(error instanceof ContractError && contractFields(error)),
    ...(!(error instanceof ContractError) && { stack: framesOf(error) }),
    ...(inner instanceof Error && depth < CAUSES_MAX && { cause: errorFields(inner, depth + 1) }),
  };
}

function contractFields({ id, status, message }: ContractError): Record<string, unknown> {
  return { id, status, ...(LOGGED_MESSAGES.has(id) && { message: cutText(message, TEXT_LENGTH_MAX) }) };
}

/** Stack frames without the message. */
function framesOf({ stack = '', message }: Error): string[] {
  const frames = stack
    .replace(message, '')
    .split('\n')
    .filter((line) => FRAME.test(line));
  return frames.slice(0, FRAMES_MAX).map((frame) => frame.trim());
}

/** The members of a line that may be logged. */
export function logFields(fields: Record<string, unknown>): Record<string, unknown> {
  const written: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (name === 'err') written['err'] = errorFields(value);
    else if (!FIELDS.has(name)) continue;
    else if (typeof value === 'string') written[name] = textOf(value);
    else if (typeof value === 'number' || typeof value === 'boolean' || value === null) written[name] = value;
  }
  return written;
}
