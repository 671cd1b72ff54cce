import {
  type Attributes,
  type HrTime,
  type Link,
  type SpanContext,
  type SpanStatus,
  SpanStatusCode,
} from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace-base';
import { shownBody } from './body-fields.js';
import { shownPath } from './shown-path.js';
import { softwareVersion } from './software-version.js';
import type { Span, SpanReference } from './span.js';

const SCOPE: InstrumentationScope = { name: 'level-one', version: softwareVersion() };
const SAMPLED = 1;

/** An ended span as it is sent: with redacted path and bodies. */
export class ReadSpan implements ReadableSpan {
  readonly instrumentationScope = SCOPE;
  readonly events = [];
  readonly ended = true;
  readonly droppedAttributesCount = 0;
  readonly droppedEventsCount = 0;
  readonly droppedLinksCount = 0;

  constructor(
    private readonly span: Span,
    readonly resource: Resource,
  ) {}

  /** Gives up what may be large. */
  release(): void {
    this.span.requestBody = undefined;
    this.span.responseBody = undefined;
  }

  get name(): string {
    return this.span.name;
  }

  get kind(): Span['kind'] {
    return this.span.kind;
  }

  spanContext(): SpanContext {
    return contextOf(this.span);
  }

  get parentSpanContext(): SpanContext | undefined {
    const { parentId: spanId, traceId, root } = this.span;
    if (spanId === undefined) return undefined;
    return { ...contextOf({ traceId, spanId }), isRemote: root === this.span };
  }

  get startTime(): HrTime {
    return hrTimeOf(this.span.startedMs + originMs());
  }

  get endTime(): HrTime {
    const { startedMs, endedMs = startedMs } = this.span;
    return hrTimeOf(endedMs + originMs());
  }

  get duration(): HrTime {
    const { startedMs, endedMs = startedMs } = this.span;
    return hrTimeOf(endedMs - startedMs);
  }

  get status(): SpanStatus {
    const { error } = this.span;
    return error === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: error };
  }

  get links(): Link[] {
    const { link } = this.span;
    return link ? [{ context: contextOf(link) }] : [];
  }

  get attributes(): Attributes {
    const { span } = this;
    return {
      ...span.attributes,
      ...(span.isOfPayment && { 'levelone.payment_id': span.traceId }),
      ...(span.path !== undefined && { 'url.path': shownPath(span.path) }),
      ...(span.requestBody !== undefined && { 'levelone.request.body': shownBody(span.requestBody) }),
      ...(span.responseBody !== undefined && { 'levelone.response.body': shownBody(span.responseBody) }),
    };
  }
}

function contextOf({ traceId, spanId }: SpanReference): SpanContext {
  return { traceId: traceId.replaceAll('-', ''), spanId, traceFlags: SAMPLED };
}

/** What is added to a time of the process's clock to get the time of day. */
function originMs(): number {
  return Date.now() - performance.now();
}

function hrTimeOf(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1_000_000)];
}
