import { type RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { tooManyRequests } from '../errors/errors.js';

/** Takes points of a key. @throws ContractError 429 TooManyRequestsError if there are not enough. */
export async function takeFrom(limiter: RateLimiterMemory, key: string, points = 1): Promise<void> {
  try {
    await limiter.consume(key, points);
  } catch (refused) {
    throw refused instanceof RateLimiterRes ? tooManyRequests(refused.msBeforeNext) : refused;
  }
}
