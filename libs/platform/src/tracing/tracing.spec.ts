import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SpanKind } from '@opentelemetry/api';
import { randomUUID } from 'node:crypto';
import type { Span } from './span.js';
import { currentTrace, enterTrace, joinPayment } from './trace.js';
import { Tracing } from './tracing.js';

/** Ids of traces that a share of one half keeps, and does not keep. */
const KEPT = '90000000-0000-4000-8000-000000000000';
const NOT_KEPT = '60000000-0000-4000-8000-000000000000';

describe('which spans of a role are kept', () => {
  let sent: Span[];
  let lost: number;

  beforeEach(() => {
    sent = [];
    lost = 0;
  });

  function tracingWith({ ratio = 0.5, slowMs = 0 } = {}): Tracing {
    const queue = {
      add: (span: Span) => void sent.push(span),
      drop: (spans: number) => void (lost += spans),
      counts: { sent: 0, dropped: 0, failed: 0 },
      close: async () => undefined,
    };
    return new Tracing(queue, { ratio, slowMs }, false);
  }

  function request(tracing: Tracing, traceId: string, work: (root: Span) => void = () => undefined): Span {
    const root = tracing.startRoot({ kind: SpanKind.SERVER, name: 'root', traceId })!;
    work(root);
    root.end();
    return root;
  }

  const call = (tracing: Tracing, root: Span, fails = false): void => {
    const span = tracing.startChild({ traceId: root.traceId, span: root }, { kind: SpanKind.CLIENT, name: 'call' })!;
    if (fails) span.fail('no answer');
    span.end();
  };

  const names = (): string[] => sent.map(({ name }) => name);

  it('is decided by the trace, so every role decides alike', () => {
    for (const tracing of [tracingWith(), tracingWith()]) {
      request(tracing, KEPT, (root) => call(tracing, root));
      request(tracing, NOT_KEPT, (root) => call(tracing, root));
      expect([tracing.flagsOf(KEPT), tracing.flagsOf(NOT_KEPT)]).toEqual(['01', '00']);
    }
    expect(sent.map(({ traceId }) => traceId)).toEqual([KEPT, KEPT, KEPT, KEPT]);
  });

  it('all are kept at a share of 1 and none at 0', () => {
    const ids = Array.from({ length: 50 }, () => randomUUID());
    for (const id of ids) request(tracingWith({ ratio: 1 }), id);
    expect(sent).toHaveLength(50);
    for (const id of ids) request(tracingWith({ ratio: 0 }), id);
    expect(sent).toHaveLength(50);
  });

  it('of senders that are not known a few in a second are kept, and none for being slow or refused', () => {
    jest.useFakeTimers();
    try {
      const all = tracingWith({ ratio: 1 });
      const stranger = (tracing: Tracing, work: (root: Span) => void = () => undefined): Span =>
        request(tracing, KEPT, (root) => {
          root.leaveTrace();
          work(root);
        });
      for (let times = 0; times < 50; times += 1) stranger(all);
      expect(sent).toHaveLength(5);
      jest.advanceTimersByTime(1_000);
      stranger(all);
      expect(sent).toHaveLength(6);
      const none = tracingWith({ ratio: 0, slowMs: 1 });
      stranger(none, (root) => {
        root.isNotable = true;
        jest.advanceTimersByTime(10);
      });
      expect(sent).toHaveLength(6);
      stranger(none, (root) => root.fail('500'));
      expect(sent).toHaveLength(7);
    } finally {
      jest.useRealTimers();
    }
  });

  it('a trace with a failed span is kept whole, at the end of its local root', () => {
    const tracing = tracingWith();
    request(tracing, NOT_KEPT, (root) => {
      call(tracing, root);
      call(tracing, root, true);
      expect(sent).toEqual([]);
    });
    expect(names()).toEqual(['root', 'call', 'call']);
  });

  it('what ended before something failed in the same trace is kept, and so is what follows', () => {
    const tracing = tracingWith();
    request(tracing, NOT_KEPT);
    request(tracing, '70000000-0000-4000-8000-000000000000');
    expect(sent).toEqual([]);
    request(tracing, NOT_KEPT, (root) => root.fail('500'));
    request(tracing, NOT_KEPT);
    expect(sent.map(({ traceId }) => traceId)).toEqual([NOT_KEPT, NOT_KEPT, NOT_KEPT]);
  });

  it('a slow one is kept', () => {
    const tracing = tracingWith({ slowMs: 1_000 });
    const root = tracing.startRoot({ kind: SpanKind.SERVER, name: 'slow', traceId: NOT_KEPT })!;
    Object.assign(root, { startedMs: performance.now() - 1_000 });
    root.end();
    request(tracing, '70000000-0000-4000-8000-000000000000');
    expect(names()).toEqual(['slow']);
  });

  it('a span that ends after its local root follows the decision', () => {
    const tracing = tracingWith();
    for (const traceId of [KEPT, NOT_KEPT]) {
      const root = tracing.startRoot({ kind: SpanKind.SERVER, name: 'root', traceId })!;
      const late = tracing.startChild({ traceId, span: root }, { kind: SpanKind.CLIENT, name: 'late' })!;
      root.end();
      late.end();
    }
    expect(names()).toEqual(['root', 'late']);
  });

  it('only so many spans wait for a local root; the others are counted', () => {
    const tracing = tracingWith();
    request(tracing, KEPT, (root) => {
      for (let calls = 0; calls < 600; calls += 1) call(tracing, root);
    });
    expect([sent.length, lost]).toEqual([513, 88]);
  });

  it('a request that is refused before its payment has a call is a step of the payment', () => {
    const tracing = tracingWith();
    joinPayment(KEPT);
    request(tracing, NOT_KEPT, (root) => {
      call(tracing, root);
      enterTrace({ traceId: NOT_KEPT, span: root }, () => joinPayment(KEPT));
    });
    expect(sent.map(({ traceId, isOfPayment }) => [traceId, isOfPayment])).toEqual([[KEPT, true]]);
  });

  it('a sweep that did nothing is not kept; one that did, failed or led to other traces is', async () => {
    const tracing = tracingWith({ ratio: 1 });
    await tracing.sweep('none', async () => 0);
    await tracing.sweep('rows', async () => 2);
    await expect(tracing.sweep('broken', () => Promise.reject(new TypeError('Alice')))).rejects.toThrow('Alice');
    await tracing.sweep('led', () =>
      tracing.within({ kind: SpanKind.INTERNAL, name: 'row', traceId: KEPT }, async () => 0),
    );
    expect(names()).toEqual(['sweep rows', 'sweep broken', 'row', 'sweep led']);
    expect(sent[0]!.attributes).toEqual({ 'levelone.rows': 2 });
    expect(sent[1]!.error).toBe('TypeError');
    expect(sent[2]!.link).toMatchObject({ spanId: sent[3]!.spanId });
  });

  it('without a collector no span starts, and work runs in the trace that it had', async () => {
    expect(Tracing.off.startRoot({ kind: SpanKind.SERVER, name: 'root', traceId: KEPT })).toBeUndefined();
    expect(
      await Tracing.off.within({ kind: SpanKind.INTERNAL, name: 'x', traceId: KEPT }, async () => currentTrace()),
    ).toBeUndefined();
  });
});

