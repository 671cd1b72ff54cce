import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const KEY_LABEL = 'level-one receiver token';
/** Bytes that make a token unlike any other of its account. */
export const TOKEN_NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Token that identifies one payment of `account` in its ILP address; making one needs the receiver secret.
 *
 * @param nonce {@link TOKEN_NONCE_BYTES} bytes
 */
export function newReceiverToken(
  secret: Buffer,
  account: string,
  nonce: Buffer = randomBytes(TOKEN_NONCE_BYTES),
): string {
  return Buffer.concat([nonce, tagOf(secret, account, nonce)]).toString('base64url');
}

/** Whether the token was made with this secret, for this account. */
export function isReceiverToken(secret: Buffer, account: string, token: string): boolean {
  const bytes = Buffer.from(token, 'base64url');
  // One token has one spelling.
  if (bytes.length !== TOKEN_NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== token) return false;
  return timingSafeEqual(
    bytes.subarray(TOKEN_NONCE_BYTES),
    tagOf(secret, account, bytes.subarray(0, TOKEN_NONCE_BYTES)),
  );
}

function tagOf(secret: Buffer, account: string, nonce: Buffer): Buffer {
  const key = createHmac('sha256', secret).update(KEY_LABEL).digest();
  return createHmac('sha256', key).update(nonce).update(account).digest().subarray(0, TAG_BYTES);
}
