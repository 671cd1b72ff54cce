import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  ApiNotifyOfInvoice,
  ApiReadInvoiceByUrl,
  Hop,
  InvoiceNotificationOutDto,
  InvoiceNotificationResultDto,
  InvoiceViewDto,
  SpspClientClient,
  InvoiceByUrlQueryDto,
} from '@level-one/peers';
import { SpspClientProxySettings } from './spsp-client-proxy.settings.js';

@Controller(['spsp/client/v1', 'v1', ''])
export class SpspClientProxyInvoicesController {
  constructor(
    private readonly spspClient: SpspClientClient,
    private readonly settings: SpspClientProxySettings,
  ) {}

  @Post('invoices')
  @Hop('III.A')
  @ApiNotifyOfInvoice()
  notifyOfInvoice(@Body() notification: InvoiceNotificationOutDto): Promise<InvoiceNotificationResultDto | undefined> {
    const { spspServerUrl } = this.settings;
    notification.invoiceUrl ??= `${spspServerUrl}/invoices/${encodeURIComponent(notification.invoiceId)}`;
    return this.spspClient.postInvoice(notification);
  }

  @Get(['invoices', 'invoice'])
  @Hop('row-14')
  @ApiReadInvoiceByUrl()
  readInvoiceByUrl(@Query() { invoiceUrl }: InvoiceByUrlQueryDto): Promise<InvoiceViewDto> {
    return this.spspClient.invoice(invoiceUrl);
  }
}
