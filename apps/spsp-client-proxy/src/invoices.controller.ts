import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiResponse } from '@nestjs/swagger';
import {
  ErrorDto,
  Hop,
  InvoiceNotificationOutDto,
  InvoiceNotificationResultDto,
  InvoiceViewDto,
  SpspClientClient,
  InvoiceByUrlQueryDto,
} from '@level-one/peers';
import { SpspClientProxySettings } from './spsp-client-proxy.settings.js';

@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@Controller(['spsp/client/v1', 'v1', ''])
export class SpspClientProxyInvoicesController {
  constructor(
    private readonly spspClient: SpspClientClient,
    private readonly settings: SpspClientProxySettings,
  ) {}

  /** Notifies a client's DFSP of an invoice. */
  @Post('invoices')
  @Hop('III.A')
  @ApiCreatedResponse({ type: InvoiceNotificationResultDto })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'UserNotFound, InvoiceNotificationNotFoundError' })
  @ApiResponse({ status: 415, type: ErrorDto, description: 'UnsupportedMediaTypeError' })
  notifyOfInvoice(@Body() notification: InvoiceNotificationOutDto): Promise<InvoiceNotificationResultDto | undefined> {
    const { spspServerUrl } = this.settings;
    notification.invoiceUrl ??= `${spspServerUrl}/invoices/${encodeURIComponent(notification.invoiceId)}`;
    return this.spspClient.postInvoice(notification);
  }

  /** Reads an invoice at the merchant's DFSP. */
  @Get(['invoices', 'invoice'])
  @Hop('row-14')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError' })
  readInvoiceByUrl(@Query() { invoiceUrl }: InvoiceByUrlQueryDto): Promise<InvoiceViewDto> {
    return this.spspClient.invoice(invoiceUrl);
  }
}
