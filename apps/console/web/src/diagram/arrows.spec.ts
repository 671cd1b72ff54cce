import { describe, expect, it } from '@jest/globals';
import type { Span } from '../api/live-feed.js';
import { arrowsOf, isBetweenRoles, lanesOf, storyOf } from './arrows.js';

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

  it('tell what the trace is about', () => {
    expect(storyOf(arrowsOf([CLIENT]))).toBe('payment');
    expect(storyOf(arrowsOf([span({ hop: 'I.A', peer: 'central-directory' })]))).toBe('lookup');
    expect(isBetweenRoles(arrowsOf([OUTSIDE]))).toBe(false);
  });
});
