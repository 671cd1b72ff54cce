import { Controller, Get, Post, Put, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiExtension, ApiParam, ApiProduces, ApiResponse } from '@nestjs/swagger';
import {
  FULFILLMENT_SCHEMA,
  RejectionDto,
  TRANSFER_BODY,
  TRANSFER_ID_PARAM,
  TransferDto,
  TransferStateDto,
} from '@level-one/ledger';
import { ErrorDto, Hop } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ADAPTER_BASE_PATHS } from './adapter-path.js';
import { LedgerRelay } from './ledger-relay.js';
import { LedgerAdapterMessageDto } from './message.dto.js';

/** Transfers of the ledger (contract 3.1 to 3.6); each answer is the ledger's own. */
@CallableBy('account')
@Controller(ADAPTER_BASE_PATHS)
@ApiResponse({
  status: 400,
  type: ErrorDto,
  description: 'InvalidUriParameterError, InvalidBodyError, InvalidModificationError',
})
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
export class LedgerAdapterTransfersController {
  constructor(private readonly ledger: LedgerRelay) {}

  /** Proposes a transfer, or prepares it if its debit is authorized. A repeated request is answered 200. */
  @Put('transfers/:id')
  @Hop('P.D', 'P.H')
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
  async putTransfer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply, 'P.E');
  }

  /** Alias of `PUT /transfers/{id}`. */
  @Post('transfers/:id')
  @Hop('P.D', 'P.H')
  @ApiExtension('x-alias-of', 'PUT /transfers/{id}')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiBody(TRANSFER_BODY)
  @ApiResponse({ status: 201, type: TransferDto })
  @ApiResponse({ status: 200, type: TransferDto })
  async postTransfer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply, 'P.E');
  }

  /** One transfer in its present state. */
  @Get('transfers/:id')
  @Hop('support-adapter')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiResponse({ status: 200, type: TransferDto })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async readTransfer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  /** State of a transfer. */
  @Get('transfers/:id/state')
  @Hop('support-adapter')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiResponse({ status: 200, type: TransferStateDto })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async readTransferState(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  /** Executes a prepared transfer with the preimage of its condition. Anyone who knows the preimage may. */
  @Put('transfers/:id/fulfillment')
  @Hop('V.A', 'V.F')
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
  async fulfilTransfer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply, 'V.B');
  }

  /** Alias of `PUT /transfers/{id}/fulfillment`. */
  @Post(['transfers/:id/fulfillment', 'transfer/:id/fulfillment'])
  @Hop('V.A', 'V.F')
  @ApiExtension('x-alias-of', 'PUT /transfers/{id}/fulfillment')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiConsumes('text/plain', 'application/json')
  @ApiProduces('text/plain')
  @ApiBody({ schema: FULFILLMENT_SCHEMA })
  @ApiResponse({ status: 200, schema: FULFILLMENT_SCHEMA })
  async postFulfillment(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply, 'V.B');
  }

  /** The fulfillment of an executed transfer, as submitted. */
  @Get('transfers/:id/fulfillment')
  @Hop('support-adapter')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiProduces('text/plain')
  @ApiResponse({ status: 200, schema: FULFILLMENT_SCHEMA })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'TransferNotFoundError, MissingFulfillmentError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'AlreadyRolledBackError, TransferNotConditionalError' })
  async readFulfillment(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }

  /** Rejects a transfer for its credit side and releases its hold. The body has the reason. */
  @Put('transfers/:id/rejection')
  @Hop('R1', 'R3')
  @ApiParam(TRANSFER_ID_PARAM)
  @ApiConsumes('application/json', 'text/plain')
  @ApiBody({ type: RejectionDto })
  @ApiResponse({ status: 200, type: TransferDto })
  @ApiResponse({ status: 403, type: ErrorDto, description: 'UnauthorizedError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 413, type: ErrorDto, description: 'PayloadTooLargeError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'TransferNotConditionalError' })
  async rejectTransfer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply, 'R1b');
  }

  /** Sends a message to the subscribers of another account. */
  @Post('messages')
  @Hop('support-adapter')
  @ApiBody({
    type: LedgerAdapterMessageDto,
    examples: { hello: { value: { from: 'admin', to: 'dfsp1-testconnector', data: { method: 'hello' } } } },
  })
  @ApiResponse({ status: 201, description: 'The message was sent' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'NoSubscriptionsError' })
  async sendMessage(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.ledger.relay(request, reply);
  }
}
