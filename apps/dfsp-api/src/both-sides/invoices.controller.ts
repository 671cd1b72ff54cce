import { Body, Controller, Get, Param, Post, Put, Req } from '@nestjs/common';
import {
  ApiBody,
  ApiExtension,
  ApiExtraModels,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { InvoiceErrorId, invoiceError, InvoiceType } from '@level-one/invoice';
import {
  ErrorDto,
  FromDfsp,
  Hop,
  InvoiceNotificationInDto,
  InvoiceNotificationResultDto,
  InvoiceViewDto,
  PeerHttp,
} from '@level-one/peers';
import { CallableBy, commonError, CommonErrorId } from '@level-one/platform';
import type { FastifyRequest } from 'fastify';
import { DfspApiSettings } from '../dfsp-api.settings.js';
import { InvoiceNotificationsService } from '../payer/notifications/invoice-notifications.service.js';
import { validated } from '../requests/validated.js';
import { InvoiceReader } from '../payer/invoices/invoice-reader.js';
import { MerchantInvoiceDto, MerchantInvoiceResultDto } from '../payee/invoices/merchant-invoices.dto.js';
import { MerchantInvoicesService } from '../payee/invoices/merchant-invoices.service.js';

const ISSUE_NOT_FOUND = 'ClientNotFound, MerchantNotFound';
const ISSUE_REFUSED =
  'UnprocessableEntityError, AlreadyExistsError, WrongInvoiceTypeError, NoAccount, UserIsAboveFraudThreshold';
/** Types with a route of their own. */
const ADDABLE: readonly string[] = [InvoiceType.Standard, InvoiceType.Pending, InvoiceType.Product];

const BOBS = { account: 'bob', amount: '10.40', merchantIdentifier: '26547070' };
const ISSUE_EXAMPLES = {
  invoice: {
    summary: 'of Bob (dfsp2) to Alice; sent again, it is the same one',
    value: { invoiceId: '5b1d8c3e-2f64-4b8a-9c0d-7e5a1f3b6d92', ...BOBS, identifier: '78956562' },
  },
  'new invoice': {
    summary: 'of Bob (dfsp2) to Alice; each time a new one',
    value: { ...BOBS, identifier: '78956562' },
  },
  'inside one DFSP': {
    summary: 'of Dave to Alice (both dfsp1)',
    value: { account: 'dave', amount: '10.40', merchantIdentifier: '26547071', identifier: '78956562' },
  },
  product: {
    summary: 'of Bob (dfsp2), for anybody who pays: nobody is notified',
    value: { ...BOBS, invoiceType: 'product', info: 'Lunch' },
  },
};

/** Invoices of this DFSP's merchants, and the door for those that its clients are told of. */
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(['v1', ''])
export class InvoicesController {
  constructor(
    private readonly merchantInvoices: MerchantInvoicesService,
    private readonly notifications: InvoiceNotificationsService,
    private readonly reader: InvoiceReader,
    private readonly http: PeerHttp,
    private readonly settings: DfspApiSettings,
  ) {}

  /** A merchant issues an invoice; a client who is named on it is looked up first and notified after. */
  @Post('merchantInvoice')
  @Hop('II')
  @ApiBody({ type: MerchantInvoiceDto, examples: ISSUE_EXAMPLES })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: ISSUE_NOT_FOUND })
  @ApiResponse({ status: 422, type: ErrorDto, description: ISSUE_REFUSED })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  issueInvoice(@Body() body: MerchantInvoiceDto): Promise<MerchantInvoiceResultDto> {
    return this.issued(body);
  }

  /** Alias of `POST /v1/merchantInvoice` for one type of invoice: standard, pending or product. */
  @Post('invoice/:invoiceType/add')
  @Hop('II')
  @ApiExtension('x-alias-of', 'POST /v1/merchantInvoice')
  @ApiParam({ name: 'invoiceType', enum: ADDABLE, example: 'standard' })
  @ApiBody({ type: MerchantInvoiceDto, examples: ISSUE_EXAMPLES })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: `${ISSUE_NOT_FOUND}, NotFoundError (type)` })
  @ApiResponse({ status: 422, type: ErrorDto, description: ISSUE_REFUSED })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  async issueInvoiceOfType(
    @Param('invoiceType') invoiceType: string,
    @Body() body: Record<string, unknown>,
  ): Promise<MerchantInvoiceResultDto> {
    if (!ADDABLE.includes(invoiceType)) throw commonError(CommonErrorId.NotFound);
    const typed = isObject(body) ? { invoiceType, ...body } : body;
    const invoice = await validated(MerchantInvoiceDto, typed, this.settings);
    if (invoice.kind() !== (invoiceType as InvoiceType)) throw invoiceError(InvoiceErrorId.WrongType);
    return this.issued(invoice);
  }

  /**
   * Stores the notification of an invoice, once for each invoice URL and client. With `amount` instead of
   * `invoiceUrl` in the body, it is an alias of `POST /v1/merchantInvoice`.
   */
  @Post('invoices')
  @Hop('III.E', 'II')
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
  @ApiResponse({ status: 503, type: ErrorDto, description: 'ServiceUnavailableError' })
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
    // One path for two things: a channel issues, the SPSP backend notifies.
    if (!callers.includes(isInvoice ? 'channel' : 'spsp-backend')) throw commonError(CommonErrorId.Forbidden);
    return isInvoice
      ? this.merchantInvoices.issue(await validated(MerchantInvoiceDto, body, this.settings))
      : this.notifications.receive(await validated(InvoiceNotificationInDto, body, this.settings), from);
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
    return this.notifications.receive(body, from);
  }

  /** One of this DFSP's invoices as others see it; under the older path also anybody's by its URL, encoded. */
  @Get(['invoices/:invoiceId', 'invoice/:invoiceId'])
  @CallableBy('channel', 'spsp-backend')
  @Hop('row-16')
  @ApiParam({ name: 'invoiceId', example: '8a2f5b0e-6d0c-4a3e-9d35-0a1c7d6a3f10' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError' })
  readInvoice(@Param('invoiceId') invoiceId: string): Promise<InvoiceViewDto> {
    return isUrl(invoiceId) ? this.reader.viewWithFee(invoiceId) : this.merchantInvoices.view(invoiceId);
  }

  /** The merchant takes an invoice back. The client's DFSP is told. */
  @Put('invoices/:invoiceId/cancel')
  @CallableBy('channel')
  @ApiTags('Issue or cancel an invoice (II)')
  @ApiParam({ name: 'invoiceId', example: '5b1d8c3e-2f64-4b8a-9c0d-7e5a1f3b6d92' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'InvoiceNotStandardError, InvoiceNotPendingError' })
  cancelInvoice(@Param('invoiceId') invoiceId: string): Promise<InvoiceViewDto> {
    return this.merchantInvoices.cancel(invoiceId);
  }

  private issued(invoice: MerchantInvoiceDto): Promise<MerchantInvoiceResultDto> {
    this.http.received('II', `${this.settings.publicUrl}/v1/merchantInvoice`, 'POST');
    return this.merchantInvoices.issue(invoice);
  }
}

/** No id of an invoice looks like this. */
function isUrl(text: string): boolean {
  return text.includes('://');
}

function isObject(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}
