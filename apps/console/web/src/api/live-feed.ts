import { useSyncExternalStore } from 'react';
import type { ShownSpanDto } from '../../../src/shared/span.dto';
import { BASE_PATH } from './base-path';
import { type LedgerAccount, LedgerSteps, type LedgerStep } from './ledger-steps';

export type Span = ShownSpanDto;

export interface LiveState {
  isConnected: boolean;
  /** Spans by trace, the trace that began first at the beginning. */
  traces: readonly (readonly Span[])[];
  ledgers: Readonly<Record<string, readonly LedgerAccount[]>>;
  /** Last known state of each payment seen. */
  payments: Readonly<Record<string, string>>;
  /** Grows when an invoice or a payment changes: what shows them is read again. */
  changes: number;
}

/** Hops that change an invoice or a payment. Reading is none of them: it would cause itself. */
const CHANGING = /^(II|III\.E|transfer|P\.D|V\..*|R\d.*|row-35|row-48b)$/;
const RECONNECT_MS = 5_000;
const TRACES_KEPT = 60;
const SPANS_OF_TRACE_MAX = 400;

/** What happens in the network, from the console's server-sent events. It connects while somebody listens. */
class LiveFeed {
  private readonly spans = new Map<string, Map<string, Span>>();
  private state: LiveState = { isConnected: false, traces: [], ledgers: {}, payments: {}, changes: 0 };
  private readonly listeners = new Set<() => void>();
  private source: EventSource | undefined;
  private reconnect: ReturnType<typeof setTimeout> | undefined;
  private frame: number | undefined;
  private pending: Partial<LiveState> = {};
  private readonly ledgers = new LedgerSteps(({ ledger, accounts }) =>
    this.change({ ledgers: { ...(this.pending.ledgers ?? this.state.ledgers), [ledger]: accounts } }),
  );

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.source ??= this.connect();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      clearTimeout(this.reconnect);
      this.source?.close();
      this.source = undefined;
    };
  };

  readonly current = (): LiveState => this.state;

  /** Forgets the traces; balances and states stay. */
  readonly clearTraces = (): void => {
    this.spans.clear();
    this.change({ traces: [] });
  };

  private connect(): EventSource {
    const source = new EventSource(`${BASE_PATH}/api/live`);
    source.addEventListener('open', () => this.change({ isConnected: true }));
    source.addEventListener('error', () => {
      this.change({ isConnected: false });
      // The browser itself tries again, but not after a refusal: before somebody signs in, or from a proxy without a console.
      if (source.readyState === EventSource.CLOSED && source === this.source) {
        this.reconnect = setTimeout(() => (this.source = this.connect()), RECONNECT_MS);
      }
    });
    source.addEventListener('span', (event) => this.takeSpan(JSON.parse(event.data as string) as Span));
    source.addEventListener('balances', (event) => this.ledgers.take(JSON.parse(event.data as string) as LedgerStep));
    source.addEventListener('payment', (event) => {
      const { paymentId, state } = JSON.parse(event.data as string) as { paymentId: string; state: string };
      this.change({ payments: { ...(this.pending.payments ?? this.state.payments), [paymentId]: state } }, true);
    });
    return source;
  }

  private takeSpan(span: Span): void {
    if (span.hop === null && span.frame === null) return;
    const trace = this.spans.get(span.traceId) ?? new Map<string, Span>();
    if (trace.size >= SPANS_OF_TRACE_MAX) return;
    trace.set(span.spanId, span);
    this.spans.set(span.traceId, trace);
    for (const traceId of this.spans.keys()) {
      if (this.spans.size <= TRACES_KEPT) break;
      this.spans.delete(traceId);
    }
    this.change({}, span.hop !== null && CHANGING.test(span.hop));
  }

  /** Collects changes until the next frame of the screen: a payment is some hundred events. */
  private change(part: Partial<LiveState>, isChange = false): void {
    Object.assign(this.pending, part);
    if (isChange) this.pending.changes = this.state.changes + 1;
    this.frame ??= requestAnimationFrame(() => {
      const traces = [...this.spans.values()].map((trace) => [...trace.values()]);
      this.state = { ...this.state, ...this.pending, traces };
      this.pending = {};
      this.frame = undefined;
      for (const listener of this.listeners) listener();
    });
  }
}

const feed = new LiveFeed();

export const clearTraces = feed.clearTraces;

export const useLive = (): LiveState => useSyncExternalStore(feed.subscribe, feed.current);
