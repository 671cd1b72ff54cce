import { Body, Controller, Get, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { UuidPipe } from '@level-one/platform';
import { ApiBody, ApiExtension, ApiOkResponse, ApiParam, ApiResponse } from '@nestjs/swagger';
import { ErrorDto, Hop, PaymentRequestDto, PaymentResultDto } from '@level-one/peers';
import type { FastifyReply } from 'fastify';
import { SpspClientPaymentsService } from './payments.service.js';

const ID = { name: 'id', description: 'paymentId', example: '0d5f1c52-7f5c-4c9e-9d8e-6a3f0c2b1e47' };
const BODY = {
  type: PaymentRequestDto,
  examples: {
    'by receiver': {
      description: 'The payment is set up and paid at once.',
      value: {
        receiver: 'http://127.0.0.1:3203/v1/receivers/26547070',
        sourceAccount: 'http://127.0.0.1:3106/ilp/ledger/v1/accounts/alice',
        sourceIdentifier: '78956562',
        destinationAmount: '10.40',
      },
    },
    'echo of a setup': {
      description: 'The answer of `POST setup`, under its id.',
      value: {
        id: '0d5f1c52-7f5c-4c9e-9d8e-6a3f0c2b1e47',
        sourceAccount: 'http://127.0.0.1:3106/ilp/ledger/v1/accounts/alice',
        sourceAmount: '10.40',
        address: 'levelone.dfsp2.bob.kPzzYfWPmWJZ0l8w',
        destinationAmount: '10.40',
        expiresAt: '2030-01-01T00:01:00.000Z',
        execution_condition: 'ni:///sha-256;sbawjV8idAMItrwviBMq4zMOkuo_lRLNMm1KPPVFM2A?fpt=preimage-sha-256&cost=32',
        additionalHeaders: 'the `additionalHeaders` of the setup',
      },
    },
  },
};
const REFUSALS = 'ExpiredTransferError, InsufficientFundsError, UnacceptableRateError, AlreadyExistsError';

@Controller(['v1', ''])
export class SpspClientPaymentsController {
  constructor(private readonly payments: SpspClientPaymentsService) {}

  /**
   * Pays. Answers when the payment is final, or `pending` when that takes too long; 201 the first time whatever the
   * outcome, 200 when the request is repeated.
   */
  @Post('transfers/:id')
  @Hop('P.B')
  @ApiParam(ID)
  @ApiBody(BODY)
  @ApiOkResponse({ type: PaymentResultDto, description: 'a repeated request: the same payment' })
  @ApiResponse({ status: 201, type: PaymentResultDto, description: 'the first answer; `status` tells the outcome' })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: REFUSALS })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  async pay(
    @Param('id', UuidPipe) id: string,
    @Body() request: PaymentRequestDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentResultDto> {
    const { isFirst, result } = await this.payments.pay(id, request);
    void reply.status(isFirst ? 201 : 200);
    return result;
  }

  /** The same in its older form; always 200. */
  @Put(['payments/:id', 'transfers/:id'])
  @Hop('P.B')
  @ApiExtension('x-alias-of', 'POST /v1/transfers/{id}')
  @HttpCode(200)
  @ApiParam(ID)
  @ApiBody(BODY)
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: REFUSALS })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  async payByPut(@Param('id', UuidPipe) id: string, @Body() request: PaymentRequestDto): Promise<PaymentResultDto> {
    return (await this.payments.pay(id, request)).result;
  }

  /** What became of a payment? */
  @Get(['payments/:id', 'transfers/:id'])
  @Hop('row-23c')
  @ApiParam(ID)
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  async readPayment(@Param('id', UuidPipe) id: string): Promise<PaymentResultDto> {
    return this.payments.payment(id);
  }
}
