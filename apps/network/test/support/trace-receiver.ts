import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Kinds of spans in OTLP. */
export const KIND = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;

interface Value {
  stringValue?: string;
  intValue?: number | string;
  doubleValue?: number;
  boolValue?: boolean;
}

/** A span as the receiver got it. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  kind: number;
  startMs: number;
  endMs: number;
  /** `service.namespace/service.name` of its resource. */
  service: string;
  attributes: Record<string, string | number | boolean | undefined>;
  /** 2: error. */
  statusCode: number;
  links: { traceId: string; spanId: string }[];
}

function valueOf({ stringValue, intValue, doubleValue, boolValue }: Value): string | number | boolean | undefined {
  return stringValue ?? (intValue === undefined ? (doubleValue ?? boolValue) : Number(intValue));
}

function attributesOf(list: { key: string; value: Value }[] = []): ReceivedSpan['attributes'] {
  return Object.fromEntries(list.map(({ key, value }) => [key, valueOf(value)]));
}

/** A collector that keeps what it gets by OTLP/HTTP. */
export class TraceReceiver {
  readonly spans: ReceivedSpan[] = [];
  readonly resources: ReceivedSpan['attributes'][] = [];
  /** Headers of the requests. */
  readonly headers: Record<string, string | string[] | undefined>[] = [];

  private constructor(private readonly server: Server) {}

  static async start(): Promise<TraceReceiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        receiver.headers.push(request.headers);
        if (request.url === '/v1/traces') receiver.take(JSON.parse(Buffer.concat(chunks).toString()));
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
    });
    const receiver = new TraceReceiver(server);
    await new Promise<void>((done) => {
      server.listen(0, '127.0.0.1', done);
    });
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Spans of a trace, by its UUID. */
  ofTrace(uuid: string): ReceivedSpan[] {
    return this.spans.filter(({ traceId }) => traceId === uuid.replaceAll('-', ''));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => {
      this.server.close(done);
    });
  }

  private take(body: any): void {
    for (const { resource, scopeSpans } of body.resourceSpans) {
      const of = attributesOf(resource.attributes);
      this.resources.push(of);
      for (const span of scopeSpans.flatMap((scope: any) => scope.spans)) {
        this.spans.push({
          traceId: span.traceId,
          spanId: span.spanId,
          parentSpanId: span.parentSpanId || undefined,
          name: span.name,
          kind: span.kind,
          startMs: Number(BigInt(span.startTimeUnixNano) / 1_000n) / 1_000,
          endMs: Number(BigInt(span.endTimeUnixNano) / 1_000n) / 1_000,
          service: `${of['service.namespace']}/${of['service.name']}`,
          attributes: attributesOf(span.attributes),
          statusCode: span.status?.code ?? 0,
          links: span.links ?? [],
        });
      }
    }
  }
}
