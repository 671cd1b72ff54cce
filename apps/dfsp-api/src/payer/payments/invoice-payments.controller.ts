import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto, InvoiceViewDto } from '@level-one/peers';
import { Admits, AdmitsFirst, CallableBy, TRACE_HEADER } from '@level-one/platform';
import type { FastifyReply } from 'fastify';
import { InvoiceReader } from '../invoices/invoice-reader.js';
import {
  InvoiceFeesDto,
  InvoiceFeesParamsDto,
  PayableInvoiceQueryDto,
  PaidInvoiceDto,
  PayInvoiceDto,
} from './invoice-payments.dto.js';
import { InvoicePaymentsService } from './invoice-payments.service.js';
import { OPEN, PAY_REFUSALS } from './pay-refusals.js';

/** Pays invoices by their URL, for this DFSP's channel. */
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@CallableBy('channel')
@Controller(['v1', ''])
export class InvoicePaymentsController {
  constructor(
    private readonly payments: InvoicePaymentsService,
    private readonly reader: InvoiceReader,
  ) {}

  /**
   * Pays an invoice by its URL, with or without a notification. Answers when the payment is final. A repeated request
   * answers how that payment ended; only a product is bought again.
   */
  @Post('invoice/pay')
  @AdmitsFirst('channel')
  @HttpCode(200)
  @ApiTags('Pay or reject an invoice')
  @ApiResponse({
    status: 404,
    type: ErrorDto,
    description: 'ClientNotFound, InvoiceNotFoundError, NotFoundError (account)',
  })
  @ApiResponse({ status: 422, type: ErrorDto, description: PAY_REFUSALS })
  @ApiResponse({ status: 502, type: ErrorDto, description: OPEN })
  async payInvoice(
    @Body() body: PayInvoiceDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaidInvoiceDto> {
    const { paymentId, invoiceId, status } = await this.payments.payInvoice(body);
    void reply.header(TRACE_HEADER, paymentId);
    return { invoiceId, paymentId, status };
  }

  /** An invoice of any DFSP by its URL, with the fee for paying it. */
  @Get('invoice')
  @Admits('channel')
  @ApiTags('Pay or reject an invoice')
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError' })
  readInvoiceWithFee(@Query() { invoiceUrl }: PayableInvoiceQueryDto): Promise<InvoiceViewDto> {
    return this.reader.viewWithFee(invoiceUrl);
  }

  /** The fees that a client would pay on top of an invoice. */
  @Get('invoiceFees/:invoiceUrl/:identifier/:account')
  @Admits('channel')
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
    return this.payments.quoteFees(params);
  }
}
