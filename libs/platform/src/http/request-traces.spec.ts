import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@level-one/testing';
import { SpanKind } from '@opentelemetry/api';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { randomUUID } from 'node:crypto';
import { CredentialsAuthenticator, requireCallers } from '../auth/authentication.js';
import { LoginGuard } from '../auth/login-guard.js';
import { Monitors } from '../auth/monitors.js';
import { Refusals } from '../auth/refusals.js';
import { RoleLogger } from '../logging/logger.js';
import { CallableRoutes, type RouteAccess } from '../roles/callers.js';
import type { Span } from '../tracing/span.js';
import { currentTrace } from '../tracing/trace.js';
import { Tracing } from '../tracing/tracing.js';
import { installTraces } from './request-traces.js';

const PAYMENT = randomUUID();
const CALLER = 'aaaaaaaaaaaaaaaa';
const access: RouteAccess = {
  hops: [
    { id: 'P.D', to: ['ledger-adapter'], isOfPayment: true },
    { id: 'P.H', to: ['ledger-adapter'], isOfPayment: true },
    { id: 'P.E', to: ['dfsp-ledger'], isOfPayment: true },
  ],
};

describe('the span of a request', () => {
  let app: FastifyInstance;
  let sent: Span[];
  let url: string;
  let open: number;

  async function start({ ratio = 1, hasBodies = false, isOn = true, asksWho = false } = {}): Promise<void> {
    sent = [];
    const queue = {
      add: (span: Span) => void sent.push(span),
      drop: () => undefined,
      counts: { sent: 0, dropped: 0, failed: 0 },
      close: async () => undefined,
    };
    open = 0;
    app = new FastifyAdapter({ forceCloseConnections: true }).getInstance();
    app.addHook('onRequest', (_request, reply, done) => {
      open += 1;
      // After the span's own listener.
      reply.raw.once('close', () => setImmediate(() => (open -= 1)));
      done();
    });
    const tracing = isOn ? new Tracing(queue, { ratio, slowMs: 0 }, hasBodies) : Tracing.off;
    installTraces(app, tracing, { role: 'ledger-adapter', callsNobody: false });
    if (asksWho) askWho();
    app.put(
      '/transfers/:id',
      { config: { access: { ...access, ...(asksWho && { callers: ['spsp-client'] as const }) } } },
      async (request, reply) => {
        const { status, body } = request.body as { status: number; body?: object };
        return reply.status(status).send({ ...body, span: currentTrace()?.span?.spanId });
      },
    );
    app.get('/transfers/:id', async (_request, reply) => reply.status(404).send({}));
    app.get('/slow', () => new Promise(() => undefined));
    app.get('/health', async () => ({}));
    app.get('/metadata', { config: { access: { callers: ['anyone'] } } }, async () => {
      return { span: currentTrace()?.span?.spanId, traceId: currentTrace()?.traceId };
    });
    url = await app.listen({ host: '127.0.0.1', port: 0 });
  }

  /** Only the SPSP client is a caller. */
  function askWho(): void {
    const guard = new LoginGuard({ loginFailuresPerAccount: 1_000, loginFailuresPerAddress: 1_000 });
    const logger = RoleLogger.create({ role: 'ledger-adapter', dfsp: null }, 'silent', Tracing.off);
    new CallableRoutes('ledger-adapter').installHook(app);
    const known = new CredentialsAuthenticator({ roles: 'spsp-client:secret' });
    requireCallers(app, known, new Refusals(guard, logger), new Monitors({}));
  }

  beforeEach(() => start());

  afterEach(() => app.close());

  const placeOf = ({ traceId, parentId, link }: Span) => ({ traceId, parentId, link });

  /** Asks, and waits until the request is over at the server, too. */
  async function ask(path: string, init: RequestInit): Promise<{ json: any; headers: Headers }> {
    const answer = await fetch(url + path, init);
    const json = await answer.json();
    await eventually(() => expect(open).toBe(0));
    return { json, headers: answer.headers };
  }

  const put = (status: number, headers: Record<string, string> = {}, body?: object) =>
    ask(`/transfers/${PAYMENT}?x=1`, {
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ status, body }),
    });

  it('is below its caller, with hop and payment, and is under way in the handler', async () => {
    const traceparent = `00-${PAYMENT.replaceAll('-', '')}-${CALLER}-01`;
    const answer = await put(201, { traceparent, 'l1p-trace-id': PAYMENT, 'l1p-hop': 'P.H' });
    expect(sent).toHaveLength(1);
    expect(placeOf(sent[0]!)).toEqual({ traceId: PAYMENT, parentId: CALLER, link: undefined });
    expect(sent[0]!.error).toBeUndefined();
    expect(sent[0]).toMatchObject({
      kind: SpanKind.SERVER,
      name: 'PUT /transfers/:id',
      isOfPayment: true,
      path: `/transfers/${PAYMENT}`,
      attributes: {
        'http.request.method': 'PUT',
        'http.route': '/transfers/:id',
        'http.response.status_code': 201,
        'levelone.hop': 'P.H',
      },
    });
    expect(answer.json).toEqual({ span: sent[0]!.spanId });
    expect(answer.headers.get('l1p-trace-id')).toBe(PAYMENT);
  });

  it('is linked to a caller whose trace is another one, and takes no hop that its route does not serve here', async () => {
    const other = randomUUID();
    const traceparent = `00-${other.replaceAll('-', '')}-${CALLER}-01`;
    await put(201, { traceparent, 'l1p-trace-id': PAYMENT, 'l1p-hop': 'P.E' });
    const link = { traceId: other, spanId: CALLER };
    expect(placeOf(sent[0]!)).toEqual({ traceId: PAYMENT, parentId: undefined, link });
    expect(sent[0]!.attributes).not.toHaveProperty('levelone.hop');
    await put(201, { traceparent });
    expect(placeOf(sent[1]!)).toEqual({ traceId: other, parentId: CALLER, link: undefined });
    await put(201, { traceparent: `00-${'0'.repeat(32)}-${CALLER}-01` });
    const { traceId } = sent[2]!;
    expect(placeOf(sent[2]!)).toEqual({ traceId, parentId: undefined, link: undefined });
  });

  it('is kept whatever the share is if it failed or refused, and not for bad credentials or a missing row', async () => {
    await app.close();
    await start({ ratio: 0 });
    for (const status of [200, 401, 429, 422, 503]) await put(status);
    await ask(`/transfers/${PAYMENT}`, { method: 'GET' });
    expect(sent.map(({ attributes, error }) => [attributes['http.response.status_code'], error])).toEqual([
      [422, undefined],
      [503, '503'],
    ]);
  });

  it('of a sender that is not known is no part of the trace that it names, nor of the payment', async () => {
    await app.close();
    await start({ asksWho: true });
    const named = { traceparent: `00-${PAYMENT.replaceAll('-', '')}-${CALLER}-01`, 'l1p-trace-id': PAYMENT };
    const link = { traceId: PAYMENT, spanId: CALLER };
    const refused = await put(200, { ...named, 'l1p-hop': 'P.D' });
    expect(refused.json).toMatchObject({ id: 'Unauthorized' });
    expect(refused.headers.get('l1p-trace-id')).toBe(PAYMENT);
    const { json } = await ask('/metadata', { method: 'GET', headers: named });
    expect(sent.map((span) => [span.isOfPayment, span.parentId, span.link])).toEqual([
      [false, undefined, link],
      [false, undefined, link],
    ]);
    expect(json).toEqual({ span: sent[1]!.spanId, traceId: sent[1]!.traceId });
    expect(new Set([PAYMENT, ...sent.map(({ traceId }) => traceId)]).size).toBe(3);
    await put(200, { ...named, authorization: `Basic ${btoa('spsp-client:secret')}`, 'l1p-hop': 'P.D' });
    expect(placeOf(sent[2]!)).toEqual({ traceId: PAYMENT, parentId: CALLER, link: undefined });
    expect(sent[2]!.isOfPayment).toBe(true);
  });

  it('of a sender that is not known is not kept by the trace that it names', async () => {
    await app.close();
    await start({ asksWho: true, ratio: 0 });
    await put(200, { 'l1p-trace-id': '00000000-0000-4000-8000-000000000000' });
    expect(sent).toEqual([]);
  });

  it('has bodies only where they are wanted', async () => {
    await put(200, {}, { amount: '1' });
    expect([sent[0]!.requestBody, sent[0]!.responseBody]).toEqual([undefined, undefined]);
    await app.close();
    await start({ hasBodies: true });
    await put(200, {}, { amount: '1' });
    expect(sent[0]!.requestBody).toEqual({ status: 200, body: { amount: '1' } });
    expect(JSON.parse(String(sent[0]!.responseBody))).toMatchObject({ amount: '1' });
    await put(200, {}, { text: 'x'.repeat(20_000) });
    expect([sent[1]!.requestBody, sent[1]!.responseBody]).toEqual(['…', '…']);
  });

  it('tells that the caller did not wait', async () => {
    const stopping = new AbortController();
    const asked = fetch(`${url}/slow`, { signal: stopping.signal }).catch(() => undefined);
    await eventually(() => expect(open).toBe(1));
    stopping.abort();
    await asked;
    await eventually(() => expect(sent).toHaveLength(1));
    await eventually(() => expect(open).toBe(0));
    expect(sent[0]!.error).toBe('the caller did not wait for the answer');
    expect(sent[0]!.attributes).not.toHaveProperty('http.response.status_code');
  });

  it('is not made for questions about health, nor without a collector', async () => {
    await ask('/health', { method: 'GET' });
    expect(sent).toEqual([]);
    await app.close();
    await start({ isOn: false });
    expect((await put(200)).json).toEqual({});
    expect(sent).toEqual([]);
  });
});
