import { Body, Controller, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiParam, ApiResponse } from '@nestjs/swagger';
import {
  DfspApiClient,
  ErrorDto,
  Hop,
  PaidIprDto,
  PayIprDto,
  PaymentAcknowledgementDto,
  PaymentNotificationDto,
  SpspClientClient,
  textField,
} from '@level-one/peers';
import { currentTrace, RoleLogger, UuidPipe, withTrace } from '@level-one/platform';
import { RecentQuotes } from '../quotes/recent-quotes.js';

const PAY = 'POST /scheme/adapter/v1/payments';
const IPR_LENGTH_MAX = 44_000;

/**
 * Payments of quotes: outgoing ones by the DFSP's SPSP client (row 47), incoming ones from its SPSP server (row 48).
 */
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
@ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError, QuoteNotFoundError' })
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(['scheme/adapter/v1', 'v1'])
export class SchemeAdapterPaymentsController {
  constructor(
    private readonly spspClient: SpspClientClient,
    private readonly dfspApi: DfspApiClient,
    private readonly recent: RecentQuotes,
    private readonly logger: RoleLogger,
  ) {}

  /** Pays a payment request, once; answers when the payment is final. A repeated request gets the same answer. */
  @Post('payments')
  @Hop('row-47')
  @HttpCode(200)
  @ApiBody({ type: PayIprDto })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'InsufficientFundsError, AlreadyExistsError' })
  pay(@Body() body: PayIprDto): Promise<PaidIprDto> {
    return this.sendPayment(body);
  }

  /** The same under its older path. */
  @Post('payment')
  @Hop('row-47')
  @ApiExtension('x-alias-of', PAY)
  @HttpCode(200)
  @ApiBody({ type: PayIprDto })
  payInvoiceByOldBody(@Body() body: PayIprDto): Promise<PaidIprDto> {
    return this.sendPayment(body);
  }

  /** The same with the payment's id in the path. */
  @Put('payments/:paymentId')
  @Hop('row-47')
  @ApiExtension('x-alias-of', PAY)
  @ApiParam({ name: 'paymentId', example: '110ec58a-a0f2-4ac4-8393-c866d813b8d1' })
  @ApiBody({ type: PayIprDto })
  payByPut(@Param('paymentId', UuidPipe) paymentId: string, @Body() body: PayIprDto): Promise<PaidIprDto> {
    return this.sendPayment(Object.assign(body, { paymentId }));
  }

  /**
   * Asks the DFSP to approve a quoted payment whose transfer was prepared, or reports that it was executed, rejected or
   * has expired.
   */
  @Post('notifications')
  @Hop('row-48')
  @HttpCode(200)
  @ApiResponse({ status: 422, type: ErrorDto, description: 'QuoteExpiredError, QuoteMismatchError, QuoteUsedError' })
  async tellOfQuotedPayment(
    @Body() { paymentId, ipr: _ipr, ...news }: PaymentNotificationDto,
  ): Promise<PaymentAcknowledgementDto> {
    const id = paymentId.toLowerCase();
    const answer = await withTrace({ ...currentTrace(), traceId: id }, () => this.dfspApi.tellOfQuoted(id, news));
    return answer ?? { status: news.status };
  }

  private async sendPayment(body: PayIprDto): Promise<PaidIprDto> {
    textField(body as unknown as Record<string, unknown>, 'ipr', IPR_LENGTH_MAX);
    const paid = await this.spspClient.payIpr(body);
    if (paid.status === 'executed') await this.markUsed(paid.paymentId.toLowerCase());
    return paid;
  }

  /** The payment is over: that it was is told whatever becomes of the quote. */
  private async markUsed(paymentId: string): Promise<void> {
    try {
      await this.recent.markUsed(paymentId);
    } catch (err) {
      this.logger.warn({ err, paymentId }, 'a quote could not be marked as used');
    }
  }
}
