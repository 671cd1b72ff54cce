import { SpanKind } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceName } from '../roles/identity.js';
import type { RouteAccess, ServedHop } from '../roles/callers.js';
import { keptBody } from '../tracing/body-fields.js';
import type { Span } from '../tracing/span.js';
import {
  callerSpanOf,
  currentTrace,
  enterTrace,
  TRACE_HEADER,
  type Trace,
  type TracedRequest,
  traceOf,
} from '../tracing/trace.js';
import type { Tracing } from '../tracing/tracing.js';

/** Routes that are asked again and again, or that take the traces themselves. */
const UNTRACED = /(^|\/)(health|live|ready|metrics|v1\/traces|docs(-json|-yaml)?)(\/|$)/;
/** Refusals that say nothing of a payment: the caller is not known, or asks too often. */
const NOT_NOTABLE: ReadonlySet<number> = new Set([401, 429]);

export interface TracedRoutes {
  role: ServiceName;
  /**
   * Only log lines and spans need the trace of a request: without spans there is no asynchronous context, and every
   * promise is cheaper.
   */
  callsNobody: boolean;
}

type Request = FastifyRequest & TracedRequest;

/** Gives each request its trace, and a span for as long as it is worked on. */
export function installTraces(fastify: FastifyInstance, tracing: Tracing, { role, callsNobody }: TracedRoutes): void {
  const hasContext = !callsNobody || tracing.isOn;
  fastify.addHook('onRequest', (request: Request, reply, done) => {
    const trace = traceOf(request.headers);
    request.trace = trace;
    if (tracing.isOn) trace.span = spanOf(tracing, trace, request, reply, role);
    void reply.header(TRACE_HEADER, trace.traceId).header('x-content-type-options', 'nosniff');
    if (hasContext) enterTrace(trace, done);
    else done();
  });
  if (hasContext) {
    // Reading a body loses the asynchronous context that onRequest entered.
    fastify.addHook('preValidation', (request: Request, _reply, done) => {
      if (currentTrace() === request.trace) done();
      else enterTrace(request.trace!, done);
    });
  }
  if (!tracing.isOn || !tracing.hasBodies) return;
  fastify.addHook('onSend', (request: Request, _reply, payload, done) => {
    const span = request.trace?.span;
    if (span) {
      const { body, headers } = request;
      const length = headers['content-length'];
      if (body !== undefined) span.requestBody = keptBody(body, length === undefined ? undefined : Number(length));
      if (typeof payload === 'string') span.responseBody = keptBody(payload, payload.length);
    }
    done(null, payload);
  });
}

function spanOf(
  tracing: Tracing,
  trace: Trace,
  request: FastifyRequest,
  reply: FastifyReply,
  role: ServiceName,
): Span | undefined {
  const { method, url, headers } = request;
  const route = request.routeOptions.url;
  const path = url.split('?', 1)[0]!;
  if (UNTRACED.test(path)) return undefined;
  const { traceId } = trace;
  const caller = callerSpanOf(headers);
  const hop = servedHop(request.routeOptions.config.access, trace.hop, role);
  const span = tracing.startRoot({
    kind: SpanKind.SERVER,
    name: route === undefined ? method : `${method} ${route}`,
    traceId,
    ...(caller?.traceId === traceId ? { parentId: caller.spanId } : { link: caller }),
    isOfPayment: hop?.isOfPayment,
  })!;
  span.path = path;
  span.set('http.request.method', method);
  span.set('http.route', route);
  span.set('levelone.hop', hop?.id);
  reply.raw.once('close', () => endSpan(span, reply));
  return span;
}

function endSpan(span: Span, { raw, statusCode }: FastifyReply): void {
  if (raw.headersSent) {
    span.set('http.response.status_code', statusCode);
    const method = span.attributes['http.request.method'];
    if (statusCode >= 500) span.fail(String(statusCode));
    else if (statusCode >= 400 && method !== 'GET' && !NOT_NOTABLE.has(statusCode)) span.isNotable = true;
  }
  if (!raw.writableFinished && !span.isOfStranger) span.fail('the caller did not wait for the answer');
  span.end();
}

/** The hop that the caller named, if the route serves it at this role, else the only one that it serves. */
function servedHop(
  { hops = [] }: RouteAccess = {},
  named: string | undefined,
  role: ServiceName,
): ServedHop | undefined {
  const served = hops.filter(({ to }) => to.includes(role));
  return served.find(({ id }) => id === named) ?? (served.length === 1 ? served[0] : undefined);
}
