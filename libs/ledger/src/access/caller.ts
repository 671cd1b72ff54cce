import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import {
  type CallerKind,
  commonError,
  CommonErrorId,
  type LoginGuard,
  RequestAuthenticator,
} from '@level-one/platform';
import { type Right, transferError, TransferErrorCode } from '@level-one/transfer';
import type { FastifyRequest } from 'fastify';
import type { Credentials } from './credentials.js';
import { hasRight, type Principal } from '../rules/principal.js';
import type { AccountAllowances } from './account-allowances.js';

type LedgerRequest = FastifyRequest & { principal?: Principal };

/** Authenticates the holders of the ledger's accounts; an administrator is also of caller kind `admin`. */
export class LedgerAuthenticator extends RequestAuthenticator {
  override readonly countsFailures = true;

  constructor(
    private readonly credentials: Credentials,
    private readonly guard: LoginGuard,
    private readonly allowances: AccountAllowances,
  ) {
    super();
  }

  async callersOf(request: LedgerRequest): Promise<readonly CallerKind[]> {
    const { authorization } = request.headers;
    if (authorization === undefined) return [];
    const principal = await this.credentials.principalOf(authorization, () => this.guard.addressOf(request));
    if (!principal) return [];
    await this.allowances.takeRequest(principal);
    request.principal = principal;
    return principal.isAdmin ? ['account', 'admin'] : ['account'];
  }
}

/** The {@link Principal} who calls; undefined without credentials. */
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
