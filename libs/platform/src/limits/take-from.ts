import { type RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { tooManyRequests } from '../errors/errors.js';

/** Takes one, or `points`, of what a key may do in its time. @throws ContractError 429 TooManyRequestsError when nothing is left. */
export async function takeFrom(limiter: RateLimiterMemory, key: string, points = 1): Promise<void> {
  try {
    await limiter.consume(key, points);
  } catch (refused) {
    throw refused instanceof RateLimiterRes ? tooManyRequests(refused.msBeforeNext) : refused;
  }
}
