import type { Span } from './span.js';

/** How long spans that are not kept wait for something notable in the same trace. */
const WAIT_MS = 10_000;
/** Maximum of spans that wait; the oldest go first. */
const SPANS_MAX = 8_192;
const TRACES_MAX = 8_192;

interface RecentTrace {
  sinceMs: number;
  spans: Span[];
  /** Whether something in it was kept, so that what follows is, too. */
  isKept: boolean;
}

/**
 * The last traces of one role that are not of the kept share. If one of them fails or turns out to be slow, what ended
 * before is kept, too, and so is what follows soon.
 */
export class RecentTraces {
  private readonly traces = new Map<string, RecentTrace>();
  private spans = 0;

  /** Whether a notable trace was kept. */
  isKept(traceId: string): boolean {
    return this.traces.get(traceId)?.isKept ?? false;
  }

  /** Lets spans wait. */
  hold(traceId: string, spans: readonly Span[]): void {
    const trace = this.traceOf(traceId);
    trace.spans.push(...spans);
    this.spans += spans.length;
    this.forgetOld();
  }

  /** Marks a trace as kept. @returns what has waited */
  keep(traceId: string): readonly Span[] {
    const trace = this.traceOf(traceId);
    const { spans } = trace;
    trace.isKept = true;
    trace.spans = [];
    this.spans -= spans.length;
    this.forgetOld();
    return spans;
  }

  private traceOf(traceId: string): RecentTrace {
    const known = this.traces.get(traceId);
    if (known) return known;
    const trace = { sinceMs: performance.now(), spans: [], isKept: false };
    this.traces.set(traceId, trace);
    return trace;
  }

  private forgetOld(): void {
    const oldestMs = performance.now() - WAIT_MS;
    for (const [traceId, { sinceMs, spans }] of this.traces) {
      if (sinceMs >= oldestMs && this.spans <= SPANS_MAX && this.traces.size <= TRACES_MAX) return;
      this.traces.delete(traceId);
      this.spans -= spans.length;
    }
  }
}
