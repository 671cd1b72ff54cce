import { Body, Controller, Get, HttpCode, Param, Post, Put, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExtension, ApiParam, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto, Hop } from '@level-one/peers';
import { parseRejection, parseTransferId, parseTransferRequest, transferToJson } from '@level-one/transfer';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Ledger } from '../../engine/ledger.js';
import type { Principal } from '../../rules/principal.js';
import { AccountAllowances } from '../../access/account-allowances.js';
import { Caller, callerOf } from '../../access/caller.js';
import { fulfillmentOf } from './fulfillment-body.js';
import { LedgerProfile } from '../ledger-profile.js';
import { FULFILLMENT_SCHEMA, TRANSFER_BODY, TRANSFER_ID_PARAM } from './transfer-examples.js';
import { RejectionDto, TransferDto, TransferStateDto } from './transfer.dto.js';

/** Ends of the paths of a ledger's routes that take a bare text (contract 2.6, 3.5). */
export const LEDGER_TEXT_ROUTES = ['/fulfillment', '/rejection'];

type TransferRequest = FastifyRequest<{ Params: { id: string } }>;

/**
 * Transfers of one ledger (contract 3.1 to 3.6). The routes that every payment takes read the request themselves: each
 * parameter that the framework binds goes through its pipes by a promise of its own.
 */
@CallableBy('account')
@Controller()
@ApiResponse({
  status: 400,
  type: ErrorDto,
  description: 'InvalidUriParameterError, InvalidBodyError, InvalidModificationError',
})
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
export class LedgerTransfersController {
  constructor(
    private readonly ledger: Ledger,
    private readonly profile: LedgerProfile,
    private readonly allowances: AccountAllowances,
  ) {}

  /** Proposes a transfer, or prepares it when its debit is authorized. The same again is answered 200. */
  @Put('transfers/:id')
  @Hop('P.E', 'P.I', 'P.G1')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiBody(TRANSFER_BODY)
  @ApiResponse({ status: 201, type: TransferDto, description: 'The transfer is new' })
  @ApiResponse({ status: 200, type: TransferDto, description: 'Known already, or now authorized' })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 413, type: ErrorDto, description: 'PayloadTooLargeError' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description:
      'UnprocessableEntityError, InsufficientFundsError, AlreadyExistsError, ExpiredTransferError, UnsupportedCryptoConditionError',
  })
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

  /** Alias of `PUT /transfers/{id}`. */
  @Post('transfers/:id')
  @Hop('P.E', 'P.I', 'P.G1')
  @ApiExtension('x-alias-of', 'PUT /transfers/{id}')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiBody(TRANSFER_BODY)
  @ApiResponse({ status: 201, type: TransferDto })
  @ApiResponse({ status: 200, type: TransferDto })
  postTransfer(@Req() request: TransferRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<TransferDto> {
    return this.putTransfer(request, reply);
  }

  /** One transfer as it is now, for its parties and for roles; for others there is none. */
  @Get('transfers/:id')
  @ApiTags('Transfers')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async readTransfer(@Param('id') id: string, @Caller() caller: Principal): Promise<TransferDto> {
    const transfer = await this.ledger.readTransfer(parseTransferId(id), caller);
    return transferToJson(transfer, this.profile.uris, this.profile.scale);
  }

  /** State of a transfer. */
  @Get('transfers/:id/state')
  @ApiTags('Transfers')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async readTransferState(@Param('id') id: string, @Caller() caller: Principal): Promise<TransferStateDto> {
    const { id: uri, state } = await this.readTransfer(id, caller);
    return { id: uri, state };
  }

  /**
   * Executes a prepared transfer with the preimage of its condition. Anyone who knows it may; what credits an account
   * without direct use is executed with the right `fulfil` only.
   */
  @Put('transfers/:id/fulfillment')
  @Hop('V.B', 'V.G', 'V.D')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiConsumes('text/plain', 'application/json')
  @ApiProduces('text/plain')
  @ApiBody({ schema: FULFILLMENT_SCHEMA })
  @ApiResponse({ status: 200, schema: FULFILLMENT_SCHEMA, description: 'The fulfillment as first submitted' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description:
      'UnmetConditionError, TransferNotConditionalError, ExpiredTransferError, UnsupportedCryptoConditionError',
  })
  async fulfilTransfer(
    @Req() request: TransferRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const transferId = parseTransferId(request.params.id);
    const fulfillment = await this.ledger.fulfilTransfer(transferId, fulfillmentOf(request.body), callerOf(request));
    void reply.type('text/plain; charset=utf-8');
    return fulfillment;
  }

  /** Alias of `PUT /transfers/{id}/fulfillment`. */
  @Post(['transfers/:id/fulfillment', 'transfer/:id/fulfillment'])
  @Hop('V.B', 'V.G', 'V.D')
  @HttpCode(200)
  @ApiExtension('x-alias-of', 'PUT /transfers/{id}/fulfillment')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiConsumes('text/plain', 'application/json')
  @ApiProduces('text/plain')
  @ApiBody({ schema: FULFILLMENT_SCHEMA })
  @ApiResponse({ status: 200, schema: FULFILLMENT_SCHEMA })
  postFulfillment(@Req() request: TransferRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    return this.fulfilTransfer(request, reply);
  }

  /** The fulfillment of an executed transfer, as it was submitted. */
  @Get('transfers/:id/fulfillment')
  @ApiTags('Transfers')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiProduces('text/plain')
  @ApiResponse({ status: 200, schema: FULFILLMENT_SCHEMA })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'TransferNotFoundError, MissingFulfillmentError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'AlreadyRolledBackError, TransferNotConditionalError' })
  async readFulfillment(
    @Param('id') id: string,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const fulfillment = await this.ledger.readFulfillment(parseTransferId(id), caller);
    void reply.type('text/plain; charset=utf-8');
    return fulfillment;
  }

  /** Rejects a transfer for its credit side and gives back what was held; the body says why. */
  @Put('transfers/:id/rejection')
  @Hop('R1b', 'R3b', 'R2')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiConsumes('application/json', 'text/plain')
  @ApiBody({ type: RejectionDto })
  @ApiResponse({ status: 200, type: TransferDto })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 413, type: ErrorDto, description: 'PayloadTooLargeError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'TransferNotConditionalError' })
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
