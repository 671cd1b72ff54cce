import { Body, Controller, Get, Post, Query } from '@nestjs/common';
import { invalidBody } from '@level-one/errors';
import { ApiCreatedResponse, ApiResponse } from '@nestjs/swagger';
import {
  ErrorDto,
  Hop,
  InvoiceNotificationOutDto,
  InvoiceNotificationResultDto,
  InvoiceViewDto,
  InvoiceByUrlQueryDto,
} from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { OutsideWorld } from '../outside/outside-world.js';

@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@CallableBy('spsp-client-proxy', 'scheme-adapter')
@Controller(['v1', ''])
export class SpspClientInvoicesController {
  constructor(private readonly outside: OutsideWorld) {}

  /** Delivers an invoice notification to the client's DFSP. */
  @Post('invoices')
  @Hop('III.B')
  @ApiCreatedResponse({ type: InvoiceNotificationResultDto })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'UserNotFound, InvoiceNotificationNotFoundError' })
  @ApiResponse({ status: 415, type: ErrorDto, description: 'UnsupportedMediaTypeError' })
  async notifyOfInvoice(
    @Body() notification: InvoiceNotificationOutDto,
  ): Promise<InvoiceNotificationResultDto | undefined> {
    const { submissionUrl, invoiceUrl, senderIdentifier, memo } = notification;
    if (invoiceUrl === undefined) throw invalidBody('InvoiceNotificationOut', 'invoiceUrl', 'must be given');
    return this.outside.notify(submissionUrl, { invoiceUrl, senderIdentifier, memo });
  }

  /** Reads an invoice where the merchant's DFSP keeps it. */
  @Get(['invoices', 'invoice'])
  @Hop('row-14b')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError' })
  readInvoiceByUrl(@Query() { invoiceUrl }: InvoiceByUrlQueryDto): Promise<InvoiceViewDto> {
    return this.outside.invoice(invoiceUrl);
  }
}