describe('work of another trace', () => {
  const start = { kind: SpanKind.CLIENT, name: 'call' };

  function rootOf(tracing: Tracing, parentId?: string): Span {
    return tracing.startRoot({ kind: SpanKind.SERVER, name: 'POST /v1/transfer', traceId: NOT_KEPT, parentId })!;
  }

  const recording = (sent: Span[]): Tracing =>
    new Tracing(
      {
        add: (span: Span) => void sent.push(span),
        drop: () => undefined,
        counts: { sent: 0, dropped: 0, failed: 0 },
        close: async () => undefined,
      },
      { ratio: 1, slowMs: 0 },
      false,
    );

  it('takes the request along that began it, if nothing was called for that before', () => {
    const tracing = recording([]);
    const root = rootOf(tracing);
    const call = tracing.startChild({ traceId: KEPT, span: root }, start)!;
    expect([root.traceId, call.traceId, call.parentId]).toEqual([KEPT, KEPT, root.spanId]);
  });

  it('does not take a sweep along', () => {
    const tracing = recording([]);
    const sweep = tracing.startRoot({ kind: SpanKind.INTERNAL, name: 'sweep bulk payments', traceId: NOT_KEPT })!;
    const call = tracing.startChild({ traceId: KEPT, span: sweep }, start)!;
    expect([sweep.traceId, call.traceId]).toEqual([NOT_KEPT, KEPT]);
    expect(call.root).toMatchObject({ name: 'sweep bulk payments', link: { spanId: sweep.spanId } });
  });

  it('has a root of its own with a link, if the caller has a trace or something was called before', () => {
    const sent: Span[] = [];
    const tracing = recording(sent);
    const called = rootOf(tracing);
    tracing.startChild({ traceId: NOT_KEPT, span: called }, start);
    for (const root of [called, rootOf(tracing, 'aaaaaaaaaaaaaaaa')]) {
      const first = tracing.startChild({ traceId: KEPT, span: root }, start)!;
      const second = tracing.startChild({ traceId: KEPT, span: root }, start)!;
      expect(root.traceId).toBe(NOT_KEPT);
      expect(first.parentId).toBe(second.parentId);
      sent.length = 0;
      root.set('levelone.hop', 'transfer');
      root.end();
      const continued = sent.find(({ spanId }) => spanId === first.parentId);
      expect(continued).toMatchObject({
        name: 'POST /v1/transfer',
        traceId: KEPT,
        parentId: undefined,
        link: { traceId: NOT_KEPT, spanId: root.spanId },
        attributes: { 'levelone.hop': 'transfer' },
      });
    }
  });
});
