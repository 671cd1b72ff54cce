import { outsideUrl, pathBelow, type PaymentTarget } from '@level-one/peers';
import { invalidReceiverId, invoiceNotFound } from './spsp-server-errors.js';

/** Number or invoice id in a path; `.` and `..` are excluded because they change the path. */
const ID = /^(?!\.{1,2}$)[A-Za-z0-9_.~:@+-]{1,64}$/;
const NUMBER_LENGTH_MAX = 32;

const INVOICE_PATH = /^\/(?:v1\/(?:receivers\/)?invoices?|invoice)\/([^/]+)$/;
const RECEIVER_PATH = /^\/v1\/receivers\/([^/]+)$/;

/** @throws ContractError 404 InvalidReceiverIdError when it cannot be a number of anybody. */
export function receiverId(text: string): string {
  if (ID.test(text) && text.length <= NUMBER_LENGTH_MAX) return text;
  throw invalidReceiverId();
}

/** @throws ContractError 404 InvoiceNotFoundError when it cannot be an invoice. */
export function invoiceIdOf(text: string): string {
  if (ID.test(text)) return text;
  throw invoiceNotFound();
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return '';
  }
}

/** Path of a URL below this server's own; undefined for URLs of others, and for those with more than a path. */
function ownPath(receiver: string, publicUrl: string): string | undefined {
  const url = outsideUrl(receiver);
  return url && pathBelow(url, publicUrl);
}

/**
 * Reads a receiver or invoice URL of this SPSP server, its older spellings included.
 * @throws ContractError 404 InvalidReceiverIdError or InvoiceNotFoundError for any other URL.
 */
export function paymentTargetOf(receiver: string, publicUrl: string): PaymentTarget {
  const path = ownPath(receiver, publicUrl);
  const invoice = path === undefined ? undefined : INVOICE_PATH.exec(path)?.[1];
  if (invoice !== undefined) return { invoiceId: invoiceIdOf(decoded(invoice)) };
  const number = path === undefined ? undefined : RECEIVER_PATH.exec(path)?.[1];
  if (number !== undefined) return { identifier: receiverId(decoded(number)) };
  throw /\/invoices?\//.test(receiver) ? invoiceNotFound() : invalidReceiverId();
}
