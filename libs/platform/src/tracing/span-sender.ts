import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import type { Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TracingOptions } from './tracing-options.js';
import { ReadSpan } from './read-span.js';
import type { Span } from './span.js';

/** Most spans of one request to the collector: to write them takes some ms, in which nothing else is done. */
const BATCH_MAX = 128;
/** Time for one request to the collector; what is not taken by then is lost. */
const SEND_TIMEOUT_MS = 10_000;
/** A role that stops waits no longer for the collector. */
const CLOSE_WAITS_MS = 1_000;

/** The URL that traces are sent to; undefined: none are. */
export function tracesUrlOf({ otelDisabled, otlpEndpoint, otlpTracesEndpoint }: TracingOptions): string | undefined {
  if (otelDisabled) return undefined;
  return otlpTracesEndpoint ?? (otlpEndpoint && `${otlpEndpoint.replace(/\/+$/, '')}/v1/traces`);
}

/** Headers of the form of `OTEL_EXPORTER_OTLP_HEADERS`. */
export function headersIn(text: string | undefined): Record<string, string> {
  const pairs = (text ?? '').split(',').filter((pair) => pair.includes('='));
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at).trim().toLowerCase(), decoded(pair.slice(at + 1).trim())];
    }),
  );
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

/** Counts what becomes of the spans of one role. */
export interface SpanCounter {
  /** Spans are sent now. */
  taken(spans: number): void;
  /** Spans that were taken came to the collector, or did not. */
  ended(spans: number, haveCome: boolean): void;
}

/** A span that waits to be sent. */
export class QueuedSpan extends ReadSpan {
  constructor(
    span: Span,
    resource: Resource,
    readonly counter: SpanCounter,
  ) {
    super(span, resource);
  }
}

/** Sends the spans of one role, or of all roles that share a thread, to a collector in batches. */
export class SpanSender {
  private readonly processor: BatchSpanProcessor;

  /** @param queueMax of each queue: when one is full, its spans are sent without delay. */
  constructor(exporter: SpanExporter, { delayMs, queueMax }: { delayMs: number; queueMax: number }) {
    this.processor = new BatchSpanProcessor(telling(exporter), {
      // Each queue has its own bound.
      maxQueueSize: Number.MAX_SAFE_INTEGER,
      maxExportBatchSize: Math.min(BATCH_MAX, queueMax),
      scheduledDelayMillis: delayMs,
      exportTimeoutMillis: SEND_TIMEOUT_MS,
    });
  }

  /** Undefined where no collector is set. */
  static of(settings: TracingOptions): SpanSender | undefined {
    const url = tracesUrlOf(settings);
    if (url === undefined) return undefined;
    const headers = headersIn(settings.otlpHeaders);
    const exporter = new OTLPTraceExporter({ url, headers, timeoutMillis: SEND_TIMEOUT_MS });
    return new SpanSender(exporter, { delayMs: settings.traceSendDelayMs, queueMax: settings.traceQueueMax });
  }

  add(span: QueuedSpan): void {
    this.processor.onEnd(span);
  }

  /** Sends what waits, as far as the collector takes it at once. */
  flush(): Promise<void> {
    return withPatience(this.processor.forceFlush());
  }

  /** The same, and the end of it. */
  close(): Promise<void> {
    return withPatience(this.processor.shutdown());
  }
}

async function withPatience(end: Promise<void>): Promise<void> {
  await Promise.race([end.catch(() => undefined), sleep(CLOSE_WAITS_MS, undefined, { ref: false })]);
}

/** The same exporter, which tells what became of the spans of each role. */
function telling(exporter: SpanExporter): SpanExporter {
  return {
    export: (exported: ReadableSpan[], done: (result: ExportResult) => void) => {
      const spans = exported as QueuedSpan[];
      const counts = new Map<SpanCounter, number>();
      for (const { counter } of spans) counts.set(counter, (counts.get(counter) ?? 0) + 1);
      for (const [counter, count] of counts) counter.taken(count);
      exporter.export(spans, ({ code }) => {
        for (const [counter, count] of counts) counter.ended(count, code === ExportResultCode.SUCCESS);
        // The processor would tell its global error handler; what is lost is counted and logged for each role.
        done({ code: ExportResultCode.SUCCESS });
      });
      // They are written by now. Contexts that outlive a request keep its span, but not its bodies.
      for (const span of spans) span.release();
    },
    shutdown: () => exporter.shutdown(),
  };
}

/** The senders of the roles that share a thread: one for each collector and manner of sending. */
export class SpanSenders {
  private readonly senders = new Map<string, SpanSender>();

  /** Undefined where no collector is set. */
  senderFor(settings: TracingOptions): SpanSender | undefined {
    const { otlpHeaders, traceSendDelayMs, traceQueueMax } = settings;
    const key = JSON.stringify([tracesUrlOf(settings), otlpHeaders, traceSendDelayMs, traceQueueMax]);
    const known = this.senders.get(key);
    if (known) return known;
    const sender = SpanSender.of(settings);
    if (sender) this.senders.set(key, sender);
    return sender;
  }

  async close(): Promise<void> {
    await Promise.all([...this.senders.values()].map((sender) => sender.close()));
  }
}
