import { Controller, Get, Put, Req, Res } from '@nestjs/common';
import {
  ApiError,
  ApiListLateTransfers,
  ApiReadGrace,
  ApiRenewGrace,
  ApiTransferErrors,
  ApiVoidTransfer,
  Hop,
} from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADAPTER_BASE_PATHS } from '../relay/adapter-path.js';
import { LedgerRelay } from '../relay/ledger-relay.js';

/** Late and void transfers of the ledger (rulings 39 and 40). */
@CallableBy('account')
@ApiTransferErrors()
@Controller(ADAPTER_BASE_PATHS)
@ApiError(502, 'ExternalError')
export class LedgerAdapterGracesController {
  constructor(private readonly ledger: LedgerRelay) {}

  @Get('transfers/:id/grace')
  @Hop('support-adapter')
  @ApiReadGrace()
  async readGrace(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Put('transfers/:id/grace')
  @Hop('support-adapter')
  @ApiRenewGrace()
  async renewGrace(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Get('accounts/:name/late-transfers')
  @Hop('support-adapter')
  @ApiListLateTransfers()
  async listLateTransfers(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Put('transfers/:id/void')
  @Hop('support-adapter')
  @ApiVoidTransfer()
  async voidTransfer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }
}
