import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { CallableBy, readUuid } from '@level-one/platform';
import {
  ListPaymentsQueryDto,
  NetworkTimelineDto,
  PaymentPriceDto,
  PaymentSpansDto,
  ReceiptDto,
  ShownPaymentDetailsDto,
  ShownPaymentsPageDto,
} from './payments.dto.js';
import { SpansService } from '../traces/spans.service.js';
import { PaymentsNotBegunService } from './payments-not-begun.service.js';
import { NetworkPaymentsService } from './payments.service.js';
import { NetworkTimelineService } from './timeline.service.js';

const ID = { name: 'paymentId', example: 'c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520' };

@ApiTags('Payments')
@ApiResponse({ status: 400, description: 'InvalidUriParameterError' })
@ApiResponse({ status: 502, description: 'ExternalError: a role cannot be read' })
@Controller()
export class NetworkPaymentsController {
  constructor(
    private readonly payments: NetworkPaymentsService,
    private readonly timelines: NetworkTimelineService,
    private readonly spans: SpansService,
    private readonly notBegun: PaymentsNotBegunService,
  ) {}

  /** Payments of the network, the newest first. */
  @Get('api/payments')
  @CallableBy('viewer')
  listPayments(@Query() query: ListPaymentsQueryDto): Promise<ShownPaymentsPageDto> {
    return this.payments.listPayments(query);
  }

  /** What every DFSP says of a payment. */
  @Get('api/payments/:paymentId')
  @CallableBy('viewer')
  @ApiParam(ID)
  @ApiResponse({ status: 404, description: 'NotFoundError: no DFSP knows it' })
  showPayment(@Param('paymentId') paymentId: string): Promise<ShownPaymentDetailsDto> {
    return this.payments.paymentOf(readUuid(paymentId, 'paymentId'));
  }

  /** Who was to pay whom how much, from the price that the payer's DFSP keeps, also if nobody paid it. */
  @Get('api/payments/:paymentId/price')
  @CallableBy('viewer')
  @ApiParam(ID)
  @ApiResponse({ status: 404, description: 'NotFoundError: no DFSP has a price of it' })
  showPrice(@Param('paymentId') paymentId: string): Promise<PaymentPriceDto> {
    return this.notBegun.priceOf(readUuid(paymentId, 'paymentId'));
  }

  /** A receipt that can be checked without the network. */
  @Get('api/payments/:paymentId/receipt')
  @CallableBy('viewer')
  @ApiParam(ID)
  @ApiResponse({ status: 404, description: 'NotFoundError: no DFSP knows it, or nothing was sent' })
  showReceipt(@Param('paymentId') paymentId: string): Promise<ReceiptDto> {
    return this.payments.receiptOf(readUuid(paymentId, 'paymentId'));
  }

  /** The spans of a payment, as long as they are kept: both ends of its hops and frames. */
  @Get('api/payments/:paymentId/spans')
  @CallableBy('operator')
  @ApiParam(ID)
  async listSpans(@Param('paymentId') paymentId: string): Promise<PaymentSpansDto> {
    return { spans: await this.spans.spansOfPayment(readUuid(paymentId, 'paymentId')) };
  }

  /** Every hop, change of a state, event of a ledger, attempt and sweep of a payment, in causal order. */
  @Get('payments/:paymentId/timeline')
  @CallableBy('operator')
  @ApiParam(ID)
  @ApiResponse({ status: 404, description: 'NotFoundError: nothing is known of it' })
  showTimeline(@Param('paymentId') paymentId: string): Promise<NetworkTimelineDto> {
    return this.timelines.timelineOf(readUuid(paymentId, 'paymentId'));
  }
}
