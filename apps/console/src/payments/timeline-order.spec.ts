import { describe, expect, it } from '@jest/globals';
import type { ShownSpanDto } from '../shared/span.dto.js';
import { causalTimeline } from './timeline-order.js';

const AT = Date.parse('2026-11-29T12:00:00.000Z');

const span = (spanId: string, startMs: number, values: Partial<ShownSpanDto> = {}): ShownSpanDto => ({
  traceId: '0'.repeat(32),
  spanId,
  parentId: null,
  paymentId: null,
  hop: null,
  kind: 'client',
  role: 'spsp-client',
  dfsp: 'dfsp1',
  instance: null,
  version: null,
  peer: null,
  name: spanId,
  method: 'PUT',
  path: '/',
  status: 200,
  frame: null,
  startMs: AT + startMs,
  durationMs: 1,
  requestBody: null,
  responseBody: null,
  error: null,
  ...values,
});
const row = (what: string, ms: number) => ({ at: new Date(AT + ms).toISOString(), kind: 'state' as const, what });
const whats = (entries: { what: string }[]): string[] => entries.map(({ what }) => what);

describe('the timeline of a payment', () => {
  it('has a call once, told by its caller; a call without a known caller is told by who serves it', () => {
    const spans = [
      span('call', 0, { hop: 'P.D', peer: 'dfsp1/ledger-adapter' }),
      span('served', 0.1, { kind: 'server', parentId: 'call', role: 'ledger-adapter' }),
      span('foreign', 1, { kind: 'server', parentId: 'unknown', hop: 'S.E' }),
      span('frame', 2, { kind: 'consumer', hop: 'P.H', frame: 'transfer.update', peer: 'dfsp1/ledger-adapter' }),
    ];
    expect(whats(causalTimeline(spans, []))).toEqual([
      'P.D to dfsp1/ledger-adapter',
      'S.E',
      'P.H transfer.update from dfsp1/ledger-adapter',
    ]);
  });

  it('ends where spans are a circle, and takes a chain of any length', () => {
    const circle = [span('one', 0, { parentId: 'two' }), span('two', 1, { parentId: 'one' })];
    expect(whats(causalTimeline(circle, [])).toSorted()).toEqual(['one', 'two']);
    const length = 5_000;
    const parentOf = (index: number) => (index + 1 < length ? `s${index + 1}` : null);
    const chain = Array.from({ length }, (_, index) => span(`s${index}`, index, { parentId: parentOf(index) }));
    expect(whats(causalTimeline(chain, []))).toEqual(chain.map(({ name }) => name).toReversed());
  });

  it('has what a role keeps between the spans of that role', () => {
    const spans = [
      span('first', 0.4),
      span('second', 5.7, { parentId: 'first' }),
      span('other', 5.2, { role: 'spsp-server' }),
    ];
    const entries = [row('before', -1), row('claimed', 0), row('sent', 5), row('ended', 9)];
    const part = { dfsp: 'dfsp1', role: 'spsp-client', entries };
    expect(whats(causalTimeline(spans, [part]))).toEqual([
      'before',
      'first',
      'claimed',
      'other',
      'second',
      'sent',
      'ended',
    ]);
  });

  it('has causes before what they caused, also if the clock of a machine is behind', () => {
    const behind = { role: 'central-ledger', dfsp: null };
    const spans = [
      span('ledger batch', -3_000, { ...behind, kind: 'internal', parentId: 'served' }),
      span('served', -3_001, { ...behind, kind: 'server', parentId: 'call' }),
      span('call', 10),
      span('next', 20),
    ].toSorted((a, b) => a.startMs - b.startMs);
    const part = { ...behind, entries: [row('prepared', -2_999), row('executed', -2_000)] };
    expect(whats(causalTimeline(spans, [part]))).toEqual(['call', 'ledger batch', 'prepared', 'next', 'executed']);
  });

  it('ends although spans name each other as their causes', () => {
    const spans = [span('a', 0, { parentId: 'b' }), span('b', 1, { parentId: 'a' })];
    expect(causalTimeline(spans, [])).toHaveLength(2);
  });
});
