import { inCausalOrder } from '../../../src/shared/causal-order';
import type { Span } from '../api/live-feed';

/** One step of a payment as it is drawn. */
export interface Arrow {
  id: string;
  hop: string | null;
  /** Lanes, `dfsp1/ledger-adapter`; `phone` for what comes from outside. */
  from: string;
  to: string;
  /** Lane through which it passes: a ledger's frame reaches the roles of its DFSP through the adapter. */
  via: string | null;
  isFrame: boolean;
  method: string;
  path: string;
  status: number | null;
  startMs: number;
  durationMs: number;
  requestBody: string | null;
  responseBody: string | null;
  error: string | null;
  paymentId: string | null;
  /** Id of the error in its answer, if it was refused. */
  refusal: { id: string } | null;
}

/** Lane of what calls a role from outside the network. */
export const OUTSIDE = 'phone';

const CHANNEL = 'channel';

export const laneOf = ({ dfsp, role }: Pick<Span, 'dfsp' | 'role'>): string =>
  role === CHANNEL ? OUTSIDE : `${dfsp ?? 'centre'}/${role}`;

const isKind = (span: Span, ...kinds: string[]) => kinds.includes(span.kind.toLowerCase());

/** A peer without a DFSP is at the centre. */
function laneOfPeer(peer: string): string {
  const [dfsp, role] = peer.includes('/') ? peer.split('/') : [null, peer];
  return laneOf({ dfsp: dfsp ?? null, role: role ?? '' });
}

/**
 * Arrows of a trace in causal order, as in the timeline of the payment. A request is seen by both its ends and drawn once; a frame is
 * drawn to each of its receivers.
 */
export function arrowsOf(spans: readonly Span[]): Arrow[] {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const childOf = new Map(
    spans.flatMap((span) => (span.parentId && isKind(span, 'server') ? [[span.parentId, span] as const] : [])),
  );
  return inCausalOrder(spans).flatMap((span): Arrow[] => {
    const parent = span.parentId ? byId.get(span.parentId) : undefined;
    if (isKind(span, 'client')) {
      const server = childOf.get(span.spanId);
      const to = server ? laneOf(server) : span.peer ? laneOfPeer(span.peer) : undefined;
      return to === undefined ? [] : [arrowOf(span, laneOf(span), to, server)];
    }
    if (isKind(span, 'server')) {
      if (parent && isKind(parent, 'client')) return [];
      return [arrowOf(span, span.peer ? laneOfPeer(span.peer) : OUTSIDE, laneOf(span))];
    }
    if (isKind(span, 'consumer')) {
      const sender = span.peer ? laneOfPeer(span.peer) : undefined;
      const from = parent ? laneOf(parent) : sender;
      if (from === undefined) return [];
      return [{ ...arrowOf(span, from, laneOf(span)), via: sender === from ? null : (sender ?? null) }];
    }
    return [];
  });
}

function arrowOf(span: Span, from: string, to: string, server?: Span): Arrow {
  return {
    id: span.spanId,
    hop: span.hop ?? server?.hop ?? null,
    from,
    to,
    via: null,
    isFrame: isKind(span, 'consumer'),
    method: span.frame ? 'WS' : (span.method ?? ''),
    path: span.frame ?? span.path ?? span.name,
    status: span.status ?? server?.status ?? null,
    startMs: span.startMs,
    durationMs: span.durationMs,
    requestBody: span.requestBody ?? server?.requestBody ?? null,
    responseBody: span.responseBody ?? server?.responseBody ?? null,
    error: span.error ?? server?.error ?? null,
    paymentId: span.paymentId,
    refusal: refusalOf(span.status ?? server?.status ?? null, span.responseBody ?? server?.responseBody ?? null),
  };
}

function refusalOf(status: number | null, body: string | null): Arrow['refusal'] {
  if (status === null || status < 400) return null;
  const [, id] = /^\{"id":"([A-Za-z]+)"/.exec(body ?? '') ?? [];
  return { id: id ?? 'unknown' };
}

/** Whether it is what a phone wanted to do, and was refused. */
export const isRefusedToPhone = ({ from, refusal, method }: Arrow): boolean =>
  from === OUTSIDE && refusal !== null && method !== 'GET';

/**
 * The hop that failed first, and how often it did. A refusal ends earlier than those that it leads to, so the first to
 * end is the cause. Calls that are no hops only ask or repeat.
 */
export function firstFailureOf(arrows: readonly Arrow[]): { arrow: Arrow; count: number } | undefined {
  const failed = arrows.filter(
    ({ isFrame, status, hop, refusal }) =>
      !isFrame && hop !== null && !hop.startsWith('support-') && (status === null || refusal !== null),
  );
  const [arrow] = failed.toSorted((a, b) => a.startMs + a.durationMs - (b.startMs + b.durationMs));
  const same = ({ hop, from, to, status }: Arrow) => `${hop} ${from} ${to} ${status}`;
  return arrow && { arrow, count: failed.filter((one) => same(one) === same(arrow)).length };
}

/** From where to where, in words. */
export const wayOf = ({ from, via, to }: Arrow): string => [from, via, to].filter((lane) => lane !== null).join(' → ');

/** Roles of a DFSP from the edge of the drawing to its middle. */
const FROM_EDGE = [
  'dfsp-api',
  'spsp-client-proxy',
  'spsp-client',
  'scheme-adapter',
  'spsp-backend',
  'spsp-server',
  'ledger-adapter',
  'dfsp-ledger',
  'ilp-connector',
];
const AT_CENTRE = ['central-directory', 'end-user-registry', 'central-ledger'];

/** Lanes of some arrows from left to right: the first DFSP, the centre, the other DFSPs. */
export function lanesOf(arrows: readonly Arrow[], left: string): string[] {
  const lanes = new Set(arrows.flatMap(({ from, via, to }) => [from, via ?? from, to]));
  return [...lanes].toSorted((a, b) => placeOf(a, left) - placeOf(b, left) || a.localeCompare(b));
}

function placeOf(lane: string, left: string): number {
  if (lane === OUTSIDE) return -1;
  const [home = '', role = ''] = lane.split('/');
  if (home === left) return indexIn(FROM_EDGE, role);
  if (home === 'centre') return 100 + indexIn(AT_CENTRE, role);
  return 300 - indexIn(FROM_EDGE, role);
}

const indexIn = (roles: readonly string[], role: string) => (roles.includes(role) ? roles.indexOf(role) : roles.length);

export type Story = 'payment' | 'quote' | 'invoice' | 'read' | 'lookup' | 'change' | 'other';

/** What a trace is about, by its hops. */
export function storyOf(arrows: readonly Arrow[]): Story {
  const has = (pattern: RegExp) => arrows.some(({ hop }) => hop !== null && pattern.test(hop));
  if (has(/^(P|V|R\d)/)) return 'payment';
  if (has(/^(II|III\.)/)) return 'invoice';
  if (has(/^(quote|Q\.|row-44)/)) return 'quote';
  if (has(/^row-1[456]/)) return 'read';
  if (has(/^I\./)) return 'lookup';
  return 'other';
}

/** A trace worth drawing goes between roles: a phone's own reading at its DFSP does not. */
export const isBetweenRoles = (arrows: readonly Arrow[]): boolean =>
  arrows.some(({ hop, from }) => from !== OUTSIDE && hop !== null && !hop.startsWith('support-'));
