import { Body, Controller, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiParam, ApiResponse } from '@nestjs/swagger';
import {
  APPROVAL_EXAMPLES,
  ApprovalRequestDto,
  ErrorDto,
  FromDfsp,
  Hop,
  PaymentAcknowledgementDto,
  PaymentNewsDto,
  ReceiverPaymentDto,
  SetupApprovalDto,
} from '@level-one/peers';
import { commonError, CommonErrorId, readUuid } from '@level-one/platform';
import { randomUUID } from 'node:crypto';
import { PaymentLog } from '../../ledger/payment-log.js';
import { InvoiceProposalDto } from './receiver-payments.dto.js';
import { ReceiverPaymentsService } from './receiver-payments.service.js';
import { SetupApprovalService } from './setup-approval.service.js';

const TELL = 'PUT /v1/receivers/invoices/{invoiceId}/payments/{paymentId}';

/** Payments to this DFSP's customers: setups, approvals and news from the SPSP backend. */
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(['v1', ''])
export class ReceiverPaymentsController {
  constructor(
    private readonly setup: SetupApprovalService,
    private readonly payments: ReceiverPaymentsService,
    private readonly log: PaymentLog,
  ) {}

  /**
   * Approves or refuses a payment before it is sent. An invoice is reserved for it; a repeated request gets the same
   * answer.
   */
  @Post('setup')
  @Hop('S.E', 'S.F')
  @ApiBody({ type: ApprovalRequestDto, examples: APPROVAL_EXAMPLES })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError, UserNotFound' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description:
      'InvoiceNotPendingError, InvoicePayerMissmatchError, NoAccount, UnprocessableEntityError, AlreadyExistsError',
  })
  @ApiResponse({ status: 429, type: ErrorDto, description: 'TooManyRequestsError' })
  approveSetup(@Body() body: ApprovalRequestDto, @FromDfsp() from: string | undefined): Promise<SetupApprovalDto> {
    return this.logRefusal(body.paymentId, () => this.setup.approveSetup(body, from));
  }

  /** Alias of `POST /v1/setup` for an invoice, with the older body. */
  @Put('invoices/:invoiceId')
  @Hop('S.E')
  @ApiExtension('x-alias-of', 'POST /v1/setup')
  @HttpCode(201)
  @ApiParam({ name: 'invoiceId', example: '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'InvoiceNotPendingError, InvoicePayerMissmatchError' })
  @ApiResponse({ status: 429, type: ErrorDto, description: 'TooManyRequestsError' })
  proposePayment(
    @Param('invoiceId') invoiceId: string,
    @Body() body: InvoiceProposalDto,
    @FromDfsp() from: string | undefined,
  ): Promise<SetupApprovalDto> {
    const { senderIdentifier, memo, paymentId = randomUUID() } = body;
    const asked = { invoiceId, senderIdentifier, paymentId, ...(memo === undefined ? {} : { memo }) };
    return this.logRefusal(paymentId, () => this.setup.approveSetup(asked, from));
  }

  /**
   * Asks for approval of a prepared transfer for an invoice, or reports that it was executed, rejected or has expired.
   */
  @Put('receivers/invoices/:invoiceId/payments/:paymentId')
  @Hop('row-35')
  @ApiParam({ name: 'invoiceId', example: '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10' })
  @ApiParam({ name: 'paymentId', example: 'c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError, NotFoundError' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description: 'InvoiceNotPendingError, InvoicePayerMissmatchError, UnprocessableEntityError (amount)',
  })
  async tellOfInvoicePayment(
    @Param('invoiceId') invoiceId: string,
    @Param('paymentId') paymentId: string,
    @Body() body: ReceiverPaymentDto,
  ): Promise<object> {
    assertSamePayment(paymentId, body.paymentid);
    if (body.invoiceId !== undefined && body.invoiceId.toLowerCase() !== invoiceId.toLowerCase()) {
      throw commonError(CommonErrorId.InvalidBody, { message: 'invoiceId differs from the one in the path' });
    }
    await this.logRefusal(paymentId, () => this.payments.recordNews(paymentId, body, { invoiceId }));
    return {};
  }

  /** Alias for a payment to a number. */
  @Put('receivers/:payee/payments/:paymentId')
  @Hop('row-35')
  @ApiExtension('x-alias-of', TELL)
  @ApiParam({ name: 'payee', description: 'number of the payee', example: '26547070' })
  @ApiParam({ name: 'paymentId', example: 'c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'NotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'ExpiredTransferError, UnprocessableEntityError (amount)' })
  async tellOfReceiverPayment(
    @Param('payee') identifier: string,
    @Param('paymentId') paymentId: string,
    @Body() body: ReceiverPaymentDto,
  ): Promise<object> {
    assertSamePayment(paymentId, body.paymentid);
    await this.logRefusal(paymentId, () => this.payments.recordNews(paymentId, body, { identifier }));
    return {};
  }

  /** The same by the payment's id alone; also the route for quoted payments (row 48). */
  @Put('payments/:paymentId')
  @Hop('row-48b')
  @ApiParam({ name: 'paymentId', example: 'c1a7e5d3-0f48-4b96-9e2a-7d3b6f81c520' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'QuoteNotFoundError' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description:
      'QuoteExpiredError, QuoteMismatchError, QuoteUsedError, InvoiceNotPendingError, ExpiredTransferError, UnprocessableEntityError',
  })
  async tellOfPayment(
    @Param('paymentId') paymentId: string,
    @Body() body: PaymentNewsDto,
  ): Promise<PaymentAcknowledgementDto> {
    const id = readUuid(paymentId, 'paymentId');
    await this.logRefusal(id, () => this.payments.recordNewsById(id, body));
    return { status: body.status, ...(body.data === undefined ? {} : { data: body.data }) };
  }

  private async logRefusal<T>(paymentId: string, part: () => Promise<T>): Promise<T> {
    try {
      return await part();
    } catch (error) {
      this.log.refused({ paymentId: paymentId.toLowerCase(), side: 'credit' }, error);
      throw error;
    }
  }
}

function assertSamePayment(paymentId: string, inBody: string): void {
  if (readUuid(paymentId, 'paymentId') === inBody.toLowerCase()) return;
  throw commonError(CommonErrorId.InvalidBody, { message: 'paymentid differs from the one in the path' });
}
