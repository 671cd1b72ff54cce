import { Body, Controller, Get, Param, Post, UseInterceptors } from '@nestjs/common';
import { ApiCreatedResponse, ApiParam, ApiResponse } from '@nestjs/swagger';
import {
  ErrorDto,
  FromDfsp,
  Hop,
  InvoiceNotificationInDto,
  InvoiceNotificationResultDto,
  InvoiceViewDto,
  notFoundAs,
  RegisteredOrigins,
  SpspBackendClient,
  OutsideErrorsInterceptor,
} from '@level-one/peers';
import { CommonErrorId, commonError } from '@level-one/platform';
import { publicInvoice } from '../receivers/public-views.js';
import { invoiceIdOf } from '../receivers/receiver-url.js';
import { invoiceNotFound } from '../receivers/spsp-server-errors.js';
import { SpspServerSettings } from '../spsp-server.settings.js';

@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@UseInterceptors(new OutsideErrorsInterceptor())
@Controller()
export class SpspServerInvoicesController {
  constructor(
    private readonly backend: SpspBackendClient,
    private readonly settings: SpspServerSettings,
    private readonly origins: RegisteredOrigins,
  ) {}

  /** Delivers an invoice notification to a client of this DFSP. */
  @Post(['v1/invoices', 'receiver/invoice'])
  @Hop('III.C')
  @ApiCreatedResponse({ type: InvoiceNotificationResultDto })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'UserNotFound, InvoiceNotificationNotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  async notifyOfInvoice(
    @Body() notification: InvoiceNotificationInDto,
    @FromDfsp() from: string | undefined,
  ): Promise<InvoiceNotificationResultDto | undefined> {
    if (from !== undefined) await this.assertTheirs(notification, from);
    return this.backend.postInvoice(notification, from);
  }

  /** Reads an invoice of this DFSP. */
  @Get(['v1/invoices/:invoiceId', 'v1/invoice/:invoiceId', 'v1/receivers/invoices/:invoiceId', 'invoice/:invoiceId'])
  @Hop('row-15')
  @ApiParam({ name: 'invoiceId', example: '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError' })
  async readInvoice(
    @Param('invoiceId') invoiceId: string,
    @FromDfsp() from: string | undefined,
  ): Promise<InvoiceViewDto> {
    const id = invoiceIdOf(invoiceId);
    return publicInvoice(await notFoundAs(invoiceNotFound, () => this.backend.invoice(id)), from);
  }

  /** A DFSP tells of its own invoices, or rejects one of ours. */
  private async assertTheirs({ invoiceUrl }: InvoiceNotificationInDto, from: string): Promise<void> {
    const owner = await this.origins.ownerOf(invoiceUrl);
    if (owner?.shortName === from || owner?.shortName === this.settings.dfsp) return;
    throw commonError(CommonErrorId.UnprocessableEntity, { message: `invoiceUrl is not one that ${from} registered` });
  }
}
