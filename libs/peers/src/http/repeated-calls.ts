import { STOPPING_HEADER } from '@level-one/platform';
import { type HopId, hopOf } from '../hops/hops.js';
import type { CollectedAnswer } from './collect-answer.js';

/**
 * Pauses before a call is repeated, in ms. A proxy, or the next try to connect, finds another instance at once; a longer
 * outage is the caller's to deal with.
 */
const PAUSES_MS = [20, 100, 400] as const;

/** The request was not sent: nobody listened. */
const NOT_SENT: ReadonlySet<unknown> = new Set(['ECONNREFUSED']);
/** The connection ended before an answer, as that of a role that stops: the request may have been received. */
const CUT: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

/** Pause before the call is repeated; undefined if it is not, because it was repeated often enough or time is over. */
export function pauseBeforeRepeat(repeats: number, leftMs: number): number | undefined {
  const pauseMs = PAUSES_MS[repeats];
  if (pauseMs === undefined) return undefined;
  const spread = pauseMs * (0.5 + Math.random());
  return spread < leftMs ? spread : undefined;
}

/** Whether the callee did nothing because it is stopping. */
export function wasStopping({ statusCode, headers }: CollectedAnswer): boolean {
  return statusCode === 503 && headers[STOPPING_HEADER] !== undefined;
}

/** Why a call was not answered, in words without data, for its span. */
export function whyUnanswered(failure: unknown): 'not reached' | 'connection lost' | 'no answer' {
  const code = (failure as { code?: unknown } | null)?.code;
  if (NOT_SENT.has(code) || code === 'UND_ERR_CONNECT_TIMEOUT') return 'not reached';
  return CUT.has(code) ? 'connection lost' : 'no answer';
}

/** Whether a call that failed may be sent again without doing anything twice. */
export function mayRepeat(hop: HopId, method: string, failure: unknown): boolean {
  const code = (failure as { code?: unknown } | null)?.code;
  return NOT_SENT.has(code) || (CUT.has(code) && isIdempotent(hop, method));
}

/** Reading, and what has an id: every request of a payment's flow is answered alike when it is repeated. */
function isIdempotent(hop: HopId, method: string): boolean {
  if (method === 'POST') return hopOf(hop).isOfFlow;
  return method !== 'DELETE';
}
