import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import {
  commonError,
  CommonErrorId,
  isOpenRoute,
  type LoginGuard,
  RequestAuthenticator,
  routeOf,
} from '@level-one/platform';
import { LedgerUris, TransferErrorCode, transferError } from '@level-one/transfer';
import type { FastifyRequest } from 'fastify';
import type { Credentials } from '../credentials.js';
import type { Right } from '../account.entity.js';
import { hasRight, type Principal } from '../principal.js';

type LedgerRequest = FastifyRequest & { principal?: Principal };

/** Finds out who calls before the body is read; some answers need no caller (contract 3.1, ruling 20). */
export class LedgerAuthenticator extends RequestAuthenticator {
  override readonly countsFailures = true;
  private readonly open: RegExp;

  constructor(
    private readonly credentials: Credentials,
    private readonly guard: LoginGuard,
    uris: LedgerUris,
  ) {
    super();
    const basePath = new URL(uris.base).pathname.replace(/\/$/, '');
    const escaped = basePath.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
    this.open = new RegExp(`^${escaped}/?(connectors|accounts/[^/]+)?$`);
  }

  async authenticate(request: LedgerRequest): Promise<void> {
    if (isOpenRoute(request)) return;
    const { authorization } = request.headers;
    if (authorization !== undefined) {
      const principal = await this.credentials.principalOf(authorization, this.guard.addressOf(request));
      if (principal) {
        request.principal = principal;
        return;
      }
    }
    const needsNoCaller = ['GET', 'HEAD'].includes(request.method) && this.open.test(routeOf(request) ?? '-');
    if (authorization !== undefined || !needsNoCaller) throw commonError(CommonErrorId.Unauthorized);
  }
}

/** The {@link Principal} who calls, or undefined where none is needed. */
export const OptionalCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<LedgerRequest>().principal,
);

/** The {@link Principal} who calls. */
export const Caller = createParamDecorator((_: unknown, context: ExecutionContext): Principal =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** The {@link Principal} who sent a request. @throws ContractError 401 Unauthorized */
export function callerOf(request: FastifyRequest): Principal {
  const { principal } = request as LedgerRequest;
  if (!principal) throw commonError(CommonErrorId.Unauthorized);
  return principal;
}

/** @throws ContractError 403 UnauthorizedError */
export function assertAdmin(principal: Principal): void {
  if (!principal.isAdmin) throw transferError(TransferErrorCode.Forbidden);
}

/** @throws ContractError 403 UnauthorizedError unless the caller holds the right, or is the admin */
export function assertRight(principal: Principal, right: Right): void {
  if (!hasRight(principal, right)) throw transferError(TransferErrorCode.Forbidden);
}
