import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { CallerKind } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';

/**
 * Short name of the DFSP whose signature proved that a request is its own; absent when nobody is proven. Set by the SPSP
 * server and the scheme adapter, and believed by the roles behind them, which only roles of their DFSP may call.
 */
export const FROM_DFSP_HEADER = 'l1p-from-dfsp';

const SHORT_NAME = /^[A-Za-z0-9_-]{1,10}$/;

/** They share some paths with roles, and could write whatever they like. */
const NOT_BELIEVED: ReadonlySet<CallerKind> = new Set(['channel', 'admin', 'account', 'anyone']);

/** The DFSP that sent a request, as far as it is proven: by the own check, or by a role of the own DFSP that says so. */
export function fromDfsp({ headers, callers = [] }: Pick<FastifyRequest, 'headers' | 'callers'>): string | undefined {
  if (callers.length === 0 || callers.some((caller) => NOT_BELIEVED.has(caller))) return undefined;
  const value = headers[FROM_DFSP_HEADER];
  return typeof value === 'string' && SHORT_NAME.test(value) ? value : undefined;
}

/** Headers by which a proven DFSP is told to the next role. */
export function fromDfspHeaders(dfsp: string | undefined): Record<string, string> {
  return dfsp === undefined ? {} : { [FROM_DFSP_HEADER]: dfsp };
}

/** Parameter of a route: {@link fromDfsp} of the request. */
export const FromDfsp: () => ParameterDecorator = createParamDecorator((_: unknown, context: ExecutionContext) =>
  fromDfsp(context.switchToHttp().getRequest<FastifyRequest>()),
);
