import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto } from '@level-one/peers';
import { CallableBy, readUuid } from '@level-one/platform';
import { DocumentRecords } from './document-records.js';
import { PaymentRecords } from './payment-records.js';
import { PaymentTimeline } from './payment-timeline.js';
import {
  BulkPaymentsQueryDto,
  InvoicesQueryDto,
  NotificationsQueryDto,
  PaymentQueryDto,
  PaymentsQueryDto,
  QuotesQueryDto,
  RefusedRowsQueryDto,
} from './record-queries.dto.js';
import {
  BulkPaymentsPageDto,
  ChannelTimelineDto,
  InvoicesPageDto,
  NotificationsPageDto,
  PaymentDetailsDto,
  PaymentsPageDto,
  QuotesPageDto,
  RefusedRowsPageDto,
} from './records.dto.js';
import { RefusedRows } from './refused-rows.js';

/** What this DFSP keeps, for its channels and its administrators: all of the DFSP's own, nothing of others. */
@ApiTags('Find a payment')
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@CallableBy('channel', 'admin')
@Controller(['v1', ''])
export class RecordsController {
  constructor(
    private readonly payments: PaymentRecords,
    private readonly timeline: PaymentTimeline,
    private readonly documents: DocumentRecords,
    private readonly refusedRows: RefusedRows,
  ) {}

  /** Payments of this DFSP's customers, newest first; one inside the DFSP is listed with each of its sides. */
  @Get('payments')
  async listPayments(@Query() query: PaymentsQueryDto): Promise<PaymentsPageDto> {
    const { rows: payments, next } = await this.payments.listPayments(query);
    return { payments, next };
  }

  /**
   * A payment as this DFSP has it. Of a payment inside the DFSP the payer's side, and with it the payee's; `side` chooses
   * one of them.
   */
  @Get('payments/:paymentId')
  @ApiParam({ name: 'paymentId', example: 'c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  readPayment(@Param('paymentId') paymentId: string, @Query() { side }: PaymentQueryDto): Promise<PaymentDetailsDto> {
    return this.payments.readPayment(readUuid(paymentId, 'paymentId'), side);
  }

  /**
   * What happened to a payment at this DFSP and on its ledger, in plain words and in order: price, limits, invoice,
   * notification, each step of the payment, and why it ended.
   */
  @Get('payments/:paymentId/timeline')
  @ApiParam({ name: 'paymentId', example: 'c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  readPaymentTimeline(@Param('paymentId') paymentId: string): Promise<ChannelTimelineDto> {
    return this.timeline.readTimeline(readUuid(paymentId, 'paymentId'));
  }

  /** Invoices that this DFSP has issued, newest first. */
  @Get('invoices')
  listInvoices(@Query() query: InvoicesQueryDto): Promise<InvoicesPageDto> {
    return this.documents.listInvoices(query);
  }

  /** Invoices that this DFSP's customers were notified of, newest first. */
  @Get('invoiceNotifications')
  listNotifications(@Query() query: NotificationsQueryDto): Promise<NotificationsPageDto> {
    return this.documents.listNotifications(query);
  }

  /** Quotes of this DFSP's customers on either side, newest first. */
  @Get('quotes')
  listQuotes(@Query() query: QuotesQueryDto): Promise<QuotesPageDto> {
    return this.documents.listQuotes(query);
  }

  /** Lists of payments, newest first. */
  @Get('bulkPayments')
  listBulkPayments(@Query() query: BulkPaymentsQueryDto): Promise<BulkPaymentsPageDto> {
    return this.documents.listBulkPayments(query);
  }

  /** Rows of lists of payments that were refused or have failed, of the newest list first. */
  @Get('refusedRows')
  listRefusedRows(@Query() query: RefusedRowsQueryDto): Promise<RefusedRowsPageDto> {
    return this.refusedRows.listRefusedRows(query);
  }
}
