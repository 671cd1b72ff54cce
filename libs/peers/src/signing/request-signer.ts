import { randomBytes } from 'node:crypto';
import { httpbis } from 'http-message-signatures';
import { CONTENT_DIGEST_HEADER, contentDigest } from './content-digest.js';
import type { SigningKey } from './signing-key.js';

/** What a signature between DFSPs covers, always. */
export const SIGNED_COMPONENTS = ['@method', '@target-uri', CONTENT_DIGEST_HEADER] as const;
const PARAMETERS = ['created', 'keyid', 'alg', 'nonce'];
const NONCE_BYTES = 12;

export interface RequestToSign {
  method: string;
  /** Full URL as it is sent. */
  url: string;
  body?: string | Buffer | undefined;
}

/** Signs requests to other DFSPs (RFC 9421, Ed25519). */
export class RequestSigner {
  constructor(private readonly key: SigningKey) {}

  /** Headers that prove who sends the request: `content-digest`, `signature-input` and `signature`. */
  async headersFor({ method, url, body }: RequestToSign): Promise<Record<string, string>> {
    const { keyId } = this.key;
    const message = { method, url, headers: { [CONTENT_DIGEST_HEADER]: contentDigest(body) } };
    const signed = await httpbis.signMessage(
      {
        key: { id: keyId, alg: 'ed25519', sign: async (data: Buffer) => this.key.sign(data) },
        fields: [...SIGNED_COMPONENTS],
        params: PARAMETERS,
        paramValues: { nonce: randomBytes(NONCE_BYTES).toString('base64url') },
      },
      message,
    );
    return Object.fromEntries(Object.entries(signed.headers).map(([name, value]) => [name.toLowerCase(), value]));
  }
}
