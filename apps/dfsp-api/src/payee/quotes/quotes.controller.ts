import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiResponse } from '@nestjs/swagger';
import {
  ErrorDto,
  FromDfsp,
  Hop,
  INITIATOR_HEADER,
  isOfProxy,
  QUOTE_EXAMPLES,
  QuoteRequestDto,
  ReservedQuoteDto,
} from '@level-one/peers';
import { Admits, CallableBy } from '@level-one/platform';
import { IncomingQuotesService } from './incoming-quotes.service.js';
import { reservedQuoteDto } from './reserved-presenter.js';

/** Quotes for payments to this DFSP's customers, asked for by other DFSPs. */
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(['v1', ''])
export class PayeeQuotesController {
  constructor(private readonly incoming: IncomingQuotesService) {}

  /** Reserves a quote for a payment to one of this DFSP's customers. A repeated request gets the same quote. */
  @Post('quotes')
  @CallableBy('scheme-adapter', 'channel')
  @Hop('Q.2')
  @Admits('channel')
  @HttpCode(200)
  @ApiHeader({ name: INITIATOR_HEADER, required: false, description: 'PROXY if the payer is a client of another DFSP' })
  @ApiBody({ type: QuoteRequestDto, examples: QUOTE_EXAMPLES })
  @ApiOkResponse({ type: ReservedQuoteDto })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, IncorrectAmountTypeError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'UserNotFound, InvoiceNotFoundError' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description:
      'UnprocessableEntityError, NoAccount, LimitExceededError, InvoiceNotPendingError, QuoteMismatchError, QuoteExpiredError',
  })
  @ApiResponse({ status: 429, type: ErrorDto, description: 'TooManyRequestsError' })
  async reserveQuote(
    @Body() request: QuoteRequestDto,
    @FromDfsp() from: string | undefined,
    @Headers(INITIATOR_HEADER) initiator?: string,
  ): Promise<ReservedQuoteDto> {
    return reservedQuoteDto(await this.incoming.giveQuote(request, { isForeign: isOfProxy(initiator), from }));
  }
}
