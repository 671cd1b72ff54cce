import { randomBytes } from 'node:crypto';

/** A span to be made; what is not given is like that of the hop P.D at dfsp1. */
export interface MadeSpan {
  paymentId: string;
  spanId?: string;
  parentSpanId?: string;
  role?: string;
  dfsp?: string;
  name?: string;
  kind?: number;
  /** Unix time in ms. */
  startMs?: number;
  durationMs?: number;
  attributes?: Record<string, string | number>;
  error?: string;
}

/** Spans as an OTLP exporter sends them. */
export function exported(...spans: MadeSpan[]): object {
  return {
    resourceSpans: spans.map(({ role = 'spsp-client', dfsp = 'dfsp1', ...span }) => ({
      resource: {
        attributes: attributesOf({
          'service.name': role,
          'service.namespace': dfsp,
          'service.instance.id': 'one',
          'service.version': '0.1.0',
        }),
      },
      scopeSpans: [{ scope: { name: 'level-one' }, spans: [spanOf(span)] }],
    })),
  };
}

function spanOf({ paymentId, startMs = 1_790_000_000_000, durationMs = 5, ...span }: MadeSpan): object {
  const nanoseconds = (ms: number): string => String(BigInt(Math.round(ms * 1_000)) * 1_000n);
  return {
    traceId: paymentId.replaceAll('-', ''),
    spanId: span.spanId ?? randomBytes(8).toString('hex'),
    ...(span.parentSpanId !== undefined && { parentSpanId: span.parentSpanId }),
    name: span.name ?? 'P.D',
    kind: span.kind ?? 3,
    startTimeUnixNano: nanoseconds(startMs),
    endTimeUnixNano: nanoseconds(startMs + durationMs),
    attributes: attributesOf({
      'levelone.payment_id': paymentId,
      'levelone.hop': 'P.D',
      'levelone.peer': 'dfsp1/ledger-adapter',
      'http.request.method': 'PUT',
      'url.path': `/ilp/ledger/v1/transfers/${paymentId}`,
      'http.response.status_code': 201,
      ...span.attributes,
    }),
    status: span.error === undefined ? {} : { code: 2, message: span.error },
  };
}

function attributesOf(values: Record<string, string | number>): object[] {
  return Object.entries(values).map(([key, value]) => ({
    key,
    value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value },
  }));
}
