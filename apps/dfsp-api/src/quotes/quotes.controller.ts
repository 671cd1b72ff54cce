import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import {
  ErrorDto,
  FromDfsp,
  Hop,
  INITIATOR_HEADER,
  isOfProxy,
  QUOTE_EXAMPLES,
  QuoteDto,
  QuoteRequestDto,
  ReservedQuoteDto,
} from '@level-one/peers';
import { CallableBy, CommonErrorId, commonError, isContractUuid, TRACE_HEADER } from '@level-one/platform';
import { QuoteSide } from '@level-one/quote';
import type { FastifyReply } from 'fastify';
import { ChannelQuotesService } from '../payer/quotes/channel-quotes.service.js';
import { IncomingQuotesService } from '../payee/quotes/incoming-quotes.service.js';
import { payeeNameOf } from '../payer/quotes/outgoing-quotes.service.js';
import { QuotePresenter } from './quote-presenter.js';
import { QuoteOrderDto, QuotedDto } from '../payer/quotes/quotes.dto.js';
import { StoredQuotes } from './stored-quotes.service.js';

/** What payments cost: asked by this DFSP's channel, and by other DFSPs. */
@ApiResponse({ status: 401, type: ErrorDto, description: 'Unauthorized' })
@Controller(['v1', ''])
export class QuotesController {
  constructor(
    private readonly channel: ChannelQuotesService,
    private readonly incoming: IncomingQuotesService,
    private readonly stored: StoredQuotes,
    private readonly presenter: QuotePresenter,
  ) {}

  /** What does it cost one of this DFSP's clients to pay a number? The answer holds until it expires. */
  @Post('quote')
  @Hop('quote')
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, IncorrectAmountTypeError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'ClientNotFound, NotFoundError (account), UserNotFound' })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description:
      'UnprocessableEntityError, NoAccount, UserIsAboveFraudThreshold, LimitExceededError, QuoteMismatchError, QuoteExpiredError',
  })
  @ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
  async quotePayment(
    @Body() order: QuoteOrderDto,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<QuotedDto> {
    const quote = await this.channel.quote(order);
    void reply.header(TRACE_HEADER, quote.paymentId);
    return this.presenter.quoted(quote, payeeNameOf(quote));
  }

  /** Reserves a quote for a payment to one of this DFSP's customers. The same request again gets the same quote. */
  @Post('quotes')
  @CallableBy('scheme-adapter', 'channel')
  @Hop('Q.2')
  @HttpCode(200)
  @ApiHeader({ name: INITIATOR_HEADER, required: false, description: "PROXY: the payer is another DFSP's" })
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
    return this.presenter.reserved(await this.incoming.give(request, { isForeign: isOfProxy(initiator), from }));
  }

  /** A quote of this DFSP with its status; of a payment inside the DFSP the payer's side unless the other is named. */
  @Get('quotes/:paymentId')
  @Hop('row-46', 'row-46b')
  @ApiParam({
    name: 'paymentId',
    examples: {
      own: { summary: "of POST /v1/quote, at the payer's DFSP", value: '6b0f8d6e-2f9c-4d11-9d5a-83a1c7e2f045' },
      given: { summary: "of POST /v1/quotes, at the payee's DFSP", value: '110ec58a-a0f2-4ac4-8393-c866d813b8d1' },
    },
  })
  @ApiQuery({ name: 'side', required: false, enum: QuoteSide })
  @ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidUriParameterError' })
  @ApiResponse({ status: 404, type: ErrorDto, description: 'QuoteNotFoundError' })
  async readQuote(@Param('paymentId') paymentId: string, @Query('side') side?: string): Promise<QuoteDto> {
    if (!isContractUuid(paymentId)) throw invalid('paymentId is not a valid Uuid');
    if (side !== undefined && !Object.values<string>(QuoteSide).includes(side)) {
      throw invalid('side must be debit or credit');
    }
    return this.presenter.stored(await this.stored.get(paymentId.toLowerCase(), side as QuoteSide | undefined));
  }
}

function invalid(message: string): Error {
  return commonError(CommonErrorId.InvalidUriParameter, { message });
}
