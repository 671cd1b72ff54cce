import { describe, expect, it } from '@jest/globals';
import type { Span } from '../api/live-feed.js';
import { arrowsOf, firstFailureOf, isBetweenRoles, isRefusedToPhone, lanesOf, storyOf, wayOf } from './arrows.js';

const span = (members: Partial<Span>): Span => ({
  traceId: 't',
  spanId: 's',
  parentId: null,
  paymentId: null,
  hop: null,
  kind: 'client',
  role: 'dfsp-api',
  dfsp: 'dfsp1',
  peer: null,
  instance: null,
  version: null,
  name: '',
  method: 'PUT',
  path: '/transfers/1',
  status: 201,
  frame: null,
  startMs: 0,
  durationMs: 1,
  requestBody: null,
  responseBody: null,
  error: null,
  ...members,
});

const CLIENT = span({ spanId: 'c', hop: 'P.D', role: 'spsp-client', peer: 'dfsp1/ledger-adapter', startMs: 2 });
const SERVER = span({ spanId: 'd', parentId: 'c', kind: 'server', hop: 'P.D', role: 'ledger-adapter', startMs: 3 });
const FRAME = span({
  spanId: 'f',
  kind: 'consumer',
  hop: 'P.G2',
  frame: 'transfer.create',
  role: 'ilp-connector',
  dfsp: 'dfsp2',
  peer: 'central-ledger',
  startMs: 4,
});
const OUTSIDE = span({ spanId: 'o', kind: 'server', hop: 'transfer', startMs: 1 });

const LEDGER_EVENT = span({
  spanId: 'e',
  parentId: 'd',
  kind: 'producer',
  frame: 'transfer.create',
  role: 'dfsp-ledger',
  startMs: 5,
});
const RELAYED = span({
  spanId: 'r',
  parentId: 'e',
  kind: 'consumer',
  hop: 'P.F',
  frame: 'transfer.create',
  role: 'ilp-connector',
  peer: 'dfsp1/ledger-adapter',
  // By a clock that is behind the ledger's.
  startMs: 1,
});

describe('the arrows of a trace', () => {
  it('are one for a request that both ends report, in the order in which they began', () => {
    expect(arrowsOf([FRAME, SERVER, CLIENT, OUTSIDE]).map(({ hop, from, to }) => [hop, from, to])).toEqual([
      ['transfer', 'phone', 'dfsp1/dfsp-api'],
      ['P.D', 'dfsp1/spsp-client', 'dfsp1/ledger-adapter'],
      ['P.G2', 'centre/central-ledger', 'dfsp2/ilp-connector'],
    ]);
  });

  it('show a request whose callee reported nothing, by the name of its peer', () => {
    expect(arrowsOf([CLIENT])).toMatchObject([{ to: 'dfsp1/ledger-adapter' }]);
  });

  it('go from the DFSP on the left over the centre to the other', () => {
    expect(lanesOf(arrowsOf([CLIENT, FRAME]), 'dfsp2')).toEqual([
      'dfsp2/ilp-connector',
      'centre/central-ledger',
      'dfsp1/ledger-adapter',
      'dfsp1/spsp-client',
    ]);
  });

  it('are a frame from its ledger through the adapter to the receiver, after what caused it', () => {
    const arrows = arrowsOf([RELAYED, LEDGER_EVENT, SERVER, CLIENT]);
    expect(arrows.map(({ hop, isFrame }) => [hop, isFrame])).toEqual([
      ['P.D', false],
      ['P.F', true],
    ]);
    expect(wayOf(arrows[1]!)).toBe('dfsp1/dfsp-ledger → dfsp1/ledger-adapter → dfsp1/ilp-connector');
    expect(lanesOf(arrows, 'dfsp1')).toContain('dfsp1/ledger-adapter');
  });

  it('begin at the sender that the receiver names, while the ledger has told nothing', () => {
    expect(arrowsOf([RELAYED])).toMatchObject([{ from: 'dfsp1/ledger-adapter', via: null }]);
  });

  it('tell what the trace is about', () => {
    expect(storyOf(arrowsOf([CLIENT]))).toBe('payment');
    expect(storyOf(arrowsOf([span({ hop: 'I.A', peer: 'central-directory' })]))).toBe('lookup');
    expect(isBetweenRoles(arrowsOf([OUTSIDE]))).toBe(false);
  });

  it('that failed first are the cause of those that failed above them; calls that only ask are none', () => {
    const asked = span({ spanId: 'a', hop: 'support-relay', status: 404, startMs: 1, peer: 'dfsp1/dfsp-ledger' });
    const below = { hop: 'row-35', status: 422, startMs: 6, peer: 'dfsp2/dfsp-api' };
    const above = span({
      spanId: 'u',
      hop: 'row-34',
      status: 422,
      startMs: 5,
      durationMs: 9,
      peer: 'dfsp2/spsp-backend',
    });
    const twice = ['x', 'y'].map((spanId) => span({ ...below, spanId }));
    const failure = firstFailureOf(arrowsOf([asked, above, CLIENT, ...twice]));
    expect(failure).toMatchObject({ arrow: { hop: 'row-35', to: 'dfsp2/dfsp-api' }, count: 2 });
    expect(firstFailureOf(arrowsOf([asked, CLIENT, FRAME]))).toBeUndefined();
  });

  it('that had no answer failed too', () => {
    const silent = span({ hop: 'P.H', status: null, peer: 'dfsp2/ledger-adapter' });
    expect(firstFailureOf(arrowsOf([silent]))).toMatchObject({ arrow: { status: null }, count: 1 });
  });

  it('tell with which error a phone was refused', () => {
    const responseBody = '{"id":"LimitExceededError","message":"…"}';
    const [refused] = arrowsOf([span({ kind: 'server', status: 422, responseBody })]);
    expect(refused!.refusal).toEqual({ id: 'LimitExceededError' });
    expect([refused!, ...arrowsOf([OUTSIDE, CLIENT])].map(isRefusedToPhone)).toEqual([true, false, false]);
  });
});
