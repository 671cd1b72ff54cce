import { Injectable } from '@nestjs/common';
import { ContractError, cutText } from '@level-one/errors';
import { type CheckedUrlDto, type DfspConnectionDto, type PeerAnswer, type PeerCall, PeerHttp } from '@level-one/peers';
import type { RoleName } from '@level-one/platform';
import type { Dfsp } from './dfsp.entity.js';
import { DfspKeysService } from './dfsp-keys.service.js';

const ANSWER_TIMEOUT_MS = 5_000;

/** What the error codes of a connection mean. */
const PROBLEMS: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there: connection refused',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name could not be looked up',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  UND_ERR_CONNECT_TIMEOUT: 'no connection within 2 s',
  TimeoutError: `no answer within ${ANSWER_TIMEOUT_MS / 1_000} s`,
  CERT_HAS_EXPIRED: 'the certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is signed by nobody who is known here',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is signed by nobody who is known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'the certificate is signed by nobody who is known here',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another host',
};

const CUT: ReadonlySet<string> = new Set(['ECONNRESET', 'UND_ERR_SOCKET']);

/** Calls what a DFSP registered, and tells what it found. */
@Injectable()
export class DfspConnectionsService {
  constructor(
    private readonly http: PeerHttp,
    private readonly keys: DfspKeysService,
  ) {}

  async testConnection({ number, shortName, status, providerUrl, schemeAdapterUrl }: Dfsp): Promise<DfspConnectionDto> {
    const [provider, schemeAdapter, keys] = await Promise.all([
      this.callHealth(providerUrl, 'spsp-server'),
      schemeAdapterUrl === null ? undefined : this.callHealth(schemeAdapterUrl, 'scheme-adapter'),
      this.keys.validKeys(),
    ]);
    const signingKeys = keys.get(number)?.length ?? 0;
    const ok = status === 'active' && provider.ok && schemeAdapter?.ok !== false && signingKeys > 0;
    return { shortName, status, ok, provider, ...(schemeAdapter && { schemeAdapter }), signingKeys };
  }

  private async callHealth(baseUrl: string, to: RoleName): Promise<CheckedUrlDto> {
    const url = `${baseUrl}/health`;
    const startedMs = performance.now();
    const durationMs = (): number => Math.round(performance.now() - startedMs);
    try {
      const { status, json } = await this.readHealth({ baseUrl, path: '/health', to, timeoutMs: ANSWER_TIMEOUT_MS });
      const problem = problemOfAnswer(status, json);
      return { url, ok: problem === undefined, status, durationMs: durationMs(), ...(problem && { problem }) };
    } catch (error) {
      return { url, ok: false, durationMs: durationMs(), problem: problemOfConnection(error) };
    }
  }

  /** Asks again if the connection is cut: it may be an old one that was kept open. */
  private async readHealth(call: PeerCall): Promise<PeerAnswer> {
    try {
      return await this.http.request('support-origins', call);
    } catch (error) {
      if (!CUT.has(causeOf(error).code ?? '')) throw error;
      return this.http.request('support-origins', call);
    }
  }
}

function causeOf(error: unknown): { code?: string; name?: string } {
  const { cause } = error as { cause?: { code?: string; name?: string } };
  return cause ?? {};
}

function problemOfAnswer(status: number, json: unknown): string | undefined {
  const { status: said, message } = (json ?? {}) as { status?: unknown; message?: unknown };
  if (status === 200) return said === 'OK' ? undefined : 'something else answers there: its health has no status "OK"';
  if (status >= 300 && status < 400) return 'it answers with a redirect, which nobody follows';
  return typeof message === 'string' ? cutText(message, 256) : `it answers ${status}`;
}

function problemOfConnection(error: unknown): string {
  if (!(error instanceof ContractError)) throw error;
  const { code, name } = causeOf(error);
  return PROBLEMS[code ?? ''] ?? PROBLEMS[name ?? ''] ?? code ?? error.message;
}
