import { Body, Controller, Get, HttpCode, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto, InvoiceViewDto } from '@level-one/peers';
import { CallableBy, TRACE_HEADER } from '@level-one/platform';
import type { FastifyReply } from 'fastify';
import { NotificationStatusDto, PayNotificationDto } from '../notifications/invoice-notifications.dto.js';
import { InvoiceReader } from '../invoices/invoice-reader.js';
import {
  InvoiceFeesDto,
  InvoiceFeesParamsDto,
  InvoiceUrlQueryDto,
  PaidInvoiceDto,
  PayInvoiceDto,
} from './payments.dto.js';
import { PaymentsService } from './payments.service.js';

const PAY_REFUSALS =
  'InvoiceNotPendingError, InsufficientFundsError, ExpiredTransferError, or the reason of whoever rejected the payment';

/** Paying, for this DFSP's channel. */
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@CallableBy('channel')
@Controller(['v1', ''])
export class PaymentsController {
  constructor(
    private readonly payments: PaymentsService,
    private readonly reader: InvoiceReader,
  ) {}

  /** Pays an invoice the client was notified of. Answers when the payment is final; header L1p-Trace-Id is its id. */
  @Put('invoiceNotifications/pay')
  @ApiTags('Pay or reject an invoice')
  @ApiResponse({
    status: 404,
    type: ErrorDto,
    description: 'InvoiceNotificationNotFoundError, NotFoundError (account)',
  })
  @ApiResponse({ status: 422, type: ErrorDto, description: PAY_REFUSALS })
  async payNotification(
    @Body() { invoiceNotificationId, account }: PayNotificationDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NotificationStatusDto> {
    const { paymentId, status } = await this.payments.payNotification(invoiceNotificationId, account);
    void reply.header(TRACE_HEADER, paymentId);
    return { invoiceNotificationId, status };
  }

  /** Pays an invoice by its URL, also one nobody was notified of. Answers when the payment is final. */
  @Post('invoice/pay')
  @HttpCode(200)
  @ApiTags('Pay or reject an invoice')
  @ApiResponse({
    status: 404,
    type: ErrorDto,
    description: 'ClientNotFound, InvoiceNotFoundError, NotFoundError (account)',
  })
  @ApiResponse({ status: 422, type: ErrorDto, description: PAY_REFUSALS })
  async payInvoice(
    @Body() body: PayInvoiceDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaidInvoiceDto> {
    const { paymentId, invoiceId, status } = await this.payments.payInvoice(body);
    void reply.header(TRACE_HEADER, paymentId);
    return { invoiceId, status };
  }

  /** Somebody's invoice by its URL, with the fee paying it would cost. */
  @Get('invoice')
  @ApiTags('Pay or reject an invoice')
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError' })
  readInvoiceWithFee(@Query() { invoiceUrl }: InvoiceUrlQueryDto): Promise<InvoiceViewDto> {
    return this.reader.viewWithFee(invoiceUrl);
  }

  /** What paying an invoice would cost a client on top. */
  @Get('invoiceFees/:invoiceUrl/:identifier/:account')
  @ApiTags('Pay or reject an invoice')
  @ApiParam({
    name: 'invoiceUrl',
    example: 'http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10',
  })
  @ApiParam({ name: 'identifier', example: '78956562' })
  @ApiParam({ name: 'account', example: 'alice' })
  @ApiResponse({
    status: 404,
    type: ErrorDto,
    description: 'ClientNotFound, InvoiceNotFoundError, NotFoundError (account)',
  })
  quoteInvoiceFees(@Param() params: InvoiceFeesParamsDto): Promise<InvoiceFeesDto> {
    return this.payments.fees(params);
  }
}
