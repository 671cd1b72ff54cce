import { createHash } from 'node:crypto';

export const CONTENT_DIGEST_HEADER = 'content-digest';

const SHA_256 = /(?:^|,)\s*sha-256=:([A-Za-z0-9+/]{43}=):/;

/** `Content-Digest` of a body (RFC 9530); of no bytes when there is none. */
export function contentDigest(body: string | Buffer = ''): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}

/** The SHA-256 that a `Content-Digest` header tells, in base64; undefined when it tells none. */
export function sha256In(header: string | string[] | undefined): string | undefined {
  return SHA_256.exec(String(header ?? ''))?.[1];
}

/** SHA-256 of no bytes, in base64. */
export const SHA_256_OF_NOTHING = createHash('sha256').digest('base64');
