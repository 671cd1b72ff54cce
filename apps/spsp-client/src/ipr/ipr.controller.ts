import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBody, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ErrorDto, Hop, IlpAddressDto, IprQuoteDto, PaidIprDto, PayIprDto, textParameter } from '@level-one/peers';
import { CallableBy } from '@level-one/platform';
import { SpspClientPaymentsService } from '../payments/payments.service.js';
import { IprQuotesService } from './ipr-quotes.service.js';
import { PayerAccounts } from '../accounts/payer-accounts.js';

const IPR_LENGTH_MAX = 44_000;

/** ILP functions of the payer's side (contract 3.8). */
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, InvalidUriParameterError' })
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@Controller(['v1', ''])
export class SpspClientIprController {
  constructor(
    private readonly quotes: IprQuotesService,
    private readonly payments: SpspClientPaymentsService,
    private readonly accounts: PayerAccounts,
  ) {}

  /** What does a payment request cost here? */
  @Get('quoteIPR')
  @Hop('row-45b')
  @ApiQuery({ name: 'ipr', description: 'payment request, base64url' })
  @ApiQuery({ name: 'connectorAccount', required: false })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'AssetsNotTradedError, UnacceptableAmountError' })
  quoteIpr(@Query() query: Record<string, unknown>): Promise<IprQuoteDto> {
    const wanted = query['connectorAccount'];
    return this.quotes.quoteIpr(
      textParameter(query, 'ipr', IPR_LENGTH_MAX),
      wanted === undefined ? undefined : textParameter(query, 'connectorAccount'),
    );
  }

  /** Pays a payment request. The same request again gets the same answer, and pays once. */
  @Post('payIPR')
  @Hop('row-47b')
  @HttpCode(200)
  @ApiBody({ type: PayIprDto })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description: 'InsufficientFundsError, AlreadyExistsError, UnprocessableEntityError',
  })
  payIpr(@Body() body: PayIprDto): Promise<PaidIprDto> {
    return this.payments.payIpr(body as unknown as Record<string, unknown>);
  }

  /** The ILP address of an account of this DFSP. */
  @Get('ilpAddress')
  @CallableBy('scheme-adapter', 'spsp-client-proxy')
  @ApiTags('Payment requests and ILP addresses')
  @ApiQuery({ name: 'account', example: 'http://127.0.0.1:3106/ilp/ledger/v1/accounts/alice' })
  @ApiResponse({ status: 422, type: ErrorDto, description: 'UnprocessableEntityError' })
  readIlpAddress(@Query() query: Record<string, unknown>): IlpAddressDto {
    const address = this.accounts.addressOf(this.accounts.nameOf(textParameter(query, 'account')));
    return { address, ilpAddress: address };
  }
}
