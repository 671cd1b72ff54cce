import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiCreatedResponse, ApiParam, ApiResponse } from '@nestjs/swagger';
import {
  DfspApiClient,
  ErrorDto,
  FromDfsp,
  Hop,
  InvoiceNotificationInDto,
  InvoiceNotificationResultDto,
  InvoiceViewDto,
} from '@level-one/peers';

@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@Controller(['spsp/backend/v1', 'v1'])
export class SpspBackendInvoicesController {
  constructor(private readonly dfspApi: DfspApiClient) {}

  /** Passes an invoice notification to the client's DFSP. */
  @Post('invoices')
  @Hop('III.D')
  @ApiCreatedResponse({ type: InvoiceNotificationResultDto })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'UserNotFound, InvoiceNotificationNotFoundError' })
  notifyOfInvoice(
    @Body() notification: InvoiceNotificationInDto,
    @FromDfsp() from: string | undefined,
  ): Promise<InvoiceNotificationResultDto> {
    return this.dfspApi.postInvoice(notification, from);
  }

  /** Reads an invoice of this DFSP. */
  @Get('invoices/:invoiceId')
  @Hop('row-15b')
  @ApiParam({ name: 'invoiceId', example: '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError' })
  readInvoice(@Param('invoiceId') invoiceId: string): Promise<InvoiceViewDto> {
    return this.dfspApi.invoice(invoiceId);
  }
}
