import { createHash } from 'node:crypto';

/** Namespace of the UUIDs; a name in it is a pair of invoice URL and client. */
const NAMESPACE = Buffer.from('0f8b6d1e52a94c7a9b0d3c5e7f81a264', 'hex');

/**
 * Id of the notification of an invoice to a client. It is the same for the same pair, so that a repeated notification
 * is recognized. A name-based UUID (version 5), as hard to guess as the invoice's URL.
 */
export function invoiceNotificationId(invoiceUrl: string, senderIdentifier: string): string {
  const name = JSON.stringify([invoiceUrl, senderIdentifier]);
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
