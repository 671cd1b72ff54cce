import { type KeyObject, verify } from 'node:crypto';
import { CommonErrorId, commonError } from '@level-one/platform';
import { httpbis, type SignatureParameters } from 'http-message-signatures';
import { CONTENT_DIGEST_HEADER, sha256In } from './content-digest.js';
import { SeenOnce } from './seen-once.js';
import { SIGNED_COMPONENTS } from './request-signer.js';
import type { UsedSignatures } from './used-signatures.js';

const HEADER_LENGTH_MAX = 2_048;
const NONCE_LENGTH_MAX = 128;

/** A key that a DFSP registered at the central directory. */
export interface RegisteredKey {
  /** Short name of the DFSP. */
  dfsp: string;
  key: KeyObject;
}

/** Who has which key. */
export interface KeyFinder {
  /** @throws ContractError 502 when nobody can tell. */
  keyOf(keyId: string): Promise<RegisteredKey | undefined>;
}

/** A request as it arrived. */
export interface SignedRequest {
  method: string;
  /** Full URL as the caller saw it. */
  targetUri: string;
  headers: Record<string, string | string[] | undefined>;
}

/** What a signature that holds proves. */
export interface SignatureProof {
  /** Short name of the DFSP that sent the request. */
  dfsp: string;
  /** SHA-256 that the body has to have, in base64. */
  bodySha256: string;
}

/** Whether a request says that it is signed. */
export function isSigned(headers: SignedRequest['headers']): boolean {
  return headers['signature'] !== undefined || headers['signature-input'] !== undefined;
}

/**
 * How long a signature is remembered, in ms: as long as its `created` is near enough to the clock, whichever way that
 * was off.
 */
export function signatureLifetimeMs(windowS: number): number {
  return 2 * windowS * 1_000;
}

/** Checks signatures of other DFSPs' requests (RFC 9421, Ed25519). */
export class SignatureVerifier {
  /** What this instance took, by DFSP: none of them is forgotten for what another one sends. */
  private readonly seen = new Map<string, SeenOnce>();

  constructor(
    private readonly keys: KeyFinder,
    /** How far `created` may be from the own clock, either way. */
    private readonly windowS: number,
    /** What other instances of the role took. */
    private readonly used: Pick<UsedSignatures, 'has' | 'add'>,
    private readonly now: () => number = Date.now,
  ) {}

  /**
   * Finds out which DFSP signed a request. The body is not read here: compare it with `bodySha256`.
   * @throws ContractError 401 Unauthorized saying what is wrong with the signature; 502 when no copy of the directory's
   *   keys could be had yet; and what `assertAllowed` throws. Only of what it allows is anything remembered, so that as
   *   much is remembered of a DFSP as it may send in twice the window.
   */
  async verify(
    request: SignedRequest,
    assertAllowed: (dfsp: string) => Promise<void> = async () => undefined,
  ): Promise<SignatureProof> {
    const { method, targetUri, headers } = request;
    const bodySha256 = sha256In(headers[CONTENT_DIGEST_HEADER]);
    if (bodySha256 === undefined) throw refused('Content-Digest with sha-256 is missing');
    const given = new GivenSignature(this.keys);
    const isValid = await given.check({ method, url: targetUri, headers: givenHeaders(headers) }, (parameters) =>
      this.assertTimely(parameters),
    );
    if (!isValid || given.owner === undefined) throw refused('it does not fit the request');
    const { dfsp } = given.owner;
    const replayId = given.replayId(method);
    const once = replayId === undefined ? undefined : `${given.keyId} ${replayId}`;
    // Somebody else who sends it again takes nothing of what the DFSP may send.
    if (once !== undefined && (this.seen.get(dfsp)?.has(once) || this.used.has(once))) throw usedBefore();
    await assertAllowed(dfsp);
    if (once !== undefined) {
      if (!this.seenOf(dfsp).add(once)) throw usedBefore();
      this.used.add(once);
    }
    return { dfsp, bodySha256 };
  }

