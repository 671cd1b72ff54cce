import { Body, Controller, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiResponse } from '@nestjs/swagger';
import { ErrorDto, Hop } from '@level-one/peers';
import { AdmitsFirst, CallableBy, TRACE_HEADER } from '@level-one/platform';
import type { FastifyReply } from 'fastify';
import { OPEN } from './pay-refusals.js';
import { TransferOrderDto, TransferResultDto } from './quote-payments.dto.js';
import { OutgoingPaymentsService } from './outgoing-payments.service.js';

/** Pays quotes, for this DFSP's channel. */
@CallableBy('channel')
@Controller(['v1', ''])
export class QuotePaymentsController {
  constructor(private readonly payments: OutgoingPaymentsService) {}

  /** Pays a quote, once. Answers when the payment is final; a repeated request gets the same answer with 200. */
  @Post('transfer')
  @Hop('transfer')
  @AdmitsFirst('channel')
  @ApiResponse({ status: 201, type: TransferResultDto, description: 'paid' })
  @ApiOkResponse({ type: TransferResultDto, description: 'a repeated request: the same payment' })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'QuoteNotFoundError' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description:
      'QuoteExpiredError, QuoteUsedError, InsufficientFundsError, ExpiredTransferError, or the reason of the rejection',
  })
  @ApiResponse({ status: 502, type: ErrorDto, description: OPEN })
  async payQuote(
    @Body() { paymentId }: TransferOrderDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TransferResultDto> {
    const { isFirst, status, fulfillment } = await this.payments.payQuote(paymentId);
    void reply.header(TRACE_HEADER, paymentId.toLowerCase()).status(isFirst ? 201 : 200);
    return {
      paymentId: paymentId.toLowerCase(),
      status,
      ...(fulfillment === null ? {} : { fulfillment }),
    };
  }
}
