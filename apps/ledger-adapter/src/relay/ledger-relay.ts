import { Injectable } from '@nestjs/common';
import type { ContractError } from '@level-one/errors';
import { isRecord } from '@level-one/notifications';
import {
  continuedByAdapter,
  type HopId,
  PAGE_ENTRIES,
  type PeerAnswer,
  type PeerCall,
  PeerHttp,
  readPages,
  refusalOf,
} from '@level-one/peers';
import { commonError, CommonErrorId, currentTrace, forwardedFor, Health, jsonBodyWithMemos } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADAPTER_PATH } from './adapter-path.js';
import { LedgerAdapterSettings } from '../ledger-adapter.settings.js';
import { UriTranslation } from './uri-translation.js';

const BUSY = 503;
const READY_TIMEOUT_MS = 1_500;
/** Headers that are relayed to the ledger. */
const FORWARDED_HEADERS = ['content-type', 'content-encoding', 'accept'] as const;

/** Relays HTTP requests to the DFSP's ledger, with the caller's own credentials. */
@Injectable()
export class LedgerRelay {
  constructor(
    private readonly http: PeerHttp,
    private readonly uris: UriTranslation,
    private readonly settings: LedgerAdapterSettings,
    health: Health,
  ) {
    health.registerCheck('dfsp-ledger', () => this.assertReady());
  }

  /**
   * Sends the request to the ledger and its answer to the caller.
   *
   * @param hop the next hop if the caller named none; undefined for a request that is not a hop.
   * @throws ContractError 502 ExternalError if the ledger cannot be reached, is too slow or fails.
   */
  async relay(request: FastifyRequest, reply: FastifyReply, hop?: HopId): Promise<void> {
    const answer = await this.ask(request, { hop });
    if (answer.contentType) void reply.type(answer.contentType);
    const isJson = answer.json !== undefined;
    await reply.status(answer.status).send(isJson ? JSON.stringify(this.uris.toAdapter(answer.json)) : answer.text);
  }

  /**
   * Sends a list to the caller that can be larger than one answer of the ledger may be: it is read in pages.
   *
   * @param keyOf the key after which the next page begins
   * @throws ContractError as {@link relay}, and 502 ExternalError if the ledger's answer is no list
   */
  async relayList(
    request: FastifyRequest,
    reply: FastifyReply,
    keyOf: (entry: Record<string, unknown>) => string,
  ): Promise<void> {
    const entries = await readPages(async (after) => {
      const query = { limit: String(PAGE_ENTRIES), after };
      const { json } = await this.ask(request, { query });
      if (Array.isArray(json) && json.every(isRecord)) return json;
      throw commonError(CommonErrorId.External, { message: 'The ledger did not answer with a list' });
    }, keyOf);
    await reply
      .status(200)
      .type('application/json')
      .send(JSON.stringify(this.uris.toAdapter(entries)));
  }

  /** The ledger's refusal as an error for the caller, whose credentials were used. */
  private refusalOf({ status, json, retryAfterS }: PeerAnswer): ContractError {
    if (status === 401) return commonError(CommonErrorId.Unauthorized);
    const wait = retryAfterS === undefined ? {} : { retryAfterS };
    if (status === 429) return commonError(CommonErrorId.TooManyRequests, wait);
    if (status === BUSY) return commonError(CommonErrorId.ServiceUnavailable, wait);
    return refusalOf('support-relay', { status, json: json === undefined ? json : this.uris.toAdapter(json) });
  }

  /** @throws ContractError while the ledger is not ready. */
  private async assertReady(): Promise<void> {
    const call = { baseUrl: this.settings.ledgerUrl, path: '/health', timeoutMs: READY_TIMEOUT_MS };
    await this.http.call('support-relay', call);
  }

  /** Asks the ledger. @throws ContractError with the ledger's refusal */
  private async ask(
    request: FastifyRequest,
    { hop, query = {} }: { hop?: HopId | undefined; query?: Record<string, string | undefined> },
  ): Promise<PeerAnswer> {
    const { authorization } = request.headers;
    const { body, headers } = await this.bodyOf(request);
    const answer = await this.http.request(hop ? continuedByAdapter(currentTrace()?.hop, hop) : 'support-relay', {
      baseUrl: this.settings.ledgerUrl,
      path: pathBelowBase(request),
      method: methodOf(request),
      headers: { ...headers, 'x-forwarded-for': forwardedFor(request) },
      ...(body === undefined ? {} : { body }),
      ...(authorization === undefined ? {} : { authorization }),
      query,
    });
    if (answer.status < 200 || answer.status > 204) throw this.refusalOf(answer);
    return answer;
  }

  /**
   * The body with the ledger's URIs. A body that is not valid input is relayed unchanged: the ledger refuses it after
   * it has checked the credentials.
   */
  private async bodyOf(request: FastifyRequest): Promise<Pick<PeerCall, 'body' | 'headers'>> {
    const headers = headersOf(request);
    if (!Buffer.isBuffer(request.body) || request.body.length === 0) return { headers };
    if (!/^application\/json\b/i.test(headers['content-type'] ?? '')) return { headers, body: request.body };
    try {
      const body = JSON.stringify(this.uris.toLedger(await jsonBodyWithMemos(request, request.body)));
      return { headers: { ...headers, 'content-type': 'application/json' }, body };
    } catch {
      return { headers, body: request.body };
    }
  }
}

/** `HEAD` is relayed as `GET`, because a refusal without a body would lack its error id. */
function methodOf({ method }: FastifyRequest): 'GET' | 'PUT' | 'POST' | 'DELETE' {
  return method === 'HEAD' ? 'GET' : (method as 'GET' | 'PUT' | 'POST' | 'DELETE');
}

function headersOf(request: FastifyRequest): Record<string, string> {
  return Object.fromEntries(
    FORWARDED_HEADERS.map((name) => [name, request.headers[name]]).filter(([, value]) => value !== undefined),
  ) as Record<string, string>;
}

/** Path and query after the base path of the request. */
function pathBelowBase(request: FastifyRequest): string {
  return request.url.replace(ADAPTER_PATH, '');
}
