import { Controller, Get, HttpCode, Post, Put, Req, Res } from '@nestjs/common';
import {
  ApiError,
  ApiFulfilTransfer,
  ApiPostFulfillment,
  ApiPostTransfer,
  ApiPutTransfer,
  ApiReadFulfillment,
  ApiReadTransfer,
  ApiReadTransferState,
  ApiRejectTransfer,
  ApiTransferErrors,
  ApiSendMessage,
  Hop,
} from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADAPTER_BASE_PATHS } from '../relay/adapter-path.js';
import { LedgerRelay } from '../relay/ledger-relay.js';

/** Transfers of the ledger (contract 3.1 to 3.6); each answer is the ledger's own. */
@CallableBy('account')
@ApiTransferErrors()
@Controller(ADAPTER_BASE_PATHS)
@ApiError(502, 'ExternalError')
export class LedgerAdapterTransfersController {
  constructor(private readonly ledger: LedgerRelay) {}

  @Put('transfers/:id')
  @Hop('P.D', 'P.H')
  @ApiPutTransfer()
  async putTransfer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply, 'P.E');
  }

  @Post('transfers/:id')
  @Hop('P.D', 'P.H')
  @ApiPostTransfer()
  async postTransfer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply, 'P.E');
  }

  @Get('transfers/:id')
  @Hop('support-adapter')
  @ApiReadTransfer()
  async readTransfer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Get('transfers/:id/state')
  @Hop('support-adapter')
  @ApiReadTransferState()
  async readTransferState(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Put('transfers/:id/fulfillment')
  @Hop('V.A', 'V.F')
  @ApiFulfilTransfer()
  async fulfilTransfer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply, 'V.B');
  }

  @Post(['transfers/:id/fulfillment', 'transfer/:id/fulfillment'])
  @Hop('V.A', 'V.F')
  @HttpCode(200)
  @ApiPostFulfillment()
  async postFulfillment(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply, 'V.B');
  }

  @Get('transfers/:id/fulfillment')
  @Hop('support-adapter')
  @ApiReadFulfillment()
  async readFulfillment(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  @Put('transfers/:id/rejection')
  @Hop('R1', 'R3')
  @ApiRejectTransfer()
  async rejectTransfer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply, 'R1b');
  }

  @Post('messages')
  @Hop('support-adapter')
  @ApiSendMessage()
  async sendMessage(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }
}
