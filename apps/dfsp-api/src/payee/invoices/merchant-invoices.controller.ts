import { Body, Controller, Param, Post, Put } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import { InvoiceErrorId, invoiceError, InvoiceType } from '@level-one/invoice';
import { ErrorDto, Hop, InvoiceViewDto, PeerHttp } from '@level-one/peers';
import { Admits, CallableBy, commonError, CommonErrorId } from '@level-one/platform';
import { DfspApiSettings } from '../../dfsp-api.settings.js';
import { isObject, validatedBody } from '../../requests/validated.js';
import { ISSUE_EXAMPLES, ISSUE_NOT_FOUND, ISSUE_REFUSED } from './merchant-invoices.docs.js';
import { MerchantInvoiceDto, MerchantInvoiceResultDto } from './merchant-invoices.dto.js';
import { MerchantInvoicesService } from './merchant-invoices.service.js';

/** Types that have a route of their own. */
const ADDABLE: readonly string[] = [InvoiceType.Standard, InvoiceType.Pending, InvoiceType.Product];

/** Invoices of this DFSP's merchants, for their channel. */
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(['v1', ''])
export class MerchantInvoicesController {
  constructor(
    private readonly invoices: MerchantInvoicesService,
    private readonly http: PeerHttp,
    private readonly settings: DfspApiSettings,
  ) {}

  /** Issues an invoice of a merchant. A client who is named on it is looked up first and notified after. */
  @Post('merchantInvoice')
  @Hop('II')
  @Admits('channel')
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
  @Admits('channel')
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
    const invoice = await validatedBody(MerchantInvoiceDto, typed, this.settings);
    if (invoice.givenType() !== (invoiceType as InvoiceType)) throw invoiceError(InvoiceErrorId.WrongType);
    return this.issued(invoice);
  }

  /** Cancels an invoice, and notifies the client's DFSP. A repeated request gets the same answer. */
  @Put('invoices/:invoiceId/cancel')
  @CallableBy('channel')
  @ApiTags('Issue or cancel an invoice (II)')
  @ApiParam({ name: 'invoiceId', example: '5b1d8c3e-2f64-4b8a-9c0d-7e5a1f3b6d92' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'InvoiceNotFoundError' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'InvoiceNotStandardError, InvoiceNotPendingError' })
  cancelInvoice(@Param('invoiceId') invoiceId: string): Promise<InvoiceViewDto> {
    return this.invoices.cancelInvoice(invoiceId);
  }

  private issued(invoice: MerchantInvoiceDto): Promise<MerchantInvoiceResultDto> {
    this.http.received('II', `${this.settings.publicUrl}/v1/merchantInvoice`, 'POST');
    return this.invoices.issueInvoice(invoice);
  }
}
