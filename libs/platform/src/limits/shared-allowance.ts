import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { takeFrom } from './take-from.js';

/** A short burst is taken; what may be sent in a second is an average over this long. */
const WINDOW_S = 10;

/** What all those together may send who are not known. */
export class SharedAllowance {
  private readonly limiter: RateLimiterMemory;

  constructor(requestsPerSecond: number) {
    this.limiter = new RateLimiterMemory({ points: requestsPerSecond * WINDOW_S, duration: WINDOW_S });
  }

  /** @throws ContractError 429 TooManyRequestsError when nothing is left. */
  take(): Promise<void> {
    return takeFrom(this.limiter, 'everybody');
  }
}

/** Bounds what callers without credentials ask of a route that anyone may call; needs a {@link SharedAllowance}. */
@Injectable()
export class UnknownCallersGuard implements CanActivate {
  constructor(private readonly allowance: SharedAllowance) {}

  /** @throws ContractError 429 TooManyRequestsError */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const { callers = [] } = context.switchToHttp().getRequest<FastifyRequest>();
    if (callers.length === 0) await this.allowance.take();
    return true;
  }
}
