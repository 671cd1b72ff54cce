import { Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { ContractError } from '@level-one/errors';
import {
  CommonErrorId,
  commonError,
  currentTrace,
  HopRecorder,
  keptBody,
  PeerClocks,
  RoleIdentity,
  type RoleName,
  type Span,
  type Trace,
  traceHeaders,
  Tracing,
} from '@level-one/platform';
import { SpanKind } from '@opentelemetry/api';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent } from 'undici';
import { type HopId, hopOf, isOfPayment, peerOf } from '../hops/hops.js';
import { type CollectedAnswer, collectAnswer } from './collect-answer.js';
import { type AnswerShape, assertShape, type PeerAnswer, readAnswer } from './peer-answer.js';
import { refusalOf } from './peer-errors.js';
import { mayRepeat, pauseBeforeRepeat, wasStopping, whyUnanswered } from './repeated-calls.js';
import type { RequestSigner } from '../signing/request-signer.js';

const CONNECT_TIMEOUT_MS = 2_000;
const CONNECTIONS_PER_ORIGIN = 64;
const ANSWER_BYTES_MAX = 1024 * 1024;

/** One call to another role. */
export interface PeerCall {
  /** Base URL of the callee, base path included. */
  baseUrl: string;
  /** Path below it, beginning with `/`, or empty. */
  path: string;
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  query?: Record<string, string | undefined>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is; give its content type in `headers`. */
  body?: string | Buffer;
  headers?: Record<string, string>;
  authorization?: string;
  /** Signs the request as the DFSP's own, for calls to other DFSPs. */
  signer?: RequestSigner;
  /** The hop's own limit unless given. */
  timeoutMs?: number;
  /** The role really called, where the hop's table names another one (support calls). */
  to?: RoleName;
}

/**
 * A segment `.` or `..`, however it is spelt, would be resolved by the URL parser and reach another route than the one
 * meant; a backslash it takes for a slash.
 */
