import { Body, Controller, Get, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiOkResponse, ApiParam, ApiResponse } from '@nestjs/swagger';
import {
  ErrorDto,
  Hop,
  PaymentRequestDto,
  PaymentResultDto,
  SetupRequestDto,
  SetupResponseDto,
  SpspClientClient,
} from '@level-one/peers';
import { currentTrace, UuidPipe, withTrace } from '@level-one/platform';
import type { FastifyReply } from 'fastify';
import { OwnPayments } from './own-payments.js';

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

/** Runs `work` in the trace of the payment, whose id is the payment's (contract 0.3). */
function inTraceOf<T>(paymentId: string, work: () => T): T {
  return withTrace({ ...currentTrace(), traceId: paymentId }, work);
}

@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@Controller(['spsp/client/v1', 'v1', ''])
export class SpspClientProxyPaymentsController {
  constructor(
    private readonly spspClient: SpspClientClient,
    private readonly ownPayments: OwnPayments,
  ) {}

  /** Sets a payment up: cost, address and condition. A repeated request gets the same answer. */
  @Post('setup')
  @Hop('S.A')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvalidReceiverIdError, InvoiceNotFoundError' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description: 'InvoiceNotPendingError, InvoicePayerMissmatchError, UnprocessableEntityError, AlreadyExistsError',
  })
  setUpPayment(@Body() request: SetupRequestDto): Promise<SetupResponseDto> {
    const { paymentId } = request;
    const send = () => this.spspClient.setup(request);
    return paymentId === undefined ? send() : inTraceOf(paymentId.toLowerCase(), send);
  }

  /**
   * Pays. Answers when the payment is final, or `pending` if that takes too long: 201 for the first request with any
   * outcome, 200 for a repeated one.
   */
  @Post('transfers/:id')
  @Hop('P.A')
  @ApiParam(ID)
  @ApiBody(BODY)
  @ApiOkResponse({ type: PaymentResultDto, description: 'a repeated request: the same payment' })
  @ApiResponse({ status: 201, type: PaymentResultDto, description: 'the first answer; the outcome is in `status`' })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description: 'ExpiredTransferError, InsufficientFundsError, UnacceptableRateError, AlreadyExistsError',
  })
  async pay(
    @Param('id', UuidPipe) id: string,
    @Body() request: PaymentRequestDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentResultDto> {
    const { status, result } = await this.sendPayment(id, request);
    void reply.status(status);
    return result;
  }

  /** The same in its older form; always 200. */
  @Put(['payments/:id', 'transfers/:id'])
  @Hop('P.A')
  @ApiExtension('x-alias-of', 'POST /spsp/client/v1/transfers/{id}')
  @HttpCode(200)
  @ApiParam(ID)
  @ApiBody(BODY)
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description: 'ExpiredTransferError, InsufficientFundsError, UnacceptableRateError, AlreadyExistsError',
  })
  async payByPut(@Param('id', UuidPipe) id: string, @Body() request: PaymentRequestDto): Promise<PaymentResultDto> {
    return (await this.sendPayment(id, request)).result;
  }

  /** Status of a payment. */
  @Get(['payments/:id', 'transfers/:id'])
  @Hop('row-23b')
  @ApiParam(ID)
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  readPayment(@Param('id', UuidPipe) id: string): Promise<PaymentResultDto> {
    return inTraceOf(id, () => this.spspClient.payment(id));
  }

  private sendPayment(id: string, request: PaymentRequestDto): Promise<{ status: number; result: PaymentResultDto }> {
    this.ownPayments.rememberPayment(id);
    return inTraceOf(id, () => this.spspClient.pay(id, request));
  }
}
