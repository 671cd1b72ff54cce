import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { invalidBody } from '@level-one/errors';
import {
  ApiNotifyOfInvoice,
  ApiReadInvoiceByUrl,
  Hop,
  InvoiceNotificationOutDto,
  InvoiceNotificationResultDto,
  InvoiceViewDto,
  InvoiceByUrlQueryDto,
} from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { OutsideWorld } from '../outside/outside-world.js';

@CallableBy('spsp-client-proxy', 'scheme-adapter')
@Controller(['v1', ''])
export class SpspClientInvoicesController {
  constructor(private readonly outside: OutsideWorld) {}

  @Post('invoices')
  @Hop('III.B')
  @ApiNotifyOfInvoice()
  async notifyOfInvoice(
    @Body() notification: InvoiceNotificationOutDto,
  ): Promise<InvoiceNotificationResultDto | undefined> {
    const { submissionUrl, invoiceUrl, senderIdentifier, memo } = notification;
    if (invoiceUrl === undefined) throw invalidBody('InvoiceNotificationOut', 'invoiceUrl', 'must be given');
    return this.outside.notifyInvoice(submissionUrl, { invoiceUrl, senderIdentifier, memo });
  }

  @Get(['invoices', 'invoice'])
  @Hop('row-14b')
  @ApiReadInvoiceByUrl()
  readInvoiceByUrl(@Query() { invoiceUrl }: InvoiceByUrlQueryDto): Promise<InvoiceViewDto> {
    return this.outside.readInvoice(invoiceUrl);
  }
}
