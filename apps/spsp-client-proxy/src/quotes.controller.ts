import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiExtension, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
import {
  ErrorDto,
  paymentIdOf,
  QUOTE_EXAMPLES,
  QuoteDto,
  QuoteRequestDto,
  QuoteResponseDto,
  SchemeAdapterClient,
} from '@level-one/peers';
import { CallableBy, currentTrace, withTrace } from '@level-one/platform';

/** Quotes at the paths of the second seed's sample, passed on to the scheme adapter (ruling 13). */
@ApiTags('Quote a payment (Q.1, Q.2)')
@ApiExtension('x-passes-to', 'scheme-adapter')
@ApiResponse({ status: 400, type: ErrorDto, description: 'InvalidBodyError, IncorrectAmountTypeError' })
@ApiResponse({ status: 404, type: ErrorDto, description: 'UserNotFound, QuoteNotFoundError' })
@ApiResponse({ status: 502, type: ErrorDto, description: 'ExternalError' })
@CallableBy('channel')
@Controller(['spsp/client/v1', 'v1', ''])
export class SpspClientProxyQuotesController {
  constructor(private readonly schemeAdapter: SchemeAdapterClient) {}

  /** Quotes a payment, by the DFSP's scheme adapter. */
  @Post('quotes')
  @HttpCode(200)
  @ApiBody({ type: QuoteRequestDto, examples: QUOTE_EXAMPLES })
  @ApiResponse({
    status: 422,
    type: ErrorDto,
    description: 'UnprocessableEntityError, NoAccount, LimitExceededError, QuoteMismatchError, QuoteExpiredError',
  })
  quotePayment(@Body() request: QuoteRequestDto): Promise<QuoteResponseDto> {
    const trace = { ...currentTrace(), traceId: paymentIdOf(request) };
    return withTrace(trace, () => this.schemeAdapter.quote(request));
  }

  /** A quote of the DFSP, with its status. */
  @Get('quotes/:paymentId')
  @ApiParam({ name: 'paymentId', example: '110ec58a-a0f2-4ac4-8393-c866d813b8d1' })
  readQuote(@Param('paymentId') paymentId: string): Promise<QuoteDto> {
    return this.schemeAdapter.storedQuote(paymentId);
  }
}
