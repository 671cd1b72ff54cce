import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import {
  ApiError,
  ApiNotifyOfInvoice,
  ApiReadInvoiceByUrl,
  Hop,
  InvoiceByUrlQueryDto,
  InvoiceNotificationOutDto,
  InvoiceNotificationResultDto,
  InvoiceViewDto,
  SpspClientClient,
} from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { SchemeAdapterSettings } from '../scheme-adapter.settings.js';

/** The invoice routes that the SPSP client proxy serves too (rows 9 and 14); both lead to the DFSP's SPSP client. */
@ApiError(401, 'Unauthorized')
@CallableBy('dfsp-api')
@Controller(['scheme/adapter/v1', 'v1'])
export class SchemeAdapterInvoicesController {
  constructor(
    private readonly spspClient: SpspClientClient,
    private readonly settings: SchemeAdapterSettings,
  ) {}

  @Post('invoices')
  @Hop('III.A')
  @ApiNotifyOfInvoice()
  notifyOfInvoice(@Body() notification: InvoiceNotificationOutDto): Promise<InvoiceNotificationResultDto | undefined> {
    const { spspServerUrl } = this.settings;
    notification.invoiceUrl ??= `${spspServerUrl}/invoices/${encodeURIComponent(notification.invoiceId)}`;
    return this.spspClient.postInvoice(notification);
  }

  @Get('invoices')
  @Hop('row-14')
  @ApiReadInvoiceByUrl()
  readInvoiceByUrl(@Query() { invoiceUrl }: InvoiceByUrlQueryDto): Promise<InvoiceViewDto> {
    return this.spspClient.invoice(invoiceUrl);
  }
}
