import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_NAMESPACE,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import { randomUUID } from 'node:crypto';
import type { TracingOptions } from './tracing-options.js';
import { softwareVersion } from './software-version.js';
import type { Span } from './span.js';
import { QueuedSpan, type SpanCounter, type SpanSender, SpanSenders } from './span-sender.js';

/** Trouble with the collector is logged at most this often. */
const LOGGED_EVERY_MS = 60_000;

export interface SpanQueueOptions {
  queueMax: number;
  resource: Resource;
  warn: (fields: object, message: string) => void;
}

/**
 * The kept spans of one role that wait to be sent. What there is no room for is dropped and counted; nobody waits for the
 * collector.
 */
export class SpanQueue implements SpanCounter {
  private readonly counted = { sent: 0, dropped: 0, failed: 0 };
  /** Spans that wait to be taken for a request. */
  private waiting = 0;
  private loggedAt = -Infinity;

  constructor(
    private readonly sender: SpanSender,
    private readonly options: SpanQueueOptions,
  ) {}

  /** @param senders of the roles that share a thread with this one. @returns undefined where no collector is set. */
  static of(
    settings: TracingOptions,
    { role, dfsp, warn }: { role: string; dfsp: string | null; warn: SpanQueueOptions['warn'] },
    senders: SpanSenders = new SpanSenders(),
  ): SpanQueue | undefined {
    const sender = senders.senderFor(settings);
    if (!sender) return undefined;
    const resource = resourceFromAttributes({
      [ATTR_SERVICE_NAME]: settings.otelServiceName ?? role,
      [ATTR_SERVICE_NAMESPACE]: dfsp ?? 'centre',
      [ATTR_SERVICE_INSTANCE_ID]: randomUUID(),
      [ATTR_SERVICE_VERSION]: softwareVersion(),
    });
    return new SpanQueue(sender, { queueMax: settings.traceQueueMax, resource, warn });
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
    this.sender.add(new QueuedSpan(span, this.options.resource, this));
  }

  /** Counts spans that there was no room for. */
  drop(spans: number): void {
    if (spans === 0) return;
    this.counted.dropped += spans;
    this.warn('spans were dropped: more than the queue holds');
  }

  taken(spans: number): void {
    this.waiting -= spans;
  }

  ended(spans: number, haveCome: boolean): void {
    if (haveCome) this.counted.sent += spans;
    else {
      this.counted.failed += spans;
      this.warn('spans could not be sent to the collector');
    }
  }

  /** Sends what waits, as far as the collector takes it at once. Its sender may have further queues. */
  close(): Promise<void> {
    return this.sender.flush();
  }

  private warn(message: string): void {
    const now = performance.now();
    if (now - this.loggedAt < LOGGED_EVERY_MS) return;
    this.loggedAt = now;
    const { sent, dropped, failed } = this.counted;
    this.options.warn({ sent, dropped, failed }, message);
  }
}
