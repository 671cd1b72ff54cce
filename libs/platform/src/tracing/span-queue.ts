import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_NAMESPACE,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TracingOptions } from './tracing-options.js';
import { ReadSpan } from './read-span.js';
import { softwareVersion } from './software-version.js';
import type { Span } from './span.js';

/** Most spans of one request to the collector. */
const BATCH_MAX = 512;
/** Time for one request to the collector; what is not taken by then is lost. */
const SEND_TIMEOUT_MS = 10_000;
/** A role that stops waits no longer for the collector. */
const CLOSE_WAITS_MS = 1_000;
/** Trouble with the collector is logged at most this often. */
const LOGGED_EVERY_MS = 60_000;

export interface SpanQueueOptions {
  queueMax: number;
  delayMs: number;
  resource: Resource;
  warn: (fields: object, message: string) => void;
}

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

/** Sends kept spans in batches. What there is no room for is dropped and counted; nobody waits for the collector. */
export class SpanQueue {
  private readonly processor: BatchSpanProcessor;
  private readonly counted = { sent: 0, dropped: 0, failed: 0 };
  /** Spans that wait to be taken for a request. */
  private waiting = 0;
  private loggedAt = -Infinity;

  constructor(
    exporter: SpanExporter,
    private readonly options: SpanQueueOptions,
  ) {
    this.processor = new BatchSpanProcessor(this.counting(exporter), {
      maxQueueSize: options.queueMax,
      maxExportBatchSize: Math.min(BATCH_MAX, options.queueMax),
      scheduledDelayMillis: options.delayMs,
      exportTimeoutMillis: SEND_TIMEOUT_MS,
    });
  }

  /** Undefined where no collector is set. */
  static of(
    settings: TracingOptions,
    { role, dfsp, warn }: { role: string; dfsp: string | null; warn: SpanQueueOptions['warn'] },
  ): SpanQueue | undefined {
    const url = tracesUrlOf(settings);
    if (url === undefined) return undefined;
    const exporter = new OTLPTraceExporter({
      url,
      headers: headersIn(settings.otlpHeaders),
      timeoutMillis: SEND_TIMEOUT_MS,
    });
    const resource = resourceFromAttributes({
      [ATTR_SERVICE_NAME]: settings.otelServiceName ?? role,
      [ATTR_SERVICE_NAMESPACE]: dfsp ?? 'centre',
      [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
      [ATTR_SERVICE_VERSION]: softwareVersion(),
    });
    return new SpanQueue(exporter, {
      queueMax: settings.traceQueueMax,
      delayMs: settings.traceSendDelayMs,
      resource,
      warn,
    });
  }

  get counts(): { sent: number; dropped: number; failed: number } {
    return { ...this.counted };
  }

  add(span: Span): void {
    if (this.waiting >= this.options.queueMax) {
      this.drop(1);
      return;
    }
    this.waiting += 1;
    this.processor.onEnd(new ReadSpan(span, this.options.resource));
  }

  /** Counts spans that there was no room for. */
  drop(spans: number): void {
    if (spans === 0) return;
    this.counted.dropped += spans;
    this.warn('spans were dropped: more than the queue holds');
  }

  /** Sends what waits, as far as the collector takes it at once. */
  async close(): Promise<void> {
    const patience = sleep(CLOSE_WAITS_MS, undefined, { ref: false });
    await Promise.race([this.processor.shutdown().catch(() => undefined), patience]);
  }

  private counting(exporter: SpanExporter): SpanExporter {
    return {
      export: (spans: ReadableSpan[], done: (result: ExportResult) => void) => {
        this.waiting -= spans.length;
        exporter.export(spans, (result) => {
          if (result.code === ExportResultCode.SUCCESS) this.counted.sent += spans.length;
          else {
            this.counted.failed += spans.length;
            this.warn('spans could not be sent to the collector');
          }
          // The processor would tell its global error handler; what is lost is counted and logged here.
          done({ code: ExportResultCode.SUCCESS });
        });
        // They are written by now. Contexts that outlive a request keep its span, but not its bodies.
        for (const span of spans) (span as ReadSpan).release();
      },
      shutdown: () => exporter.shutdown(),
    };
  }

  private warn(message: string): void {
    const now = performance.now();
    if (now - this.loggedAt < LOGGED_EVERY_MS) return;
    this.loggedAt = now;
    const { sent, dropped, failed } = this.counted;
    this.options.warn({ sent, dropped, failed }, message);
  }
}
