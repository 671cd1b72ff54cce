import { addressOf } from '../api/base-path';
import type { Receipt } from '../api/payments';

/** What the check of a receipt found. */
export type Verdict = 'valid' | 'invalid' | 'unreadable';

const HASH_BYTES = 32;

type Conditional = { condition: string; fulfillment: string };

/**
 * Whether SHA-256 of the fulfillment is the condition. To those who know the condition from before that proves the payment:
 * only who has received the money could show the fulfillment. Reads crypto-conditions
 * in their forms `ni:`, `cc:`, `cf:` and DER, and bare bytes in base64url.
 */
export async function checkReceipt({ condition, fulfillment }: Conditional): Promise<Verdict> {
  const expected = hashIn(condition);
  const preimage = preimageIn(fulfillment);
  if (!expected || !preimage) return 'unreadable';
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', preimage));
  return hash.every((byte, index) => byte === expected[index]) ? 'valid' : 'invalid';
}

/** SHA-256 of bytes that a condition names; undefined if it names none. */
function hashIn(condition: string): Uint8Array<ArrayBuffer> | undefined {
  const text =
    /^ni:\/\/\/sha-256;([\w-]+)(\?|$)/.exec(condition)?.[1] ??
    /^cc:0:3:([\w-]+):\d+$/.exec(condition)?.[1] ??
    condition;
  const bytes = fromBase64Url(text);
  return bytes?.length === HASH_BYTES ? bytes : undefined;
}

const PREIMAGE_FULFILLMENT = 0xa0;
const PREIMAGE = 0x80;
/** Longer lengths are written in several bytes. */
const SHORT_LENGTH_MAX = 0x7f;

function preimageIn(fulfillment: string): Uint8Array<ArrayBuffer> | undefined {
  const old = /^cf:0:([\w-]*)$/.exec(fulfillment)?.[1];
  if (old !== undefined) return fromBase64Url(old);
  const bytes = fromBase64Url(fulfillment);
  if (!bytes) return undefined;
  const [outer, outerLength = 0, inner, length = 0] = bytes;
  const isDer =
    outer === PREIMAGE_FULFILLMENT &&
    inner === PREIMAGE &&
    outerLength === bytes.length - 2 &&
    length === bytes.length - 4 &&
    outerLength <= SHORT_LENGTH_MAX;
  if (isDer) return bytes.slice(4);
  return bytes.length === HASH_BYTES ? bytes : undefined;
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text)) return undefined;
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.codePointAt(0)!);
  } catch {
    return undefined;
  }
}

/** A receipt in text, as it is downloaded. Undefined if the text is none. */
export function readReceipt(text: string): Receipt | undefined {
  try {
    const members = JSON.parse(text) as Partial<Receipt>;
    const { paymentId = '', condition, fulfillment } = members;
    if (typeof condition !== 'string' || typeof fulfillment !== 'string') return undefined;
    return { ...members, paymentId: paymentId ?? '', condition, fulfillment };
  } catch {
    return undefined;
  }
}

/** Address of the page that checks a receipt, with the receipt in it. What follows `#` is sent to nobody. */
export const receiptUrl = (receipt: Receipt): string =>
  addressOf(`/receipt#${encodeURIComponent(JSON.stringify(receipt))}`);

/** The receipt in the address of this page; of an address that was cut, what is left of it. */
export function receiptInUrl(): string {
  const text = location.hash.slice(1);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
