import { Body, Controller, Get, Param, Put, Query, Res } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto } from '@level-one/peers';
import { Admits, AdmitsFirst, CallableBy, TRACE_HEADER } from '@level-one/platform';
import type { FastifyReply } from 'fastify';
import { OPEN, PAY_REFUSALS } from '../payments/pay-refusals.js';
import {
  NotificationStatusDto,
  NotifiedInvoiceDto,
  PageQueryDto,
  PayNotificationDto,
  PendingInvoicesDto,
  RejectNotificationDto,
} from './invoice-notifications.dto.js';
import { InvoiceNotificationsService } from './invoice-notifications.service.js';

/** Invoices that this DFSP's clients were notified of, for its channel. */
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@CallableBy('channel')
@Controller(['v1', ''])
export class InvoiceNotificationsController {
  constructor(private readonly notifications: InvoiceNotificationsService) {}

  /** Pending invoices of a client: notified, neither paid nor rejected. Newest first. */
  @Get('invoiceNotifications/pending/:userNumber')
  @ApiTags('Pay or reject an invoice')
  @ApiParam({ name: 'userNumber', example: '78956562' })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'ClientNotFound' })
  listPendingInvoices(
    @Param('userNumber') userNumber: string,
    @Query() { limit = '50', offset = '0' }: PageQueryDto,
  ): Promise<PendingInvoicesDto> {
    return this.notifications.pendingOf(userNumber, { limit: Number(limit), offset: Number(offset) });
  }

  /** One invoice with its merchant, amount and fee. It is read at the merchant's DFSP (row 14). */
  @Get('invoiceNotifications/:invoiceNotificationId')
  @Admits('channel')
  @ApiTags('Pay or reject an invoice')
  @ApiParam({ name: 'invoiceNotificationId', example: '5f44c49f-0380-5b3b-8721-1574670d4f8f' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotificationNotFoundError' })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  readNotification(@Param('invoiceNotificationId') id: string): Promise<NotifiedInvoiceDto> {
    return this.notifications.showNotification(id);
  }

  /** Rejects an invoice for the client, and notifies the merchant's DFSP. A repeated request gets the same answer. */
  @Put('invoiceNotifications/reject')
  @ApiTags('Pay or reject an invoice')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotificationNotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'InvoiceNotPendingError' })
  rejectInvoice(@Body() { invoiceNotificationId }: RejectNotificationDto): Promise<NotificationStatusDto> {
    return this.notifications.rejectNotification(invoiceNotificationId);
  }

  /**
   * Pays an invoice the client was notified of. Answers when the payment is final; header L1p-Trace-Id is its id. A
   * repeated request from the same account answers how that payment ended.
   */
  @Put('invoiceNotifications/pay')
  @AdmitsFirst('channel')
  @ApiTags('Pay or reject an invoice')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
  @ApiResponse({
    status: 404,
    type: ErrorDto,
    description: 'InvoiceNotificationNotFoundError, NotFoundError (account)',
  })
  @ApiResponse({ status: 422, type: ErrorDto, description: PAY_REFUSALS })
  @ApiResponse({ status: 502, type: ErrorDto, description: OPEN })
  async payNotification(
    @Body() { invoiceNotificationId, account }: PayNotificationDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<NotificationStatusDto> {
    const { paymentId, status } = await this.notifications.payNotification(invoiceNotificationId, account);
    void reply.header(TRACE_HEADER, paymentId);
    return { invoiceNotificationId, paymentId, status };
  }
}
