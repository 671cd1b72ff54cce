import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import { newSpanId, type Span } from './span.js';

const UUID = /^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$/;
/** Header with the trace id, in requests and answers. On payments the trace id is the paymentId (contract 0.3). */
export const TRACE_HEADER = 'l1p-trace-id';
const HOP = /^[\w.-]{1,16}$/;
const TRACEPARENT = /^(?!ff)[a-f0-9]{2}-([a-f0-9]{32})-([a-f0-9]{16})-[a-f0-9]{2}/;

/** The trace of one payment or lookup through all roles. */
export interface Trace {
  /** UUID of `L1p-Trace-Id`; equal to the paymentId on payments (contract 0.3). */
  traceId: string;
  /** Hop of the incoming request, if the caller sent `L1p-Hop`. */
  hop?: string;
  /** What is under way here, if spans are recorded. */
  span?: Span | undefined;
}

/** An incoming request; its trace is set first. */
export interface TracedRequest {
  trace?: Trace;
}

/** Whether it has the form of a trace id. */
export function isTraceId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}

const storage = new AsyncLocalStorage<Trace>();

export function currentTrace(): Trace | undefined {
  return storage.getStore();
}

/** Runs `work` within the trace, below the span that is under way unless the trace names another one. */
export function withTrace<T>(trace: Trace, work: () => T): T {
  const span = trace.span ?? storage.getStore()?.span;
  return storage.run(span === trace.span ? trace : { ...trace, span }, work);
}

/** Begins the context of a request: `work` runs within this trace, whatever it is called from. */
export function enterTrace<T>(trace: Trace, work: () => T): T {
  return storage.run(trace, work);
}

/** Makes what is under way here a step of a payment, also where no call of the payment begins below it. */
export function joinPayment(paymentId: string): void {
  const span = currentTrace()?.span?.inTrace(paymentId);
  if (span) span.isOfPayment = true;
}

type Headers = Record<string, string | string[] | undefined>;

/** The trace of a request: `L1p-Trace-Id`, else the W3C `traceparent`, else a new one. */
export function traceOf(headers: Headers): Trace {
  const hop = headers['l1p-hop'];
  return {
    traceId: traceIdOf(headers),
    ...(typeof hop === 'string' && HOP.test(hop) ? { hop } : {}),
  };
}

function traceIdOf(headers: Headers): string {
  const own = String(headers[TRACE_HEADER] ?? '').toLowerCase();
  return UUID.test(own) ? own : (callerSpanOf(headers)?.traceId ?? randomUUID());
}

/** A span of another process. */
export interface RemoteSpan {
  traceId: string;
  spanId: string;
}

/** The caller's span: that of the W3C `traceparent`. */
export function callerSpanOf(headers: Headers): RemoteSpan | undefined {
  const [, id, spanId] = TRACEPARENT.exec(String(headers['traceparent'] ?? '')) ?? [];
  if (id === undefined || spanId === undefined || /^0+$/.test(id) || /^0+$/.test(spanId)) return undefined;
  return { traceId: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'), spanId };
}

/**
 * What a sender that is not known says of traces is not believed: the request gets a trace of its own, so that it is no
 * step of somebody's payment. The answer names the trace that was sent, as every answer does.
 */
export function leaveNamedTrace({ trace }: TracedRequest): void {
  if (trace?.span) trace.traceId = trace.span.leaveTrace();
}

/** Headers that carry the trace to the next hop. @param span the one that stands for the call */
export function traceHeaders(trace: Trace, hop: string, span?: Span): Record<string, string> {
  const traceId = span?.traceId ?? trace.traceId;
  return {
    [TRACE_HEADER]: trace.traceId,
    traceparent: `00-${traceId.replaceAll('-', '')}-${span?.spanId ?? newSpanId()}-${span?.flags ?? '01'}`,
    'l1p-hop': hop,
  };
}
