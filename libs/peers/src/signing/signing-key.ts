import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** Start of a PKCS #8 structure that holds an Ed25519 seed (RFC 8410). */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;
const HEX = /^[0-9a-f]{64}$/i;

/** 32 bytes as they are written in settings: hexadecimal, base64 or base64url. */
export const SIGNING_SEED = /^([0-9a-f]{64}|[A-Za-z0-9+/_-]{43}=?)$/i;
/** What a key may be called. */
export const KEY_ID = /^[A-Za-z0-9._~:-]{1,64}$/;
/** An Ed25519 public key: 32 bytes, base64url. */
export const PUBLIC_KEY = /^[A-Za-z0-9_-]{43}$/;

/** A DFSP's Ed25519 key, by which it proves to other DFSPs who it is. */
export class SigningKey {
  /** 32 bytes, base64url, as the central directory keeps it. */
  readonly publicKey: string;
  private readonly key: KeyObject;

  private constructor(
    readonly keyId: string,
    seed: Buffer,
  ) {
    this.key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
    this.publicKey = createPublicKey(this.key).export({ format: 'jwk' }).x!;
  }

  /** @throws Error when the text is not 32 bytes: check it with {@link SIGNING_SEED}. */
  static of(keyId: string, seedText: string): SigningKey {
    const seed = Buffer.from(seedText, HEX.test(seedText) ? 'hex' : 'base64url');
    if (seed.length !== SEED_BYTES) throw new Error('a signing key has 32 bytes');
    return new SigningKey(keyId, seed);
  }

  sign(data: Buffer): Buffer {
    return sign(null, data, this.key);
  }
}

/** Reads a public key of the form {@link PUBLIC_KEY}; undefined when it is none. */
export function publicKeyOf(text: string): KeyObject | undefined {
  if (!PUBLIC_KEY.test(text)) return undefined;
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: text }, format: 'jwk' });
  } catch {
    return undefined;
  }
}
