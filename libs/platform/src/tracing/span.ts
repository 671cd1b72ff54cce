import { SpanKind } from '@opentelemetry/api';
import { randomUUID } from 'node:crypto';

/** Id of a span: 16 hexadecimal digits. Node keeps random UUIDs in store, and so they cost less than random bytes. */
export function newSpanId(): string {
  return spanIdOf(randomUUID());
}

/** Id of the span of something that has a UUID: whoever knows the UUID knows its span. */
export function spanIdOf(uuid: string): string {
  return uuid.slice(0, 8) + uuid.slice(-8);
}

/** Where a span belongs. */
export interface SpanReference {
  /** UUID. */
  traceId: string;
  /** 16 hexadecimal digits. */
  spanId: string;
}

export type SpanValue = string | number | boolean;

/** What a span begins with. */
export interface SpanStart {
  kind: SpanKind;
  name: string;
  /** UUID. */
  traceId: string;
  /** Default: a new one. */
  spanId?: string | undefined;
  /** Id of the span above it, in the same trace. */
  parentId?: string | undefined;
  /** A span of another trace that it has to do with. */
  link?: SpanReference | undefined;
  /** Whether the trace is that of a payment, whose id is the trace's. */
  isOfPayment?: boolean | undefined;
}

/** What happens to spans of one role. */
export interface SpanOwner {
  /** `01` for a trace of the share that is kept, else `00`. */
  flagsOf(traceId: string): string;
  ended(span: Span): void;
}

/** Maximum of ended spans that wait for the end of their local root. */
const HELD_MAX = 512;

/**
 * A span under way. Until it is kept it is only these members: nothing is formatted or redacted before it is sent.
 *
 * The local root is the first span of some work in this role: of a request, an event, or a run of background work. Its
 * end decides whether it and all spans below it are kept.
 */
export class Span {
  readonly spanId: string;
  readonly kind: SpanKind;
  parentId: string | undefined;
  link: SpanReference | undefined;
  /** The local root; the span itself if it is one. */
  readonly root: Span;
  readonly startedMs = performance.now();
  name: string;
  endedMs: number | undefined;
  attributes: Record<string, SpanValue> = {};
  /** Paths and bodies as they were; they are redacted when the span is sent. */
  path: string | undefined;
  requestBody: unknown;
  responseBody: unknown;
  isOfPayment: boolean;
  /** What went wrong, in words without data. */
  error: string | undefined;
  /** Whether its trace is kept whatever the share is: it failed, or a payment was refused. */
  isNotable = false;
  /** Whether other spans begin below it, or in other traces because of it. */
  hasLed = false;
  /** Whether nothing was found to do: kept only if it failed or was slow. */
  isIdle = false;
  /** Whether it is of a request whose sender is not known: few of these are kept. */
  isOfStranger = false;
  /** For a local root that has ended: whether it was kept. */
  isKept: boolean | undefined;
  /** For a local root that has not ended: the spans below it that have. */
  held: Span[] = [];
  /** Spans that there was no room for. */
  lost = 0;
  private ownTraceId: string;
  private continuations: Map<string, Span> | undefined;

  constructor(
    private readonly owner: SpanOwner,
    start: SpanStart,
    above?: Span,
  ) {
    this.kind = start.kind;
    this.name = start.name;
    this.ownTraceId = start.traceId;
    this.spanId = start.spanId ?? newSpanId();
    this.parentId = start.parentId ?? above?.spanId;
    this.link = start.link;
    this.isOfPayment = start.isOfPayment ?? above?.isOfPayment ?? false;
    this.root = above?.root ?? this;
    if (above) above.hasLed = true;
  }

  /** UUID. */
  get traceId(): string {
    return this.ownTraceId;
  }

  /** Flags of its `traceparent`. */
  get flags(): string {
    return this.owner.flagsOf(this.ownTraceId);
  }

  /**
   * The sender of this request is not known, so it does not choose the trace, and thereby what is kept of it: the span
   * moves to a trace of its own, with a link to the one that was named. @returns the id of that trace
   */
  leaveTrace(): string {
    if (this.parentId !== undefined) this.link = { traceId: this.ownTraceId, spanId: this.parentId };
    this.parentId = undefined;
    this.ownTraceId = randomUUID();
    this.isOfPayment = false;
    this.isOfStranger = true;
    return this.ownTraceId;
  }

  set(name: string, value: SpanValue | undefined): void {
    if (value !== undefined) this.attributes[name] = value;
  }

  /** Says that it went wrong. @param message without data */
  fail(message: string): void {
    this.error ??= message;
    this.isNotable = true;
  }

  end(): void {
    if (this.endedMs !== undefined) return;
    this.endedMs = performance.now();
    for (const continuation of this.continuations?.values() ?? []) this.endContinuation(continuation);
    this.owner.ended(this);
  }

  /** Keeps an ended span until this local root has ended. */
  hold(span: Span): void {
    if (this.held.length < HELD_MAX) this.held.push(span);
    else this.lost += 1;
  }

  /**
   * The span for work of another trace that this one leads to, for example of the payment that a request begins. A
   * request that nothing was done for yet, and whose caller sent no trace, moves to that trace. Otherwise the other trace
   * has a root of its own, with a link to this span.
   */
  inTrace(traceId: string): Span {
    if (traceId === this.ownTraceId) return this;
    const isRequest = this.kind === SpanKind.SERVER && this.root === this;
    if (isRequest && this.parentId === undefined && !this.hasLed && !this.continuations) {
      this.ownTraceId = traceId;
      return this;
    }
    this.continuations ??= new Map();
    const known = this.continuations.get(traceId);
    if (known) return known;
    const { kind, name, spanId } = this;
    const link = { traceId: this.ownTraceId, spanId };
    const continuation = new Span(this.owner, { kind, name, traceId, link });
    this.continuations.set(traceId, continuation);
    // A span that has ended begins nothing that would end with it.
    if (this.endedMs !== undefined) this.endContinuation(continuation);
    return continuation;
  }

  /** It tells the same of the request or the event, in the other trace. */
  private endContinuation(continuation: Span): void {
    continuation.attributes = { ...this.attributes };
    continuation.path = this.path;
    continuation.requestBody = this.requestBody;
    continuation.responseBody = this.responseBody;
    continuation.error = this.error;
    continuation.isNotable ||= this.isNotable;
    continuation.end();
  }
}
