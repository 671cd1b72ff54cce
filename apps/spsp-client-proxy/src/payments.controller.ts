import { Body, Controller, Get, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import {
  ApiError,
  ApiPay,
  ApiPayByPut,
  ApiReadPayment,
  ApiSetUpPayment,
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

/** Runs `work` in the trace of the payment, whose id is the payment's (contract 0.3). */
function inTraceOf<T>(paymentId: string, work: () => T): T {
  return withTrace({ ...currentTrace(), traceId: paymentId }, work);
}

@ApiError(502, 'ExternalError')
@Controller(['spsp/client/v1', 'v1', ''])
export class SpspClientProxyPaymentsController {
  constructor(
    private readonly spspClient: SpspClientClient,
    private readonly ownPayments: OwnPayments,
  ) {}

  @Post('setup')
  @Hop('S.A')
  @ApiSetUpPayment()
  setUpPayment(@Body() request: SetupRequestDto): Promise<SetupResponseDto> {
    const { paymentId } = request;
    const send = () => this.spspClient.setup(request);
    return paymentId === undefined ? send() : inTraceOf(paymentId.toLowerCase(), send);
  }

  @Post('transfers/:id')
  @Hop('P.A')
  @ApiPay()
  async pay(
    @Param('id', UuidPipe) id: string,
    @Body() request: PaymentRequestDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentResultDto> {
    const { status, result } = await this.sendPayment(id, request);
    void reply.status(status);
    return result;
  }

  @Put(['payments/:id', 'transfers/:id'])
  @Hop('P.A')
  @HttpCode(200)
  @ApiPayByPut('POST /spsp/client/v1/transfers/{id}')
  async payByPut(@Param('id', UuidPipe) id: string, @Body() request: PaymentRequestDto): Promise<PaymentResultDto> {
    return (await this.sendPayment(id, request)).result;
  }

  @Get(['payments/:id', 'transfers/:id'])
  @Hop('row-23b')
  @ApiReadPayment()
  readPayment(@Param('id', UuidPipe) id: string): Promise<PaymentResultDto> {
    return inTraceOf(id, () => this.spspClient.payment(id));
  }

  private sendPayment(id: string, request: PaymentRequestDto): Promise<{ status: number; result: PaymentResultDto }> {
    this.ownPayments.rememberPayment(id);
    return inTraceOf(id, () => this.spspClient.pay(id, request));
  }
}
