import { type KeyObject, verify } from 'node:crypto';
import type { SigningKey } from './signing-key.js';

const TEXT_LENGTH_MAX = 8_192;
const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

/** Signs a document as a JSON Web Signature in compact form (RFC 7515, Ed25519 as of RFC 8037). */
export function signDocument(key: SigningKey, document: object): string {
  const signed = `${encoded({ alg: 'EdDSA', kid: key.keyId })}.${encoded(document)}`;
  return `${signed}.${key.sign(Buffer.from(signed)).toString('base64url')}`;
}

/** The document in a signature of {@link signDocument}; undefined unless one of the keys made it. */
export function signedDocument(text: string, keys: readonly KeyObject[]): Record<string, unknown> | undefined {
  const [, header, document, signature] = (text.length <= TEXT_LENGTH_MAX && COMPACT.exec(text)) || [];
  if (header === undefined || document === undefined || signature === undefined) return undefined;
  if (decoded(header)?.['alg'] !== 'EdDSA') return undefined;
  const isSigned = keys.some((key) =>
    verify(null, Buffer.from(`${header}.${document}`), key, Buffer.from(signature, 'base64url')),
  );
  return isSigned ? decoded(document) : undefined;
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

function decoded(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
