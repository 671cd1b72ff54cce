import { type ContractError, isClientError } from '@level-one/errors';
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 100;
const PAUSE_MAX_MS = 3_000;

/** Statuses below 500 that are not refusals: a repeated request may succeed. */
const PASSING = new Set([401, 408, 425, 429]);
/** Ids by which systems say that something is away, whatever the status: rejections of transfers have none. */
const PASSING_IDS = new Set([
  'ExternalError',
  'InternalServerError',
  'ServiceUnavailableError',
  'TooManyRequestsError',
  'NoSubscriptionsError',
]);

/**
 * Whether a peer refused the request itself, so that a repeated request would not help. Everything else may pass: what
 * did not answer, has too much to do, or says when to try again.
 */
export function isRefusal(error: unknown): error is ContractError {
  if (!isClientError(error) || error.retryAfterS !== undefined) return false;
  return !PASSING.has(error.status) && !PASSING_IDS.has(error.id);
}

/** Pause after this many failures, in ms; doubled each time. */
export function pauseAfter(failures: number, { firstMs = FIRST_PAUSE_MS, maxMs = PAUSE_MAX_MS } = {}): number {
  return Math.min(firstMs * 2 ** (failures - 1), maxMs);
}

/** The deadline has passed; the effect at the peer is unknown. `cause` is the last error. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/**
 * Repeats `work` until it succeeds or is refused, with growing pauses.
 * @throws ContractError 4xx, the peer's refusal
 * @throws OutOfTime if the next try would come after `deadline`
 * @throws AbortError when the signal is aborted
 */
export async function retryUntil<T>(deadline: Date, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    const pauseMs = pauseAfter(failures);
    try {
      return await work();
    } catch (error) {
      if (isRefusal(error)) throw error;
      if (Date.now() + pauseMs > deadline.getTime()) throw new OutOfTime('no answer in time', { cause: error });
    }
    await sleep(pauseMs, undefined, { signal });
  }
}
