import { Body, Controller, Get, Param, Post, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiExtension,
  ApiExtraModels,
  ApiOperation,
  ApiParam,
  ApiResponse,
  getSchemaPath,
} from '@nestjs/swagger';
import {
  ErrorDto,
  FromDfsp,
  Hop,
  InvoiceNotificationInDto,
  InvoiceNotificationResultDto,
  InvoiceViewDto,
} from '@level-one/peers';
import { Admits, CallableBy, commonError, CommonErrorId } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { ISSUE_EXAMPLES, ISSUE_NOT_FOUND, ISSUE_REFUSED } from '../payee/invoices/merchant-invoices.docs.js';
import { MerchantInvoiceDto, MerchantInvoiceResultDto } from '../payee/invoices/merchant-invoices.dto.js';
import { MerchantInvoicesService } from '../payee/invoices/merchant-invoices.service.js';
import { InvoiceReader } from '../payer/invoices/invoice-reader.js';
import { isObject, validatedBody } from '../requests/validated.js';
import { InvoiceMessagesService } from './invoice-messages.service.js';

/** Routes about invoices that serve both sides: messages of other DFSPs, and reading an invoice. */
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(['v1', ''])
export class DfspApiInvoicesController {
  constructor(
    private readonly messages: InvoiceMessagesService,
    private readonly merchantInvoices: MerchantInvoicesService,
    private readonly reader: InvoiceReader,
    private readonly settings: DfspApiSettings,
  ) {}

  /**
   * Stores the notification of an invoice, once for each invoice URL and client. With `amount` instead of
   * `invoiceUrl` in the body, it is an alias of `POST /v1/merchantInvoice`.
   */
  @Post('invoices')
  @Hop('III.E', 'II')
  @Admits('channel')
  @ApiOperation({ summary: 'Stores an invoice notification; or, with `amount` in the body, issues an invoice' })
  @ApiExtraModels(InvoiceNotificationInDto, InvoiceNotificationResultDto, MerchantInvoiceDto, MerchantInvoiceResultDto)
  @ApiBody({
    schema: {
      oneOf: [{ $ref: getSchemaPath(InvoiceNotificationInDto) }, { $ref: getSchemaPath(MerchantInvoiceDto) }],
    },
    examples: {
      notification: {
        value: {
          invoiceUrl: 'http://127.0.0.1:3203/v1/invoices/8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10',
          senderIdentifier: '78956562',
          memo: 'Invoice from Bob Diaz for 10.40 USD',
        },
      },
      ...ISSUE_EXAMPLES,
    },
  })
  @ApiResponse({
    status: 201,
    schema: {
      oneOf: [{ $ref: getSchemaPath(InvoiceNotificationResultDto) }, { $ref: getSchemaPath(MerchantInvoiceResultDto) }],
    },
  })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({
    status: 404,
    type: ErrorDto,
    description: `UserNotFound, InvoiceNotFoundError, InvoiceNotificationNotFoundError; ${ISSUE_NOT_FOUND}`,
  })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description: `InvoiceNotPendingError, InvoicePayerMissmatchError, InvoiceNotStandardError; ${ISSUE_REFUSED}`,
  })
  @ApiResponse({ status: 429, type: ErrorDto, description: 'TooManyRequestsError' })
  async receiveInvoice(
    @Body() body: Record<string, unknown>,
    @FromDfsp() from: string | undefined,
    @Req() { callers = [] }: FastifyRequest,
  ): Promise<InvoiceNotificationResultDto | MerchantInvoiceResultDto> {
    const isNotification = isObject(body) && body['invoiceUrl'] !== undefined;
    const isInvoice = isObject(body) && body['amount'] !== undefined;
    if (isNotification === isInvoice) {
      throw commonError(CommonErrorId.InvalidBody, {
        message:
          'Body did not match schema InvoiceNotificationIn or MerchantInvoice: give one of invoiceUrl and amount',
      });
    }
    // One path, two callers: a channel issues an invoice, the SPSP backend sends a notification.
    if (!callers.includes(isInvoice ? 'channel' : 'spsp-backend')) throw commonError(CommonErrorId.Forbidden);
    return isInvoice
      ? this.merchantInvoices.issueInvoice(await validatedBody(MerchantInvoiceDto, body, this.settings))
      : this.messages.receiveMessage(await validatedBody(InvoiceNotificationInDto, body, this.settings), from);
  }

  /** Alias of `POST /v1/invoices` for notifications alone. */
  @Post('receiver/invoice')
  @Hop('III.E')
  @ApiExtension('x-alias-of', 'POST /v1/invoices')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({
    status: 404,
    type: ErrorDto,
    description: 'UserNotFound, InvoiceNotFoundError, InvoiceNotificationNotFoundError',
  })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description: 'InvoiceNotPendingError, InvoicePayerMissmatchError, InvoiceNotStandardError',
  })
  @ApiResponse({ status: 429, type: ErrorDto, description: 'TooManyRequestsError' })
  @ApiResponse({ status: 503, type: ErrorDto, description: 'ServiceUnavailableError' })
  storeNotification(
    @Body() body: InvoiceNotificationInDto,
    @FromDfsp() from: string | undefined,
  ): Promise<InvoiceNotificationResultDto> {
    return this.messages.receiveMessage(body, from);
  }

  /** An invoice of this DFSP in the form for other DFSPs; by its encoded URL also an invoice of any DFSP. */
  @Get(['invoices/:invoiceId', 'invoice/:invoiceId'])
  @CallableBy('channel', 'spsp-backend')
  @Hop('row-16')
  @Admits('channel')
  @ApiParam({ name: 'invoiceId', example: '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError' })
  readInvoice(@Param('invoiceId') invoiceId: string): Promise<InvoiceViewDto> {
    return isUrl(invoiceId) ? this.reader.viewWithFee(invoiceId) : this.merchantInvoices.viewInvoice(invoiceId);
  }
}

/** An id of an invoice has no `://`. */
function isUrl(text: string): boolean {
  return text.includes('://');
}