  /** How much is remembered of a DFSP's requests. */
  rememberedOf(dfsp: string): number {
    return this.seen.get(dfsp)?.size ?? 0;
  }

  private seenOf(dfsp: string): SeenOnce {
    const seen = this.seen.get(dfsp) ?? new SeenOnce(signatureLifetimeMs(this.windowS), this.now);
    this.seen.set(dfsp, seen);
    return seen;
  }

  private assertTimely({ created }: SignatureParameters): void {
    const ageS = (this.now() - (created?.getTime() ?? Number.NaN)) / 1_000;
    if (Number.isNaN(ageS)) throw refused('created is missing');
    if (Math.abs(ageS) <= this.windowS) return;
    const clock = new Date(this.now()).toISOString();
    throw refused(`created is more than ${this.windowS} s away from the clock here, which says ${clock}`);
  }
}

/** The one signature of a request, while it is checked. */
class GivenSignature {
  owner: RegisteredKey | undefined;
  keyId = '';
  private nonce: string | undefined;
  private signature = '';
  private count = 0;

  constructor(private readonly keys: KeyFinder) {}

  async check(
    message: { method: string; url: string; headers: Record<string, string | string[]> },
    assertTimely: (parameters: SignatureParameters) => void,
  ): Promise<boolean | null> {
    try {
      return await httpbis.verifyMessage(
        {
          keyLookup: (parameters) => this.lookUp(parameters, assertTimely),
          requiredParams: ['created', 'keyid'],
          // Times are checked here in both directions; the library allows for no clock that is behind.
          notAfter: Number.MAX_SAFE_INTEGER,
        },
        message,
      );
    } catch (error) {
      if ((error as { status?: number }).status !== undefined) throw error;
      throw refused('it cannot be read');
    }
  }

  /** What may be seen once: the nonce; without one, the signature of whatever is more than a reading request. */
  replayId(method: string): string | undefined {
    return this.nonce ?? (method === 'GET' || method === 'HEAD' ? undefined : this.signature);
  }

  private async lookUp(parameters: SignatureParameters, assertTimely: (parameters: SignatureParameters) => void) {
    this.count += 1;
    // Of several signatures one would prove who it is, and another one could be somebody else's.
    if (this.count > 1) throw refused('there is more than one');
    const { keyid, nonce } = parameters;
    if (typeof keyid !== 'string' || keyid === '') throw refused('keyid is missing');
    if (nonce !== undefined && (typeof nonce !== 'string' || nonce.length > NONCE_LENGTH_MAX)) {
      throw refused('nonce is no text of fitting length');
    }
    assertTimely(parameters);
    const found = await this.keys.keyOf(keyid);
    if (!found) throw refused('no DFSP has a key of this keyid');
    this.keyId = keyid;
    this.nonce = nonce;
    return {
      id: keyid,
      algs: ['ed25519'],
      verify: async (base: Buffer, signature: Buffer) => this.verify(found, base, signature),
    };
  }

  private verify(found: RegisteredKey, base: Buffer, signature: Buffer): boolean {
    const lines = base.toString('utf8').split('\n');
    const covered = new Set(lines.map((line) => line.slice(0, line.indexOf(': '))));
    const missing = SIGNED_COMPONENTS.find((component) => !covered.has(`"${component}"`));
    if (missing !== undefined) throw refused(`it does not cover ${missing}`);
    if (!verify(null, base, found.key, signature)) return false;
    this.owner = found;
    this.signature = signature.toString('base64');
    return true;
  }
}

function givenHeaders(headers: SignedRequest['headers']): Record<string, string | string[]> {
  for (const name of ['signature', 'signature-input', CONTENT_DIGEST_HEADER]) {
    if (String(headers[name] ?? '').length > HEADER_LENGTH_MAX) throw refused(`${name} is too long`);
  }
  return headers as Record<string, string | string[]>;
}

function usedBefore(): Error {
  return refused('it was used before');
}

function refused(problem: string): Error {
  return commonError(CommonErrorId.Unauthorized, { message: `The signature of the request is refused: ${problem}` });
}
