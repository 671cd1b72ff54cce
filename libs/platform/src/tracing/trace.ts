import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

const UUID = /^[a-f0-9]{8}(-[a-f0-9]{4}){3}-[a-f0-9]{12}$/;
/** Header with the trace id, in requests and answers. On payments the trace id is the paymentId (contract 0.3). */
export const TRACE_HEADER = 'l1p-trace-id';
const HOP = /^[\w.-]{1,16}$/;
const TRACEPARENT = /^00-([a-f0-9]{32})-([a-f0-9]{16})-[a-f0-9]{2}$/;

/** The trace of one payment or lookup through all roles. */
export interface Trace {
  /** UUID of `L1p-Trace-Id`; equal to the paymentId on payments (contract 0.3). */
  traceId: string;
  /** Hop of the incoming request, if the caller sent `L1p-Hop`. */
  hop?: string;
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

/** Runs `work` within the trace. */
export function withTrace<T>(trace: Trace, work: () => T): T {
  return storage.run(trace, work);
}

/** The trace of a request: `L1p-Trace-Id`, else the W3C `traceparent`, else a new one. */
export function traceOf(headers: Record<string, string | string[] | undefined>): Trace {
  const hop = headers['l1p-hop'];
  return {
    traceId: traceIdOf(headers),
    ...(typeof hop === 'string' && HOP.test(hop) ? { hop } : {}),
  };
}

function traceIdOf(headers: Record<string, string | string[] | undefined>): string {
  const own = String(headers[TRACE_HEADER] ?? '').toLowerCase();
  if (UUID.test(own)) return own;
  const w3c = TRACEPARENT.exec(String(headers['traceparent'] ?? ''))?.[1];
  return w3c ? w3c.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5') : randomUUID();
}

/** Id of a span: 16 hexadecimal digits. Node keeps random UUIDs in store, and so they cost less than random bytes. */
function newSpanId(): string {
  const uuid = randomUUID();
  return uuid.slice(0, 8) + uuid.slice(-8);
}

/** Headers that carry the trace to the next hop. */
export function traceHeaders(trace: Trace, hop: string): Record<string, string> {
  return {
    [TRACE_HEADER]: trace.traceId,
    traceparent: `00-${trace.traceId.replaceAll('-', '')}-${newSpanId()}-01`,
    'l1p-hop': hop,
  };
}
