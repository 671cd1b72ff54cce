import { causalStarts } from '../shared/causal-order.js';
import type { ShownSpanDto } from '../shared/span.dto.js';
import type { NetworkTimelineEntryDto } from './payments.dto.js';

/** What a role keeps of a payment, as its `GET /timeline/{paymentId}` answers. */
export interface KeptEntry {
  at: string;
  kind: 'state' | 'ledgerEvent' | 'retry' | 'sweep';
  of?: string;
  what: string;
  state?: string;
  id?: string;
  detail?: string;
}

/** Entries of one role. */
export interface KeptPart {
  dfsp: string | null;
  role: string;
  entries: readonly KeptEntry[];
}

/** An entry with its place in the order. */
interface Placed {
  entry: NetworkTimelineEntryDto;
  /** Time by a clock that all roles share as far as spans show it, Unix time in ms. */
  time: number;
}

type Place = Pick<ShownSpanDto, 'dfsp' | 'role'>;

/** Whether a span says something that no other span says: a call is told by its caller, if that is known. */
function isShown(span: ShownSpanDto, byId: ReadonlyMap<string, ShownSpanDto>): boolean {
  const parentKind = span.parentId === null ? undefined : byId.get(span.parentId)?.kind;
  return (
    !(span.kind === 'server' && parentKind === 'client') && !(span.kind === 'consumer' && parentKind === 'producer')
  );
}

function kindOf({ kind, name }: ShownSpanDto): NetworkTimelineEntryDto['kind'] {
  if (kind !== 'internal') return 'hop';
  return name.startsWith('sweep') ? 'sweep' : 'ledgerEvent';
}

function whatOf({ kind, hop, peer, name, frame }: ShownSpanDto): string {
  const title = [hop, frame].filter((part) => part !== null).join(' ') || name;
  if (kind === 'client') return peer === null ? title : `${title} to ${peer}`;
  return kind === 'consumer' && peer !== null ? `${title} from ${peer}` : title;
}

function entryOfSpan(span: ShownSpanDto): NetworkTimelineEntryDto {
  const isFrame = span.kind === 'consumer' || span.kind === 'producer';
  const method = isFrame ? 'WS' : span.method;
  return {
    at: new Date(span.startMs).toISOString(),
    dfsp: span.dfsp,
    role: span.role,
    kind: kindOf(span),
    what: whatOf(span),
    ...(span.hop !== null && { hop: span.hop }),
    ...(method !== null && { method }),
    ...(span.path !== null && { path: span.path }),
    ...(span.status !== null && { status: span.status }),
    durationMs: span.durationMs,
    spanId: span.spanId,
    ...(span.parentId !== null && { parentId: span.parentId }),
    ...(span.error !== null && { detail: span.error }),
  };
}

function entryOfRow(place: Place, { at, kind, of, what, state, detail }: KeptEntry): NetworkTimelineEntryDto {
  return {
    at,
    ...place,
    kind,
    ...(of !== undefined && { of }),
    what,
    ...(state !== undefined && { state }),
    ...(detail !== undefined && { detail }),
  };
}

/** Spans of one role, by its own clock. */
function ofRole(spans: readonly ShownSpanDto[], dfsp: string | null, role: string): ShownSpanDto[] {
  return spans.filter((span) => span.dfsp === dfsp && span.role === role).toSorted((a, b) => a.startMs - b.startMs);
}

/**
 * Everything that is known of a payment in causal order: spans after those that caused them, and what a role keeps where
 * it belongs between the spans of that role.
 * @param spans in any order
 */
export function causalTimeline(spans: readonly ShownSpanDto[], parts: readonly KeptPart[]): NetworkTimelineEntryDto[] {
  const starts = causalStarts(spans);
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const placed: Placed[] = spans
    .filter((span) => isShown(span, byId))
    .map((span) => ({ entry: entryOfSpan(span), time: starts.get(span.spanId)! }));
  for (const { dfsp, role, entries } of parts) {
    const own = ofRole(spans, dfsp, role);
    for (const row of entries) {
      const at = Date.parse(row.at);
      // Times of rows have no fraction, so a row of the same millisecond comes after the span.
      const last = own.findLast(({ startMs }) => Math.floor(startMs) <= at);
      const moved = last ? Math.max(at + starts.get(last.spanId)! - last.startMs, starts.get(last.spanId)!) : at;
      placed.push({ entry: entryOfRow({ dfsp, role }, row), time: moved });
    }
  }
  // The sort is stable: what is equal stays in the order of spans before rows.
  return placed.toSorted((a, b) => a.time - b.time).map(({ entry }) => entry);
}