const DOT_SEGMENT = /\\|(^|\/)(\.|%2e){1,2}([/?#]|$)/i;

/** Where a call goes: `origin` and `path` together are the URL. */
interface CallTarget {
  origin: string;
  /** With the query. */
  path: string;
}

function targetOf({ baseUrl, path, query }: PeerCall): CallTarget {
  if (DOT_SEGMENT.test(path)) throw commonError(CommonErrorId.NotFound);
  const url = new URL(baseUrl.replace(/\/+$/, '') + path);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return { origin: url.origin, path: url.pathname + url.search };
}

/** The only way one role calls another over HTTP: traced, bounded, never following a redirect. */
@Injectable()
export class PeerHttp implements OnApplicationShutdown {
  private readonly agent = new Agent({
    connections: CONNECTIONS_PER_ORIGIN,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    maxResponseSize: ANSWER_BYTES_MAX,
  });

  constructor(
    /** The calling role. */
    readonly identity: RoleIdentity,
    private readonly hops: HopRecorder,
    @Optional() private readonly clocks?: PeerClocks,
    @Optional() private readonly tracing?: Tracing,
  ) {}

  /**
   * Calls a peer and answers whatever status it gives. A call that met an instance which stops is repeated, a few times
   * within its limit of time, if that does nothing twice.
   * @throws ContractError 502 ExternalError when it cannot be reached or does not answer in time.
   */
  async request(hop: HopId, call: PeerCall): Promise<PeerAnswer> {
    const definition = hopOf(hop);
    const target = targetOf(call);
    const url = target.origin + target.path;
    const trace = currentTrace() ?? { traceId: randomUUID() };
    const method = call.method ?? 'GET';
    const startedMs = performance.now();
    const at = new Date();
    const to = call.to ?? (typeof definition.to === 'string' ? definition.to : definition.to[0]!);
    const span = this.spanOf(hop, call, {
      trace,
      method,
      path: target.path,
      peer: peerOf(definition, this.identity.dfsp, to),
    });
    const record = (status: number, failure?: unknown): void => {
      if (span) endSpan(span, status, failure);
      if (!this.hops.isObserved) return;
      this.hops.recordHop({
        hop,
        from: this.identity.role,
        to,
        recordedAt: this.identity.dfsp,
        method,
        url,
        status,
        durationMs: performance.now() - startedMs,
        traceId: trace.traceId,
        at,
        startedMs,
      });
    };
    const body = call.json === undefined ? call.body : JSON.stringify(call.json);
    const headers: Record<string, string> = {
      accept: 'application/json, text/plain;q=0.9',
      'accept-encoding': 'identity',
      ...traceHeaders(trace, hop, span),
      ...call.headers,
    };
    if (call.json !== undefined) headers['content-type'] ??= 'application/json';
    if (call.authorization !== undefined) headers['authorization'] ??= call.authorization;
    const send = async (timeoutMs: number): Promise<CollectedAnswer> => {
      // A signature is good for one request.
      if (call.signer) Object.assign(headers, await call.signer.headersFor({ method, url, body }));
      const sentAt = Date.now();
      const request = { ...target, method, headers, body: body ?? null };
      const answer = await collectAnswer(this.agent, request, timeoutMs);
      const { date } = answer.headers;
      if (date !== undefined) this.clocks?.hear(target.origin, to, { date, sentAt, receivedAt: Date.now() });
      return answer;
    };
    try {
      const answer = await this.sendUntilAnswered(hop, method, call.timeoutMs ?? definition.timeoutMs, send);
      record(answer.statusCode);
      const readable = readableAnswer(hop, answer, this.clocks?.noteOf(target.origin));
      if (span && this.tracing?.hasBodies) {
        span.responseBody = keptBody(readable.json ?? readable.text, answer.bytes.length);
      }
      return readable;
    } catch (cause) {
      if (cause instanceof ContractError) throw cause;
      record(0, cause);
      throw commonError(CommonErrorId.External, {
        message: `${definition.id}: ${target.origin} could not be reached or did not answer in time`,
        cause,
      });
    }
  }

  private spanOf(
    hop: HopId,
    { json, body }: PeerCall,
    { trace, method, path, peer }: { trace: Trace; method: string; path: string; peer: string },
  ): Span | undefined {
    const start = { kind: SpanKind.CLIENT, name: `${method} ${peer}`, isOfPayment: isOfPayment(hop) || undefined };
    const span = this.tracing?.startChild(trace, start);
    if (!span) return undefined;
    span.path = path;
    span.set('http.request.method', method);
    span.set('levelone.hop', hop);
    span.set('levelone.peer', peer);
    if (this.tracing?.hasBodies) span.requestBody = json ?? body;
    return span;
  }

  private async sendUntilAnswered(
    hop: HopId,
    method: string,
    timeoutMs: number,
    send: (timeoutMs: number) => Promise<CollectedAnswer>,
  ): Promise<CollectedAnswer> {
    const deadline = performance.now() + timeoutMs;
    for (let repeats = 0; ; repeats += 1) {
      const leftMs = deadline - performance.now();
      try {
        const answer = await send(leftMs);
        if (!wasStopping(answer)) return answer;
        const pauseMs = pauseBeforeRepeat(repeats, deadline - performance.now());
        if (pauseMs === undefined) return answer;
        await sleep(pauseMs);
      } catch (cause) {
        const pauseMs = pauseBeforeRepeat(repeats, deadline - performance.now());
        if (pauseMs === undefined || !mayRepeat(hop, method, cause)) throw cause;
        await sleep(pauseMs);
      }
    }
  }

  /**
   * Calls a peer and answers its JSON, of the form that `shape` says; undefined where nothing was answered and
   * `mayBeEmpty`. A refusal is thrown by the contract's id and status, anything else that is not such an answer is 502
   * ExternalError.
   */
  async call<T>(hop: HopId, call: PeerCall, { shape, mayBeEmpty = false }: ExpectedAnswer = {}): Promise<T> {
    const { json, text } = this.success(hop, await this.request(hop, call));
    if (json === undefined && text === '' && mayBeEmpty) return undefined as T;
    if (typeof json !== 'object' || json === null) throw unusable(hop, 'is no JSON');
    if (shape) assertShape(hop, json, shape);
    return json as T;
  }

  /** Answers what succeeded. @throws ContractError a refusal of the contract's, or 502 ExternalError. */
  success(hop: HopId, answer: PeerAnswer): PeerAnswer {
    if (answer.status >= 200 && answer.status <= 204) return answer;
    throw refusalOf(hop, answer);
  }

  /** Writes down what this role received from where no role of ours calls: a websocket frame, a channel's request. */
  received(hop: HopId, url: string, method = 'WS'): void {
    currentTrace()?.span?.set('levelone.hop', hop);
    if (!this.hops.isObserved) return;
    this.hops.recordHop({
      hop,
      from: hopOf(hop).from,
      to: this.identity.role,
      recordedAt: this.identity.dfsp,
      method,
      url,
      status: null,
      durationMs: 0,
      traceId: currentTrace()?.traceId ?? randomUUID(),
      at: new Date(),
      startedMs: performance.now(),
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }
}

function endSpan(span: Span, status: number, failure: unknown): void {
  if (status === 0) span.fail(whyUnanswered(failure));
  else {
    span.set('http.response.status_code', status);
    if (status >= 400) span.error = String(status);
    span.isNotable ||= status >= 500 || (status >= 400 && span.attributes['http.request.method'] !== 'GET');
  }
  span.end();
}

/** For calls whose answer tells nothing but that it went well. */
export const EMPTY_TOO: ExpectedAnswer = { mayBeEmpty: true };

/** What a call has to be answered with. */
export interface ExpectedAnswer {
  shape?: AnswerShape;
  /** Systems that answer such a call with nothing are right too. */
  mayBeEmpty?: boolean;
}

function unusable(hop: HopId, problem: string, cause?: unknown): ContractError {
  return commonError(CommonErrorId.External, { message: `${hop}: the next system's answer ${problem}`, cause });
}

function readableAnswer(
  hop: HopId,
  { statusCode, headers, bytes }: CollectedAnswer,
  clockSkew: string | undefined,
): PeerAnswer {
  try {
    const answer = readAnswer(statusCode, headers, bytes);
    return clockSkew === undefined ? answer : { ...answer, clockSkew };
  } catch (cause) {
    throw unusable(hop, 'cannot be read', cause);
  }
}
