import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { takeFrom } from './take-from.js';

/** Window of the average, so that a short burst passes. */
const WINDOW_S = 10;

/** Limit of requests for all unknown callers together. */
export class SharedAllowance {
  private readonly limiter: RateLimiterMemory;

  constructor(requestsPerSecond: number) {
    this.limiter = new RateLimiterMemory({ points: requestsPerSecond * WINDOW_S, duration: WINDOW_S });
  }

  /** @throws ContractError 429 TooManyRequestsError if the limit is reached. */
  takeRequest(): Promise<void> {
    return takeFrom(this.limiter, 'everybody');
  }
}

/** Limits callers without credentials on routes for anyone; needs a {@link SharedAllowance}. */
@Injectable()
export class UnknownCallersGuard implements CanActivate {
  constructor(private readonly allowance: SharedAllowance) {}

  /** @throws ContractError 429 TooManyRequestsError */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { callers = [] } = context.switchToHttp().getRequest<FastifyRequest>();
    if (callers.length === 0) await this.allowance.takeRequest();
    return true;
  }
}
