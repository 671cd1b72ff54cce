import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { isRole } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';

/**
 * Short name of the DFSP whose signature proved that a request is its own; absent when nobody is proven. Set by the SPSP
 * server and the scheme adapter, and believed by the roles behind them, which only roles of their DFSP may call.
 */
export const FROM_DFSP_HEADER = 'l1p-from-dfsp';

const SHORT_NAME = /^[A-Za-z0-9_-]{1,10}$/;

/** The DFSP that sent a request, as far as it is proven. What a channel or an admin says of it counts for nothing. */
export function fromDfsp({ headers, callers }: Pick<FastifyRequest, 'headers' | 'callers'>): string | undefined {
  const value = headers[FROM_DFSP_HEADER];
  const isBelieved = callers?.some((caller) => caller === 'dfsp' || isRole(caller)) ?? false;
  return isBelieved && typeof value === 'string' && SHORT_NAME.test(value) ? value : undefined;
}

/** Headers by which a proven DFSP is told to the next role. */
export function fromDfspHeaders(dfsp: string | undefined): Record<string, string> {
  return dfsp === undefined ? {} : { [FROM_DFSP_HEADER]: dfsp };
}

/** Parameter of a route: {@link fromDfsp} of the request. */
export const FromDfsp: () => ParameterDecorator = createParamDecorator((_: unknown, context: ExecutionContext) =>
  fromDfsp(context.switchToHttp().getRequest<FastifyRequest>()),
);
