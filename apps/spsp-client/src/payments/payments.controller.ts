import { Body, Controller, Get, HttpCode, Param, Post, Put, Res } from '@nestjs/common';
import { UuidPipe } from '@level-one/platform';
import { ApiPay, ApiPayByPut, ApiReadPayment, Hop, PaymentRequestDto, PaymentResultDto } from '@level-one/peers';
import type { FastifyReply } from 'fastify';
import { SpspClientPaymentsService } from './payments.service.js';

@Controller(['v1', ''])
export class SpspClientPaymentsController {
  constructor(private readonly payments: SpspClientPaymentsService) {}

  @Post('transfers/:id')
  @Hop('P.B')
  @ApiPay()
  async pay(
    @Param('id', UuidPipe) id: string,
    @Body() request: PaymentRequestDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentResultDto> {
    const { isFirst, result } = await this.payments.pay(id, request);
    void reply.status(isFirst ? 201 : 200);
    return result;
  }

  @Put(['payments/:id', 'transfers/:id'])
  @Hop('P.B')
  @HttpCode(200)
  @ApiPayByPut('POST /v1/transfers/{id}')
  async payByPut(@Param('id', UuidPipe) id: string, @Body() request: PaymentRequestDto): Promise<PaymentResultDto> {
    return (await this.payments.pay(id, request)).result;
  }

  @Get(['payments/:id', 'transfers/:id'])
  @Hop('row-23c')
  @ApiReadPayment()
  async readPayment(@Param('id', UuidPipe) id: string): Promise<PaymentResultDto> {
    return this.payments.readPayment(id);
  }
}
