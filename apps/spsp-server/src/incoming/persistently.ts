import { ContractError } from '@level-one/errors';
import { setTimeout as sleep } from 'node:timers/promises';

const FIRST_DELAY_MS = 200;
const DELAY_MAX_MS = 3_000;

/**
 * Repeats `call` while the called system is down (any 5xx), with growing pauses, until `deadline`.
 * @throws what the last call threw, or an AbortError once the signal says so.
 */
export async function persistently<T>(call: () => Promise<T>, deadline: Date, signal: AbortSignal): Promise<T> {
  for (let delayMs = FIRST_DELAY_MS; ; delayMs = Math.min(delayMs * 2, DELAY_MAX_MS)) {
    try {
      return await call();
    } catch (error) {
      const isDown = error instanceof ContractError && error.status >= 500;
      if (!isDown || Date.now() + delayMs >= deadline.getTime()) throw error;
    }
    await sleep(delayMs, undefined, { signal });
  }
}
