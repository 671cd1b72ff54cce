import { Body, Controller, Get, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  ApiFulfilTransfer,
  ApiPostFulfillment,
  ApiPostTransfer,
  ApiPutTransfer,
  ApiReadFulfillment,
  ApiReadTransfer,
  ApiReadTransferState,
  ApiRejectTransfer,
  ApiTransferErrors,
  Hop,
  TransferDto,
  TransferStateDto,
} from '@level-one/peers';
import { parseRejection, parseTransferId, parseTransferRequest } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { transferToJson } from '../../events/transfer-json.js';
import { Ledger } from '../../engine/ledger.js';
import type { Principal } from '../../rules/principal.js';
import { AccountAllowances } from '../../access/account-allowances.js';
import { Caller, callerOf } from '../../access/caller.js';
import { fulfillmentOf } from './fulfillment-body.js';
import { LedgerProfile } from '../ledger-profile.js';

/** Suffixes of a ledger's routes that accept plain text (contract 2.6, 3.5). */
export const LEDGER_TEXT_ROUTES = ['/fulfillment', '/rejection'];

type TransferRequest = FastifyRequest<{ Params: { id: string } }>;

/**
 * Transfers of one ledger (contract 3.1 to 3.6). The routes of every payment read the request themselves, because each
 * bound parameter costs a promise of the framework's pipes.
 */
@CallableBy('account')
@ApiTransferErrors()
@Controller()
export class LedgerTransfersController {
  constructor(
    private readonly ledger: Ledger,
    private readonly profile: LedgerProfile,
    private readonly allowances: AccountAllowances,
  ) {}

  @Put('transfers/:id')
  @Hop('P.E', 'P.I', 'P.G1')
  @ApiPutTransfer()
  async putTransfer(
    @Req() request: TransferRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransferDto> {
    const transferId = parseTransferId(request.params.id);
    const caller = callerOf(request);
    const asked = parseTransferRequest(transferId, request.body, this.profile);
    if (!asked.authorized && asked.rejection === null) await this.allowances.takeProposal(caller, asked.content);
    const { transfer, created } = await this.ledger.putTransfer(asked, caller);
    void reply.status(created ? 201 : 200);
    return transferToJson(transfer, this.profile.uris, this.profile.scale);
  }

  @Post('transfers/:id')
  @Hop('P.E', 'P.I', 'P.G1')
  @ApiPostTransfer()
  postTransfer(@Req() request: TransferRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<TransferDto> {
    return this.putTransfer(request, reply);
  }

  @Get('transfers/:id')
  @ApiTags('Transfers')
  @ApiReadTransfer()
  async readTransfer(@Param('id') id: string, @Caller() caller: Principal): Promise<TransferDto> {
    const transfer = await this.ledger.reads.readTransfer(parseTransferId(id), caller);
    return transferToJson(transfer, this.profile.uris, this.profile.scale);
  }

  @Get('transfers/:id/state')
  @ApiTags('Transfers')
  @ApiReadTransferState()
  async readTransferState(@Param('id') id: string, @Caller() caller: Principal): Promise<TransferStateDto> {
    const { id: uri, state } = await this.readTransfer(id, caller);
    return { id: uri, state };
  }

  @Put('transfers/:id/fulfillment')
  @Hop('V.B', 'V.G', 'V.D')
  @ApiFulfilTransfer()
  async fulfilTransfer(
    @Req() request: TransferRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const transferId = parseTransferId(request.params.id);
    const fulfillment = await this.ledger.fulfilTransfer(transferId, fulfillmentOf(request.body), callerOf(request));
    void reply.type('text/plain; charset=utf-8');
    return fulfillment;
  }

  @Post(['transfers/:id/fulfillment', 'transfer/:id/fulfillment'])
  @Hop('V.B', 'V.G', 'V.D')
  @HttpCode(200)
  @ApiPostFulfillment()
  postFulfillment(@Req() request: TransferRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.fulfilTransfer(request, reply);
  }

  @Get('transfers/:id/fulfillment')
  @ApiTags('Transfers')
  @ApiReadFulfillment()
  async readFulfillment(
    @Param('id') id: string,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const fulfillment = await this.ledger.reads.readFulfillment(parseTransferId(id), caller);
    void reply.type('text/plain; charset=utf-8');
    return fulfillment;
  }

  @Put('transfers/:id/rejection')
  @Hop('R1b', 'R3b', 'R2')
  @ApiRejectTransfer()
  async rejectTransfer(
    @Param('id') id: string,
    @Body() body: unknown,
    @Caller() caller: Principal,
  ): Promise<TransferDto> {
    const transferId = parseTransferId(id);
    const transfer = await this.ledger.rejectTransfer(transferId, parseRejection(body), caller);
    return transferToJson(transfer, this.profile.uris, this.profile.scale);
  }
}
