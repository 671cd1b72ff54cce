/** What the order of spans depends on. */
export interface OrderedSpan {
  spanId: string;
  /** Span that caused it. */
  parentId: string | null;
  /** Start, Unix time in ms, with a fraction. */
  startMs: number;
}

/** A cause comes so long before what it caused, at least. */
const STEP_MS = 0.001;

/**
 * Start of each span in ms, by its id, moved so that no span starts before the one that caused it: clocks of machines
 * differ.
 */
export function causalStarts(spans: readonly OrderedSpan[]): Map<string, number> {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const starts = new Map<string, number>();
  for (const span of spans) {
    // From the topmost one whose start is not known yet down to the span. Parents are what senders say: there may be circles.
    for (const one of unknownAbove(span, byId, starts).toReversed()) {
      const above = (one.parentId === null ? undefined : starts.get(one.parentId)) ?? -Infinity;
      starts.set(one.spanId, Math.max(one.startMs, above + STEP_MS));
    }
  }
  return starts;
}

/** A span and those above it, up to one whose start is known, that has no known parent, or was met before. */
function unknownAbove(
  span: OrderedSpan,
  byId: ReadonlyMap<string, OrderedSpan>,
  known: ReadonlyMap<string, number>,
): OrderedSpan[] {
  const met = new Set<string>();
  const found: OrderedSpan[] = [];
  for (
    let one: OrderedSpan | undefined = span;
    one && !known.has(one.spanId) && !met.has(one.spanId);
    one = one.parentId === null ? undefined : byId.get(one.parentId)
  ) {
    met.add(one.spanId);
    found.push(one);
  }
  return found;
}

/** Spans in causal order: by their starts, but none before the one that caused it. */
export function inCausalOrder<T extends OrderedSpan>(spans: readonly T[]): T[] {
  const starts = causalStarts(spans);
  return spans.toSorted((a, b) => starts.get(a.spanId)! - starts.get(b.spanId)!);
}
