import { ROOT_CONTEXT, SpanKind } from '@opentelemetry/api';
import type { OnApplicationShutdown } from '@nestjs/common';
import { SamplingDecision, TraceIdRatioBasedSampler } from '@opentelemetry/sdk-trace-base';
import type { TracingOptions } from './tracing-options.js';
import { randomUUID } from 'node:crypto';
import { FewPerSecond } from './few-per-second.js';
import { RecentTraces } from './recent-traces.js';
import { Span, type SpanOwner, type SpanStart } from './span.js';
import { SpanQueue } from './span-queue.js';
import type { SpanSenders } from './span-sender.js';
import { currentTrace, enterTrace, type Trace } from './trace.js';

/** Requests of strangers that are kept in a second, whatever they are answered: anybody can send thousands. */
const STRANGERS_PER_S = 5;

/** Whose spans they are. */
export interface TracedRole {
  role: string;
  /** Short name of the DFSP; null in the centre. */
  dfsp: string | null;
  /** Receives what is worth a line of the log: spans were dropped, or could not be sent. */
  warn: (fields: object, message: string) => void;
}

/** Which traces of a role are kept: a share of all, chosen by the trace's id, and what is failed or slow. */
interface KeptTraces {
  ratio: number;
  /** 0: none is kept for being slow. */
  slowMs: number;
}

/**
 * The spans of one role instance. There is one for each role, also where many share a process. Without a collector it is
 * off, and starts no span.
 */
export class Tracing implements SpanOwner, OnApplicationShutdown {
  static readonly off = new Tracing(undefined, { ratio: 0, slowMs: 0 }, false);
  private readonly sampler: TraceIdRatioBasedSampler;
  private readonly recent = new RecentTraces();
  private readonly strangers = new FewPerSecond(STRANGERS_PER_S);

  constructor(
    private readonly queue: Pick<SpanQueue, 'add' | 'drop' | 'counts' | 'close'> | undefined,
    private readonly kept: KeptTraces,
    /** Whether spans have bodies. */
    readonly hasBodies: boolean,
  ) {
    this.sampler = new TraceIdRatioBasedSampler(kept.ratio);
  }

  static of(settings: TracingOptions, role: TracedRole, senders?: SpanSenders): Tracing {
    const { traceRatio: ratio, traceSlowMs: slowMs, traceBodies } = settings;
    const queue = SpanQueue.of(settings, role, senders);
    return queue ? new Tracing(queue, { ratio, slowMs }, traceBodies) : Tracing.off;
  }

  get isOn(): boolean {
    return this.queue !== undefined;
  }

  /** What became of the spans of kept traces, since the role started. */
  get counts(): { sent: number; dropped: number; failed: number } {
    return this.queue?.counts ?? { sent: 0, dropped: 0, failed: 0 };
  }

  /** Starts a span that nothing of this role stands above; undefined while tracing is off. */
  startRoot(start: SpanStart): Span | undefined {
    return this.queue && new Span(this, start);
  }

  /** Starts a span below the one that is under way; undefined while tracing is off. */
  startChild(trace: Trace, start: Omit<SpanStart, 'traceId'>): Span | undefined {
    if (!this.queue) return undefined;
    const { traceId, span } = trace;
    const above = span?.inTrace(traceId);
    if (above && start.isOfPayment) above.isOfPayment = true;
    return new Span(this, { ...start, traceId }, above);
  }

  /** Runs work within a span of its own, in the trace that is under way or `traceId`. */
  async within<T>(start: SpanStart, work: () => Promise<T>): Promise<T> {
    const span = this.startRoot({ link: referenceTo(currentTrace()?.span), ...start });
    if (!span) return work();
    try {
      return await enterTrace({ traceId: span.traceId, span }, work);
    } catch (error) {
      span.fail(nameOf(error));
      throw error;
    } finally {
      span.end();
    }
  }

  /**
   * Follows one run of background work. A run that did nothing is kept only if it failed or was slow.
   * @param run answers how many rows it worked on, as far as it counts them
   */
  async sweep(name: string, run: () => Promise<number>): Promise<void> {
    if (!this.queue) {
      await run();
      return;
    }
    const start = { kind: SpanKind.INTERNAL, name: `sweep ${name}`, traceId: randomUUID() };
    await this.within(start, async () => {
      const rows = await run();
      const span = currentTrace()!.span!;
      if (rows > 0) span.set('levelone.rows', rows);
      span.isIdle = rows === 0 && !span.hasLed;
    });
  }

  flagsOf(traceId: string): string {
    return this.isOfShare(traceId) ? '01' : '00';
  }

  /** Decides at the end of a local root about it and the spans below it; a later span follows that decision. */
  ended(span: Span): void {
    const { root } = span;
    if (span !== root) {
      root.isNotable ||= span.isNotable;
      if (root.isKept === undefined) root.hold(span);
      else if (root.isKept || span.isNotable || this.recent.isKept(span.traceId)) this.queue?.add(span);
      return;
    }
    const spans = [span, ...span.held];
    const { held, lost } = span;
    span.held = [];
    span.isKept = this.keeps(span, held);
    if (span.isKept) this.send(spans, lost);
  }

  private keeps(root: Span, held: readonly Span[]): boolean {
    const { traceId } = root;
    if (root.isOfStranger) return this.keepsOfStranger(root);
    if (this.isOfShare(traceId)) return !root.isIdle || root.isNotable || this.isSlow(root);
    if (root.isNotable || this.isSlow(root)) {
      this.send(this.recent.keep(traceId), 0);
      return true;
    }
    if (this.recent.isKept(traceId)) return true;
    if (!root.isIdle) this.recent.hold(traceId, [root, ...held]);
    return false;
  }

  /** Who is not known decides by no refusal, delay or trace that something is kept. Only faults of this role do. */
  private keepsOfStranger({ traceId, error }: Span): boolean {
    return (error !== undefined || this.isOfShare(traceId)) && this.strangers.take();
  }

  private send(spans: readonly Span[], lost: number): void {
    for (const span of spans) this.queue?.add(span);
    this.queue?.drop(lost);
  }

  private isSlow({ startedMs, endedMs = 0 }: Span): boolean {
    const { slowMs } = this.kept;
    return slowMs > 0 && endedMs - startedMs >= slowMs;
  }

  private isOfShare(traceId: string): boolean {
    const { decision } = this.sampler.shouldSample(ROOT_CONTEXT, traceId.replaceAll('-', ''));
    return decision === SamplingDecision.RECORD_AND_SAMPLED;
  }

  /** Sends what waits. */
  async onApplicationShutdown(): Promise<void> {
    await this.queue?.close();
  }
}

function referenceTo(span: Span | undefined): SpanStart['link'] {
  if (!span) return undefined;
  span.hasLed = true;
  return { traceId: span.traceId, spanId: span.spanId };
}

/** Class or id of an error; its message may hold data. */
export function nameOf(error: unknown): string {
  const { id } = (error ?? {}) as { id?: unknown };
  if (typeof id === 'string' && /^[A-Za-z]{1,64}$/.test(id)) return id;
  return error instanceof Error ? error.name : typeof error;
}
