import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import {
  ApiError,
  ApiMakeClaim,
  ApiReadClaim,
  ApiReadTransferStatement,
  ApiTransferErrors,
  Hop,
} from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADAPTER_BASE_PATHS } from '../relay/adapter-path.js';
import { LedgerRelay } from '../relay/ledger-relay.js';

/** Late claims at the ledger, and its signed statements (ruling 39). */
@CallableBy('account')
@ApiTransferErrors()
@Controller(ADAPTER_BASE_PATHS)
@ApiError(502, 'ExternalError')
export class LedgerAdapterClaimsController {
  constructor(private readonly ledger: LedgerRelay) {}

  @Post('transfers/:id/claims')
  @Hop('support-adapter')
  @ApiMakeClaim()
  async makeClaim(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Get('transfers/:id/claims')
  @Hop('support-adapter')
  @ApiReadClaim()
  async readClaim(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Get('transfers/:id/statement')
  @Hop('support-adapter')
  @ApiReadTransferStatement()
  async readStatement(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }
}
