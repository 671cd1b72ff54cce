import { createHash, timingSafeEqual } from 'node:crypto';
import { pipeline, Transform } from 'node:stream';
import { CommonErrorId, commonError, SharedAllowance, takeFrom } from '@level-one/platform';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { SHA_256_OF_NOTHING } from '../signing/content-digest.js';
import { FROM_DFSP_HEADER } from '../signing/from-dfsp.js';
import { isSigned, type KeyFinder, SignatureVerifier } from '../signing/signature-verifier.js';
import type { UsedSignatures } from '../signing/used-signatures.js';
import type { DfspCallersSettings } from './signing.settings.js';

const SECOND = 1;

declare module 'fastify' {
  interface FastifyRequest {
    /** SHA-256 that the body must have, in base64, where a signature covers it. */
    signedBodySha256?: string;
  }
}

type CallersSettings = DfspCallersSettings & { publicUrl: string; demoNetwork: boolean };

/** Lets requests of other DFSPs in: each DFSP by its signature and within its own limit, all others within a small one. */
export class DfspCallers {
  private readonly verifier: SignatureVerifier;
  private readonly perDfsp: RateLimiterMemory;
  private readonly unsigned: SharedAllowance;
  private readonly takesUnsigned: boolean;
  private readonly base: string;

  constructor(keys: KeyFinder, used: UsedSignatures, settings: CallersSettings) {
    const { origin, pathname } = new URL(settings.publicUrl);
    this.base = origin + pathname.replace(/\/+$/, '');
    this.verifier = new SignatureVerifier(keys, settings.signatureWindowS, used);
    this.perDfsp = new RateLimiterMemory({ points: settings.requestsPerDfsp, duration: SECOND });
    this.unsigned = new SharedAllowance(settings.requestsUnsigned);
    this.takesUnsigned = (settings.unsignedRequests ?? (settings.demoNetwork ? 'limited' : 'refuse')) === 'limited';
  }

  /**
   * Writes who is proven to send the request into its {@link FROM_DFSP_HEADER}; a header of that name from outside
   * counts for nothing.
   * @throws ContractError 401 Unauthorized, 429 TooManyRequestsError; 502 when nobody can tell whose a key is.
   */
  async admit(request: FastifyRequest): Promise<void> {
    const { headers } = request;
    delete headers[FROM_DFSP_HEADER];
    if (!isSigned(headers)) {
      if (!this.takesUnsigned) throw unsignedRefused();
      return this.unsigned.takeRequest();
    }
    const targetUri = this.base + (request.raw.url ?? '');
    const signed = { method: request.method, targetUri, headers };
    const { dfsp, bodySha256 } = await this.verifier.verify(signed, (owner) => takeFrom(this.perDfsp, owner));
    if (isEmpty(request)) assertSame(bodySha256, SHA_256_OF_NOTHING);
    else request.signedBodySha256 = bodySha256;
    headers[FROM_DFSP_HEADER] = dfsp;
  }
}

/** Compares the bodies of signed requests, as they arrive, with what was signed. */
export function checkSignedBodies(fastify: Pick<FastifyInstance, 'addHook'>): void {
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    const { signedBodySha256: expected } = request;
    if (expected === undefined) done(null, payload);
    else
      done(
        null,
        pipeline(payload, digestCheck(expected), () => undefined),
      );
  });
}

/** Passes bytes on, and fails at their end when they are not those that were signed. */
function digestCheck(expected: string): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      try {
        assertSame(expected, hash.digest('base64'));
        done();
      } catch (error) {
        done(Object.assign(error as Error, { statusCode: 401 }));
      }
    },
  });
}

function assertSame(expected: string, found: string): void {
  if (expected.length === found.length && timingSafeEqual(Buffer.from(expected), Buffer.from(found))) return;
  throw commonError(CommonErrorId.Unauthorized, {
    message: 'The signature of the request is refused: the body is not the one that was signed',
  });
}

/** What Fastify takes for a request without a body. */
function isEmpty({ method, headers }: FastifyRequest): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) === 0;
}

function unsignedRefused(): Error {
  return commonError(CommonErrorId.Unauthorized, {
    message:
      'DFSPs sign their requests to each other (RFC 9421) with a key that is registered at the central directory',
  });
}
