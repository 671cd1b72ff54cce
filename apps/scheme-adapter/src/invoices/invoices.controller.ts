import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiResponse } from '@nestjs/swagger';
import {
  ErrorDto,
  Hop,
  InvoiceNotificationOutDto,
  InvoiceNotificationResultDto,
  InvoiceViewDto,
  SpspClientClient,
} from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { InvoiceQueryDto } from './invoices.dto.js';
import { SchemeAdapterSettings } from '../scheme-adapter.settings.js';

/** The invoice routes that the SPSP client proxy serves too (rows 9 and 14); both lead to the DFSP's SPSP client. */
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@CallableBy('dfsp-api')
@Controller(['scheme/adapter/v1', 'v1'])
export class SchemeAdapterInvoicesController {
  constructor(
    private readonly spspClient: SpspClientClient,
    private readonly settings: SchemeAdapterSettings,
  ) {}

  /** Notifies a client's DFSP of an invoice. */
  @Post('invoices')
  @Hop('III.A')
  @ApiCreatedResponse({ type: InvoiceNotificationResultDto })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'UserNotFound' })
  @ApiResponse({ status: 415, type: ErrorDto, description: 'UnsupportedMediaTypeError' })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  notifyOfInvoice(@Body() notification: InvoiceNotificationOutDto): Promise<InvoiceNotificationResultDto | undefined> {
    const { spspServerUrl } = this.settings;
    notification.invoiceUrl ??= `${spspServerUrl}/invoices/${encodeURIComponent(notification.invoiceId)}`;
    return this.spspClient.postInvoice(notification);
  }

  /** Reads an invoice at the merchant's DFSP. */
  @Get('invoices')
  @Hop('row-14')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError' })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  readInvoiceByUrl(@Query() { invoiceUrl }: InvoiceQueryDto): Promise<InvoiceViewDto> {
    return this.spspClient.invoice(invoiceUrl);
  }
}
