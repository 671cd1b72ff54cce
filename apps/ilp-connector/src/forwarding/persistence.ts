import { ContractError } from '@level-one/errors';
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_PAUSE_MS = 100;
const PAUSE_MAX_MS = 3_000;

/** Says nothing about what was asked: who is not known, too slow or too eager now may be heard another time. */
const NOT_ABOUT_IT = new Set([401, 408, 429]);

/** Whether a peer said no, so that asking again would not help. */
export function isRefusal(error: unknown): error is ContractError {
  const isNo = error instanceof ContractError && error.status >= 400 && error.status < 500;
  return isNo && !NOT_ABOUT_IT.has(error.status);
}

/** The time in which something had to succeed is over; what happened at the peer is unknown. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/**
 * Tries `work` until it succeeds or is refused, with growing pauses.
 * @throws ContractError 4xx, the peer's refusal
 * @throws OutOfTime once `deadline` has passed
 */
export async function persist<T>(work: () => Promise<T>, deadline: Date, signal: AbortSignal): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MAX_MS)) {
    try {
      return await work();
    } catch (error) {
      if (isRefusal(error)) throw error;
      if (Date.now() + pauseMs > deadline.getTime()) throw new OutOfTime('no answer in time', { cause: error });
    }
    await sleep(pauseMs, undefined, { signal });
  }
}
